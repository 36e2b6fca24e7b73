/* SPDX-License-Identifier: Apache-2.0 */
#include "harness/fakes/swtpm.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static void
need(bool good, const char *what)
{
	if (good)
		return;
	perror(what);
	abort();
}

/* Runs in the child: quiet, and its CA's files in the folder. */
static void
become(char *const argv[], const char *dir)
{
	int null = open("/dev/null", O_RDWR);

	need(null >= 0 && dup2(null, 0) >= 0 && dup2(null, 1) >= 0, "null");
	need(chdir(dir) == 0, dir);
	need(setenv("XDG_CONFIG_HOME", dir, 1) == 0, "setenv");
	(void)execvp(argv[0], argv);
	perror(argv[0]);
	_exit(111);
}

int
swtpm_run(char *const argv[], const char *dir)
{
	int status = 0;
	pid_t pid = fork();

	need(pid >= 0, "fork");
	if (pid == 0)
		become(argv, dir);
	need(waitpid(pid, &status, 0) == pid, "waitpid");
	return status;
}

static void
run(char *const argv[], const char *dir)
{
	need(swtpm_run(argv, dir) == 0, argv[0]);
}

static void
make_state(char *dir)
{
	char config[128];
	char *const configure[] = { (char[]){ "swtpm_setup" },
		(char[]){ "--tpm2" }, (char[]){ "--create-config-files" },
		(char[]){ "overwrite,root" }, NULL };
	char *const setup[] = { (char[]){ "swtpm_setup" }, (char[]){ "--tpm2" },
		(char[]){ "--tpmstate" }, dir, (char[]){ "--config" }, config,
		(char[]){ "--pcr-banks" }, (char[]){ "sha256" },
		(char[]){ "--create-ek-cert" },
		(char[]){ "--write-ek-cert-files" }, dir, NULL };

	(void)snprintf(config, sizeof(config), "%s/swtpm_setup.conf", dir);
	run(configure, dir);
	run(setup, dir);
}

static void
power_on(struct swtpm *s)
{
	int ends[2];
	char fd[16], state[80];
	char *const argv[] = { (char[]){ "swtpm" }, (char[]){ "socket" },
		(char[]){ "--tpm2" }, (char[]){ "--tpmstate" }, state,
		(char[]){ "--fd" }, fd, (char[]){ "--flags" },
		(char[]){ "not-need-init" }, NULL };

	(void)snprintf(state, sizeof(state), "dir=%s", s->dir);
	need(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0, "socketpair");
	(void)snprintf(fd, sizeof(fd), "%d", ends[1]);
	need(fcntl(ends[0], F_SETFD, FD_CLOEXEC) == 0, "fcntl");
	s->fd = ends[0];
	s->pid = fork();
	need(s->pid >= 0, "fork");
	if (s->pid == 0)
		become(argv, s->dir);
	(void)close(ends[1]);
}

static void
power_off(struct swtpm *s)
{
	(void)close(s->fd);
	(void)kill(s->pid, SIGTERM);
	(void)waitpid(s->pid, NULL, 0);
}

void
swtpm_start(struct swtpm *s, bool certificates)
{
	(void)snprintf(s->dir, sizeof(s->dir), "/tmp/swtpm-XXXXXX");
	need(mkdtemp(s->dir) != NULL, "mkdtemp");
	if (certificates)
		make_state(s->dir);
	power_on(s);
}

void
swtpm_reset(struct swtpm *s)
{
	power_off(s);
	power_on(s);
}

void
swtpm_stop(struct swtpm *s)
{
	char *const remove[] = { (char[]){ "rm" }, (char[]){ "-rf" }, s->dir,
		NULL };

	power_off(s);
	run(remove, "/");
}
