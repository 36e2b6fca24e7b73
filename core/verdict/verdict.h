/* SPDX-License-Identifier: Apache-2.0 */
/* The verdict tree: every check with its state, its reason and its rule. */
#ifndef CORE_VERDICT_VERDICT_H
#define CORE_VERDICT_VERDICT_H

#include "core/message/message.h"
#include "core/verdict/checks.h"
#include "core/verdict/template.h"

enum check_state { CHECK_NOT_CHECKED, CHECK_PASSED, CHECK_FAILED };

struct check_result {
	enum check_state state;
	/* A stable code: the check's own or a finer one; empty when passed. */
	const char *reason;
	const char *why;
	struct bytes expected, observed; /* text; may be empty */
	const char *where;               /* finer than the table's, or NULL */
};

struct verdict {
	struct arena *arena;
	enum engine engine;
	bool bare; /* evidence without an envelope */
	struct check_result results[CHECK_COUNT];
	bool waived[CHECK_COUNT]; /* may stay open: the asker said so */
	struct message *facts;
};

/* Of evidence of that engine; of ENGINE_ANY until it is known. Texts and facts
 * live in the arena. */
void verdict_init(struct verdict *v, enum engine engine, struct arena *a);

/* "any", "tpm", "snp", "android". */
const char *verdict_engine(enum engine e);

enum engine verdict_engine_of(enum check c);
enum need verdict_need(enum check c);
const char *verdict_code(enum check c);
const char *verdict_rule(enum check c);
const char *verdict_where(enum check c);
const char *verdict_holds(enum check c);

/* True if it is a check of this verdict's evidence; no other one is shown or
 * counts. */
bool verdict_has(const struct verdict *v, enum check c);

/* Records a result; returns ok, so that a check is one expression. On false
 * the fault's reason and why are taken. */
bool verdict_record(
    struct verdict *v, enum check c, bool ok, const struct fault *f);

/* The same for a comparison; both sides are shown, bytes as lower-case hex. */
bool verdict_equal(struct verdict *v, enum check c, struct bytes expected,
    struct bytes observed);
bool verdict_texts(struct verdict *v, enum check c, struct bytes expected,
    struct bytes observed);

/* Whether the facts, and the envelope if there is one, match a template. To be
 * asked once all facts are there. */
void verdict_match(struct verdict *v, const struct template *t,
    const struct message *envelope);

/* A text of the evidence as far as it can be shown: hostile ones can be as
 * long as a message, or no text at all. */
struct bytes verdict_shown(struct bytes text);

/* Where in the input, finer than the table says: "evidence/firmware-log+0x1a0".
 * To be said before or after the result. */
void verdict_at(struct verdict *v, enum check c, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Left open, and why. */
void verdict_skip(
    struct verdict *v, enum check c, const char *reason, const char *why);

/* "accepted", "rejected" (a check failed), "incomplete" (none failed, and one
 * that a verdict needs was not made). */
const char *verdict_word(const struct verdict *v);

/* The tree as a message: the same bytes for the same input. */
struct message *verdict_message(const struct verdict *v);

/* The sentences of a verdict message, for people. */
MUST_CHECK bool verdict_explain(struct bytes *out,
    const struct message *verdict, struct arena *a, struct fault *f);

#endif
