/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "core/base/cursor.h"
#include "core/evidence/snpcrl.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint8_t memory[1 << 20];

static struct bytes
take_part(struct cursor *c)
{
	return cursor_take(c, cursor_le16(c));
}

/* A VEK, an ASK and an ARK of a length each, and a CRL. A chain whose names go
 * together never ends in AMD's keys unless AMD made it, so what passes is
 * whole: three kinds of key, one line, one kind of VEK. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct cursor c = cursor_over(bytes_of(data, size));
	struct snp_certificates in = { take_part(&c), take_part(&c),
		take_part(&c) };
	struct snp_crl crl = { cursor_rest(&c), 1775000000 };
	struct snpchain chain;
	struct arena a;
	struct fault f;
	bool by_ark = false;

	arena_init(&a, memory, sizeof(memory));
	if (!snpchain_parse(&chain, &in, crl.der, &a, &f))
		return 0;
	bool ordered = snpchain_check_order(&chain, &f);

	if (ordered &&
	    (chain.product == SNP_NO_PRODUCT || chain.kind == SNP_NO_KEY ||
		chain.vek.key.kind != KEY_EC_P384))
		abort();
	if (ordered && snpchain_extensions(&chain, &a, &f) &&
	    (chain.says.kind != chain.kind ||
		(chain.says.hwid.n == 0) == (chain.says.csp_id.n == 0)))
		abort();
	if (snpcrl_check(&by_ark, &chain, &crl, &a, &f) &&
	    !x509_signed(crl.der, by_ark ? &chain.ark.key : &chain.ask.key,
		"fuzz.crl", &f))
		abort();
	if (ordered && snpchain_check_signatures(&chain, &f) &&
	    snpchain_check_root(&chain, NULL, 0, &f))
		abort();
	return 0;
}
