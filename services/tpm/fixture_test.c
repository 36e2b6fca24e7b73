/* SPDX-License-Identifier: Apache-2.0 */
#include "services/tpm/fixture_test.h"

#include "core/crypto/crypto.h"
#include "core/message/pack.h"

#include <sys/mman.h>
#include <tss2/tss2_mu.h>
#include <unistd.h>

struct tpm fixture_tpm;
struct fault fixture_fault;
struct arena fixture_arena;

int
fixture_log(struct bytes content)
{
	int fd = memfd_create("log", MFD_CLOEXEC);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, content.p, content.n), content.n);
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	return fd;
}

void
fixture_open(const struct swtpm *s, struct bytes log)
{
	int fd = fixture_log(log);

	GOOD(tpm_open(&fixture_tpm, s->fd, fd, LIMIT_MS, &fixture_fault));
	(void)close(fd);
}

/* What a service does that was killed and started again on the same fd. */
void
fixture_reopen(const struct swtpm *s)
{
	Esys_Finalize(&fixture_tpm.device.esys);
	memset(&fixture_tpm, 0, sizeof(fixture_tpm));
	fixture_open(s, LOG_BYTES);
}

struct bytes
fixture_begin(void)
{
	struct bytes recipient;

	GOOD(begin_boot(&fixture_tpm, SUBJECT, CONFINEMENT, &fixture_fault));
	GOOD(begin_recipient(
	    &recipient, &fixture_tpm, &fixture_arena, &fixture_fault));
	return recipient;
}

const struct message *
fixture_evidence(void)
{
	struct bytes packed;
	struct message *m;

	GOOD(quote_evidence(
	    &packed, &fixture_tpm, QUALIFYING, &fixture_arena, &fixture_fault));
	GOOD(message_unpack(&m, packed, &fixture_arena, &fixture_fault));
	return m;
}

struct bytes
fixture_raw(const struct message *m, const char *path)
{
	struct bytes value;

	GOOD(message_find_base64(
	    &value, m, path, &fixture_arena, &fixture_fault));
	return value;
}

TPMT_PUBLIC
fixture_public(struct bytes raw_public)
{
	TPM2B_PUBLIC public;
	size_t at = 0;

	memset(&public, 0, sizeof(public));
	assert_int_equal(Tss2_MU_TPM2B_PUBLIC_Unmarshal(
			     raw_public.p, raw_public.n, &at, &public),
	    0);
	assert_int_equal(at, raw_public.n);
	return public.publicArea;
}

struct sha256
fixture_pcr15(void)
{
	struct pcr_values values;

	GOOD(pcr_read(&values, &fixture_tpm.device, 1u << 15, &fixture_fault));
	return values.of[15];
}

struct sha256
fixture_replay(struct bytes log)
{
	struct sha256 value = { 0 }, hash = sha256_of(log);

	hash_extend(HASH_SHA256, value.b, SUBJECT);
	hash_extend(HASH_SHA256, value.b, CONFINEMENT);
	if (log.n > 0)
		hash_extend(HASH_SHA256, value.b, BYTES_OF(&hash));
	return value;
}

int
fixture_on_certified(void **state)
{
	static struct swtpm s;

	swtpm_start(&s, true);
	*state = &s;
	return 0;
}

int
fixture_on(void **state)
{
	static struct swtpm s;

	swtpm_start(&s, false);
	*state = &s;
	return 0;
}

int
fixture_off(void **state)
{
	tpm_close(&fixture_tpm);
	memset(&fixture_tpm, 0, sizeof(fixture_tpm));
	swtpm_stop(*state);
	arena_reset(&fixture_arena);
	return 0;
}

int
fixture_run(const char *name, const struct CMUnitTest *tests, size_t n)
{
	static uint8_t block[16u << 20];

	arena_init(&fixture_arena, block, sizeof(block));
	if (!crypto_start(0, &fixture_fault))
		return 111;
	return _cmocka_run_group_tests(name, tests, n, NULL, NULL);
}
