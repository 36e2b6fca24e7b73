/* SPDX-License-Identifier: Apache-2.0 */
/* For the tests: measurements in which one thing is wrong, and what must be
 * said of each. */
#ifndef CORE_VERDICT_CASES_TEST_H
#define CORE_VERDICT_CASES_TEST_H

#include "harness/fakes/measured.h"

#define CASE_CHANGES 3

struct verdict_case {
	const char *name;
	const char *purpose;
	enum check check;
	const char *reason;
	struct measured_change changes[CASE_CHANGES];
};

extern const struct verdict_case cases_envelope[], cases_quote[], cases_log[],
    cases_keys[], cases_parties[], cases_policy[];
extern const size_t cases_envelope_count, cases_quote_count, cases_log_count,
    cases_keys_count, cases_parties_count, cases_policy_count;

/* The asker names all parties, and rightly. */
extern const struct measured_change cases_all_parties;

#define CASE_COUNT(table) (sizeof(table) / sizeof((table)[0]))

/* True if nothing more can be said about the other check once c has failed. */
bool cases_blocks(enum check c, enum check other);

/* False if nobody asked for it, or the purpose has no such thing. */
bool cases_asked(const struct measured *m, enum check c);

/* The message or list at a path, to be changed. */
struct message *cases_at(const struct message *m, const char *path);

/* The key is gone from its level; aborts if it never was there. */
void cases_drop(struct message *level, const char *key);

/* The EK's certificate by MEASURED_OTHER_CA, and ek-chain with the certificate
 * that MEASURED_CA gave that CA. */
void cases_issue_by_other(struct measured *m);
void cases_add_chain(struct measured *m);

#endif
