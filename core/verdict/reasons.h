/* SPDX-License-Identifier: Apache-2.0 */
/* Every reason that a verdict can give, for programs and for people. */
#ifndef CORE_VERDICT_REASONS_H
#define CORE_VERDICT_REASONS_H

#include "core/base/bytes.h"
#include "core/verdict/reasons_android.h"
#include "core/verdict/reasons_any.h"
#include "core/verdict/reasons_launch.h"
#include "core/verdict/reasons_snp.h"
#include "core/verdict/reasons_tpm.h"

/*
 * A row: code; the rules that refuse with it; what it means and what to do
 * about it, a sentence each. A code stands here if core/evidence or
 * core/verdict fails with it, and only then.
 */
struct reason {
	const char *code, *rules, *means, *advice;
};

struct reasons_section {
	const char *title;
	const struct reason *rows;
};

/* In the order of the page; the last section has no title, the last row of
 * each no code. */
extern const struct reasons_section reasons_sections[];

/* NULL if there is no such code. */
const struct reason *reasons_find(struct bytes code);

#endif
