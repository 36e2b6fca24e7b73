/* SPDX-License-Identifier: Apache-2.0 */
#include "services/init/init.h"

#include <errno.h>
#include <net/if.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#define INDEX_MAX 64 /* of an interface: the appliance has no more */

bool
net_up(struct fault *f)
{
	struct ifreq lo = { .ifr_name = "lo", .ifr_flags = IFF_UP };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	bool up = fd >= 0 && ioctl(fd, SIOCSIFFLAGS, &lo) == 0;
	int error = errno;

	if (fd >= 0)
		(void)close(fd);
	return up || fail(f, FAULT_DEVICE, "init.net",
			 "init 2: cannot bring lo up: %s", strerror(error));
}

void
net_down(void)
{
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return;
	for (int index = 1; index <= INDEX_MAX; index++) {
		struct ifreq ask = { .ifr_ifindex = index };

		if (ioctl(fd, SIOCGIFNAME, &ask) != 0 ||
		    ioctl(fd, SIOCGIFFLAGS, &ask) != 0)
			continue;
		ask.ifr_flags = (short)(ask.ifr_flags & ~IFF_UP);
		(void)ioctl(fd, SIOCSIFFLAGS, &ask);
	}
	(void)close(fd);
}
