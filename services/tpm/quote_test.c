/* SPDX-License-Identifier: Apache-2.0 */
/* AK, evidence and activation, judged from the evidence alone. */
#include "core/message/pack.h"
#include "services/tpm/fixture_test.h"

#include <stdio.h>
#include <tss2/tss2_mu.h>

/* measurement 12 and 13, computed here from the evidence alone. */
static void
test_ak_is_as_ruled(void **state)
{
	static const uint8_t head[] = { 0, 0, 1, 0x7f, 0, 0, 0, 1, 0, 0xb, 3,
		0xff, 0xfb, 0 };
	static const uint8_t code[] = { 0, 0, 1, 0x6c, 0, 0, 1, 0x47 };
	static const uint8_t either[] = { 0, 0, 1, 0x71 };
	static const uint8_t zero[32];

	fixture_open(*state, LOG_BYTES);
	(void)fixture_begin();
	const struct message *m = fixture_evidence();
	TPMT_PUBLIC ak = fixture_public(fixture_raw(m, "ak-public"));
	struct bytes values[16];
	struct sha256 digest, p, p2, or ;
	size_t n = 0;

	for (unsigned i = 0; i < 16; i++) {
		char path[32];

		(void)snprintf(path, sizeof(path), "quote/pcrs/%u", i);
		if (i != 10)
			values[n++] = fixture_raw(m, path);
	}
	hash_parts(HASH_SHA256, digest.b, values, n);
	hash_parts(HASH_SHA256, p.b,
	    (struct bytes[]){
		bytes_of(zero, 32), bytes_of(head, 14), BYTES_OF(&digest) },
	    3);
	hash_parts(HASH_SHA256, p2.b,
	    (struct bytes[]){ BYTES_OF(&p), bytes_of(code, 8) }, 2);
	hash_parts(HASH_SHA256, or.b,
	    (struct bytes[]){ bytes_of(zero, 32), bytes_of(either, 4),
		BYTES_OF(&p), BYTES_OF(&p2) },
	    4);
	assert_int_equal(ak.authPolicy.size, 32);
	assert_memory_equal(ak.authPolicy.buffer, or.b, 32);
	assert_int_equal(ak.objectAttributes, 0x000504b2);
	assert_int_equal(ak.nameAlg, TPM2_ALG_SHA256);
	assert_int_equal(ak.type, TPM2_ALG_ECC);
	assert_int_equal(ak.parameters.eccDetail.scheme.scheme, TPM2_ALG_ECDSA);
	struct sha256 want = fixture_replay(LOG_BYTES);

	assert_true(
	    bytes_equal(fixture_raw(m, "quote/pcrs/15"), BYTES_OF(&want)));
}

static void
test_quote_verifies(void **state)
{
	uint64_t resets, restarts;

	fixture_open(*state, LOG_BYTES);
	(void)fixture_begin();
	GOOD(tpm_counts(&resets, &restarts, &fixture_tpm, &fixture_fault));
	const struct message *m = fixture_evidence();
	struct bytes text;
	TPMS_ATTEST attest = fixture_verify(m);

	assert_int_equal(attest.clockInfo.resetCount, resets);
	assert_int_equal(attest.clockInfo.restartCount, restarts);
	assert_true(bytes_equal(fixture_raw(m, "firmware-log"), LOG_BYTES));
	assert_true(
	    message_find_bytes(&text, m, "tpm-properties/manufacturer"));
	assert_true(bytes_is(text, "IBM"));
	assert_true(message_find_bytes(&text, m, "runtime-log/1/event-type"));
	assert_true(bytes_is(text, "subject"));
	assert_true(message_find_bytes(&text, m, "runtime-log/3/event-type"));
	assert_true(bytes_is(text, "firmware-log"));
	assert_true(
	    bytes_equal(fixture_raw(m, "runtime-log/1/digest"), SUBJECT));
	assert_true(
	    bytes_equal(fixture_raw(m, "runtime-log/2/digest"), CONFINEMENT));
}

/* The same, judged by tpm2-tools. */
static void
save_file(const struct swtpm *s, const char *name, struct bytes content)
{
	char path[128];

	(void)snprintf(path, sizeof(path), "%s/%s", s->dir, name);
	FILE *file = fopen(path, "wb");

	assert_non_null(file);
	assert_int_equal(fwrite(content.p, 1, content.n, file), content.n);
	assert_int_equal(fclose(file), 0);
}

static bool
checkquote(const struct swtpm *s, const struct message *m, const char *nonce)
{
	char hex[65];
	char *const argv[] = { (char[]){ "tpm2_checkquote" }, (char[]){ "-u" },
		(char[]){ "ak.pub" }, (char[]){ "-m" }, (char[]){ "attest" },
		(char[]){ "-s" }, (char[]){ "signature" }, (char[]){ "-g" },
		(char[]){ "sha256" }, (char[]){ "-q" }, hex, NULL };

	(void)snprintf(hex, sizeof(hex), "%s", nonce);
	save_file(s, "ak.pub", fixture_raw(m, "ak-public"));
	save_file(s, "attest", fixture_raw(m, "quote/attest"));
	save_file(s, "signature", fixture_raw(m, "quote/tpmt-signature"));
	return swtpm_run(argv, s->dir) == 0;
}

