/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/evaluate.h"

#include "core/message/number.h"
#include "core/message/pack.h"
#include "gateway/respond.h"

#include <strings.h>

#define CALLS_MAX 128u /* of one request, sub-paths included */
#define LINKS_MAX 8u   /* that lead from one to the next */

/* Where the fold stands. */
struct fold {
	struct evaluation *at;
	struct fault *fault;
	unsigned calls;
};

struct point {
	struct result result;
	struct bytes device;
};

static bool fold_steps(
    struct point *out, const struct steps *steps, struct fold *fold);

static bool
not_found(struct fault *f)
{
	return fail(f, FAULT_NOT_FOUND, "gateway.not-found",
	    "http 21: there is nothing at this path");
}

bool
evaluate_page(struct message **out, struct evaluation *e, enum page_name name,
    struct fault *f)
{
	const struct page *page = &e->pages[name];
	struct message *m;

	if (page->packed.n == 0) {
		e->missing = true;
		e->wanted = name;
		return fail(f, FAULT_BUSY, "gateway.busy",
		    "http 21: a service has not answered yet");
	}
	if (!message_unpack(&m, page->packed, e->arena, f))
		return false;
	*out = m;
	if (name == PAGE_BOOT)
		return true;
	*out = message_new(e->arena);
	for (size_t i = 0; i < m->count; i++) {
		if (!bytes_is(m->pairs[i].key, "status"))
			message_put(*out, m->pairs[i].key, m->pairs[i].value);
	}
	return true;
}

static bool
unknown_device(struct fault *f)
{
	return fail(f, FAULT_NOT_FOUND, "gateway.unknown-device",
	    "http 7: the node has no such device");
}

/* What a link means, if the node published it. */
static bool
follow(struct result *result, struct fold *fold)
{
	for (unsigned i = 0; result->value.kind == VALUE_LINK; i++) {
		struct bytes id = result->value.bytes;

		if (i == LINKS_MAX)
			return fail(fold->fault, FAULT_LIMIT, "gateway.path",
			    "http 24: over %u links in a row", LINKS_MAX);
		if (!store_find(&result->value, fold->at->store, id,
			fold->at->arena, fold->fault))
			return false;
	}
	return true;
}

/* The step's keys, those of sub-paths included. */
static bool
complete(struct message **out, const struct step *step, struct fold *fold)
{
	struct message *m = message_new(fold->at->arena);

	for (size_t i = 0; i < step->message->count; i++)
		message_put(m, step->message->pairs[i].key,
		    step->message->pairs[i].value);
	for (const struct step_later *l = step->later; l != NULL; l = l->next) {
		struct point p;

		if (!fold_steps(&p, l->steps, fold))
			return false;
		message_put(m, l->key, p.result.value);
	}
	*out = m;
	return true;
}

static struct message *
without_path(const struct message *m, struct arena *a)
{
	struct message *out = message_new(a);

	for (size_t i = 0; i < m->count; i++) {
		if (!bytes_is(m->pairs[i].key, "path"))
			message_put(out, m->pairs[i].key, m->pairs[i].value);
	}
	return out;
}

static const char *
takes(uint32_t verbs)
{
	if ((verbs & VERB_POST) == 0)
		return "GET and HEAD";
	return verbs == VERB_POST ? "POST" : "GET, HEAD and POST";
}

/* The value under one key of what stands at the point. */
static bool
call(struct point *point, struct bytes key, const struct message *request,
    struct fold *fold)
{
	const struct device_key *row;

	if (!follow(&point->result, fold))
		return false;
	struct device_call one = { fold->at, point->result.value, request, key,
		fold->at->arena };

	if (fold->calls++ >= CALLS_MAX)
		return fail(fold->fault, FAULT_LIMIT, "gateway.path",
		    "http 21: over %u steps in all", CALLS_MAX);
	if (!device_find(&row, point->device, key, fold->fault))
		return false;
	if ((row->verbs & fold->at->verb) == 0)
		return fail(fold->fault, FAULT_INPUT, "gateway.method",
		    "http 7: this key takes %s", takes(row->verbs));
	point->result = (struct result){ 0 };
	point->device = BYTES("message@1.0");
	return row->answer(&point->result, &one, fold->fault);
}

