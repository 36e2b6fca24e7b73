/* SPDX-License-Identifier: Apache-2.0 */
/* The evidence of SEV-SNP and Android inside a measurement: taken out of it,
 * and judged by the binding as what it must carry. */
#include "core/base/buf.h"
#include "core/crypto/x509.h"
#include "core/verdict/android.h"
#include "core/verdict/parts.h"
#include "core/verdict/snp.h"

#define X25519_SIZE 32u

static bool
is_text(const struct message *m, const char *path, const char *text)
{
	struct bytes value;

	return message_find_bytes(&value, m, path) && bytes_is(value, text);
}

/* A recipient that is an X25519 key: measurement 18. */
static bool
check_recipient(const struct parts *p, const char *method, struct fault *f)
{
	const struct message *m;
	struct bytes key, id;

	if (!message_find_message(&m, p->rq->envelope, "secret-recipient") ||
	    !is_text(m, "type", "lapee-secret-recipient") ||
	    !is_text(m, "version", "1.0") || !is_text(m, "method", method))
		return fail(f, FAULT_VERIFY, "bind.recipient",
		    "measurement 18: not a recipient of this engine's");
	if (!message_find_bytes(&id, m, "measurement-device") ||
	    !bytes_equal(id, p->binding.device))
		return fail(f, FAULT_VERIFY, "bind.recipient",
		    "measurement 18: a recipient of another engine");
	if (!message_find_base64(
		&key, m, "public-material/x25519-public-key", p->arena, f) ||
	    !message_find_base64(&id, m, "key-id", p->arena, f))
		return false;
	struct sha256 digest = sha256_of(key);

	if (key.n != X25519_SIZE || !bytes_equal(id, BYTES_OF(&digest)))
		return fail(f, FAULT_VERIFY, "bind.recipient",
		    "measurement 18: key-id is not the hash of an X25519 key");
	return true;
}

static bool
read_evidence(
    struct parts *p, const char *type, const char *reason, struct fault *f)
{
	if (!message_find_message(&p->evidence, p->rq->envelope, "evidence") ||
	    !is_text(p->evidence, "type", type) ||
	    !is_text(p->evidence, "version", "1.0"))
		return fail(f, FAULT_INPUT, reason,
		    "measurement 16: not evidence of this engine, or of "
		    "another version");
	return true;
}

/* Absent parts stay empty; what is there must be base64url. */
static bool
take(
    struct bytes *out, const struct parts *p, const char *path, struct fault *f)
{
	if (message_find(p->evidence, path) == NULL)
		return true;
	return message_find_base64(out, p->evidence, path, p->arena, f);
}

/* A list of them, under "1", "2", ... */
static bool
take_list(struct bytes *out, size_t *n, size_t max, const struct parts *p,
    const char *path)
{
	const struct message *list;

	*n = 0;
	if (message_find(p->evidence, path) == NULL)
		return true;
	if (!message_find_list(&list, p->evidence, path) || list->count > max)
		return false;
	for (; *n < list->count; (*n)++) {
		const struct value *item = message_item(list, *n + 1);
		struct fault why;

		if (item == NULL || item->kind != VALUE_BYTES ||
		    !base64_decode(
			&out[*n], BASE64_URL, item->bytes, p->arena, &why))
			return false;
	}
	return true;
}

static bool
read_snp(struct snp_request *rq, struct bytes crls[SNP_CRLS_MAX],
    struct parts *p, struct fault *f)
{
	struct snp_certificates *c = &rq->certificates;

	if (!read_evidence(p, "permawebos-snp-evidence", "snp.evidence", f) ||
	    !take(&rq->report, p, "report", f) ||
	    !take(&rq->table, p, "table", f) ||
	    !take(&c->vek, p, "certificates/vek", f) ||
	    !take(&c->ask, p, "certificates/ask", f) ||
	    !take(&c->ark, p, "certificates/ark", f))
		return false;
	if (!take_list(crls, &rq->ncrls, SNP_CRLS_MAX, p, "crls"))
		return fail(f, FAULT_INPUT, "snp.evidence",
		    "measurement 16: crls is no list of at most %u",
		    SNP_CRLS_MAX);
	return true;
}

/* The asker's certificates one behind another, as a store of issuers. */
static struct bytes
store_of(const struct parts *p)
{
	size_t n = 0;

	for (size_t i = 0; i < p->rq->ncertificates; i++)
		n += p->rq->certificates[i].n;
	struct buf b = buf_in(p->arena, n);

	for (size_t i = 0; i < p->rq->ncertificates; i++)
		buf_put(&b, p->rq->certificates[i]);
	return buf_bytes(&b);
}

