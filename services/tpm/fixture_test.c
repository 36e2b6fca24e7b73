/* SPDX-License-Identifier: Apache-2.0 */
#include "services/tpm/fixture_test.h"

#include "core/crypto/crypto.h"
#include "core/crypto/ecdsa.h"
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

static void
check_attest(const struct message *m, TPMS_ATTEST *attest)
{
	struct bytes bytes = fixture_raw(m, "quote/attest");
	size_t at = 0;

	assert_int_equal(
	    Tss2_MU_TPMS_ATTEST_Unmarshal(bytes.p, bytes.n, &at, attest), 0);
	assert_int_equal(at, bytes.n);
	assert_int_equal(attest->magic, 0xff544347);
	assert_int_equal(attest->type, TPM2_ST_ATTEST_QUOTE);
	assert_true(bytes_equal(
	    bytes_of(attest->extraData.buffer, attest->extraData.size),
	    QUALIFYING));
	const TPML_PCR_SELECTION *select = &attest->attested.quote.pcrSelect;

	assert_int_equal(select->count, 1);
	assert_int_equal(select->pcrSelections[0].hash, TPM2_ALG_SHA256);
	assert_memory_equal(
	    select->pcrSelections[0].pcrSelect, "\xff\xfb\x00", 3);
}

static bool
ecdsa_good(const struct message *m)
{
	struct bytes bytes = fixture_raw(m, "quote/tpmt-signature");
	TPMT_PUBLIC ak = fixture_public(fixture_raw(m, "ak-public"));
	TPMT_SIGNATURE s;
	size_t at = 0;

	memset(&s, 0, sizeof(s));
	assert_int_equal(
	    Tss2_MU_TPMT_SIGNATURE_Unmarshal(bytes.p, bytes.n, &at, &s), 0);
	assert_int_equal(s.sigAlg, TPM2_ALG_ECDSA);
	const TPMS_SIGNATURE_ECC *ecc = &s.signature.ecdsa;

	const struct ecdsa_key key = { EC_P256,
		bytes_of(ak.unique.ecc.x.buffer, ak.unique.ecc.x.size),
		bytes_of(ak.unique.ecc.y.buffer, ak.unique.ecc.y.size) };

	return ecdsa_verify(&key, HASH_SHA256, fixture_raw(m, "quote/attest"),
	    bytes_of(ecc->signatureR.buffer, ecc->signatureR.size),
	    bytes_of(ecc->signatureS.buffer, ecc->signatureS.size));
}

TPMS_ATTEST
fixture_verify(const struct message *m)
{
	TPMS_ATTEST attest = { 0 };

	check_attest(m, &attest);
	assert_true(ecdsa_good(m));
	return attest;
}

void
fixture_check(struct bytes packed)
{
	struct message *m;

	GOOD(message_unpack(&m, packed, &fixture_arena, &fixture_fault));
	(void)fixture_verify(m);
}

/* The TPM's own MakeCredential, by the public keys of the recipient alone. */
void
fixture_seal(
    struct bytes sealed[2], struct bytes packed, struct bytes credential)
{
	TPM2B_PUBLIC ek = { 0 };
	TPM2B_DIGEST secret = { .size = (UINT16)credential.n };
	TPM2B_NAME name = { 0 };
	TPM2B_ID_OBJECT *blob;
	TPM2B_ENCRYPTED_SECRET *encrypted;
	struct message *m;
	ESYS_TR handle;
	size_t n = 0;

	GOOD(message_unpack(&m, packed, &fixture_arena, &fixture_fault));
	struct bytes ak_name = fixture_raw(m, "public-material/ak-name");

	ek.publicArea =
	    fixture_public(fixture_raw(m, "public-material/ek-public"));
	memcpy(secret.buffer, credential.p, credential.n);
	name.size = (UINT16)ak_name.n;
	memcpy(name.name, ak_name.p, ak_name.n);
	assert_int_equal(Esys_LoadExternal(fixture_tpm.device.esys,
			     ESYS_TR_NONE, ESYS_TR_NONE, ESYS_TR_NONE, NULL,
			     &ek, ESYS_TR_RH_NULL, &handle),
	    0);
	assert_int_equal(
	    Esys_MakeCredential(fixture_tpm.device.esys, handle, ESYS_TR_NONE,
		ESYS_TR_NONE, ESYS_TR_NONE, &secret, &name, &blob, &encrypted),
	    0);
	device_flush(&fixture_tpm.device, &handle);
	uint8_t *p = arena_alloc(&fixture_arena, sizeof(*blob));

	assert_int_equal(
	    Tss2_MU_TPM2B_ID_OBJECT_Marshal(blob, p, sizeof(*blob), &n), 0);
	sealed[0] = bytes_of(p, n);
	n = 0;
	p = arena_alloc(&fixture_arena, sizeof(*encrypted));
	assert_int_equal(Tss2_MU_TPM2B_ENCRYPTED_SECRET_Marshal(
			     encrypted, p, sizeof(*encrypted), &n),
	    0);
	sealed[1] = bytes_of(p, n);
	Esys_Free(blob);
	Esys_Free(encrypted);
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
