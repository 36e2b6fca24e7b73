/* SPDX-License-Identifier: Apache-2.0 */
/* ~message@1.0: what any message can be asked, and changed in a copy. */
#include "core/base/cursor.h"
#include "core/message/commit.h"
#include "core/message/id.h"
#include "gateway/devices.h"

static bool
not_found(struct fault *f)
{
	return fail(f, FAULT_NOT_FOUND, "gateway.not-found",
	    "http 21: there is nothing at this path");
}

static bool
is_map(const struct value *v)
{
	return v->kind == VALUE_MESSAGE || v->kind == VALUE_LIST;
}

static void
give_message(struct result *out, struct message *m)
{
	out->value = (struct value){ .kind = VALUE_MESSAGE, .message = m };
}

static bool
look_up(struct result *out, const struct device_call *call, struct bytes key,
    struct fault *f)
{
	const struct value *v =
	    is_map(&call->base) ? message_get(call->base.message, key) : NULL;

	if (v == NULL)
		return not_found(f);
	out->value = *v;
	return true;
}

bool
device_message_key(
    struct result *out, const struct device_call *call, struct fault *f)
{
	return look_up(out, call, call->key, f);
}

bool
device_message_get(
    struct result *out, const struct device_call *call, struct fault *f)
{
	struct bytes key;

	if (!message_find_bytes(&key, call->request, "key"))
		return look_up(out, call, call->key, f);
	return look_up(out, call, key, f);
}

bool
device_message_keys(
    struct result *out, const struct device_call *call, struct fault *f)
{
	struct message *m = message_new(call->arena);

	if (!is_map(&call->base))
		return not_found(f);
	for (size_t i = 0; i < call->base.message->count; i++)
		message_append(
		    m, (struct value){
			   .bytes = call->base.message->pairs[i].key });
	give_message(out, m);
	return true;
}

/* The base as its signers left it: what this node added is not in it. */
static struct message *
base_of(const struct device_call *call)
{
	struct message *m = message_new(call->arena);

	for (size_t i = 0; i < call->base.message->count; i++)
		message_put(m, call->base.message->pairs[i].key,
		    call->base.message->pairs[i].value);
	size_t count = call->base.message->ncommitments;
	struct commitment *copy =
	    arena_alloc(call->arena, count * sizeof(*copy));

	if (count == 0 || copy == NULL)
		return m;
	memcpy(copy, call->base.message->commitments, count * sizeof(*copy));
	m->commitments = copy;
	m->ncommitments = count;
	m->is_list = call->base.message->is_list;
	commit_reduce(m);
	return m;
}

/* The commitments by one address, or by all: what "all" names. */
static void
select_committer(struct message *m, struct bytes committer)
{
	size_t kept = 0;

	for (size_t i = 0; i < m->ncommitments; i++) {
		struct bytes by = m->commitments[i].committer;

		if (by.n != 0 &&
		    (bytes_is(committer, "all") || bytes_equal(by, committer)))
			m->commitments[kept++] = m->commitments[i];
	}
	m->ncommitments = kept;
}

/* The unsigned id, unless the request names who committed. */
bool
device_message_id(
    struct result *out, const struct device_call *call, struct fault *f)
{
	struct bytes committers = BYTES("none");
	struct message_id id;
	struct message *m;

	if (!is_map(&call->base))
		return not_found(f);
	m = base_of(call);
	bool none =
	    !message_find_bytes(&committers, call->request, "committers") ||
	    bytes_is(committers, "none");

	if (!none)
		select_committer(m, committers);
	if (!none && m->ncommitments == 0)
		return not_found(f);
	bool good = none ? message_unsigned_id(&id, m, call->arena, f)
			 : message_id(&id, m, call->arena, f);

	if (!good)
		return false;
	out->value =
	    (struct value){ .bytes = message_id_text(&id, call->arena) };
	return true;
}

bool
device_message_committed(
    struct result *out, const struct device_call *call, struct fault *f)
{
	struct message *list = message_new(call->arena);

	if (!is_map(&call->base))
		return not_found(f);
	const struct message *m = base_of(call);

	for (size_t i = 0; m->ncommitments != 0 && i < m->count; i++)
		message_append(
		    list, (struct value){ .bytes = m->pairs[i].key });
	give_message(out, list);
	return true;
}

bool
device_message_committers(
    struct result *out, const struct device_call *call, struct fault *f)
{
	struct message *list = message_new(call->arena);

	if (!is_map(&call->base))
		return not_found(f);
	const struct message *m = call->base.message;