/* The asker's lists count beside the evidence's: each can only refuse. */
static size_t
add_crls(struct bytes crls[SNP_CRLS_MAX], size_t n, const struct parts *p)
{
	const struct collateral *c = p->rq->collateral;

	for (size_t i = 0; c != NULL && i < c->ncrls && n < SNP_CRLS_MAX; i++)
		crls[n++] = c->crls[i];
	return n;
}

/* All zeros where the host hides it: then it names no machine. */
static struct bytes
chip_id(const struct parts *p)
{
	struct bytes text, id;
	struct fault why;

	if (!message_find_bytes(&text, p->v->facts, "snp/chip-id") ||
	    !hex_decode(&id, text, p->arena, &why))
		return (struct bytes){ 0 };
	for (size_t i = 0; i < id.n; i++) {
		if (id.p[i] != 0)
			return id;
	}
	return (struct bytes){ 0 };
}

bool
engines_snp(struct parts *p)
{
	struct bytes crls[SNP_CRLS_MAX] = { { 0 } };
	struct sha512 bound = binding_value(&p->binding);
	struct snp_policy policy = { .report_data = BYTES_OF(&bound) };
	struct snp_request rq = {
		.policy = &policy, .at = p->at, .store = store_of(p)
	};
	struct fault f = { 0 };
	struct verdict *v = p->v;

	if (!verdict_record(
		v, CHECK_SNP_EVIDENCE, read_snp(&rq, crls, p, &f), &f))
		return false;
	(void)verdict_record(v, CHECK_RECIPIENT,
	    check_recipient(
		p, "snp-report-data-x25519-hkdf-sha256-aes-256-gcm", &f),
	    &f);
	if (p->rq->anchors != NULL) {
		rq.roots = p->rq->anchors->snp;
		rq.nroots = p->rq->anchors->nsnp;
	}
	rq.ncrls = add_crls(crls, rq.ncrls, p);
	memcpy(rq.crls, crls, sizeof(rq.crls));
	snp_check(v, &rq, p->arena);
	if (message_get(v->facts, BYTES("snp")) == NULL)
		return false;
	parties_check_machine(p, chip_id(p));
	return true;
}

/* The key is made once a boot, for the boot measurement's binding. */
static struct sha512
boot_binding(const struct parts *p)
{
	struct binding boot = p->binding;

	boot.purpose = BYTES("boot");
	boot.nonce = BYTES(BINDING_BOOT_NONCE);
	memset(&boot.state, 0, sizeof(boot.state));
	return binding_value(&boot);
}

static bool
read_android(struct android_request *rq, struct bytes certs[X509_CHAIN_MAX],
    struct parts *p, struct fault *f)
{
	if (!read_evidence(
		p, "permawebos-android-evidence", "android.evidence", f) ||
	    !take(&rq->signature, p, "key-signature", f))
		return false;
	if (!take_list(certs, &rq->ncerts, X509_CHAIN_MAX, p, "certificates"))
		return fail(f, FAULT_INPUT, "android.evidence",
		    "measurement 17: certificates is no list of them");
	return true;
}

bool
engines_android(struct parts *p)
{
	struct bytes certs[X509_CHAIN_MAX] = { { 0 } };
	struct sha512 bound = binding_value(&p->binding);
	struct sha512 boot = boot_binding(p);
	const struct android_policy policy = {
		.expiry = KEYCHAIN_EXPIRY_RENEWABLE,
		.signing_key = true,
	};
	const struct collateral *c = p->rq->collateral;
	struct android_request rq = { .certs = certs,
		.at = p->at,
		.challenge_asked = true,
		.challenge = bytes_of(boot.b, ATTEST_NONCE_SIZE),
		.statement = BYTES_OF(&bound),
		.policy = &policy };
	struct fault f = { 0 };
	struct verdict *v = p->v;

	if (!verdict_record(
		v, CHECK_ANDROID_EVIDENCE, read_android(&rq, certs, p, &f), &f))
		return false;
	(void)verdict_record(v, CHECK_RECIPIENT,
	    check_recipient(p,
		"android-keystore-attestation-x25519-hkdf-sha256-aes-256-gcm",
		&f),
	    &f);
	if (c != NULL && c->revocation.n != 0) {
		rq.revocation_given = true;
		rq.revocation = c->revocation;
		rq.revocation_at = c->revocation_at;
	}
	if (c != NULL)
		rq.without_revocation = c->without_revocation;
	if (p->rq->anchors != NULL) {
		rq.roots = p->rq->anchors->android;
		rq.nroots = p->rq->anchors->nandroid;
	}
	if (!android_verify(v, &rq, p->arena, &f) ||
	    message_get(v->facts, BYTES("android")) == NULL)
		return false;
	parties_check_machine(p, (struct bytes){ 0 });
	return true;
}
