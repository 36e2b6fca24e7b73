/* SPDX-License-Identifier: Apache-2.0 */
/* Paths as steps: within their bounds, and what can be printed plainly is
 * read as the same again. */
#include "core/base/buf.h"
#include "gateway/steps.h"

#include <assert.h>
#include <stdlib.h>

#define ARENA_SIZE (32u << 20)
#define PATH_SIZE  4096u

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool
is_plain(struct bytes text)
{
	for (size_t i = 0; i < text.n; i++) {
		uint8_t c = text.p[i];

		if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') &&
		    c != '-' && c != '@')
			return false;
	}
	return text.n > 0;
}

/* Whether quotes hold it, and percent-decoding leaves it. */
static bool
is_quotable(struct bytes text)
{
	for (size_t i = 0; i < text.n; i++) {
		uint8_t c = text.p[i];

		if (c < 0x20 || c == 0x7f || c == '"' || c == '%')
			return false;
	}
	return true;
}

static bool
print_key(struct buf *b, const struct pair *p)
{
	const struct value *v = &p->value;

	if (!is_plain(p->key))
		return false;
	buf_text(b, "&");
	buf_put(b, p->key);
	if (v->kind == VALUE_INTEGER) {
		buf_print(b, "+integer=%lld", (long long)v->integer);
		return true;
	}
	if ((v->kind != VALUE_BYTES && v->kind != VALUE_ATOM) ||
	    !is_quotable(v->bytes))
		return false;
	buf_text(b, v->kind == VALUE_ATOM ? "+atom=\"" : "=\"");
	buf_put(b, v->bytes);
	buf_text(b, "\"");
	return true;
}

/* False when the step has no plain form. */
static bool
print_step(struct buf *b, const struct step *step)
{
	size_t start = b->used;
	struct bytes key = { 0 };

	buf_text(b, "/");
	if (step->kind == STEP_ID) {
		buf_put(b, step->name);
		return true;
	}
	if (step->kind == STEP_RESOLVE || step->later != NULL)
		return false;
	bool keyed = message_find_bytes(&key, step->message, "path");

	if ((keyed && !is_plain(key)) || steps_is_id(key))
		return false;
	buf_put(b, key);
	if (step->kind == STEP_AS) {
		if (!is_plain(step->name))
			return false;
		buf_text(b, "~");
		buf_put(b, step->name);
	} else if (!keyed) {
		return false;
	}
	for (size_t i = 0; i < step->message->count; i++) {
		const struct pair *p = &step->message->pairs[i];

		if (!bytes_is(p->key, "path") && !print_key(b, p))
			return false;
	}
	return !b->full && b->used - start - 1 <= STEPS_SEGMENT_MAX &&
	       !steps_is_id(bytes_of(b->p + start + 1, b->used - start - 1));
}

static void
check_bounds(const struct steps *steps, unsigned depth)
{
	assert(steps->n <= STEPS_MAX && depth <= STEPS_NESTING);
	for (size_t i = 0; i < steps->n; i++) {
		const struct step *step = &steps->items[i];

		assert((step->inner != NULL) == (step->kind == STEP_RESOLVE));
		assert((step->message == NULL) ==
		       (step->kind == STEP_ID || step->kind == STEP_RESOLVE));
		if (step->inner != NULL)
			check_bounds(step->inner, depth + 1);
		for (const struct step_later *l = step->later; l != NULL;
		    l = l->next) {
			assert(step->message != NULL &&
			       message_get(step->message, l->key) == NULL);
			check_bounds(l->steps, depth + 1);
		}
	}
}

/* Steps behind the base, printed and read again. */
static void
check_print(const struct steps *steps, struct arena *a)
{
	struct message *request = message_new(a);
	struct buf b = buf_in(a, PATH_SIZE);
	struct steps again;
	struct fault f;

	for (size_t i = 1; i < steps->n; i++) {
		if (!print_step(&b, &steps->items[i]))
			return;
	}
	if (steps->n < 2 || steps->items[1].kind != STEP_MESSAGE)
		return;
	message_put(
	    request, BYTES("path"), (struct value){ .bytes = buf_bytes(&b) });
	assert(steps_read(&again, request, a, &f));
	assert(again.n == steps->n);
	for (size_t i = 1; i < steps->n; i++) {
		const struct step *x = &steps->items[i], *y = &again.items[i];

		assert(x->kind == y->kind && bytes_equal(x->name, y->name));
		assert(x->message == NULL ||
		       message_equal(x->message, y->message));
	}
}

/* "KEY: VALUE" lines before an empty one are headers, the rest is the path. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint8_t block[ARENA_SIZE];
	const uint8_t *line = size == 0 ? NULL : memchr(data, '\n', size);
	size_t n = line == NULL ? 0 : (size_t)(line - data);
	const uint8_t *colon = n == 0 ? NULL : memchr(data, ':', n);
	struct message *request;
	struct steps steps;
	struct fault f;
	struct arena a;

	arena_init(&a, block, sizeof(block));
	request = message_new(&a);
	if (colon != NULL && colon != data && colon - data < MESSAGE_KEY_MAX) {
		message_put(request, bytes_of(data, (size_t)(colon - data)),
		    (struct value){ .bytes = bytes_of(colon + 1,
					(size_t)(line - colon - 1)) });
		data = line + 1;
		size -= n + 1;
	}
	message_put(request, BYTES("path"),
	    (struct value){ .bytes = bytes_of(data, size) });
	if (steps_read(&steps, request, &a, &f)) {
		check_bounds(&steps, 0);
		check_print(&steps, &a);
	}
	arena_reset(&a);
	return 0;
}