/* A base of the request's own: with the commitments that it came with, so
 * that they can be asked for. */
static bool
begin(struct point *out, const struct step *step, struct fold *fold)
{
	struct message *all, *base;
	struct bytes device;

	if (!complete(&all, step, fold))
		return false;
	base = without_path(all, fold->at->arena);
	out->device = BYTES("message@1.0");
	if (message_find_bytes(&device, base, "device"))
		out->device = device;
	if (step->kind == STEP_AS) {
		out->device = step->name;
		message_set_bytes(base, "device", step->name);
	}
	if (!device_exists(out->device))
		return unknown_device(fold->fault);
	base->commitments = fold->at->in->message->commitments;
	base->ncommitments = fold->at->in->message->ncommitments;
	out->result.value =
	    (struct value){ .kind = VALUE_MESSAGE, .message = base };
	return true;
}

static bool
take_key(struct bytes *key, const struct step *step, struct fold *fold)
{
	struct point p;

	*key = step->name;
	if (step->kind == STEP_ID)
		return true;
	if (step->kind != STEP_RESOLVE)
		return message_find_bytes(key, step->message, "path") ||
		       not_found(fold->fault);
	if (!fold_steps(&p, step->inner, fold))
		return false;
	*key = p.result.value.bytes;
	return p.result.value.kind == VALUE_BYTES || not_found(fold->fault);
}

/* A step behind the base. */
static bool
advance(struct point *point, const struct step *step, struct fold *fold)
{
	struct message *request = message_new(fold->at->arena);
	struct bytes key;

	if (step->message != NULL && !complete(&request, step, fold))
		return false;
	if (step->kind == STEP_AS) {
		if (!device_exists(step->name))
			return unknown_device(fold->fault);
		point->device = step->name;
		if (message_get(step->message, BYTES("path")) == NULL)
			return true;
	}
	return take_key(&key, step, fold) && call(point, key, request, fold);
}

static bool
first(struct point *out, const struct step *step, struct fold *fold)
{
	struct fault *f = fold->fault;
	struct bytes key;

	*out = (struct point){ .device = BYTES("message@1.0") };
	switch (step->kind) {
	case STEP_RESOLVE:
		return fold_steps(out, step->inner, fold);
	case STEP_ID:
		if (!store_find(&out->result.value, fold->at->store, step->name,
			fold->at->arena, f))
			return false;
		out->result.is_stored = true;
		return true;
	case STEP_MESSAGE:
	case STEP_AS:
		break;
	}
	if (!begin(out, step, fold))
		return false;
	/* key~device as the first segment: a key of an empty message. */
	return !message_find_bytes(&key, step->message, "path") ||
	       call(out, key, step->message, fold);
}

static bool
fold_steps(struct point *out, const struct steps *steps, struct fold *fold)
{
	if (steps->n == 0)
		return fail(fold->fault, FAULT_NOT_FOUND, "gateway.not-found",
		    "http 21: the path is empty");
	if (!first(out, &steps->items[0], fold))
		return false;
	for (size_t i = 1; i < steps->n; i++) {
		if (!advance(out, &steps->items[i], fold))
			return false;
	}
	return true;
}

/* clang-format off */
static const struct {
	const char *name;
	unsigned status;
} names[] = {
	{ "ok",           200 },
	{ "created",      201 },
	{ "error",        400 },
	{ "unauthorized", 401 },
	{ "forbidden",    403 },
	{ "not_found",    404 },
	{ "failure",      500 },
	{ "unavailable",  503 },
};
/* clang-format on */

