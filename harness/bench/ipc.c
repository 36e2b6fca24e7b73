/* SPDX-License-Identifier: Apache-2.0 */
/* A call between two processes, and the same bytes over a bare socket pair in
 * turn with it: prints "NAME MICROSECONDS MICROSECONDS", the medians. */
#include "ipc/fixture.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define ROUNDS 400u
#define SMALL  64u
#define LARGE  65536u

static uint8_t text[LARGE];

static double
now_us(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

static bool
move(ssize_t (*io)(int, void *, size_t), int fd, size_t n)
{
	for (size_t at = 0; at < n;) {
		ssize_t moved = io(fd, text + at, n - at);

		if (moved <= 0)
			return false;
		at += (size_t)moved;
	}
	return true;
}

static ssize_t
give(int fd, void *from, size_t n)
{
	return write(fd, from, n);
}

static int other_end;

static int
mirror(void)
{
	for (;;) {
		uint32_t n;

		if (read(other_end, &n, sizeof(n)) != sizeof(n))
			return 0;
		if (!move(read, other_end, n) || !move(give, other_end, n))
			return 1;
	}
}

static bool
bare_trip(int fd, uint32_t n)
{
	return write(fd, &n, sizeof(n)) == sizeof(n) && move(give, fd, n) &&
	       move(read, fd, n);
}

static bool
call_trip(struct link *link, size_t n)
{
	static uint8_t block[2 * LARGE];
	struct fixture_echo_req in = { .text = bytes_of(text, n), .number = 1 };
	struct fixture_echo_rep out;
	struct arena arena;
	struct fault f;

	arena_init(&arena, block, sizeof(block));
	return fixture_echo_call(link, &in, &out, &arena, &f);
}

static int
by_size(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static int
compare(const char *name, struct link *link, int fd, size_t n)
{
	static double call[ROUNDS], bare[ROUNDS];

	for (size_t i = 0; i < ROUNDS; i++) {
		double began = now_us();

		EXPECT(call_trip(link, n));
		double between = now_us();

		EXPECT(bare_trip(fd, (uint32_t)n));
		call[i] = between - began;
		bare[i] = now_us() - between;
	}
	qsort(call, ROUNDS, sizeof(call[0]), by_size);
	qsort(bare, ROUNDS, sizeof(bare[0]), by_size);
	(void)printf(
	    "%s %.1f %.1f\n", name, call[ROUNDS / 2], bare[ROUNDS / 2]);
	return 0;
}

static int near_end;

static int
caller(void)
{
	struct link *link = fixture_link(PROCESS_MEASUREMENT);
	int result = compare("ipc-64", link, near_end, SMALL) +
		     compare("ipc-64k", link, near_end, LARGE);

	(void)fflush(stdout);
	return result;
}

int
main(void)
{
	int ends[2], notify;

	fixture_isolate();
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0)
		return 111;
	/* Above the descriptors that the fixture puts in their places. */
	near_end = fcntl(ends[0], F_DUPFD, 16);
	other_end = fcntl(ends[1], F_DUPFD, 16);
	pid_t server = fixture_spawn(PROCESS_SYSTEM, fixture_serve, &notify);

	if (!fixture_ready(notify))
		return 111;
	pid_t other = fixture_spawn(PROCESS_GATEWAY, mirror, NULL);
	int status =
	    fixture_wait_for(fixture_spawn(PROCESS_MEASUREMENT, caller, NULL));

	fixture_kill(other);
	fixture_kill(server);
	return status == 0 ? 0 : 111;
}
