/* SPDX-License-Identifier: Apache-2.0 */
#include "harness/vectors/report.h"

#include <stdio.h>

#include "core/base/buf.h"
#include "core/message/structured.h"

#define SHOWN_MAX 160u

static void
put_shown(struct buf *b, struct bytes text)
{
	for (size_t i = 0; i < text.n && i < SHOWN_MAX; i++) {
		if (text.p[i] < 0x20 || text.p[i] > 0x7e)
			buf_print(b, "\\x%02x", text.p[i]);
		else
			buf_u8(b, text.p[i]);
	}
	if (text.n > SHOWN_MAX)
		buf_print(b, "... (%zu bytes)", text.n);
}

static bool
count(struct report *r, bool ok, const char *aspect, struct bytes expected,
    struct bytes seen)
{
	uint8_t block[2048];
	struct buf b = buf_over(block, sizeof(block) - 1);

	if (ok) {
		r->passed++;
		return true;
	}
	r->failed++;
	if (r->quiet)
		return false;
	buf_print(&b, "%s: %s: %s: expected ", r->file, r->name, aspect);
	put_shown(&b, expected);
	buf_text(&b, ", seen ");
	put_shown(&b, seen);
	(void)printf("%.*s\n", (int)b.used, block);
	return false;
}

bool
report_check(
    struct report *r, const char *aspect, bool ok, const char *expected)
{
	return count(
	    r, ok, aspect, bytes_text(expected), BYTES("something else"));
}

bool
report_text(struct report *r, const char *aspect, struct bytes expected,
    struct bytes seen)
{
	return count(r, bytes_equal(expected, seen), aspect, expected, seen);
}

bool
report_done(
    struct report *r, const char *aspect, bool ok, const struct fault *f)
{
	return count(r, ok, aspect, BYTES("success"), bytes_text(f->why));
}

bool
report_refused(
    struct report *r, const char *aspect, bool refused, const char *expected)
{
	return count(
	    r, refused, aspect, bytes_text(expected), BYTES("accepted"));
}

static bool
is_level(const struct value *v)
{
	return v->kind == VALUE_LIST || v->kind == VALUE_MESSAGE;
}

/* The first key, in byte order, that one has or that differs. */
static bool
differs(const struct pair **x, const struct pair **y,
    const struct message *expected, const struct message *seen)
{
	for (size_t i = 0; i < expected->count || i < seen->count; i++) {
		struct message a = *expected, b = *seen;

		*x = i < a.count ? &a.pairs[i] : NULL;
		*y = i < b.count ? &b.pairs[i] : NULL;
		if (*x == NULL || *y == NULL)
			return true;
		a.pairs += i;
		b.pairs += i;
		a.count = 1;
		b.count = 1;
		if (!message_equal(&a, &b))
			return true;
	}
	return false;
}

static struct bytes
shown(const struct pair *p, struct arena *a)
{
	static const char *const kinds[] = { "bytes", "integer", "float",
		"atom", "list", "message", "link" };

	if (p == NULL)
		return BYTES("no such key");
	struct bytes text = structured_text(&p->value, a);

	return arena_print(a, "%.*s = %s %.*s", (int)p->key.n, p->key.p,
	    kinds[p->value.kind], (int)text.n, text.p);
}

bool
report_message(struct report *r, const char *aspect,
    const struct message *expected, const struct message *seen)
{
	const struct pair *x = NULL, *y = NULL;

	while (differs(&x, &y, expected, seen)) {
		if (x == NULL || y == NULL || !is_level(&x->value) ||
		    x->value.kind != y->value.kind ||
		    !bytes_equal(x->key, y->key))
			return count(r, false, aspect, shown(x, r->arena),
			    shown(y, r->arena));
		expected = x->value.message;
		seen = y->value.message;
	}
	return count(r, true, aspect, (struct bytes){ 0 }, (struct bytes){ 0 });
}
