/* SPDX-License-Identifier: Apache-2.0 */
/* Envelopes: body, evidence and recipient under one binding, signed. */
#include "core/message/commit.h"
#include "core/message/id.h"
#include "core/message/pack.h"
#include "services/measurement/measurement.h"

#include <time.h>

#define QUALIFYING_SIZE 32u

/* The ids are known, so the binding costs no walk over the body. */
static struct binding
make_binding(const struct measurement *m, struct bytes purpose,
    struct bytes nonce, const struct message_id *state)
{
	return (struct binding){
		.subject = m->subject_id,
		.recipient = m->recipient_id,
		.state = *state,
		.purpose = purpose,
		.nonce = nonce,
		.device = BYTES(MEASUREMENT_DEVICE),
	};
}

/* Replaces the link under key by the level that it names. */
static bool
add_packed(struct message *envelope, const char *key, struct bytes packed,
    struct fault *f)
{
	struct message *child;

	if (!message_unpack(&child, packed, envelope->arena, f))
		return false;
	message_set_message(envelope, key, child);
	return true;
}

/* Commitments are over links: signed with these in place of levels, whose ids
 * are known, an envelope costs nobody a walk over all of them. */
static bool
sign(struct measurement *m, struct message *envelope, struct fault *f)
{
	struct arena *a = envelope->arena;
	struct bytes packed, signature;

	return message_pack(&packed, envelope, a, f) &&
	       m->up.sign(m->up.with, packed, &signature, a, f) &&
	       commit_attach(envelope, bytes_of(m->modulus, sizeof(m->modulus)),
		   signature, f);
}

static bool
quote(struct bytes *evidence, struct measurement *m, struct bytes qualifying,
    struct arena *a, struct fault *f)
{
	const struct upstream *up = &m->up;

	return up->quote(up->with, qualifying, evidence, a, f) ||
	       (body_resume(m, a, f) &&
		   up->quote(up->with, qualifying, evidence, a, f));
}

static bool
add_evidence(struct message **evidence, struct measurement *m,
    const struct binding *b, struct message *envelope, struct fault *f)
{
	struct arena *a = envelope->arena;
	struct sha512 value = binding_value(b);
	struct bytes packed;
	struct message_id id;

	if (!quote(&packed, m, bytes_of(value.b, QUALIFYING_SIZE), a, f) ||
	    !message_unpack(evidence, packed, a, f) ||
	    !message_unsigned_id(&id, *evidence, a, f))
		return false;
	message_set_link(envelope, "evidence", &id);
	return true;
}

static bool
finish(struct bytes *out, struct measurement *m, const struct binding *b,
    struct message *envelope, struct fault *f)
{
	struct message *evidence;

	if (!add_evidence(&evidence, m, b, envelope, f) ||
	    !add_packed(envelope, "body", m->signed_body, f))
		return false;
	message_set_link(envelope, "secret-recipient", &b->recipient);
	message_set_text(envelope, "type", "lapee-measurement");
	message_set_text(envelope, "version", "2.0");
	message_set_integer(envelope, "issued-at-unix", (int64_t)time(NULL));
	message_set_bytes(envelope, "purpose", b->purpose);
	message_set_base64(envelope, "nonce", b->nonce);
	message_set_bytes(envelope, "measurement-device", b->device);
	if (!sign(m, envelope, f) ||
	    !add_packed(envelope, "body", m->body, f) ||
	    !add_packed(envelope, "secret-recipient", m->recipient, f))
		return false;
	message_set_message(envelope, "evidence", evidence);
	return message_pack(out, envelope, envelope->arena, f);
}

static bool
make_boot(struct measurement *m, struct arena *a, struct fault *f)
{
	static const struct message_id none;
	struct binding b =
	    make_binding(m, BYTES("boot"), BYTES(BINDING_BOOT_NONCE), &none);
	struct bytes packed;

	if (!finish(&packed, m, &b, message_new(a), f))
		return false;
	m->boot = arena_copy(&m->kept, packed);
	return arena_check(&m->kept, f);
}

bool
envelope_boot(
    struct bytes *out, struct measurement *m, struct arena *a, struct fault *f)
{
	if (!body_prepare(m, a, f))
		return false;
	(void)pthread_mutex_lock(&m->lock);
	if (!m->booted)
		m->booted = make_boot(m, a, f);
	bool ok = m->booted;

	(void)pthread_mutex_unlock(&m->lock);
	*out = ok ? m->boot : (struct bytes){ 0 };
	return ok;
}

static bool
add_state(struct message_id *id, struct measurement *m,
    struct message *envelope, struct fault *f)
{
	struct machine_state now;
	struct message *state = message_new(envelope->arena);

	if (!m->up.state(m->up.with, &now, envelope->arena, f) ||
	    !add_packed(state, "restarts", now.restarts, f))
		return false;
	message_set_integer(state, "uptime", (int64_t)now.uptime);
	message_set_integer(state, "tpm-reset-count", (int64_t)now.reset_count);
	message_set_integer(
	    state, "tpm-restart-count", (int64_t)now.restart_count);
	(void)message_list(state, "zones");
	message_set_message(envelope, "state", state);
	return message_unsigned_id(id, state, envelope->arena, f);
}

bool
envelope_fresh(struct bytes *out, struct measurement *m, struct bytes nonce,
    struct arena *a, struct fault *f)
{
	struct message_id state;

	if (!body_prepare(m, a, f))
		return false;
	struct message *envelope = message_new(a);

	if (!add_state(&state, m, envelope, f))
		return false;
	struct binding b = make_binding(m, BYTES("fresh"), nonce, &state);

	return finish(out, m, &b, envelope, f);
}
