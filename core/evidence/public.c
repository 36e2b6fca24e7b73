/* SPDX-License-Identifier: Apache-2.0 */
#include "core/evidence/public.h"

#define ATTRIBUTES_KNOWN                                                       \
	(PUBLIC_FIXED_TPM | PUBLIC_ST_CLEAR | PUBLIC_FIXED_PARENT |            \
	    PUBLIC_SENSITIVE_ORIGIN | PUBLIC_USER_WITH_AUTH |                  \
	    PUBLIC_ADMIN_WITH_POLICY | PUBLIC_FIRMWARE_LIMITED |               \
	    PUBLIC_SVN_LIMITED | PUBLIC_NO_DA | PUBLIC_ENCRYPTED_DUPLICATION | \
	    PUBLIC_RESTRICTED | PUBLIC_DECRYPT | PUBLIC_SIGN |                 \
	    PUBLIC_X509_SIGN)

#define ATTRIBUTES_AK                                                       \
	(PUBLIC_FIXED_TPM | PUBLIC_FIXED_PARENT | PUBLIC_SENSITIVE_ORIGIN | \
	    PUBLIC_ADMIN_WITH_POLICY | PUBLIC_NO_DA | PUBLIC_RESTRICTED |   \
	    PUBLIC_SIGN)

#define ATTRIBUTES_EK                                                       \
	(PUBLIC_FIXED_TPM | PUBLIC_FIXED_PARENT | PUBLIC_SENSITIVE_ORIGIN | \
	    PUBLIC_ADMIN_WITH_POLICY | PUBLIC_RESTRICTED | PUBLIC_DECRYPT)

#define EXPONENT_DEFAULT 65537u

/* PolicySecret(TPM_RH_ENDORSEMENT), TCG EK credential profile, B.3. */
static const uint8_t ek_policy[32] = { 0x83, 0x71, 0x97, 0x67, 0x44, 0x84, 0xb3,
	0xf8, 0x1a, 0x90, 0xcc, 0x8d, 0x46, 0xa5, 0xd7, 0x24, 0xfd, 0x52, 0xd7,
	0x6e, 0x06, 0x52, 0x0b, 0x64, 0xf2, 0xa1, 0xda, 0x1b, 0x33, 0x14, 0x69,
	0xaa };

static bool
syntax(struct fault *f, const char *what)
{
	return fail(f, FAULT_INPUT, "tpm.public.syntax",
	    "evidence 3: public area: %s", what);
}

static bool
take_symmetric(struct public_area *p, struct cursor *c, struct fault *f)
{
	p->symmetric = cursor_be16(c);
	if (p->symmetric == TPM_ALG_NULL)
		return true;
	if (p->symmetric != TPM_ALG_AES)
		return syntax(f, "symmetric algorithm is not AES");
	p->symmetric_bits = cursor_be16(c);
	p->symmetric_mode = cursor_be16(c);
	return true;
}

static bool
take_scheme(struct public_area *p, struct cursor *c, struct fault *f)
{
	p->scheme = cursor_be16(c);
	switch (p->scheme) {
	case TPM_ALG_NULL:
		p->scheme_hash = TPM_ALG_NULL;
		return true;
	case TPM_ALG_RSASSA:
	case TPM_ALG_RSAPSS:
	case TPM_ALG_ECDSA:
		p->scheme_hash = cursor_be16(c);
		return true;
	default:
		return syntax(f, "scheme is none of ours");
	}
}

static bool
take_rsa(struct public_area *p, struct cursor *c, struct fault *f)
{
	uint16_t bits = cursor_be16(c);

	p->exponent = cursor_be32(c);
	struct bytes modulus = tpm_take_sized(c, 512);

	if (!cursor_done(c))
		return syntax(f, "cut, or goes on behind its end");
	if (p->scheme == TPM_ALG_ECDSA)
		return syntax(f, "ECDSA with an RSA key");
	if (p->exponent != 0 && p->exponent != EXPONENT_DEFAULT)
		return syntax(f, "exponent is not 65537");
	if (bits != 2048 && bits != 3072 && bits != 4096)
		return syntax(
		    f, "RSA key of another size than 2048, 3072, 4096");
	if (modulus.n != bits / 8u || (modulus.p[0] & 0x80) == 0 ||
	    (modulus.p[modulus.n - 1] & 1) == 0)
		return syntax(f, "modulus does not fit the key size");
	p->kdf = TPM_ALG_NULL;
	p->key = (struct public_key){ .kind = KEY_RSA, .modulus = modulus };
	return true;
}

