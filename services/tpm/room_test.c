/* SPDX-License-Identifier: Apache-2.0 */
/* The whole process over its wire, filter on, and what the filter kills. */
#include "core/message/pack.h"
#include "harness/fakes/interposer.h"
#include "harness/fakes/swtpm.h"
#include "ipc/fixture.h"
#include "ipc/iface/tpm.h"
#include "services/tpm/tpm.h"

#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define SUBJECT BYTES("subject-subject-subject-subject-")
#define ANOTHER BYTES("another-another-another-another-")

static struct swtpm simulator;
static struct interposer wire;
static int tpm_fd; /* out of the way of the grants' numbers */
static uint8_t block[8u << 20];
/* Shared with the caller's processes: the first one's recipient. */
static struct {
	size_t n;
	uint8_t b[65536];
} *recipient;

static int
serve(void)
{
	int log = fcntl(memfd_create("log", 0), F_DUPFD, 100);

	EXPECT(log >= 0 && write(log, "log", 3) == 3);
	EXPECT(lseek(log, 0, SEEK_SET) == 0);
	EXPECT(dup2(tpm_fd, GRANT_TPM) == GRANT_TPM);
	EXPECT(dup2(log, GRANT_LOG) == GRANT_LOG);
	return service_main(&tpm_service);
}

static bool
quote(struct link *link, struct bytes qualifying, struct bytes *evidence,
    struct arena *a, struct fault *f)
{
	struct tpm_quote_req in = { qualifying };
	struct tpm_quote_rep out;

	if (!tpm_quote_call(link, &in, &out, a, f))
		return false;
	*evidence = out.evidence;
	return true;
}

static int
use(void)
{
	struct fault f = { 0 };
	struct tpm_begin_req begin = { SUBJECT, ANOTHER };
	struct tpm_begin_rep begun;
	struct tpm_clock_rep clock;
	struct tpm_activate_req activate = { BYTES("blob"), BYTES("secret") };
	struct tpm_activate_rep activated;
	struct bytes evidence;
	struct message *m;
	struct arena a;
	struct link *link;

	arena_init(&a, block, sizeof(block));
	EXPECT(link_open(&link, PROCESS_MEASUREMENT, PROCESS_TPM, &f));
	EXPECT(dial_start(&f));
	EXPECT(!quote(link, SUBJECT, &evidence, &a, &f));
	EXPECT(strcmp(f.reason, "tpm.not-begun") == 0);
	EXPECT(
	    tpm_clock_call(link, &(struct tpm_clock_req){ 0 }, &clock, &a, &f));
	EXPECT(tpm_begin_call(link, &begin, &begun, &a, &f));
	EXPECT(begun.recipient.n <= sizeof(recipient->b));
	if (recipient->n == 0) {
		recipient->n = begun.recipient.n;
		memcpy(recipient->b, begun.recipient.p, recipient->n);
	}
	EXPECT(
	    bytes_equal(begun.recipient, bytes_of(recipient->b, recipient->n)));
	/* The test makes the TPM answer LOCKOUT to the second one: what mends
	 * that runs under the filter too. */
	EXPECT(quote(link, SUBJECT, &evidence, &a, &f));
	EXPECT(!quote(link, SUBJECT, &evidence, &a, &f));
	EXPECT(strcmp(f.reason, "tpm.unavailable") == 0);
	EXPECT(quote(link, SUBJECT, &evidence, &a, &f));
	EXPECT(message_unpack(&m, evidence, &a, &f));
	EXPECT(message_find(m, "quote/attest") != NULL);
	EXPECT(!tpm_activate_call(link, &activate, &activated, &a, &f));
	EXPECT(strcmp(f.reason, "tpm.activate.blob") == 0);
	begin.subject_id = ANOTHER;
	EXPECT(!tpm_begin_call(link, &begin, &begun, &a, &f));
	EXPECT(strcmp(f.reason, "tpm.pcr15.taken") == 0);
	EXPECT(!quote(link, BYTES("too short"), &evidence, &a, &f));
	return 0;
}

/* Killed and started again, it goes on with the same boot. */
static void
test_whole_process(void **state)
{
	const struct rule lockout = { TAMPER_CODE, TPM2_CC_Quote, 1, 1,
		TPM2_RC_LOCKOUT };

	(void)state;
	for (unsigned i = 0; i < 2; i++) {
		int ready;

		interposer_set(&wire, lockout);
		pid_t server = fixture_spawn(PROCESS_TPM, serve, &ready);

		assert_true(fixture_ready(ready));
		pid_t caller = fixture_spawn(PROCESS_MEASUREMENT, use, NULL);

		assert_int_equal(fixture_wait_for(caller), 0);
		fixture_kill(server);
	}
}

static long forbidden;

static int
enter_and_call(void)
{
	struct fault f = { 0 };

	EXPECT(sandbox_enter(&tpm_sandbox, &f));
	(void)syscall(forbidden, 0, 0, 0, 0, 0, 0);
	return 0;
}

static void
test_forbidden_calls_kill(void **state)
{
	static const long calls[] = { SYS_openat, SYS_open, SYS_socket,
		SYS_connect, SYS_execve, SYS_ioctl, SYS_ptrace, SYS_clone,
		SYS_dup2, SYS_mount };

	(void)state;
	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
		forbidden = calls[i];
		int status = fixture_wait_for(
		    fixture_spawn(PROCESS_TPM, enter_and_call, NULL));

		assert_true(WIFSIGNALED(status));
		assert_int_equal(WTERMSIG(status), SIGSYS);
	}
	forbidden = SYS_getpid;
	assert_int_equal(
	    fixture_wait_for(fixture_spawn(PROCESS_TPM, enter_and_call, NULL)),
	    0);
}

static int
power_on(void **state)
{
	(void)state;
	fixture_isolate();
	recipient = mmap(NULL, sizeof(*recipient), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (recipient == MAP_FAILED)
		return -1;
	swtpm_start(&simulator, true);
	interposer_start(&wire, simulator.fd);
	tpm_fd = fcntl(wire.fd, F_DUPFD, 100);
	return tpm_fd < 0;
}

static int
power_off(void **state)
{
	(void)state;
	interposer_stop(&wire);
	swtpm_stop(&simulator);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_whole_process),
		cmocka_unit_test(test_forbidden_calls_kill),
	};

	return cmocka_run_group_tests_name("room", tests, power_on, power_off);
}
