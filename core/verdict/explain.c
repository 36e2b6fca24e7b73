/* SPDX-License-Identifier: Apache-2.0 */
#include "core/verdict/explain.h"

#include "core/base/buf.h"
#include "core/verdict/reasons.h"
#include "core/verdict/verdict.h"

#define TEXT_MAX 131072u

/* A text of the leaf, as far as it can be shown; empty if there is none. */
static struct bytes
shown(const struct message *leaf, const char *key)
{
	struct bytes text;

	return message_find_bytes(&text, leaf, key) ? verdict_shown(text)
						    : (struct bytes){ 0 };
}

static void
put_line(struct buf *b, const char *name, struct bytes text)
{
	if (text.n != 0)
		buf_print(b, "      %-9s %.*s\n", name, (int)text.n,
		    (const char *)text.p);
}

static const struct message *
leaf_of(const struct message *tree, const char *code)
{
	const char *dot = strchr(code, '.');
	const struct value *twig =
	    message_get(tree, bytes_of(code, (size_t)(dot - code)));
	const struct value *leaf =
	    twig == NULL || twig->kind != VALUE_MESSAGE
		? NULL
		: message_get(twig->message, bytes_text(dot + 1));

	return leaf == NULL || leaf->kind != VALUE_MESSAGE ? NULL
							   : leaf->message;
}

static void
put_reason(struct buf *b, const struct message *leaf)
{
	struct bytes code = shown(leaf, "reason");
	const struct reason *reason = reasons_find(code);

	put_line(b, "reason", code);
	put_line(b, "because", shown(leaf, "why"));
	if (reason == NULL)
		return;
	put_line(b, "means", bytes_text(reason->means));
	put_line(b, "do", bytes_text(reason->advice));
}

static void
put_check(struct buf *b, const struct message *leaf, enum check c)
{
	struct bytes state = shown(leaf, "state");
	struct bytes rule = shown(leaf, "rule");

	buf_print(b, "  %-12.*s %s (%.*s): %s\n", (int)state.n,
	    (const char *)state.p, verdict_code(c), (int)rule.n,
	    (const char *)rule.p, verdict_holds(c));
	put_line(b, "at", shown(leaf, "where"));
	put_line(b, "expected", shown(leaf, "expected"));
	put_line(b, "observed", shown(leaf, "observed"));
	put_reason(b, leaf);
}

bool
explain_verdict(struct bytes *out, const struct message *verdict,
    struct arena *a, struct fault *f)
{
	const struct message *tree;
	struct bytes word = shown(verdict, "verdict");
	struct buf b = buf_in(a, TEXT_MAX);

	if (word.n == 0 || !message_find_message(&tree, verdict, "checks"))
		return fail(f, FAULT_INPUT, "verdict.shape",
		    "verdict 1: not a verdict");
	buf_print(&b, "%.*s\n", (int)word.n, (const char *)word.p);
	for (size_t i = 0; i < CHECK_COUNT; i++) {
		enum check c = (enum check)i;
		const struct message *leaf = leaf_of(tree, verdict_code(c));

		if (leaf != NULL)
			put_check(&b, leaf, c);
	}
	*out = buf_bytes(&b);
	return buf_check(&b, f);
}
