/* SPDX-License-Identifier: Apache-2.0 */
#include "harness/fakes/measured.h"

#include "core/evidence/binding.h"
#include "core/evidence/replay.h"
#include "core/message/commit.h"
#include "core/message/id.h"
#include "harness/fakes/measured_keys.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#define AK_ATTRIBUTES 0x000504b2u
#define EK_ATTRIBUTES 0x000300b2u

#define YEAR (365 * 86400)

static const uint8_t ek_policy[] = { 0x83, 0x71, 0x97, 0x67, 0x44, 0x84, 0xb3,
	0xf8, 0x1a, 0x90, 0xcc, 0x8d, 0x46, 0xa5, 0xd7, 0x24, 0xfd, 0x52, 0xd7,
	0x6e, 0x06, 0x52, 0x0b, 0x64, 0xf2, 0xa1, 0xda, 0x1b, 0x33, 0x14, 0x69,
	0xaa };

/* A step of the kit itself that must not fail. */
static void
must(bool ok, const struct fault *f)
{
	if (ok)
		return;
	(void)fprintf(stderr, "measured: %s [%s]\n", f->why, f->reason);
	abort();
}

static struct message *
make_body(struct arena *a)
{
	struct message *body = message_new(a), *node = message_new(a);
	struct message *system = message_new(a);
	uint8_t modulus[RSA_WALLET_BYTES];

	measured_modulus(modulus);
	struct message_id address =
	    message_address(bytes_of(modulus, sizeof(modulus)));

	message_set_bytes(node, "address", message_id_text(&address, a));
	message_set_integer(node, "port", 8734);
	message_set_text(node, "initialized", "permanent");
	message_set_text(node, "software", "permawebos-c");
	message_set_text(node, "version", "0.1.0");
	message_set_text(node, "measurement-device", "tpm@2.0a");
	message_set_text(system, "kernel", "6.12.0");
	message_set_message(body, "system", system);
	message_set_message(body, "node", node);
	return body;
}

static struct message *
make_state(struct arena *a)
{
	struct message *state = message_new(a), *restarts = message_new(a);

	message_set_integer(restarts, "tpm", 0);
	message_set_integer(state, "uptime", 60);
	message_set_integer(state, "tpm-reset-count", MEASURED_RESETS);
	message_set_integer(state, "tpm-restart-count", MEASURED_RESTARTS);
	message_set_message(state, "restarts", restarts);
	(void)message_list(state, "zones");
	return state;
}

static void
step_boot(struct measured *m, const struct measured_plan *plan)
{
	struct buf log =
	    buf_over(arena_alloc(m->a, MEASURED_LOG_MAX), MEASURED_LOG_MAX);

	if (plan->log.n == 0)
		measured_log(&log);
	else
		buf_put(&log, plan->log);
	assert(!log.full);
	m->log = log.p;
	m->nlog = log.used;
	/* Machines of others came through other loaders. */
	m->want.nothing_added = plan->log.n == 0;
	m->body = make_body(m->a);
	if (strcmp(plan->purpose, "fresh") == 0)
		m->state = make_state(m->a);
}

static void
step_log(struct measured *m)
{
	struct fault f = { 0 };
	struct message_id subject;

	must(message_unsigned_id(&subject, m->body, m->a, &f), &f);
	m->runtime[0] = (struct measured_event){ "subject", 15, { { 0 } } };
	memcpy(m->runtime[0].digest.b, subject.b, sizeof(subject.b));
	m->runtime[1] = (struct measured_event){ "confinement", 15,
		sha256_of(BYTES("the tables")) };
	m->runtime[2] = (struct measured_event){ "firmware-log", 15,
		sha256_of(bytes_of(m->log, m->nlog)) };
	m->nruntime = m->nlog == 0 ? 2 : 3;
	m->want.confinement = BYTES_OF(&m->runtime[1].digest);
}

void
measured_policy(struct measured *m)
{
	struct pcr_bank bank = { .alg = HASH_SHA256 };

	for (size_t i = 0; i < PCR_COUNT; i++) {
		if ((PCR_QUOTED >> i & 1) != 0)
			bank.values[i] = BYTES_OF(&m->pcrs[i]);
	}
	m->ak_policy = pcr_policy(&bank);
}

