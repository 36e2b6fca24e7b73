/* SPDX-License-Identifier: Apache-2.0 */
#include "ipc/fixture.h"

#include "ipc/serve.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static const struct shape nothing = SHAPE_EMPTY("nothing");

static const struct field echo_req[] = {
	FIELD(struct fixture_echo_req, text, FIXTURE_BYTES_MAX),
	FIELD_RANGE(struct fixture_echo_req, number, 1, UINT64_MAX),
	FIELD(struct fixture_echo_req, flag, 1),
};
static const struct field echo_rep[] = {
	FIELD(struct fixture_echo_rep, text, FIXTURE_BYTES_MAX),
	FIELD(struct fixture_echo_rep, number, UINT64_MAX),
	FIELD(struct fixture_echo_rep, flag, 1),
};
static const struct shape echo_takes = SHAPE(fixture_echo_req, echo_req);
static const struct shape echo_gives = SHAPE(fixture_echo_rep, echo_rep);
const struct method fixture_echo = { "system.echo", &echo_takes, &echo_gives,
	2000 };

static const struct field big_req[] = {
	FIELD(struct fixture_big_req, size, UINT64_C(2) * FIXTURE_BYTES_MAX),
};
static const struct field big_rep[] = {
	FIELD(struct fixture_big_rep, text, FIXTURE_BYTES_MAX),
};
static const struct shape big_takes = SHAPE(fixture_big_req, big_req);
static const struct shape big_gives = SHAPE(fixture_big_rep, big_rep);
const struct method fixture_big = { "system.big", &big_takes, &big_gives,
	2000 };

static const struct field wait_req[] = {
	FIELD(struct fixture_wait_req, ms, 60000),
};
static const struct field wait_rep[] = {
	FIELD(struct fixture_wait_rep, count, UINT64_MAX),
};
static const struct shape wait_takes = SHAPE(fixture_wait_req, wait_req);
static const struct shape wait_gives = SHAPE(fixture_wait_rep, wait_rep);
const struct method fixture_wait = { "system.wait", &wait_takes, &wait_gives,
	2000 };

const struct method fixture_die = { "system.die", &nothing, &nothing, 10000 };
const struct method fixture_refuse = { "system.refuse", &nothing, &nothing,
	2000 };

static bool
echo(struct request *rq)
{
	const struct fixture_echo_req *in = rq->in;
	struct fixture_echo_rep *out = rq->out;

	out->text = in->text;
	out->number = in->number;
	out->flag = in->flag;
	return true;
}

static bool
big(struct request *rq)
{
	const struct fixture_big_req *in = rq->in;
	struct fixture_big_rep *out = rq->out;

	out->text = bytes_of(arena_alloc(rq->arena, in->size), in->size);
	return arena_check(rq->arena, rq->fault);
}

static bool
wait_for(struct request *rq)
{
	static _Atomic uint64_t count;
	const struct fixture_wait_req *in = rq->in;
	struct fixture_wait_rep *out = rq->out;
	struct timespec left = { (time_t)(in->ms / 1000),
		(long)(in->ms % 1000) * 1000000 };

	out->count = atomic_fetch_add(&count, 1) + 1;
	(void)nanosleep(&left, NULL);
	return true;
}

static bool
die(struct request *rq)
{
	(void)rq;
	_exit(3);
}

static bool
refuse(struct request *rq)
{
	return fail(rq->fault, FAULT_VERIFY, FIXTURE_REASON, "test 1: %s",
	    "line\nbreak");
}

/* clang-format off */
static const struct call calls[] = {
	/* method          handler   who may call                      */
	{ &fixture_echo,   echo,     PEER(MEASUREMENT) | PEER(GATEWAY) },
	{ &fixture_big,    big,      PEER(GATEWAY)                     },
	{ &fixture_wait,   wait_for, PEER(MEASUREMENT) | PEER(GATEWAY) },
	{ &fixture_die,    die,      PEER(MEASUREMENT)                 },
	{ &fixture_refuse, refuse,   PEER(GATEWAY)                     },
};
/* clang-format on */

