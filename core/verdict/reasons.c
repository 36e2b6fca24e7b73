/* SPDX-License-Identifier: Apache-2.0 */
#include "core/verdict/reasons.h"

#define ROW(code, rules, means, advice) { code, rules, means, advice },

static const struct reason any[] = { REASONS_ANY(ROW){ 0 } };
static const struct reason tpm[] = { REASONS_TPM(ROW){ 0 } };
static const struct reason snp[] = { REASONS_SNP(ROW)
	    REASONS_LAUNCH(ROW){ 0 } };
static const struct reason android[] = { REASONS_ANDROID(ROW){ 0 } };

/* clang-format off */
const struct reasons_section reasons_sections[] = {
	{ "Any evidence", any     },
	{ "TPM 2.0",      tpm     },
	{ "SEV-SNP",      snp     },
	{ "Android",      android },
	{ NULL,           NULL    },
};
/* clang-format on */

const struct reason *
reasons_find(struct bytes code)
{
	for (const struct reasons_section *s = reasons_sections;
	    s->title != NULL; s++) {
		for (const struct reason *r = s->rows; r->code != NULL; r++) {
			if (bytes_is(code, r->code))
				return r;
		}
	}
	return NULL;
}
