/* SPDX-License-Identifier: Apache-2.0 */
#include "services/init/init.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define PROGRAMS     "/usr/lib/pwos"
#define MODULES_LIST "/etc/modules.list"
#define PORT         8734
#define EXIT_USAGE   100
#define EXIT_SYSTEM  111

static const char usage[] =
    "usage: pwos-init --host [--programs DIR] [--tpm SOCKET] [--port N]\n"
    "                 [--operator ADDRESS]\n"
    "Supervises the services on a host, as root, with a fresh /run.\n"
    "  --programs DIR  where the pwos-NAME are (default " PROGRAMS ")\n"
    "  --tpm SOCKET    unix socket of a swtpm (default /dev/tpmrm0)\n"
    "  --port N        of the loopback address (default 8734)\n"
    "  --operator ADDRESS  who may change the node's notes (default nobody)\n"
    "As PID 1 it takes no options and ends by powering the machine off.\n";

static bool
read_port(uint16_t *out, const char *text)
{
	uint32_t value = 0;

	for (; *text >= '0' && *text <= '9' && value <= UINT16_MAX; text++)
		value = value * 10 + (uint32_t)(*text - '0');
	*out = (uint16_t)value;
	return *text == '\0' && value > 0 && value <= UINT16_MAX;
}

static bool
read_options(struct setup *out, int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		bool more = i + 1 < argc;

		if (strcmp(argv[i], "--host") == 0)
			out->host = true;
		else if (more && strcmp(argv[i], "--programs") == 0)
			out->programs = argv[++i];
		else if (more && strcmp(argv[i], "--tpm") == 0)
			out->tpm = argv[++i];
		else if (more && strcmp(argv[i], "--operator") == 0)
			out->operator= argv[++i];
		else if (more && strcmp(argv[i], "--port") == 0 &&
			 read_port(&out->port, argv[i + 1]))
			i++;
		else
			return false;
	}
	return out->host;
}

static bool
prepare(struct setup *setup, struct restart_counts **counts, struct fault *f)
{
	return folders_make(setup, f) &&
	       cgroup_open(&setup->cgroup, setup->host, f) &&
	       counts_make(counts, &setup->counts, f) &&
	       grant_make_key(&setup->verdict_key, f) &&
	       listener_open(&setup->listener, setup, f);
}

/* On the host: the rows that are not the image's alone. */
static size_t
rows_of(bool host)
{
	size_t n = children_count;

	while (host && n > 0 && children[n - 1].image_only)
		n--;
	return n;
}

static int
run_host(struct setup *setup)
{
	struct restart_counts *counts;
	struct fault f;

	log_open();
	log_line("supervisor");
	if (geteuid() != 0) {
		(void)fputs("pwos-init: needs root\n", stderr);
		return EXIT_SYSTEM;
	}
	if (!prepare(setup, &counts, &f)) {
		(void)fprintf(stderr, "pwos-init: %s\n", f.why);
		return EXIT_SYSTEM;
	}
	return loop_run(children, rows_of(true), setup, counts) ? 0 : 1;
}

/* The kernel opens the console for PID 1 only if the image has the node. */
static void
open_console(void)
{
	int fd;

	do {
		fd = open("/dev/console", O_RDWR | O_NOCTTY);
	} while (fd >= 0 && fd < STDERR_FILENO);
	if (fd > STDERR_FILENO)
		(void)close(fd);
}

static bool
first_duties(
    struct setup *setup, struct restart_counts **counts, struct fault *f)
{
	if (!mounts_base(f))
		return false;
	open_console();
	log_open();
	log_line("image");
	modules_load(MODULES_LIST);
	log_line("modules loaded");
	power_watch();
	return mounts_late(f) && net_up(f) && prepare(setup, counts, f);
}

static void
run_image(struct setup *setup)
{
	struct restart_counts *counts;
	struct fault f;

	if (first_duties(setup, &counts, &f))
		(void)loop_run(children, rows_of(false), setup, counts);
	else
		log_line("%s", f.why);
	power_off();
}

int
main(int argc, char **argv)
{
	struct setup setup = {
		.programs = PROGRAMS,
		.port = PORT,
		.counts = -1,
		.listener = -1,
		.cgroup = -1,
	};

	if (getpid() == 1)
		run_image(&setup);
	if (argc == 2 && strcmp(argv[1], "--help") == 0) {
		(void)fputs(usage, stdout);
		return 0;
	}
	if (!read_options(&setup, argc, argv)) {
		(void)fputs(usage, stderr);
		return EXIT_USAGE;
	}
	return run_host(&setup);
}
