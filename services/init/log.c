/* SPDX-License-Identifier: Apache-2.0 */
#include "services/init/init.h"

#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static int out = STDERR_FILENO;

/*
 * A description of its own, so that O_NONBLOCK is not the children's too. A
 * regular file keeps the shared one: its offset has to be.
 */
void
log_open(void)
{
	struct stat is;

	if (fstat(STDERR_FILENO, &is) != 0 ||
	    (!S_ISCHR(is.st_mode) && !S_ISFIFO(is.st_mode)))
		return;
	int own = open(
	    "/proc/self/fd/2", O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);

	if (own >= 0)
		out = own;
}

uint64_t
log_clock_ms(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

void
log_line(const char *format, ...)
{
	char line[320];
	uint64_t now = log_clock_ms();
	va_list args;
	int n = snprintf(line, sizeof(line), "init: [%4u.%03u] ",
	    (unsigned)(now / 1000), (unsigned)(now % 1000));
	struct pollfd room = { .fd = out, .events = POLLOUT };

	va_start(args, format);
	n += vsnprintf(line + n, sizeof(line) - (size_t)n - 1, format, args);
	va_end(args);
	if (n > (int)sizeof(line) - 2)
		n = (int)sizeof(line) - 2;
	line[n++] = '\n';
	if (poll(&room, 1, 0) == 1 && (room.revents & POLLOUT) != 0)
		(void)!write(out, line, (size_t)n);
}
