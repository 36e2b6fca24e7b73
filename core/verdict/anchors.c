/* SPDX-License-Identifier: Apache-2.0 */
#include "core/verdict/anchors.h"

#include "core/base/cursor.h"
#include "core/crypto/x509.h"
#include "core/evidence/snpchain.h"

/* The product line that an ARK's name tells. */
static enum snp_product
product_of(struct bytes subject)
{
	static const char mark[] = "CN=ARK-";
	const uint8_t *at = subject.n == 0 ? NULL
					   : memmem(subject.p, subject.n, mark,
						 sizeof(mark) - 1);

	if (at == NULL)
		return SNP_NO_PRODUCT;
	at += sizeof(mark) - 1;
	struct cursor c =
	    cursor_over(bytes_of(at, subject.n - (size_t)(at - subject.p)));

	return snptcb_product(cursor_part(&c, ','));
}

static void
add(struct snp_root *snp, struct sha256 *android, struct anchors *out,
    const struct x509_facts *facts)
{
	enum snp_product product = product_of(facts->subject);
	struct sha256 key = sha256_of(facts->key_info);

	android[out->nandroid++] = key;
	if (product != SNP_NO_PRODUCT)
		snp[out->nsnp++] = (struct snp_root){ product, key };
}

bool
anchors_read(
    struct anchors *out, struct bytes roots, struct arena *a, struct fault *f)
{
	struct x509_list list = {
		.certs = arena_alloc(a, X509_ROOTS_MAX * sizeof(struct bytes)),
		.room = X509_ROOTS_MAX,
	};

	if (!arena_check(a, f) || !x509_split_pem(&list, roots, a, f))
		return false;
	struct snp_root *snp = arena_alloc(a, (list.n + 1) * sizeof(*snp));
	struct sha256 *android =
	    arena_alloc(a, (list.n + 1) * sizeof(*android));

	if (snp == NULL || android == NULL)
		return arena_check(a, f);
	*out = (struct anchors){ .snp = snp, .android = android };
	for (size_t i = 0; i < list.n; i++) {
		struct x509_facts facts;
		struct fault other;

		/* A key that we cannot judge is no root of these engines. */
		if (x509_facts(&facts, list.certs[i], a, &other))
			add(snp, android, out, &facts);
	}
	/* No number of keys at all would mean Google's. */
	if (out->nandroid == 0)
		out->nandroid = 1;
	return arena_check(a, f);
}