/* The status that a message says, or 0. */
static int64_t
status_of(const struct message *m)
{
	const struct value *v = message_get(m, BYTES("status"));
	int64_t number;

	if (v == NULL)
		return 200;
	if (v->kind == VALUE_INTEGER)
		return v->integer;
	if (v->kind != VALUE_BYTES && v->kind != VALUE_ATOM)
		return 0;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (bytes_is(v->bytes, names[i].name))
			return names[i].status;
	}
	return number_parse_integer(&number, v->bytes) ? number : 0;
}

static bool
is_multipart(struct bytes type)
{
	return type.n >= 9 &&
	       strncasecmp((const char *)type.p, "multipart", 9) == 0;
}

/*
 * What a stranger's request can make the node sign must read as it was meant:
 * no key that HTTP or the codec gives a meaning of its own (a body of several
 * parts would hold keys that the keyring never saw).
 */
static bool
check_keys(const struct message *m, struct fault *f)
{
	for (size_t i = 0; i < m->count; i++) {
		const struct pair *p = &m->pairs[i];

		if (respond_is_reserved(p->key))
			return fail(f, FAULT_INPUT, "gateway.header",
			    "http 22: a key of the result belongs to HTTP");
		if (p->key.n == 12 &&
		    strncasecmp((const char *)p->key.p, "content-type", 12) ==
			0 &&
		    (p->value.kind != VALUE_BYTES ||
			is_multipart(p->value.bytes)))
			return fail(f, FAULT_INPUT, "gateway.header",
			    "http 22: a result is no body of several parts");
	}
	return true;
}

/* The answer's message: the result's keys, without its commitments, and a
 * status. */
static bool
finish(struct result *out, unsigned *status, struct arena *a, struct fault *f)
{
	struct value v = out->value;
	struct message *m = message_new(a);

	if (v.kind == VALUE_MESSAGE || v.kind == VALUE_LIST) {
		for (size_t i = 0; i < v.message->count; i++)
			message_put(m, v.message->pairs[i].key,
			    v.message->pairs[i].value);
	} else {
		message_set_text(m, "ao-result", "body");
		message_put(m, BYTES("body"), v);
	}
	int64_t said = status_of(m);

	if (!check_keys(m, f))
		return false;
	if (said <= 0 || said > 999 || !respond_may_say((unsigned)said))
		return fail(f, FAULT_INPUT, "gateway.status",
		    "http 22: no answer of ours has this status");
	*status = (unsigned)said;
	message_set_integer(m, "status", said);
	out->value = (struct value){ .kind = VALUE_MESSAGE, .message = m };
	return arena_check(a, f);
}

static bool
knows_device(const struct message *m, struct fault *f)
{
	const struct value *v =
	    m == NULL ? NULL : message_get(m, BYTES("device"));

	return v == NULL ||
	       (v->kind == VALUE_BYTES && device_exists(v->bytes)) ||
	       unknown_device(f);
}

/* Depth is that of sub-paths, which the grammar bounds. */
bool
evaluate_devices(const struct steps *steps, struct fault *f)
{
	for (size_t i = 0; i < steps->n; i++) {
		const struct step *step = &steps->items[i];

		if (!knows_device(step->message, f) ||
		    (step->inner != NULL && !evaluate_devices(step->inner, f)))
			return false;
		for (const struct step_later *l = step->later; l != NULL;
		    l = l->next) {
			if (!evaluate_devices(l->steps, f))
				return false;
		}
	}
	return true;
}

bool
evaluate(
    struct result *out, unsigned *status, struct evaluation *e, struct fault *f)
{
	struct fold fold = { .at = e, .fault = f };
	struct steps steps;
	struct point point;

	e->missing = false;
	*status = 200;
	if (!steps_read(&steps, e->in->message, e->arena, f))
		return false;
	if (steps.n == 0 && (e->verb & (VERB_GET | VERB_HEAD)) == 0)
		return fail(f, FAULT_INPUT, "gateway.method",
		    "http 7: this path takes GET and HEAD");
	if (!evaluate_devices(&steps, f) ||
	    !fold_steps(&point, &steps, &fold) || !follow(&point.result, &fold))
		return false;
	*out = point.result;
	return out->is_stored || finish(out, status, e->arena, f);
}