/* A log that nobody can read leaves what the firmware measured anyway. */
static void
step_extend(struct measured *m, struct bytes pristine)
{
	struct eventlog log;
	struct replay replay;
	struct fault f = { 0 };

	if (m->nlog != 0) {
		bool whole =
		    eventlog_parse(&log, bytes_of(m->log, m->nlog), &f) ||
		    eventlog_parse(&log, pristine, &f);

		must(whole && replay_run(&replay, &log, HASH_SHA256, &f), &f);
		for (size_t i = 0; i < PCR_COUNT; i++)
			memcpy(m->pcrs[i].b, replay.values[i], 32);
	}
	m->pcrs[15] = (struct sha256){ 0 };
	for (size_t i = 0; i < m->nruntime; i++)
		hash_extend(HASH_SHA256, m->pcrs[15].b,
		    BYTES_OF(&m->runtime[i].digest));
	measured_policy(m);
	m->ak_attributes = AK_ATTRIBUTES;
	m->ek_attributes = EK_ATTRIBUTES;
	m->want.pcr4 = BYTES_OF(&m->pcrs[4]);
	m->want.pcr11 = BYTES_OF(&m->pcrs[11]);
	m->want.secure_boot = true;
}

static struct public_name
name_of(struct bytes sized, bool qualified)
{
	struct public_area area;
	struct fault f = { 0 };

	must(public_parse_2b(&area, sized, &f), &f);
	return qualified ? public_qualified_name(&area) : public_name(&area);
}

static struct bytes
kept_name(const struct measured *m, struct bytes sized, bool qualified)
{
	struct public_name name = name_of(sized, qualified);

	return arena_copy(m->a, public_name_bytes(&name));
}

static struct message *
make_recipient(const struct measured *m)
{
	struct message *r = message_new(m->a), *keys = message_new(m->a);
	struct message *binding = message_new(m->a);
	struct bytes name = kept_name(m, m->ak, false);

	message_set_base64(keys, "ek-public", m->ek);
	message_set_base64(keys, "ak-public", m->ak);
	message_set_base64(keys, "ak-name", name);
	message_set_text(binding, "kind", "ak-policy-pcr");
	message_set_integer(binding, "pcr", 15);
	struct message *pcrs = message_list(binding, "policy-pcrs");

	for (int i = 0; i < (int)PCR_COUNT; i++) {
		if ((PCR_QUOTED >> i & 1) != 0)
			message_append(pcrs,
			    (struct value){ VALUE_INTEGER, .integer = i });
	}
	message_set_text(r, "type", "lapee-tpm-credential-subject");
	message_set_text(r, "version", "1.0");
	message_set_text(r, "measurement-device", "tpm@2.0a");
	message_set_text(r, "method", "tpm2-activate-credential");
	message_set_base64(r, "key-id", name);
	message_set_message(r, "public-material", keys);
	message_set_message(r, "binding", binding);
	return r;
}

static void
step_key(struct measured *m)
{
	struct measured_certificate c = { .of = m->ek_key,
		.by = MEASURED_CA,
		.from = MEASURED_AT - YEAR,
		.to = MEASURED_AT + YEAR,
		.usage = "critical,keyAgreement",
		.purposes = "2.23.133.8.1" };

	m->ak = measured_public(
	    m->ak_key, m->ak_attributes, BYTES_OF(&m->ak_policy), m->a);
	m->ek = measured_public(m->ek_key, m->ek_attributes,
	    bytes_of(ek_policy, sizeof(ek_policy)), m->a);
	m->certificate = measured_certify(&c, m->a);
	m->recipient = make_recipient(m);
}

struct bytes
measured_pcrs(const struct measured *m, uint16_t bank, uint32_t pcrs)
{
	struct buf b = buf_in(m->a, 16);

	buf_be32(&b, 1);
	buf_be16(&b, bank);
	buf_u8(&b, 3);
	for (unsigned i = 0; i < 3; i++)
		buf_u8(&b, (uint8_t)(pcrs >> 8 * i));
	return buf_bytes(&b);
}

static struct bytes
bound(const struct measured *m)
{
	struct binding b = { .purpose = bytes_text(m->purpose),
		.nonce = m->nonce,
		.device = BYTES("tpm@2.0a") };
	struct fault f = { 0 };

	must(message_unsigned_id(&b.subject, m->body, m->a, &f) &&
		 message_unsigned_id(&b.recipient, m->recipient, m->a, &f) &&
		 (m->state == NULL ||
		     message_unsigned_id(&b.state, m->state, m->a, &f)),
	    &f);
	struct sha512 value = binding_value(&b);

	return arena_copy(m->a, bytes_of(value.b, ATTEST_NONCE_SIZE));
}

