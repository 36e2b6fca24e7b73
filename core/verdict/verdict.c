/* SPDX-License-Identifier: Apache-2.0 */
#include "core/verdict/verdict.h"

#include "core/base/buf.h"
#include "core/base/hex.h"
#include "core/verdict/reasons.h"

#include <stdarg.h>
#include <stdio.h>

#define SHOWN_MAX 256u

static const struct {
	enum engine engine;
	enum need need;
	const char *code, *rule, *where, *holds;
} checks[CHECK_COUNT] = {
#define CHECK_ROW(name, engine, need, code, rule, where, holds) \
	{ ENGINE_##engine, NEED_##need, code, rule, where, holds },
	CHECKS(CHECK_ROW)
#undef CHECK_ROW
};

static const char *const engine_words[] = {
	[ENGINE_ANY] = "any",
	[ENGINE_TPM] = "tpm",
	[ENGINE_SNP] = "snp",
	[ENGINE_ANDROID] = "android",
};

static const char *const state_words[] = {
	[CHECK_NOT_CHECKED] = "not-checked",
	[CHECK_PASSED] = "passed",
	[CHECK_FAILED] = "failed",
};

void
verdict_init(struct verdict *v, enum engine engine, struct arena *a)
{
	memset(v, 0, sizeof(*v));
	v->arena = a;
	v->engine = engine;
	v->facts = message_new(a);
	for (size_t c = 0; c < CHECK_COUNT; c++)
		v->results[c].reason = v->results[c].why = "";
}

const char *
verdict_engine(enum engine e)
{
	return engine_words[e];
}

enum engine
verdict_engine_of(enum check c)
{
	return checks[c].engine;
}

enum need
verdict_need(enum check c)
{
	return checks[c].need;
}

const char *
verdict_code(enum check c)
{
	return checks[c].code;
}

const char *
verdict_rule(enum check c)
{
	return checks[c].rule;
}

const char *
verdict_where(enum check c)
{
	return checks[c].where;
}

const char *
verdict_holds(enum check c)
{
	return checks[c].holds;
}

bool
verdict_has(const struct verdict *v, enum check c)
{
	enum need need = checks[c].need;

	return (checks[c].engine == ENGINE_ANY ||
		   checks[c].engine == v->engine) &&
	       !(v->bare &&
		   (need == NEED_ENVELOPE || need == NEED_ENVELOPE_ASKED));
}

static bool
printable(uint8_t c)
{
	return c >= 0x20 && c < 0x7f;
}

/* Evidence may be quoted in a why: on a terminal, and in JSON, it must be no
 * more than text. */
static const char *
kept(struct arena *a, const char *text)
{
	size_t n = strlen(text);
	char *copy = arena_alloc(a, n + 1);

	if (copy == NULL)
		return "";
	memset(copy, '?', n);
	for (size_t i = 0; i < n; i++) {
		if (printable((uint8_t)text[i]))
			copy[i] = text[i];
	}
	return copy;
}

static void
explain_state(struct verdict *v, enum check c, enum check_state state,
    const char *reason, const char *why)
{
	v->results[c].state = state;
	v->results[c].reason = kept(v->arena, reason);
	v->results[c].why = kept(v->arena, why);
}

bool
verdict_record(struct verdict *v, enum check c, bool ok, const struct fault *f)
{
	explain_state(v, c, ok ? CHECK_PASSED : CHECK_FAILED,
	    ok ? "" : f->reason, ok ? "" : f->why);
	return ok;
}

struct bytes
verdict_shown(struct bytes text)
{
	if (text.n > SHOWN_MAX)
		return BYTES("(too long to show)");
	for (size_t i = 0; i < text.n; i++) {
		if (!printable(text.p[i]))
			return BYTES("(not text)");
	}
	return text;
}

bool
verdict_texts(struct verdict *v, enum check c, struct bytes expected,
    struct bytes observed)
{
	struct fault f = { 0 };
	bool ok = bytes_equal(expected, observed);

	if (!ok)
		(void)fail(&f, FAULT_VERIFY, checks[c].code,
		    "%s: observed is not what was expected", checks[c].rule);
	v->results[c].expected = verdict_shown(expected);
	v->results[c].observed = verdict_shown(observed);
	return verdict_record(v, c, ok, &f);
}

bool
verdict_equal(struct verdict *v, enum check c, struct bytes expected,
    struct bytes observed)
{
	return verdict_texts(v, c, hex_encode(v->arena, expected),
	    hex_encode(v->arena, observed));
}

void
verdict_at(struct verdict *v, enum check c, const char *format, ...)
{
	char where[SHOWN_MAX];
	va_list list;

	va_start(list, format);
	(void)vsnprintf(where, sizeof(where), format, list);
	va_end(list);
	v->results[c].where = kept(v->arena, where);
}

void
verdict_match(
    struct verdict *v, const struct template *t, const struct message *envelope)
{
	struct template_target target = { envelope, v->facts };
	struct template_miss miss;
	struct fault f = { 0 };

	if (template_match(&miss, t, &target, v->arena)) {
		(void)verdict_record(v, CHECK_TEMPLATE, true, &f);
		return;
	}
	v->results[CHECK_TEMPLATE].expected = miss.expected;
	v->results[CHECK_TEMPLATE].observed = miss.observed;
	verdict_at(v, CHECK_TEMPLATE, "%.*s", (int)miss.path.n,
	    (const char *)miss.path.p);
	(void)fail(&f, FAULT_VERIFY, "policy.template",
	    "verdict 9: %.*s is %.*s, template %zu wants %.*s",
	    (int)miss.path.n, (const char *)miss.path.p, (int)miss.observed.n,
	    (const char *)miss.observed.p, miss.alternative,
	    (int)miss.expected.n, (const char *)miss.expected.p);
	(void)verdict_record(v, CHECK_TEMPLATE, false, &f);
}

void
verdict_skip(
    struct verdict *v, enum check c, const char *reason, const char *why)
{
	explain_state(v, c, CHECK_NOT_CHECKED, reason, why);
}

static bool
may_stay_open(const struct verdict *v, enum check c)
{
	enum need need = checks[c].need;

	return need == NEED_ASKED || need == NEED_ENVELOPE_ASKED ||
	       v->waived[c];
}

const char *
verdict_word(const struct verdict *v)
{
	const char *word = "accepted";

	for (size_t i = 0; i < CHECK_COUNT; i++) {
		enum check c = (enum check)i;

		if (!verdict_has(v, c))
			continue;
		if (v->results[c].state == CHECK_FAILED)
			return "rejected";
		if (v->results[c].state == CHECK_NOT_CHECKED &&
		    !may_stay_open(v, c))
			word = "incomplete";
	}
	return word;
}

/* Bare evidence has no envelope around its paths. */
static const char *
place(const struct verdict *v, enum check c)
{
	static const char around[] = "evidence/";
	const char *where =
	    v->results[c].where != NULL ? v->results[c].where : checks[c].where;

	if (v->bare && strncmp(where, around, sizeof(around) - 1) == 0)
		return where + sizeof(around) - 1;
	return where;
}

static struct message *
result_message(const struct verdict *v, enum check c)
{
	const struct check_result *r = &v->results[c];
	struct message *m = message_new(v->arena);

	message_set_text(m, "state", state_words[r->state]);
	message_set_text(m, "rule", checks[c].rule);
	if (place(v, c)[0] != '\0')
		message_set_text(m, "where", place(v, c));
	if (r->reason[0] != '\0')
		message_set_text(m, "reason", r->reason);
	if (r->why[0] != '\0')
		message_set_text(m, "why", r->why);
	if (r->expected.n != 0)
		message_set_bytes(m, "expected", r->expected);
	if (r->observed.n != 0)
		message_set_bytes(m, "observed", r->observed);
	return m;
}

/* The branch of a code's first word: one level for each keeps every level
 * under the limit of keys. */
static struct message *
branch(struct message *tree, const char *code, size_t n)
{
	const struct value *there = message_get(tree, bytes_of(code, n));

	if (there != NULL)
		return there->message;
	struct message *made = message_new(tree->arena);
	struct value value = { .kind = VALUE_MESSAGE, .message = made };

	message_put(tree, bytes_of(code, n), value);
	return made;
}

struct message *
verdict_message(const struct verdict *v)
{
	struct message *m = message_new(v->arena);
	struct message *tree = message_new(v->arena);
	const char *reason = NULL;

	for (size_t c = 0; c < CHECK_COUNT; c++) {
		const char *code = checks[c].code;
		const char *dot = strchr(code, '.');

		if (!verdict_has(v, (enum check)c))
			continue;
		message_set_message(branch(tree, code, (size_t)(dot - code)),
		    dot + 1, result_message(v, (enum check)c));
		if (reason == NULL && v->results[c].state == CHECK_FAILED)
			reason = v->results[c].reason;
	}
	message_set_text(m, "type", "permawebos-verdict");
	message_set_text(m, "version", "1.0");
	message_set_text(m, "engine", engine_words[v->engine]);
	message_set_text(m, "verdict", verdict_word(v));
	if (reason != NULL)
		message_set_text(m, "reason", reason);
	message_set_message(m, "checks", tree);
	message_set_message(m, "facts", v->facts);
	return m;
}

/* What the finding means for who reads it, and where to look. */
static void
explain_reason(struct buf *out, const struct message *leaf, struct bytes code)
{
	static const char indent[] = "               ";
	const struct reason *reason = reasons_find(code);
	struct bytes where = { 0 };

	if (message_find_bytes(&where, leaf, "where")) {
		where = verdict_shown(where);
		buf_print(out, "%sat %.*s\n", indent, (int)where.n,
		    (const char *)where.p);
	}
	if (reason != NULL)
		buf_print(out, "%s%s\n%s%s\n", indent, reason->means, indent,
		    reason->advice);
}

static void
explain_check(struct buf *out, const struct message *tree, enum check c)
{
	const char *code = checks[c].code;
	const char *dot = strchr(code, '.');
	struct bytes state = { 0 }, why = { 0 }, reason = { 0 };
	const struct value *twig =
	    message_get(tree, bytes_of(code, (size_t)(dot - code)));
	const struct value *leaf =
	    twig == NULL || twig->kind != VALUE_MESSAGE
		? NULL
		: message_get(twig->message, bytes_text(dot + 1));

	if (leaf == NULL || leaf->kind != VALUE_MESSAGE ||
	    !message_find_bytes(&state, leaf->message, "state"))
		return;
	state = verdict_shown(state);
	buf_print(
	    out, "  %-12.*s %-22s ", (int)state.n, (const char *)state.p, code);
	if (!message_find_bytes(&why, leaf->message, "why") ||
	    !message_find_bytes(&reason, leaf->message, "reason")) {
		buf_print(out, "%s\n", checks[c].holds);
		return;
	}
	why = verdict_shown(why);
	reason = verdict_shown(reason);
	buf_print(out, "[%.*s] %.*s\n", (int)reason.n, (const char *)reason.p,
	    (int)why.n, (const char *)why.p);
	explain_reason(out, leaf->message, reason);
}

bool
verdict_explain(struct bytes *out, const struct message *verdict,
    struct arena *a, struct fault *f)
{
	const struct message *tree;
	struct bytes word;
	struct buf text = buf_in(a, 32768);

	if (!message_find_bytes(&word, verdict, "verdict") ||
	    !message_find_message(&tree, verdict, "checks"))
		return fail(f, FAULT_INPUT, "verdict.shape",
		    "verdict 1: not a verdict");
	word = verdict_shown(word);
	buf_print(&text, "%.*s\n", (int)word.n, (const char *)word.p);
	for (size_t c = 0; c < CHECK_COUNT; c++)
		explain_check(&text, tree, (enum check)c);
	*out = buf_bytes(&text);
	return buf_check(&text, f);
}
