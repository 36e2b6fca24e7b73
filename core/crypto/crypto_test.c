/* SPDX-License-Identifier: Apache-2.0 */
#include "core/crypto/crypto.h"

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/crypto/ecdsa.h"
#include "core/crypto/known.h"
#include "core/crypto/rsa.h"
#include "core/crypto/x509.h"

#include <cmocka.h>

#define HEAP (1u << 18)

/* Each row runs in a process of its own, which has not touched libcrypto. */
static int
in_child(bool (*what)(struct fault *f), const char *reason)
{
	pid_t child = fork();

	if (child == 0) {
		struct fault f = { 0 };
		bool good = what(&f);

		_exit(reason == NULL ? !good
				     : good || strcmp(f.reason, reason) != 0);
	}
	int status = -1;

	if (child < 0 || waitpid(child, &status, 0) != child)
		return -1;
	return status;
}

/* Kills the process when it opens anything. */
static bool
forbid_open(void)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
		    offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_openat, 4, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_open, 3, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_access, 2, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_socket, 1, 0),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
	};
	struct sock_fprog program = { sizeof(code) / sizeof(*code), code };

	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
	       prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

static bool
use_all(struct fault *f)
{
	static const uint8_t der[] = { KNOWN_CERTIFICATE };
	uint8_t block[4096], signature[RSA_WALLET_BYTES];
	struct bytes one = bytes_of(der, sizeof(der));
	struct rsa_key *key;
	struct x509_facts facts;
	struct arena a;

	arena_init(&a, block, sizeof(block));
	if (!rsa_new(&key, f) || !rsa_sign(signature, key, BYTES("in"), f) ||
	    !x509_facts(&facts, one, &a, f))
		return false;
	struct ecdsa_key point = { EC_P256, facts.key.x, facts.key.y };

	if (ecdsa_verify(&point, HASH_SHA384, one, BYTES("r"), BYTES("s")))
		return false;
	struct x509_chain chain = { one, NULL, 0, &one, 1, 0, false };

	/* Out of its time: also the way of a failure opens nothing. */
	if (x509_verify(&chain, "x", f))
		return false;
	crypto_random(block, sizeof(block));
	rsa_free(key);
	return true;
}

static bool
start_then_open_nothing(struct fault *f)
{
	return setenv("OPENSSL_CONF", "/dev/null/absent", 1) == 0 &&
	       crypto_start(HEAP, f) && forbid_open() && use_all(f);
}

static bool
open_something(struct fault *f)
{
	(void)f;
	return forbid_open() && access("/", F_OK) == 0;
}

static bool
start_without_heap(struct fault *f)
{
	struct rsa_key *key;

	return crypto_start(0, f) && rsa_new(&key, f);
}

static bool
start_with_small_heap(struct fault *f)
{
	struct rsa_key *key;

	return crypto_start(1u << 14, f) && rsa_new(&key, f);
}

static bool
start_without_lock(struct fault *f)
{
	struct rlimit none = { 0, 0 };

	/* Root may lock without limit. */
	return setrlimit(RLIMIT_MEMLOCK, &none) == 0 && setuid(65534) == 0 &&
	       crypto_start(HEAP, f);
}

static bool
start_too_late(struct fault *f)
{
	(void)sha256_of(BYTES("in"));
	return crypto_start(HEAP, f);
}

/* clang-format off */
static const struct {
	const char *name;
	bool (*what)(struct fault *f);
	const char *reason; /* NULL: it works */
} rows[] = {
	{ "opens nothing after the start", start_then_open_nothing, NULL },
	{ "no key without a heap",         start_without_heap,      "crypto.heap" },
	{ "heap too small for a key",      start_with_small_heap,   "crypto.rsa" },
	{ "memory cannot be locked",       start_without_lock,      "crypto.heap" },
	{ "libcrypto already used",        start_too_late,          "crypto.heap" },
};
/* clang-format on */

static void
starts(void **cmocka)
{
	(void)cmocka;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		int status = in_child(rows[i].what, rows[i].reason);

		if (status != 0)
			fail_msg(
			    "%s: status 0x%x", rows[i].name, (unsigned)status);
	}
}

static void
filter_bites(void **cmocka)
{
	(void)cmocka;
	assert_true(WIFSIGNALED(in_child(open_something, NULL)));
}

static void
random_differs(void **cmocka)
{
	static uint8_t one[4096], two[4096], zero[64];

	(void)cmocka;
	crypto_random(one, sizeof(one));
	crypto_random(two, sizeof(two));
	for (size_t i = 0; i < sizeof(one); i += 64) {
		assert_memory_not_equal(one + i, two + i, 64);
		assert_memory_not_equal(one + i, zero, 64);
	}
	memset(one, 7, 16);
	crypto_random(one + 4, 0);
	assert_int_equal(one[4], 7);
}

int
main(void)
{
	const struct CMUnitTest units[] = {
		cmocka_unit_test(starts),
		cmocka_unit_test(filter_bites),
		cmocka_unit_test(random_differs),
	};

	return cmocka_run_group_tests_name("crypto", units, NULL, NULL);
}
