/* SPDX-License-Identifier: Apache-2.0 */
/* The port: bound by init, so that the gateway needs no right to bind and its
 * restarts refuse nobody. */
#include "services/init/init.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define BACKLOG 512

bool
listener_renew(int fd)
{
	return fcntl(fd, F_SETFL, O_NONBLOCK) == 0 && listen(fd, BACKLOG) == 0;
}

static bool
bind_port(int fd, const struct setup *setup)
{
	const int on = 1;
	struct sockaddr_in at = {
		.sin_family = AF_INET,
		.sin_port = htons(setup->port),
		.sin_addr.s_addr =
		    htonl(setup->host ? INADDR_LOOPBACK : INADDR_ANY),
	};

	return setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) == 0 &&
	       bind(fd, (const struct sockaddr *)&at, sizeof(at)) == 0 &&
	       listener_renew(fd);
}

bool
listener_open(int *out, const struct setup *setup, struct fault *f)
{
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd >= 0 && bind_port(fd, setup)) {
		*out = fd;
		return true;
	}
	(void)fail(f, FAULT_DEVICE, "init.listen",
	    "init 5: cannot listen on port %u: %s", setup->port,
	    strerror(errno));
	if (fd >= 0)
		(void)close(fd);
	return false;
}
