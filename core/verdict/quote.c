/* SPDX-License-Identifier: Apache-2.0 */
/* The quote: who signed what about which PCRs. */
#include "core/message/id.h"
#include "core/verdict/parts.h"

#include <stdio.h>

/* A base64url text of the evidence; absent is a fault of that check. */
static bool
take(struct parts *p, struct bytes *out, const char *path, struct fault *f)
{
	return message_find_base64(out, p->evidence, path, p->arena, f);
}

static bool
read_evidence(struct parts *p, struct fault *f)
{
	const struct message *m = p->rq->envelope;
	const struct message *runtime;
	struct bytes type, version;

	if (!message_find_message(&p->evidence, m, "evidence") ||
	    !message_find_message(&p->recipient, m, "secret-recipient") ||
	    !message_find_bytes(&type, p->evidence, "type") ||
	    !bytes_is(type, "permawebos-tpm-evidence") ||
	    !message_find_bytes(&version, p->evidence, "version") ||
	    !bytes_is(version, "1.0") ||
	    !message_find_list(&runtime, p->evidence, "runtime-log"))
		return fail(f, FAULT_INPUT, "tpm.evidence",
		    "measurement 8: not TPM evidence with its parts");
	return take(p, &p->firmware_log, "firmware-log", f);
}

static bool
read_pcrs(struct parts *p, struct fault *f)
{
	const struct message *pcrs;
	size_t known = 0;

	if (!message_find_message(&pcrs, p->evidence, "quote/pcrs"))
		return fail(f, FAULT_INPUT, "tpm.pcr.selection",
		    "measurement 8: no quote/pcrs");
	p->bank.alg = HASH_SHA256;
	for (size_t i = 0; i < PCR_COUNT; i++) {
		char key[4];

		(void)snprintf(key, sizeof(key), "%zu", i);
		if (message_get(pcrs, bytes_text(key)) == NULL)
			continue;
		if (!message_find_base64(
			&p->bank.values[i], pcrs, key, p->arena, f))
			return false;
		known++;
	}
	if (known != pcrs->count)
		return fail(f, FAULT_INPUT, "tpm.pcr.selection",
		    "measurement 8: quote/pcrs has a key that is no PCR");
	return pcr_check_values(&p->bank, PCR_QUOTED, f);
}

/* The parts that are the same for every TPM. */
static bool
check_method(const struct message *recipient, struct fault *f)
{
	static const char *const fixed[][2] = {
		{ "type", "lapee-tpm-credential-subject" },
		{ "version", "1.0" },
		{ "measurement-device", "tpm@2.0a" },
		{ "method", "tpm2-activate-credential" },
		{ "binding/kind", "ak-policy-pcr" },
	};

	for (size_t i = 0; i < sizeof(fixed) / sizeof(fixed[0]); i++) {
		struct bytes value;

		if (!message_find_bytes(&value, recipient, fixed[i][0]) ||
		    !bytes_is(value, fixed[i][1]))
			return fail(f, FAULT_VERIFY, "bind.recipient",
			    "measurement 14: %s is not %s", fixed[i][0],
			    fixed[i][1]);
	}
	return true;
}

static bool
check_recipient(struct parts *p, struct fault *f)
{
	struct public_name name = public_name(&p->ak);
	struct bytes text =
	    base64_encode(p->arena, BASE64_URL, public_name_bytes(&name));
	struct bytes ek = { 0 }, ak = { 0 };

	(void)message_find_bytes(&ek, p->evidence, "ek-public");
	(void)message_find_bytes(&ak, p->evidence, "ak-public");
	const struct {
		const char *path;
		struct bytes want;
	} keys[] = {
		{ "public-material/ek-public", ek },
		{ "public-material/ak-public", ak },
		{ "public-material/ak-name", text },
		{ "key-id", text },
	};

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		struct bytes value;

		if (!message_find_bytes(&value, p->recipient, keys[i].path) ||
		    !bytes_equal(value, keys[i].want))
			return fail(f, FAULT_VERIFY, "bind.recipient",
			    "measurement 14: %s is another key's",
			    keys[i].path);
	}
	return check_method(p->recipient, f);
}

static bool
read_keys(struct parts *p, struct fault *f)
{
	struct bytes ak, ek;

	return take(p, &ak, "ak-public", f) && take(p, &ek, "ek-public", f) &&
	       public_parse_2b(&p->ak, ak, f) && public_parse_2b(&p->ek, ek, f);
}

static bool
check_signature(struct parts *p, struct fault *f)
{
	struct signature s;
	struct bytes raw;

	return take(p, &raw, "quote/tpmt-signature", f) &&
	       signature_parse(&s, raw, f) &&
	       signature_check(&s, &p->ak, p->attest.raw, f);
}

static bool
check_quoted(struct parts *p)
{
	struct fault f = { 0 };
	struct verdict *v = p->v;
	struct public_name signer = public_qualified_name(&p->ak);
	struct sha512 bound = binding_value(&p->binding);
	bool ok = verdict_equal(
	    v, CHECK_SIGNER, public_name_bytes(&signer), p->attest.signer);

	ok &= verdict_equal(v, CHECK_BINDING,
	    bytes_of(bound.b, ATTEST_NONCE_SIZE), p->attest.nonce);
	if (!verdict_record(v, CHECK_SELECTION,
		pcr_check_selection(&p->attest, PCR_QUOTED, &f) &&
		    read_pcrs(p, &f),
		&f))
		return false;
	ok &= verdict_record(v, CHECK_PCR_DIGEST,
	    pcr_check_digest(&p->attest, HASH_SHA256, &p->bank, 1, &f), &f);
	ok &= verdict_record(
	    v, CHECK_AK_POLICY, pcr_check_policy(&p->ak, &p->bank, &f), &f);
	return ok;
}

bool
quote_check(struct parts *p)
{
	struct fault f = { 0 };
	struct verdict *v = p->v;
	struct bytes attest;

	if (!verdict_record(v, CHECK_EVIDENCE,
		read_evidence(p, &f) && read_keys(p, &f), &f))
		return false;
	bool ok =
	    verdict_record(v, CHECK_RECIPIENT, check_recipient(p, &f), &f);

	if (!verdict_record(v, CHECK_ATTEST,
		take(p, &attest, "quote/attest", &f) &&
		    attest_parse(&p->attest, attest, &f),
		&f) ||
	    !verdict_record(v, CHECK_QUOTE_SIG, check_signature(p, &f), &f))
		return false;
	ok &= verdict_record(v, CHECK_AK, public_check_ak(&p->ak, &f), &f);
	return check_quoted(p) && ok;
}