static void
test_quote_satisfies_tpm2_tools(void **state)
{
	fixture_open(*state, LOG_BYTES);
	(void)fixture_begin();
	const struct message *m = fixture_evidence();

	assert_true(checkquote(*state, m, QUALIFYING_HEX));
	assert_false(checkquote(*state, m, "31313233"));
}

static void
test_rsapss_where_no_ecdsa(void **state)
{
	fixture_open(*state, LOG_BYTES);
	fixture_tpm.properties.has_ecdsa = false;
	(void)fixture_begin();
	const struct message *m = fixture_evidence();
	TPMT_PUBLIC ak = fixture_public(fixture_raw(m, "ak-public"));

	assert_int_equal(ak.type, TPM2_ALG_RSA);
	assert_int_equal(ak.objectAttributes, 0x000504b2);
	assert_int_equal(
	    ak.parameters.rsaDetail.scheme.scheme, TPM2_ALG_RSAPSS);
	assert_true(checkquote(*state, m, QUALIFYING_HEX));
}

static void
test_certificates_are_those_of_nv(void **state)
{
	const struct swtpm *s = *state;
	static uint8_t der[8192];
	char path[128];
	struct bytes source;

	fixture_open(s, LOG_BYTES);
	(void)fixture_begin();
	const struct message *m = fixture_evidence();

	assert_true(message_find_bytes(&source, m, "ek-certificate-source"));
	if (message_get(m, BYTES("ek-certificate")) == NULL) {
		assert_true(bytes_is(source, "absent"));
		return;
	}
	assert_true(bytes_is(source, "tpm-nv:0x01c00002"));
	(void)snprintf(path, sizeof(path), "%s/ek-rsa2048.crt", s->dir);
	FILE *file = fopen(path, "rb");

	assert_non_null(file);
	size_t n = fread(der, 1, sizeof(der), file);

	(void)fclose(file);
	assert_true(
	    bytes_equal(fixture_raw(m, "ek-certificate"), bytes_of(der, n)));
	TPMT_PUBLIC ek = fixture_public(fixture_raw(m, "ek-public"));
	struct x509_facts facts;

	GOOD(x509_facts(
	    &facts, bytes_of(der, n), &fixture_arena, &fixture_fault));
	assert_true(bytes_equal(facts.key.modulus,
	    bytes_of(ek.unique.rsa.buffer, ek.unique.rsa.size)));
}

/* What a maker would have left in NV; whole certificates are not needed. */
static void
provision(UINT32 index, struct bytes content)
{
	static const TPM2B_AUTH no_secret;
	TPM2B_NV_PUBLIC public = { .nvPublic = {
				       .nvIndex = index,
				       .nameAlg = TPM2_ALG_SHA256,
				       .attributes = TPMA_NV_OWNERWRITE |
						     TPMA_NV_AUTHREAD |
						     TPMA_NV_OWNERREAD |
						     TPMA_NV_NO_DA,
				       .dataSize = (UINT16)content.n,
				   } };
	TPM2B_MAX_NV_BUFFER data = { .size = (UINT16)content.n };
	ESYS_CONTEXT *esys = fixture_tpm.device.esys;
	ESYS_TR nv;

	memcpy(data.buffer, content.p, content.n);
	assert_int_equal(
	    Esys_NV_DefineSpace(esys, ESYS_TR_RH_OWNER, ESYS_TR_PASSWORD,
		ESYS_TR_NONE, ESYS_TR_NONE, &no_secret, &public, &nv),
	    0);
	assert_int_equal(
	    Esys_NV_Write(esys, ESYS_TR_RH_OWNER, nv, ESYS_TR_PASSWORD,
		ESYS_TR_NONE, ESYS_TR_NONE, &data, 0),
	    0);
	assert_int_equal(Esys_TR_Close(esys, &nv), 0);
}

/* A certificate at the ECC index makes the EK an ECC key, and a chain may go
 * on from one index to the next. */
