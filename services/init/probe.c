/* SPDX-License-Identifier: Apache-2.0 */
/* A child for spawn_test.c and loop_test.c: says what it was given, or behaves
 * as its argument asks. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static void
say_limits(void)
{
	static const enum __rlimit_resource limits[] = { RLIMIT_NOFILE,
		RLIMIT_NPROC, RLIMIT_MEMLOCK, RLIMIT_CORE, RLIMIT_AS };

	(void)dprintf(2, "limits");
	for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++) {
		struct rlimit is = { 0 };

		(void)getrlimit(limits[i], &is);
		(void)dprintf(2, " %llu/%llu", (unsigned long long)is.rlim_cur,
		    (unsigned long long)is.rlim_max);
	}
	(void)dprintf(2, "\n");
}

static void
say_status(void)
{
	static const char *const wanted[] = { "CapInh", "CapPrm", "CapEff",
		"CapBnd", "CapAmb", "NoNewPrivs", "SigBlk" };
	FILE *file = fopen("/proc/self/status", "r");
	char line[256];

	while (file != NULL && fgets(line, sizeof(line), file) != NULL) {
		for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]);
		    i++) {
			if (strncmp(line, wanted[i], strlen(wanted[i])) == 0)
				(void)dprintf(2, "%s", line);
		}
	}
	if (file != NULL)
		(void)fclose(file);
}

static void
say_descriptors(void)
{
	(void)dprintf(2, "descriptors");
	for (int fd = 0; fd < 1024; fd++) {
		if (fcntl(fd, F_GETFD) >= 0)
			(void)dprintf(2, " %d", fd);
	}
	(void)dprintf(2, "\n");
}

static void
say_interfaces(void)
{
	struct if_nameindex *all = if_nameindex();

	(void)dprintf(2, "interfaces");
	for (size_t i = 0; all != NULL && all[i].if_index != 0; i++)
		(void)dprintf(2, " %s", all[i].if_name);
	(void)dprintf(2, "\n");
	if_freenameindex(all);
}

static void
report(const char *name)
{
	uid_t user[3];
	gid_t group[3];

	(void)getresuid(&user[0], &user[1], &user[2]);
	(void)getresgid(&group[0], &group[1], &group[2]);
	(void)dprintf(2, "name %s\n", name);
	(void)dprintf(2, "user %u %u %u\n", user[0], user[1], user[2]);
	(void)dprintf(2, "group %u %u %u +%d\n", group[0], group[1], group[2],
	    getgroups(0, NULL));
	(void)dprintf(2, "session %d\n", getsid(0) == getpid());
	(void)dprintf(2, "umask %03o\n", (unsigned)umask(0));
	(void)dprintf(2, "environment %d\n", environ[0] != NULL);
	say_limits();
	say_status();
	say_descriptors();
	say_interfaces();
}

static void
rest(long ms)
{
	struct timespec time = { ms / 1000, ms % 1000 * 1000000 };

	(void)nanosleep(&time, NULL);
}

static bool
is_kept_from(const char *path)
{
	int fd = open(path, O_RDONLY);

	if (fd >= 0)
		(void)close(fd);
	return fd < 0 && errno == EACCES;
}

int
main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "report";

	if (strcmp(what, "report") == 0) {
		report(argv[0]);
		return 0;
	}
	if (strcmp(what, "fenced") == 0)
		return is_kept_from("/etc/passwd") ? 0 : 1;
	if (strcmp(what, "stubborn") == 0)
		(void)signal(SIGTERM, SIG_IGN);
	if (strcmp(what, "silent") != 0 && write(3, "\n", 1) != 1)
		return 1;
	if (strcmp(what, "brief") == 0) {
		rest(800);
		return 7;
	}
	if (strcmp(what, "crash") == 0)
		abort();
	rest(60000);
	return 0;
}
