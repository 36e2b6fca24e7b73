/* SPDX-License-Identifier: Apache-2.0 */
/* The quote: who signed what about which PCRs. */
#include "core/message/id.h"
#include "core/verdict/parts.h"

#include <stdio.h>

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
	return message_find_base64(
	    &p->firmware_log, p->evidence, "firmware-log", p->arena, f);
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

	p->has_ak = p->has_ek = true;
	return parts_take(&ak, p, PART_AK, f) &&
	       parts_take(&ek, p, PART_EK, f) &&
	       public_parse_2b(&p->ak, ak, f) && public_parse_2b(&p->ek, ek, f);
}

static bool
check_signature(struct parts *p, struct fault *f)
{
	struct signature s;
	struct bytes raw;

	if (!parts_take(&raw, p, PART_SIGNATURE, f) ||
	    !signature_parse(&s, raw, f))
		return false;
	p->digest_alg = s.hash;
	return p->has_ak
		   ? signature_check(&s, &p->ak, p->attest.raw, f)
		   : signature_check_key(&s, &p->certified, p->attest.raw, f);
}

bool
quote_signed(struct parts *p)
{
	struct fault f = { 0 };
	struct bytes attest;

	return verdict_record(p->v, CHECK_ATTEST,
		   parts_take(&attest, p, PART_ATTEST, &f) &&
		       attest_parse(&p->attest, attest, &f),
		   &f) &&
	       verdict_record(
		   p->v, CHECK_QUOTE_SIG, check_signature(p, &f), &f);
}

static void
add_values(struct message *facts, const struct pcr_bank *bank)
{
	struct message *values = message_new(facts->arena);

	for (size_t i = 0; i < PCR_COUNT; i++) {
		char key[4];

		(void)snprintf(key, sizeof(key), "%zu", i);
		if (bank->values[i].p != NULL)
			message_set_bytes(values, key,
			    hex_encode(facts->arena, bank->values[i]));
	}
	message_set_message(facts, "pcrs", values);
}

void
quote_facts(struct parts *p)
{
	static const char *const banks[] = {
		[HASH_SHA1] = "sha1",
		[HASH_SHA256] = "sha256",
		[HASH_SHA384] = "sha384",
		[HASH_SHA512] = "sha512",
	};
	struct message *facts = message_new(p->arena);

	if (p->has_ak) {
		struct public_name name = public_name(&p->ak);

		message_set_bytes(facts, "ak-name",
		    hex_encode(p->arena, public_name_bytes(&name)));
	}
	message_set_bytes(facts, "firmware-version",
	    arena_print(
		p->arena, "%016llx", (unsigned long long)p->attest.firmware));
	message_set_bool(facts, "clock-safe", p->attest.safe);
	message_set_integer(facts, "reset-count", p->attest.reset_count);
	message_set_integer(facts, "restart-count", p->attest.restart_count);
	message_set_text(facts, "bank", banks[p->bank.alg]);
	add_values(facts, &p->bank);
	message_set_message(p->v->facts, "tpm", facts);
	p->facts = facts;
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

	if (!verdict_record(v, CHECK_EVIDENCE,
		read_evidence(p, &f) && read_keys(p, &f), &f))
		return false;
	bool ok =
	    verdict_record(v, CHECK_RECIPIENT, check_recipient(p, &f), &f);

	if (!quote_signed(p))
		return false;
	ok &= verdict_record(v, CHECK_AK, public_check_ak(&p->ak, &f), &f);
	if (!check_quoted(p) || !ok)
		return false;
	p->quoted = PCR_QUOTED;
	quote_facts(p);
	return true;
}
