/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/signatures.h"

struct bytes
signatures_find(const struct signatures *known, struct bytes packed)
{
	struct sha256 digest = sha256_of(packed);

	for (size_t i = 0; i < known->n; i++) {
		if (bytes_equal(
			BYTES_OF(&digest), BYTES_OF(&known->items[i].of)))
			return bytes_of(
			    known->items[i].signature, RSA_WALLET_BYTES);
	}
	return (struct bytes){ 0 };
}

void
signatures_keep(
    struct signatures *known, struct bytes packed, struct bytes signature)
{
	size_t at = known->next;

	if (signature.n != RSA_WALLET_BYTES)
		return;
	known->items[at].of = sha256_of(packed);
	memcpy(known->items[at].signature, signature.p, signature.n);
	known->next = (at + 1) % SIGNATURES_MAX;
	if (known->n < SIGNATURES_MAX)
		known->n++;
}