static void
step_quote(struct measured *m)
{
	struct bytes values[PCR_COUNT];
	size_t n = 0;
	struct sha256 digest;

	for (size_t i = 0; i < PCR_COUNT; i++) {
		if ((PCR_QUOTED >> i & 1) != 0)
			values[n++] = BYTES_OF(&m->pcrs[i]);
	}
	hash_parts(HASH_SHA256, digest.b, values, n);
	m->quote = (struct measured_quote){
		.magic = 0xff544347,
		.type = 0x8018,
		.signer = kept_name(m, m->ak, true),
		.nonce = bound(m),
		.pcrs = measured_pcrs(m, TPM_ALG_SHA256, PCR_QUOTED),
		.digest = arena_copy(m->a, BYTES_OF(&digest)),
		.resets = MEASURED_RESETS,
		.restarts = MEASURED_RESTARTS,
	};
}

static void
put_sized(struct buf *b, struct bytes bytes)
{
	buf_be16(b, (uint16_t)bytes.n);
	buf_put(b, bytes);
}

static void
step_attest(struct measured *m)
{
	const struct measured_quote *q = &m->quote;
	struct buf b = buf_in(m->a, 2048 + q->pcrs.n);

	buf_be32(&b, q->magic);
	buf_be16(&b, q->type);
	put_sized(&b, q->signer);
	put_sized(&b, q->nonce);
	buf_be64(&b, 123456);
	buf_be32(&b, q->resets);
	buf_be32(&b, q->restarts);
	buf_u8(&b, 1);
	buf_be64(&b, 0x2026000000000001);
	buf_put(&b, q->pcrs);
	put_sized(&b, q->digest);
	assert(!b.full);
	m->attest = buf_bytes(&b);
	m->signature = measured_tpm_sign(m->ak_key, m->attest, m->a);
}

static struct message *
make_quote(const struct measured *m)
{
	struct message *quote = message_new(m->a), *pcrs = message_new(m->a);

	for (unsigned i = 0; i < PCR_COUNT; i++) {
		char key[4];

		(void)snprintf(key, sizeof(key), "%u", i);
		if ((PCR_QUOTED >> i & 1) != 0)
			message_set_base64(pcrs, key, BYTES_OF(&m->pcrs[i]));
	}
	message_set_base64(quote, "attest", m->attest);
	message_set_base64(quote, "tpmt-signature", m->signature);
	message_set_message(quote, "pcrs", pcrs);
	return quote;
}

static struct message *
make_evidence(const struct measured *m)
{
	struct message *e = message_new(m->a), *is = message_new(m->a);

	message_set_text(e, "type", "permawebos-tpm-evidence");
	message_set_text(e, "version", "1.0");
	message_set_base64(e, "ek-public", m->ek);
	message_set_base64(e, "ak-public", m->ak);
	message_set_text(e, "ek-certificate-source", "tpm-nv:0x01c00002");
	message_set_base64(e, "ek-certificate", m->certificate);
	message_set_message(e, "quote", make_quote(m));
	message_set_base64(e, "firmware-log", bytes_of(m->log, m->nlog));
	struct message *log = message_list(e, "runtime-log");

	for (size_t i = 0; i < m->nruntime; i++) {
		struct message *event = message_new(m->a);

		message_set_text(event, "event-type", m->runtime[i].type);
		message_set_integer(event, "pcr", m->runtime[i].pcr);
		message_set_base64(
		    event, "digest", BYTES_OF(&m->runtime[i].digest));
		message_append_message(log, event);
	}
	message_set_text(is, "manufacturer", "FAKE");
	message_set_integer(is, "spec-revision", 138);
	message_set_message(e, "tpm-properties", is);
	return e;
}

static void
step_tell(struct measured *m)
{
	struct message *e = message_new(m->a);

	m->evidence = make_evidence(m);
	message_set_text(e, "type", "lapee-measurement");
	message_set_text(e, "version", "2.0");
	message_set_integer(e, "issued-at-unix", MEASURED_AT);
	message_set_text(e, "purpose", m->purpose);
	message_set_base64(e, "nonce", m->nonce);
	message_set_text(e, "measurement-device", "tpm@2.0a");
	message_set_message(e, "body", m->body);
	message_set_message(e, "evidence", m->evidence);
	message_set_message(e, "secret-recipient", m->recipient);
	if (m->state != NULL)
		message_set_message(e, "state", m->state);
	m->envelope = e;
}

