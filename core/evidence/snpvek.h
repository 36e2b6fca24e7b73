/* SPDX-License-Identifier: Apache-2.0 */
/* What AMD says in the certificate of a versioned endorsement key (57230). */
#ifndef CORE_EVIDENCE_SNPVEK_H
#define CORE_EVIDENCE_SNPVEK_H

#include "core/crypto/x509.h"
#include "core/evidence/snpreport.h"

#define SNPVEK_HWID_MAX 64u

struct snpvek {
	enum snp_signer kind; /* by what it names: a chip or a provider */
	enum snp_product product;
	uint64_t structure;        /* structVersion */
	uint64_t tcb;              /* laid out as the product line's reports */
	struct bytes product_name; /* "Milan-B0" */
	struct bytes hwid;         /* VCEK: 64 bytes, or Turin's 8 */
	struct bytes csp_id;       /* VLEK */
};

/*
 * From the extensions under 1.3.6.1.4.1.3704.1: all that the product line has,
 * none that it has not, and nothing critical that we do not know. Fails with
 * snp.vcek.extension, or snp.vcek.hwid for an id of another size.
 */
MUST_CHECK bool snpvek_parse(struct snpvek *out,
    const struct x509_extensions *extensions, struct fault *f);

#endif