static void
test_ecc_ek_and_chain(void **state)
{
	const struct bytes credential = BYTES("credential"),
			   leaf = BYTES("\x30\x81\x03\x02\x01\x07");
	struct bytes sealed[2], got;
	uint8_t room[4];
	struct buf small = buf_over(room, sizeof(room));
	bool found;

	fixture_open(*state, LOG_BYTES);
	provision(NV_EK_ECC, BYTES("\x30\x81\x03\x02\x01\x07\xff\xff"));
	provision(NV_CHAIN, BYTES("\x30\x81\x03\x02\x01\x08\x30\x81\x03"));
	provision(NV_CHAIN + 1, BYTES("\x02\x01\x09"));
	provision(NV_CHAIN + 3, BYTES("\x30\x81\x03\x02\x01\x0a"));
	REFUSED(nv_read(&small, &found, &fixture_tpm.device, NV_EK_ECC,
		    &fixture_fault),
	    "tpm.nv.size");
	fixture_reopen(*state);
	fixture_seal(sealed, fixture_begin(), credential);
	GOOD(activate_credential(
	    &got, &fixture_tpm, sealed, &fixture_arena, &fixture_fault));
	assert_true(bytes_equal(got, credential));
	const struct message *m = fixture_evidence(), *chain;
	TPMT_PUBLIC ek = fixture_public(fixture_raw(m, "ek-public"));

	assert_int_equal(ek.type, TPM2_ALG_ECC);
	assert_true(message_find_bytes(&got, m, "ek-certificate-source"));
	assert_true(bytes_is(got, "tpm-nv:0x01c0000a"));
	assert_true(bytes_equal(fixture_raw(m, "ek-certificate"), leaf));
	assert_true(message_find_list(&chain, m, "ek-chain"));
	assert_int_equal(chain->count, 2);
	assert_true(bytes_equal(
	    fixture_raw(m, "ek-chain/2"), BYTES("\x30\x81\x03\x02\x01\x09")));
}

static void
test_activation_round_trip(void **state)
{
	const struct bytes credential =
	    BYTES("a credential of thirty-two bytes");
	struct bytes sealed[2], got;

	fixture_open(*state, LOG_BYTES);
	fixture_seal(sealed, fixture_begin(), credential);
	for (unsigned i = 0; i < 4; i++) {
		GOOD(activate_credential(&got, &fixture_tpm, sealed,
		    &fixture_arena, &fixture_fault));
		assert_true(bytes_equal(got, credential));
	}
	(void)fixture_evidence();
	fixture_reopen(*state);
	(void)fixture_begin();
	GOOD(activate_credential(
	    &got, &fixture_tpm, sealed, &fixture_arena, &fixture_fault));
	assert_true(bytes_equal(got, credential));
}

static void
test_activation_refuses(void **state)
{
	const struct bytes credential = BYTES("16 bytes of it..");
	struct bytes sealed[2], got;

	fixture_open(*state, LOG_BYTES);
	fixture_seal(sealed, fixture_begin(), credential);
	for (unsigned which = 0; which < 2; which++) {
		struct bytes bad[2] = { sealed[0], sealed[1] };
		uint8_t copy[600];

		memcpy(copy, sealed[which].p, sealed[which].n);
		copy[sealed[which].n - 1] ^= 1;
		bad[which] = bytes_of(copy, sealed[which].n);
		REFUSED(activate_credential(&got, &fixture_tpm, bad,
			    &fixture_arena, &fixture_fault),
		    "tpm.activate.credential");
		assert_int_equal(fixture_fault.code, FAULT_VERIFY);
		bad[which] = bytes_of(copy, sealed[which].n - 1);
		REFUSED(activate_credential(&got, &fixture_tpm, bad,
			    &fixture_arena, &fixture_fault),
		    "tpm.activate.blob");
	}
	GOOD(activate_credential(
	    &got, &fixture_tpm, sealed, &fixture_arena, &fixture_fault));
}

/* The AK works in this boot state only. */
static void
test_moved_pcr_ends_the_ak(void **state)
{
	struct sha256 event = { { 7 } };
	struct bytes sealed[2], got;

	fixture_open(*state, LOG_BYTES);
	fixture_seal(sealed, fixture_begin(), BYTES("credential"));
	GOOD(pcr_extend(&fixture_tpm.device, 10, &event, &fixture_fault));
	(void)fixture_evidence();
	GOOD(pcr_extend(&fixture_tpm.device, 11, &event, &fixture_fault));
	REFUSED(quote_evidence(&got, &fixture_tpm, QUALIFYING, &fixture_arena,
		    &fixture_fault),
	    "tpm.pcr.moved");
	REFUSED(activate_credential(
		    &got, &fixture_tpm, sealed, &fixture_arena, &fixture_fault),
	    "tpm.pcr.moved");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		BARE(test_ak_is_as_ruled),
		CERTIFIED(test_quote_verifies),
		BARE(test_quote_satisfies_tpm2_tools),
		BARE(test_rsapss_where_no_ecdsa),
		CERTIFIED(test_certificates_are_those_of_nv),
		BARE(test_certificates_are_those_of_nv),
		BARE(test_ecc_ek_and_chain),
		CERTIFIED(test_activation_round_trip),
		BARE(test_activation_refuses),
		BARE(test_moved_pcr_ends_the_ak),
	};

	return fixture_run("quote", tests, sizeof(tests) / sizeof(tests[0]));
}