static bool
take_ecc(struct public_area *p, struct cursor *c, struct fault *f)
{
	uint16_t curve = cursor_be16(c);

	p->kdf = cursor_be16(c);
	if (p->kdf != TPM_ALG_NULL)
		(void)cursor_be16(c);
	p->key.kind = curve == TPM_CURVE_P384 ? KEY_EC_P384 : KEY_EC_P256;
	size_t size = curve == TPM_CURVE_P384 ? 48 : 32;

	p->key.x = tpm_take_sized(c, size);
	p->key.y = tpm_take_sized(c, size);
	if (!cursor_done(c))
		return syntax(f, "cut, or goes on behind its end");
	if (p->scheme == TPM_ALG_RSASSA || p->scheme == TPM_ALG_RSAPSS)
		return syntax(f, "RSA scheme with an ECC key");
	if (curve != TPM_CURVE_P256 && curve != TPM_CURVE_P384)
		return syntax(f, "curve is neither P-256 nor P-384");
	if (p->key.x.n == 0 || p->key.y.n == 0)
		return syntax(f, "point without a coordinate");
	return true;
}

static bool
take_head(
    struct public_area *p, uint16_t *type, struct cursor *c, struct fault *f)
{
	*type = cursor_be16(c);
	uint16_t name_alg = cursor_be16(c);

	p->attributes = cursor_be32(c);
	p->policy = tpm_take_sized(c, 64);
	if (!cursor_ok(c))
		return syntax(f, "cut");
	if (!tpm_alg_hash(&p->name_alg, name_alg))
		return syntax(f, "nameAlg is none of ours");
	if ((p->attributes & ~(uint32_t)ATTRIBUTES_KNOWN) != 0)
		return syntax(f, "reserved attributes");
	if (p->policy.n != 0 && p->policy.n != hash_size(p->name_alg))
		return syntax(f, "authPolicy is no digest of nameAlg");
	return true;
}

bool
public_parse(struct public_area *out, struct bytes in, struct fault *f)
{
	struct public_area p = { .raw = in };
	struct cursor c = cursor_over(in);
	uint16_t type;

	if (in.n > PUBLIC_SIZE_MAX)
		return syntax(f, "too long");
	if (!take_head(&p, &type, &c, f))
		return false;
	if (type != TPM_ALG_RSA && type != TPM_ALG_ECC)
		return syntax(f, "type is neither RSA nor ECC");
	if (!take_symmetric(&p, &c, f) || !take_scheme(&p, &c, f))
		return false;
	if (!(type == TPM_ALG_RSA ? take_rsa : take_ecc)(&p, &c, f))
		return false;
	*out = p;
	return true;
}

bool
public_parse_2b(struct public_area *out, struct bytes in, struct fault *f)
{
	struct cursor c = cursor_over(in);
	struct bytes area = tpm_take_sized(&c, PUBLIC_SIZE_MAX);

	if (!cursor_done(&c))
		return syntax(f, "its size is not that of the field");
	return public_parse(out, area, f);
}

bool
public_parse_any(struct public_area *out, struct bytes in, struct fault *f)
{
	struct cursor c = cursor_over(in);

	return in.n >= 2 && cursor_be16(&c) == in.n - 2
		   ? public_parse_2b(out, in, f)
		   : public_parse(out, in, f);
}

static struct public_name
name_of(enum hash_alg alg, const struct bytes *parts, size_t n)
{
	struct public_name name = { .n = 2 + hash_size(alg) };
	uint16_t id = tpm_alg_of_hash(alg);

	name.b[0] = (uint8_t)(id >> 8);
	name.b[1] = (uint8_t)id;
	hash_parts(alg, name.b + 2, parts, n);
	return name;
}

struct public_name
public_name(const struct public_area *p)
{
	return name_of(p->name_alg, &p->raw, 1);
}

struct public_name
public_qualified_name(const struct public_area *p)
{
	static const uint8_t endorsement[4] = { 0x40, 0x00, 0x00, 0x0b };
	struct public_name name = public_name(p);
	const struct bytes parts[2] = { bytes_of(endorsement, 4),
		public_name_bytes(&name) };

	return name_of(p->name_alg, parts, 2);
}

