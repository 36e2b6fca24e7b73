/* SPDX-License-Identifier: Apache-2.0 */
#include "services/init/init.h"

#include <fcntl.h>
#include <linux/watchdog.h>
#include <sys/ioctl.h>
#include <sys/reboot.h>
#include <unistd.h>

#define WATCHDOG_SECONDS 60

static int watchdog = -1;

void
power_watch(void)
{
	int seconds = WATCHDOG_SECONDS;

	watchdog = open("/dev/watchdog", O_WRONLY | O_CLOEXEC);
	if (watchdog >= 0)
		(void)ioctl(watchdog, WDIOC_SETTIMEOUT, &seconds);
}

void
power_pet(void)
{
	if (watchdog >= 0)
		(void)ioctl(watchdog, WDIOC_KEEPALIVE, 0);
}

/* The watchdog stays armed: it ends a machine that cannot power itself off. */
void
power_off(void)
{
	log_line("power off");
	net_down();
	sync();
	(void)reboot(RB_POWER_OFF);
	for (;;)
		(void)pause();
}