static const struct sandbox walls = { .name = "fixture" };

static bool
open_nothing(void **state, struct fault *f)
{
	(void)f;
	*state = NULL;
	return true;
}

const struct service fixture_service = {
	.self = PROCESS_SYSTEM,
	.calls = calls,
	.ncalls = sizeof(calls) / sizeof(calls[0]),
	.sandbox = &walls,
	.workers = 3,
	.arena_size = 2 * FIXTURE_BYTES_MAX + 65536,
	.open = open_nothing,
};

static void
must(bool good, const char *what)
{
	if (good)
		return;
	perror(what);
	exit(99);
}

void
fixture_isolate(void)
{
	char folder[WIRE_PATH_SIZE];

	must(unshare(CLONE_NEWNS) == 0, "unshare (needs root)");
	/* In the build root's chroot / is no mount, and private already. */
	must(mount("", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 ||
		 errno == EINVAL,
	    "private");
	must(mount("run", "/run", "tmpfs", 0, "mode=755") == 0, "mount");
	must(mkdir("/run/pwos", 0755) == 0, "/run/pwos");
	must(mkdir(WIRES_DIR, 0755) == 0, WIRES_DIR);
	for (unsigned i = 0; i < PROCESS_COUNT * PROCESS_COUNT; i++) {
		enum process caller = i / PROCESS_COUNT;
		enum process callee = i % PROCESS_COUNT;

		if (!wire_exists(caller, callee))
			continue;
		wire_folder(folder, caller, callee);
		must(mkdir(folder, 0700) == 0, folder);
		must(chown(folder, wires[callee].uid, wires[caller].uid) == 0,
		    folder);
		must(chmod(folder, 02710) == 0, folder);
	}
}

pid_t
fixture_spawn(enum process as, int (*body)(void), int *notify)
{
	int ends[2];

	must(pipe2(ends, O_CLOEXEC) == 0, "pipe");
	(void)fflush(NULL);
	pid_t pid = fork();

	must(pid >= 0, "fork");
	if (pid == 0) {
		uid_t id = wires[as].uid;

		must(ends[1] == GRANT_NOTIFY ||
			 dup2(ends[1], GRANT_NOTIFY) == GRANT_NOTIFY,
		    "notify");
		must(setgroups(0, NULL) == 0 && setresgid(id, id, id) == 0 &&
			 setresuid(id, id, id) == 0,
		    "setresuid");
		must(prctl(PR_SET_PDEATHSIG, SIGKILL) == 0, "pdeathsig");
		_exit(body());
	}
	(void)close(ends[1]);
	if (notify == NULL)
		(void)close(ends[0]);
	else
		*notify = ends[0];
	return pid;
}

bool
fixture_ready(int notify)
{
	char byte = 0;
	bool good = read(notify, &byte, 1) == 1 && byte == '\n';

	(void)close(notify);
	return good;
}

int
fixture_wait_for(pid_t pid)
{
	int status = -1;

	must(waitpid(pid, &status, 0) == pid, "waitpid");
	return status;
}

void
fixture_kill(pid_t pid)
{
	must(kill(pid, SIGKILL) == 0, "kill");
	(void)fixture_wait_for(pid);
}

int
fixture_serve(void)
{
	struct fault fault = { 0 };
	struct server *server;

	if (!dial_start(&fault) ||
	    !serve_open(&server, &fixture_service, NULL, &fault)) {
		(void)fprintf(stderr, "%s %s\n", fault.reason, fault.why);
		return 1;
	}
	must(write(GRANT_NOTIFY, "\n", 1) == 1, "ready");
	(void)close(GRANT_NOTIFY);
	serve_run(server);
	return 0;
}

struct link *
fixture_link(enum process self)
{
	struct fault fault = { 0 };
	struct link *link;

	if (link_open(&link, self, PROCESS_SYSTEM, &fault) &&
	    dial_start(&fault))
		return link;
	(void)fprintf(stderr, "%s %s\n", fault.reason, fault.why);
	_exit(1);
}
