/* SPDX-License-Identifier: Apache-2.0 */
#include "core/message/hashpath.h"

#include "core/base/cursor.h"
#include "core/message/id.h"

/* What a request says about itself, and not to the base. */
static const char *const meta[] = { "commitments", "hashpath", "path" };
#define META (sizeof(meta) / sizeof(meta[0]))

static bool
malformed(struct fault *f, const char *what)
{
	return fail(f, FAULT_INPUT, "hashpath.form", "message 19: %s", what);
}

static bool
is_meta(struct bytes key)
{
	bool is = bytes_starts(key, BYTES("priv"));

	for (size_t i = 0; i < META; i++)
		is = is || bytes_is(key, meta[i]);
	return is;
}

/* The first step of a path; empty when it has none. */
static struct bytes
first_step(struct bytes path)
{
	size_t from = 0, to;

	while (from < path.n && path.p[from] == '/')
		from++;
	for (to = from; to < path.n && path.p[to] != '/'; to++)
		;
	if (from == to)
		return (struct bytes){ 0 };
	return bytes_of(path.p + from, to - from);
}

/* A request that has a path only is named by that, any other by its id. */
static bool
request_text(struct bytes *out, const struct message *request, struct arena *a,
    struct fault *f)
{
	struct bytes path;
	size_t keys = 0;
	struct message_id id;

	for (size_t i = 0; i < request->count; i++)
		keys += !is_meta(request->pairs[i].key);
	if (keys == 0 && message_find_bytes(&path, request, "path")) {
		*out = first_step(path);
		if (out->n != 0)
			return true;
	}
	if (!message_unsigned_id(&id, request, a, f))
		return false;
	*out = message_id_text(&id, a);
	return true;
}

/* The two steps of a hashpath as the id that stands for both. */
static bool
join(struct message_id *out, struct bytes step, bool add, struct fault *f)
{
	struct message_id right;
	struct fault ignored;
	bool is_id = message_id_parse(&right, step, &ignored);

	if (add) {
		if (!is_id)
			return malformed(f, "a step that is no id to add");
		message_id_add(out, &right);
		return true;
	}
	const struct bytes parts[] = { BYTES_OF(out),
		is_id ? BYTES_OF(&right) : step };

	hash_parts(HASH_SHA256, out->b, parts, 2);
	return true;
}

static bool
algorithm_of(bool *add, const struct message *base, struct fault *f)
{
	const struct value *name = message_get(base, BYTES("hashpath-alg"));

	*add = name != NULL && name->kind == VALUE_BYTES &&
	       bytes_is(name->bytes, "accumulate-256");
	if (name == NULL || *add ||
	    (name->kind == VALUE_BYTES &&
		bytes_is(name->bytes, "sha-256-chain")))
		return true;
	return malformed(f, "an unknown hashpath-alg");
}

/* The id that the next hashpath begins with. */
static bool
base_id(struct message_id *out, const struct hashpath_step *step,
    struct arena *a, struct fault *f)
{
	bool add;

	if (!algorithm_of(&add, step->base, f))
		return false;
	if (step->previous.n == 0)
		return message_unsigned_id(out, step->base, a, f);
	struct bytes left = first_step(step->previous);

	if (left.p != step->previous.p || !message_id_parse(out, left, f))
		return malformed(f, "a hashpath begins with no id");
	if (left.n == step->previous.n)
		return true;
	struct bytes right = bytes_of(
	    step->previous.p + left.n + 1, step->previous.n - left.n - 1);

	if (right.n == 0 || memchr(right.p, '/', right.n) != NULL)
		return malformed(f, "a hashpath has two steps");
	return join(out, right, add, f);
}

bool
hashpath_next(struct bytes *out, const struct hashpath_step *step,
    struct arena *a, struct fault *f)
{
	struct message_id base;
	struct bytes request;

	if (!base_id(&base, step, a, f) ||
	    !request_text(&request, step->request, a, f))
		return false;
	struct bytes id = message_id_text(&base, a);

	*out = arena_print(
	    a, "%.*s/%.*s", (int)id.n, id.p, (int)request.n, request.p);
	return arena_check(a, f);
}
