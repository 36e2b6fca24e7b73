/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/evaluate.h"
#include "harness/vectors/classes.h"
#include "harness/vectors/neutral.h"

static struct value
text_value(struct bytes text)
{
	return (struct value){ .kind = VALUE_BYTES, .bytes = text };
}

static struct value steps_value(const struct steps *steps, struct arena *a);

/* A message with {"$resolve": STEPS} where a value is still to come. */
static struct message *
step_message(const struct step *step, struct arena *a)
{
	struct message *m = step->message == NULL
				? message_new(a)
				: message_copy(step->message, a);

	for (const struct step_later *l = step->later; l != NULL; l = l->next) {
		struct message *later = message_new(a);

		message_put(later, BYTES("$resolve"), steps_value(l->steps, a));
		message_put(m, l->key,
		    (struct value){ .kind = VALUE_MESSAGE, .message = later });
	}
	return m;
}

static struct value
step_value(const struct step *step, struct arena *a)
{
	struct value v = { .kind = VALUE_MESSAGE, .message = message_new(a) };

	switch (step->kind) {
	case STEP_ID:
		return text_value(step->name);
	case STEP_AS:
		message_put(v.message, BYTES("as"), text_value(step->name));
		message_set_message(v.message, "msg", step_message(step, a));
		return v;
	case STEP_RESOLVE:
		message_put(
		    v.message, BYTES("resolve"), steps_value(step->inner, a));
		return v;
	case STEP_MESSAGE:
		v.message = step_message(step, a);
		return v;
	}
	return v;
}

/* The depth of sub-paths is the grammar's own bound. */
static struct value
steps_value(const struct steps *steps, struct arena *a)
{
	struct value v = { .kind = VALUE_LIST, .message = message_new(a) };

	for (size_t i = 0; i < steps->n; i++)
		message_append(v.message, step_value(&steps->items[i], a));
	return v;
}

void
paths_check(struct report *r, const struct message *request,
    const struct message *expected)
{
	struct steps steps;
	struct fault f = { 0 };

	if (!report_done(
		r, "path", steps_read(&steps, request, r->arena, &f), &f) ||
	    expected == NULL)
		return;
	struct message *seen = message_new(r->arena);

	message_put(seen, BYTES("steps"), steps_value(&steps, r->arena));
	(void)report_message(r, "steps", expected, seen);
}

void
paths_run(struct report *r, const json_t *one)
{
	const json_t *given = json_object_get(one, "request");
	struct message *request = neutral_message(given, r->arena);
	struct message *all = neutral_message(one, r->arena);
	struct message *expected = message_new(r->arena);
	const struct value *steps = message_get(all, BYTES("steps"));
	struct steps seen;
	struct fault f = { 0 };

	if (steps != NULL) {
		message_put(expected, BYTES("steps"), *steps);
		paths_check(r, request, expected);
		return;
	}
	/* The original looks for a request's devices while it reads the path. */
	(void)report_refused(r, "path",
	    !steps_read(&seen, request, r->arena, &f) ||
		!evaluate_devices(&seen, &f),
	    "a refusal, as the original's");
}
