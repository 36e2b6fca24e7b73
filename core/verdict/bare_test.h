/* SPDX-License-Identifier: Apache-2.0 */
/* For the tests: bare evidence of the measured machine, in which one thing is
 * wrong, and what must be said of it. */
#ifndef CORE_VERDICT_BARE_TEST_H
#define CORE_VERDICT_BARE_TEST_H

#include "core/verdict/tpm.h"
#include "harness/fakes/measured.h"

#define BARE_YEAR (365 * 24 * 3600)

/* What a row may change: the evidence once it is made, and what is asked. */
struct bare {
	struct measured m;
	struct tpm_request rq;
	struct tpm_policy policy;
	struct pcr_bank banks[TPM_BANKS_MAX];
	struct bytes chain[2], crls[2];
};

extern struct bare bare;
extern struct arena bare_arena;

struct bare_row {
	const char *name, *word;
	enum check check;
	const char *reason;
	struct measured_change change; /* of the machine */
	void (*ask)(void);             /* of what is shown and asked */
};

#define BARE_NONE { MEASURED_BOOTED, NULL }
#define ACCEPT    "accepted"
#define REJECT    "rejected"
#define OPEN      "incomplete"

extern const struct bare_row bare_quote_rows[], bare_keys_rows[];
extern const size_t bare_quote_count, bare_keys_count;

/* The machine, and a request for all that it shows. */
void bare_make(const struct measured_change *change);
const struct verdict *bare_judge(void);

#endif
