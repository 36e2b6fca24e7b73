/* SPDX-License-Identifier: Apache-2.0 */
#include "core/base/secret.h"

#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define PAGE 4096

static const size_t sizes[] = { 1, 16, 17, 32, 4095, 4096, 4097, SECRET_MAX };

#define COUNT(rows) (sizeof(rows) / sizeof(*(rows)))

static void
sized(void **cmocka)
{
	(void)cmocka;
	for (size_t i = 0; i < COUNT(sizes); i++) {
		struct secret s = { 0 };
		struct fault f;

		assert_true(secret_new(&s, sizes[i], &f));
		assert_int_equal(s.n, sizes[i]);
		assert_int_equal((uintptr_t)s.p % 16, 0);
		for (size_t at = 0; at < s.n; at++)
			assert_int_equal(s.p[at], 0);
		memset(s.p, 0xa5, s.n);
		secret_free(&s);
		assert_null(s.p);
		assert_int_equal(s.n, 0);
		secret_free(&s);
	}
}

static void
refused(void **cmocka)
{
	static const size_t none[] = { 0, SECRET_MAX + 1, SIZE_MAX };

	(void)cmocka;
	for (size_t i = 0; i < COUNT(none); i++) {
		struct secret s = { 0 };
		struct fault f;

		assert_false(secret_new(&s, none[i], &f));
		assert_int_equal(f.code, FAULT_LIMIT);
		assert_string_equal(f.reason, "limit.locked");
		assert_null(s.p);
	}
}

static struct secret seen;

static int
read_below(void)
{
	return *(volatile uint8_t *)(seen.p - PAGE);
}

static int
read_above(void)
{
	return *(volatile uint8_t *)(seen.p + 32);
}

static int
read_after_free(void)
{
	uint8_t *was = seen.p;

	secret_free(&seen);
	return *(volatile uint8_t *)was;
}

/* Either the pages are not there in a child, or they are zero. */
static int
read_inherited(void)
{
	return *(volatile uint8_t *)seen.p == 0x5a ? 0 : raise(SIGSEGV);
}

static int
lock_nothing(void)
{
	struct rlimit none = { 0, 0 };
	struct secret s = { 0 };
	struct fault f = { 0 };

	if (setrlimit(RLIMIT_MEMLOCK, &none) != 0 || setuid(65534) != 0)
		return 1;
	return !secret_new(&s, 32, &f) && strcmp(f.reason, "limit.locked") == 0
		   ? raise(SIGSEGV)
		   : 1;
}

/* As on a kernel that has no memfd_secret. */
static bool
forbid_hidden(void)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
		    offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_memfd_secret, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = { sizeof(code) / sizeof(*code), code };

	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
	       prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

/* Without hidden pages the child has the mapping, and it is zero. */
static int
read_wiped(void)
{
	struct secret s;
	struct fault f;

	if (!forbid_hidden() || !secret_new(&s, 32, &f))
		return 1;
	memset(s.p, 0x5a, s.n);
	pid_t child = fork();

	if (child == 0)
		_exit(*(volatile uint8_t *)s.p);
	int status = -1;

	if (child < 0 || waitpid(child, &status, 0) != child || status != 0)
		return 1;
	return s.p[0] == 0x5a ? *(volatile uint8_t *)(s.p + 32) : 1;
}

/* clang-format off */
static const struct {
	const char *name;
	int (*what)(void);
} faults[] = {
	{ "page below",           read_below },
	{ "byte behind",          read_above },
	{ "use after free",       read_after_free },
	{ "inherited by a child", read_inherited },
	{ "no hidden pages",      read_wiped },
	{ "no memory to lock",    lock_nothing },
};
/* clang-format on */

/* Each row ends a child with SIGSEGV. */
static void
guarded(void **cmocka)
{
	struct fault f;

	(void)cmocka;
	assert_true(secret_new(&seen, 32, &f));
	memset(seen.p, 0x5a, seen.n);
	for (size_t i = 0; i < COUNT(faults); i++) {
		pid_t child = fork();

		if (child == 0) {
			(void)signal(SIGSEGV, SIG_DFL);
			_exit(faults[i].what());
		}
		int status = 0;

		assert_int_equal(waitpid(child, &status, 0), child);
		if (!WIFSIGNALED(status) || WTERMSIG(status) != SIGSEGV)
			fail_msg("%s: 0x%x", faults[i].name, (unsigned)status);
	}
	assert_int_equal(seen.p[0], 0x5a);
	secret_free(&seen);
}

/* The kernel says of the mapping that it is locked and in no dump. */
static void
locked(void **cmocka)
{
	char line[512], start[32];
	bool inside = false, is_locked = false, undumped = false;
	struct secret s;
	struct fault f;

	(void)cmocka;
	assert_true(secret_new(&s, PAGE, &f));
	(void)snprintf(start, sizeof(start), "%lx-", (unsigned long)s.p);
	FILE *file = fopen("/proc/self/smaps", "r");

	assert_non_null(file);
	while (fgets(line, sizeof(line), file) != NULL) {
		if (strncmp(line, start, strlen(start)) == 0)
			inside = true;
		if (!inside || strncmp(line, "VmFlags:", 8) != 0)
			continue;
		is_locked = strstr(line, " lo") != NULL;
		undumped = strstr(line, " dd") != NULL;
		break;
	}
	(void)fclose(file);
	assert_true(inside);
	assert_true(is_locked);
	assert_true(undumped);
	secret_free(&s);
}

static void
compared(void **cmocka)
{
	struct secret a, b, c;
	struct fault f;

	(void)cmocka;
	assert_true(secret_new(&a, 32, &f));
	assert_true(secret_new(&b, 32, &f));
	assert_true(secret_new(&c, 31, &f));
	assert_true(secret_equal(&a, &b));
	assert_false(secret_equal(&a, &c));
	for (size_t i = 0; i < 32; i++) {
		b.p[i] = 1;
		assert_false(secret_equal(&a, &b));
		b.p[i] = 0;
	}
	secret_free(&a);
	secret_free(&b);
	secret_free(&c);
}

int
main(void)
{
	const struct CMUnitTest units[] = {
		cmocka_unit_test(sized),
		cmocka_unit_test(refused),
		cmocka_unit_test(guarded),
		cmocka_unit_test(locked),
		cmocka_unit_test(compared),
	};

	return cmocka_run_group_tests_name("secret", units, NULL, NULL);
}