bool
measured_try_sign(struct measured *m, struct fault *f)
{
	uint8_t modulus[RSA_WALLET_BYTES], signature[RSA_WALLET_BYTES];
	struct bytes key = bytes_of(modulus, sizeof(modulus)), base;

	measured_modulus(modulus);
	if (!commit_base(&base, m->envelope, key, m->a, f))
		return false;
	measured_wallet_sign(signature, base);
	return commit_attach(
	    m->envelope, key, bytes_of(signature, sizeof(signature)), f);
}

/* The node holds the credential, as one whose TPM opened it does. */
static void
answer(struct measured *m, const struct credential *made)
{
	struct activation_claim *claim = &m->claim;
	struct buf text = buf_in(m->a, 1024);
	struct sha256 digest = sha256_of(claim->credential);

	buf_put(&text, bytes_of("permawebos-activation-v1", 25));
	buf_put(&text,
	    claim->blob = arena_copy(m->a, bytes_of(made->blob, made->nblob)));
	buf_put(&text, claim->secret = arena_copy(
			   m->a, bytes_of(made->secret, made->nsecret)));
	struct sha256 proof = hmac_sha256(claim->credential, buf_bytes(&text));

	m->answer = message_new(m->a);
	message_set_base64(m->answer, "ak-name", kept_name(m, m->ak, false));
	message_set_base64(m->answer, "credential-sha256", BYTES_OF(&digest));
	message_set_base64(m->answer, "credential-proof", BYTES_OF(&proof));
	claim->answer = m->answer;
}

static void
step_ask(struct measured *m, const struct message *earlier)
{
	struct measured_certificate root = { .of = MEASURED_CA,
		.by = MEASURED_CA,
		.is_ca = true,
		.from = MEASURED_AT - YEAR,
		.to = MEASURED_AT + YEAR };
	struct credential made;
	struct public_area ek;
	struct public_name ak = name_of(m->ak, false);
	struct fault f = { 0 };

	m->roots = measured_pem(measured_certify(&root, m->a), m->a);
	m->claim.credential =
	    arena_copy(m->a, BYTES("0123456789abcdef0123456789abcdef"));
	m->claim.ek_name = kept_name(m, m->ek, false);
	must(public_parse_2b(&ek, m->ek, &f) &&
		 credential_make(&made, &ek, &ak, m->claim.credential.p, &f),
	    &f);
	answer(m, &made);
	m->rq = (struct verify_request){
		.envelope = m->envelope,
		.purpose = bytes_text(m->purpose),
		.nonce = m->state == NULL ? (struct bytes){ 0 } : m->nonce,
		.roots = m->roots,
		.at = MEASURED_AT,
		.earlier = earlier,
		.want = &m->want,
		.activation = &m->claim,
	};
}

static void
apply(struct measured *m, const struct measured_plan *plan,
    enum measured_step after)
{
	for (size_t i = 0; i < plan->nchanges; i++) {
		if (plan->changes[i].after == after &&
		    plan->changes[i].make != NULL)
			plan->changes[i].make(m);
	}
}

void
measured_make(
    struct measured *m, const struct measured_plan *plan, struct arena *a)
{
	bool boot = strcmp(plan->purpose, "boot") == 0;
	struct fault f = { 0 };

	*m = (struct measured){ .a = a,
		.ek_key = plan->ek,
		.ak_key = MEASURED_AK,
		.purpose = plan->purpose,
		.nonce =
		    boot ? BYTES(BINDING_BOOT_NONCE) : BYTES(MEASURED_NONCE) };
	step_boot(m, plan);
	struct bytes pristine = arena_copy(a, bytes_of(m->log, m->nlog));

	apply(m, plan, MEASURED_BOOTED);
	step_log(m);
	apply(m, plan, MEASURED_LOGGED);
	step_extend(m, pristine);
	apply(m, plan, MEASURED_EXTENDED);
	step_key(m);
	apply(m, plan, MEASURED_KEYED);
	step_quote(m);
	apply(m, plan, MEASURED_QUOTED);
	step_attest(m);
	apply(m, plan, MEASURED_ATTESTED);
	step_tell(m);
	apply(m, plan, MEASURED_TOLD);
	must(measured_try_sign(m, &f), &f);
	apply(m, plan, MEASURED_SIGNED);
	step_ask(m, plan->earlier);
	apply(m, plan, MEASURED_ASKED);
}
