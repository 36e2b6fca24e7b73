/* SPDX-License-Identifier: Apache-2.0 */
/* Azure's paravisor: the report binds a text that names a TPM's key, and that
 * key signs quotes. */
#include "harness/vectors/snp.h"

#include "core/base/base64.h"
#include "core/base/hex.h"
#include "core/evidence/pcr.h"
#include "core/evidence/signature.h"
#include "core/evidence/spki.h"

#define HCL_HEADER  0x20u
#define HCL_RUNTIME (HCL_HEADER + SNPREPORT_SIZE + 20)
#define AK_NAME     "HCLAkPub"

/* REPORT_DATA is the text's hash, and zeros. */
static bool
check_bound(const struct snpreport *r, struct bytes text, struct fault *f)
{
	uint8_t want[64] = { 0 };
	struct sha256 digest = sha256_of(text);

	memcpy(want, digest.b, sizeof(digest.b));
	return bytes_equal(r->report_data, bytes_of(want, sizeof(want)))
		   ? true
		   : fail(f, FAULT_VERIFY, "azure.runtime",
			 "the report is not about this text");
}

/* The modulus of the key of that name. */
static bool
find_key(
    struct public_key *out, struct bytes text, struct arena *a, struct fault *f)
{
	json_t *json = json_loadb(
	    (const char *)text.p, text.n, JSON_REJECT_DUPLICATES, NULL);
	json_t *keys = json_object_get(json, "keys"), *key;
	size_t i, found = 0;
	bool read = false;

	json_array_foreach(keys, i, key)
	{
		const char *kid =
		    json_string_value(json_object_get(key, "kid"));
		const char *n = json_string_value(json_object_get(key, "n"));

		if (kid == NULL || n == NULL || strcmp(kid, AK_NAME) != 0)
			continue;
		found++;
		read = base64_decode(
		    &out->modulus, BASE64_URL, bytes_text(n), a, f);
	}
	json_decref(json);
	out->kind = KEY_RSA;
	return found == 1 && read
		   ? true
		   : fail(f, FAULT_INPUT, "azure.key", "the text has no key");
}

static bool
check_same_key(const struct public_key *key, struct bytes info, struct fault *f)
{
	struct public_key other;

	return spki_parse(&other, info, f) &&
	       (bytes_equal(other.modulus, key->modulus) ||
		   fail(f, FAULT_VERIFY, "azure.key", "another key"));
}

static bool
read_bank(
    struct pcr_bank *out, struct bytes text, struct arena *a, struct fault *f)
{
	json_t *json = json_loadb(
	    (const char *)text.p, text.n, JSON_REJECT_DUPLICATES, NULL);
	const json_t *values = json_object_get(json, "sha256");
	bool read = values != NULL;

	out->alg = HASH_SHA256;
	for (size_t i = 0; i < PCR_COUNT && read; i++) {
		char name[4];

		(void)snprintf(name, sizeof(name), "%zu", i);
		const char *hex =
		    json_string_value(json_object_get(values, name));

		read = hex == NULL ||
		       hex_decode(&out->values[i], bytes_text(hex), a, f);
	}
	json_decref(json);
	return read ? true
		    : fail(f, FAULT_INPUT, "azure.pcrs", "no PCR values");
}

static bool
check_quote(struct entry *e, const struct public_key *key, struct fault *f)
{
	struct signature s;
	struct attest quote;
	struct pcr_bank bank = { 0 };
	struct bytes attest, sig, pcrs, nonce;

	return evidence_file(&attest, e, "attest") &&
	       evidence_file(&sig, e, "sig") &&
	       evidence_file(&pcrs, e, "pcrs") &&
	       evidence_raw(&nonce, e, evidence_member(e, "nonce")) &&
	       signature_parse(&s, sig, f) &&
	       signature_check_key(&s, key, attest, f) &&
	       attest_parse(&quote, attest, f) &&
	       (bytes_equal(quote.nonce, nonce) ||
		   fail(f, FAULT_VERIFY, "azure.nonce", "another nonce")) &&
	       read_bank(&bank, pcrs, e->arena, f) &&
	       pcr_check_digest(&quote, s.hash, &bank, 1, f);
}

/* The paravisor's own structure holds this report and this text. */
static bool
check_container(struct entry *e, struct bytes text, struct fault *f)
{
	struct bytes hcl, report;

	if (!evidence_file(&hcl, e, "hcl_report"))
		return true;
	(void)evidence_file(&report, e, "report");
	struct cursor c = cursor_over(hcl);
	bool named = bytes_equal(cursor_take(&c, 4), BYTES("HCLA"));

	(void)cursor_take(&c, HCL_HEADER - 4);
	bool same = bytes_equal(cursor_take(&c, SNPREPORT_SIZE), report);

	(void)cursor_take(&c, HCL_RUNTIME - HCL_HEADER - SNPREPORT_SIZE - 4);
	size_t n = cursor_le32(&c);

	same &= bytes_equal(cursor_take(&c, n), text);
	return named && same ? true
			     : fail(f, FAULT_INPUT, "azure.container",
				   "another report or text");
}

static bool
is_linked(struct entry *e, struct fault *f)
{
	struct snpreport r;
	struct public_key key = { 0 };
	struct bytes report, text, info;

	return snp_genuine(e, f) && evidence_file(&report, e, "report") &&
	       evidence_file(&text, e, "runtime_json") &&
	       evidence_file(&info, e, "ak_spki") &&
	       snpreport_parse(&r, report, f) && check_bound(&r, text, f) &&
	       find_key(&key, text, e->arena, f) &&
	       check_same_key(&key, info, f) && check_quote(e, &key, f) &&
	       check_container(e, text, f);
}

void
azure_run(struct entry *e)
{
	struct fault f = { 0 };
	size_t failed = e->report.failed;
	bool linked = is_linked(e, &f);

	if (e->report.failed == failed)
		evidence_outcome(e, linked, &f);
}