	for (size_t i = 0; i < m->ncommitments; i++) {
		if (m->commitments[i].committer.n != 0)
			message_append(
			    list, (struct value){
				      .bytes = m->commitments[i].committer });
	}
	give_message(out, list);
	return true;
}

bool
device_message_verify(
    struct result *out, const struct device_call *call, struct fault *f)
{
	struct message_id signer;
	struct fault why;

	if (!is_map(&call->base))
		return not_found(f);
	bool good = commit_verify(&signer, base_of(call), call->arena, &why);

	out->value = (struct value){ .kind = VALUE_ATOM,
		.bytes = good ? BYTES("true") : BYTES("false") };
	return true;
}

/* Keys of a request that say where it goes, and are not set. */
static bool
is_aim(struct bytes key)
{
	return bytes_is(key, "path") || bytes_is(key, "set-mode") ||
	       bytes_is(key, "method");
}

static struct message *merged(const struct message *base,
    const struct message *over, bool deep, struct arena *a);

static struct value
merge_value(const struct value *old, struct value v, bool deep, struct arena *a)
{
	if (deep && old != NULL && old->kind == VALUE_MESSAGE &&
	    v.kind == VALUE_MESSAGE)
		v.message = merged(old->message, v.message, deep, a);
	return v;
}

/* Depth is that of the request's own levels, which its codec bounds. */
static struct message *
merged(const struct message *base, const struct message *over, bool deep,
    struct arena *a)
{
	struct message *m = message_new(a);

	for (size_t i = 0; i < base->count; i++) {
		const struct value *v = message_get(over, base->pairs[i].key);

		/* The atom unset takes a key away. */
		if (v == NULL || v->kind != VALUE_ATOM ||
		    !bytes_is(v->bytes, "unset"))
			message_put(
			    m, base->pairs[i].key, base->pairs[i].value);
	}
	for (size_t i = 0; i < over->count; i++) {
		const struct pair *p = &over->pairs[i];

		if (p->value.kind == VALUE_ATOM &&
		    bytes_is(p->value.bytes, "unset"))
			continue;
		message_put(m, p->key,
		    merge_value(message_get(m, p->key), p->value, deep, a));
	}
	return m;
}

bool
device_message_set(
    struct result *out, const struct device_call *call, struct fault *f)
{
	struct message *over = message_new(call->arena);
	struct bytes mode = { 0 };

	if (call->base.kind != VALUE_MESSAGE)
		return not_found(f);
	for (size_t i = 0; i < call->request->count; i++) {
		const struct pair *p = &call->request->pairs[i];

		if (!is_aim(p->key))
			message_put(over, p->key, p->value);
	}
	(void)message_find_bytes(&mode, call->request, "set-mode");
	give_message(out, merged(call->base.message, over,
			      !bytes_is(mode, "explicit"), call->arena));
	return true;
}

static bool
is_in_list(const struct message *list, struct bytes key)
{
	for (size_t i = 0; i < list->count; i++) {
		const struct value *v = &list->pairs[i].value;

		if (v->kind == VALUE_BYTES && bytes_equal(v->bytes, key))
			return true;
	}
	return false;
}

static bool
is_in_text(struct bytes text, struct bytes key)
{
	for (struct cursor c = cursor_over(text); c.left > 0;) {
		if (bytes_equal(cursor_part(&c, ','), key))
			return true;
	}
	return false;
}

/* Whether key is the item, or one of the items, a list or "a,b". */
static bool
is_item(const struct message *request, struct bytes key)
{
	const struct message *list;
	struct bytes text;

	if (message_find_bytes(&text, request, "item"))
		return bytes_equal(text, key);
	if (message_find_list(&list, request, "items"))
		return is_in_list(list, key);
	return message_find_bytes(&text, request, "items") &&
	       is_in_text(text, key);
}

bool
device_message_remove(
    struct result *out, const struct device_call *call, struct fault *f)
{
	struct message *m = message_new(call->arena);

	if (call->base.kind != VALUE_MESSAGE)
		return not_found(f);
	for (size_t i = 0; i < call->base.message->count; i++) {
		const struct pair *p = &call->base.message->pairs[i];

		if (!is_item(call->request, p->key))
			message_put(m, p->key, p->value);
	}
	give_message(out, m);
	return true;
}

bool
device_message_commit(
    struct result *out, const struct device_call *call, struct fault *f)
{
	(void)out;
	(void)call;
	return fail(f, FAULT_DENIED, "gateway.commit",
	    "http 23: the node commits to nothing that a stranger says");
}
