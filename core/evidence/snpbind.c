/* SPDX-License-Identifier: Apache-2.0 */
#include "core/evidence/snpbind.h"

#include "core/crypto/ecdsa.h"

bool
snpbind_check_signer(const struct snpreport *r,
    const struct snp_endorsement *key, struct fault *f)
{
	uint32_t said = snpreport_signing_key(r);

	if (said != (uint32_t)key->kind)
		return fail(f, FAULT_VERIFY, "snp.signing-key",
		    "evidence 27: signing key %u, the certificate is a %s's",
		    said, key->kind == SNP_VCEK ? "VCEK" : "VLEK");
	if (snpreport_author_key_en(r) == bytes_zero(r->author_key_digest))
		return fail(f, FAULT_VERIFY, "snp.signing-key",
		    "evidence 27: AUTHOR_KEY_EN and the author key's digest "
		    "do not go together");
	return true;
}

bool
snpbind_check_product(const struct snpreport *r,
    const struct snp_endorsement *key, struct fault *f)
{
	if (r->version >= SNPREPORT_VERSION_CPU &&
	    snpreport_product(r) != key->product)
		return fail(f, FAULT_VERIFY, "snp.product",
		    "evidence 27: CPU family 0x%02x model 0x%02x is not %s",
		    r->family, r->model, snptcb_product_name(key->product));
	return snpreport_check_tcbs(r, key->product, f);
}

bool
snpbind_check_tcb(const struct snpreport *r, const struct snp_endorsement *key,
    struct fault *f)
{
	if (r->reported_tcb != key->tcb)
		return fail(f, FAULT_VERIFY, "snp.vcek.tcb",
		    "evidence 27: reported TCB %016llx, the key's is %016llx",
		    (unsigned long long)r->reported_tcb,
		    (unsigned long long)key->tcb);
	return true;
}

bool
snpbind_check_chip(const struct snpreport *r, const struct snp_endorsement *key,
    struct fault *f)
{
	uint8_t chip[SNPVEK_HWID_MAX] = { 0 };
	static const uint8_t masked[SNPVEK_HWID_MAX];

	if (key->kind == SNP_VLEK)
		return true;
	memcpy(chip, key->hwid, key->hwid_size);
	if (bytes_equal(r->chip_id, bytes_of(masked, sizeof(masked))))
		return fail(f, FAULT_VERIFY, "snp.chip-id.masked",
		    "evidence 27: the report hides its chip's id");
	if (!bytes_equal(r->chip_id, bytes_of(chip, sizeof(chip))))
		return fail(f, FAULT_VERIFY, "snp.vcek.hwid",
		    "evidence 27: the key is another chip's");
	return true;
}

bool
snpbind_check_signature(const struct snpreport *r,
    const struct snp_endorsement *key, struct fault *f)
{
	const struct ecdsa_key point = { EC_P384,
		bytes_of(key->x, sizeof(key->x)),
		bytes_of(key->y, sizeof(key->y)) };
	struct snp_signature s;

	if (!snpreport_signature(&s, r, f))
		return false;
	if (!ecdsa_verify(&point, HASH_SHA384,
		bytes_of(r->raw.p, SNPREPORT_SIGNED),
		bytes_of(s.r, sizeof(s.r)), bytes_of(s.s, sizeof(s.s))))
		return fail(f, FAULT_VERIFY, "snp.signature",
		    "evidence 22: the key did not sign the report");
	return true;
}