bool
public_check_signer(const struct public_area *p, struct fault *f)
{
	const uint32_t must = PUBLIC_FIXED_TPM | PUBLIC_FIXED_PARENT |
			      PUBLIC_SENSITIVE_ORIGIN | PUBLIC_RESTRICTED |
			      PUBLIC_SIGN;

	if ((p->attributes & must) != must ||
	    (p->attributes & PUBLIC_DECRYPT) != 0)
		return fail(f, FAULT_VERIFY, "tpm.ak.attributes",
		    "evidence 3: attributes 0x%08x are not a quoting key's",
		    p->attributes);
	return true;
}

bool
public_check_ak(const struct public_area *p, struct fault *f)
{
	bool rsa = p->key.kind == KEY_RSA && p->key.modulus.n == 256 &&
		   p->scheme == TPM_ALG_RSAPSS;
	bool ecc = p->key.kind == KEY_EC_P256 && p->scheme == TPM_ALG_ECDSA &&
		   p->kdf == TPM_ALG_NULL;

	if (p->attributes != ATTRIBUTES_AK)
		return fail(f, FAULT_VERIFY, "tpm.ak.attributes",
		    "measurement 12: attributes 0x%08x, want 0x%08x",
		    p->attributes, (unsigned)ATTRIBUTES_AK);
	if (p->name_alg != HASH_SHA256 || p->scheme_hash != TPM_ALG_SHA256 ||
	    p->symmetric != TPM_ALG_NULL || !(rsa || ecc))
		return fail(f, FAULT_VERIFY, "tpm.ak.attributes",
		    "measurement 12: neither ECDSA P-256 nor RSAPSS 2048 with "
		    "SHA-256");
	return true;
}

bool
public_check_ek(const struct public_area *p, struct fault *f)
{
	bool rsa = p->key.kind == KEY_RSA && p->key.modulus.n == 256;
	bool ecc = p->key.kind == KEY_EC_P256 && p->kdf == TPM_ALG_NULL;

	if (p->attributes != ATTRIBUTES_EK)
		return fail(f, FAULT_VERIFY, "tpm.ek.template",
		    "evidence 3: attributes 0x%08x, want 0x%08x", p->attributes,
		    (unsigned)ATTRIBUTES_EK);
	if (p->name_alg != HASH_SHA256 ||
	    !bytes_equal(p->policy, bytes_of(ek_policy, sizeof(ek_policy))))
		return fail(f, FAULT_VERIFY, "tpm.ek.template",
		    "evidence 3: authPolicy is not PolicySecret(endorsement)");
	if (p->symmetric != TPM_ALG_AES || p->symmetric_bits != 128 ||
	    p->symmetric_mode != TPM_ALG_CFB || p->scheme != TPM_ALG_NULL ||
	    !(rsa || ecc))
		return fail(f, FAULT_VERIFY, "tpm.ek.template",
		    "evidence 3: neither template L-1 nor L-2");
	return true;
}

/* Big-endian numbers, left zeros without meaning. */
static bool
number_equal(struct bytes a, struct bytes b)
{
	while (a.n != 0 && a.p[0] == 0)
		a = bytes_of(a.p + 1, a.n - 1);
	while (b.n != 0 && b.p[0] == 0)
		b = bytes_of(b.p + 1, b.n - 1);
	return bytes_equal(a, b);
}

static bool
same_key(const struct public_key *a, const struct public_key *b)
{
	return a->kind == b->kind && number_equal(a->modulus, b->modulus) &&
	       number_equal(a->x, b->x) && number_equal(a->y, b->y);
}

bool
public_check_certificate(const struct public_area *p,
    const struct public_key *certified, struct fault *f)
{
	if (!same_key(&p->key, certified))
		return fail(f, FAULT_VERIFY, "tpm.ek.binding",
		    "evidence 3: the certificate is another key's");
	return true;
}

bool
public_check_attested(const struct public_key *ak,
    const struct public_key *certified, struct fault *f)
{
	if (!same_key(ak, certified))
		return fail(f, FAULT_VERIFY, "tpm.ak.binding",
		    "evidence 13: the certificate is another key's");
	return true;
}
