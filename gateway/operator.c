/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/operator.h"

#include "core/message/commitments.h"
#include "core/message/id.h"
#include "core/message/number.h"

#define NONCE_TEXT_MIN 16u
#define NONCE_TEXT_MAX 128u
#define TARGET         "/~meta@1.0/info"

struct message *
operator_notes(const struct desk *desk, struct arena *a)
{
	struct message *m = message_new(a);

	for (size_t i = 0; i < desk->nnotes; i++) {
		const struct note *n = &desk->notes[i];

		message_set(m, bytes_of(n->key, n->nkey),
		    (struct value){ .bytes = bytes_of(n->value, n->nvalue) });
	}
	return desk->nnotes == 0 ? NULL : m;
}

bool
operator_is(const struct inbound *in, const struct message *node)
{
	struct message_id address;
	struct bytes text;
	struct fault ignored;

	return in->committed != NULL &&
	       message_find_bytes(&text, node, "operator") &&
	       message_id_parse(&address, text, &ignored) &&
	       bytes_equal(BYTES_OF(&address), BYTES_OF(&in->signer));
}

static const struct commitment *
signature_of(const struct message *m)
{
	for (size_t i = 0; m != NULL && i < m->ncommitments; i++) {
		if (m->commitments[i].committer.n != 0)
			return &m->commitments[i];
	}
	return NULL;
}

/* A time of the signature, else of a committed key; 0 when there is none. */
static int64_t
time_of(int64_t of_signature, const struct message *m, const char *key)
{
	int64_t number;
	struct bytes text;

	if (of_signature != 0)
		return of_signature;
	if (message_find_integer(&number, m, key))
		return number;
	return message_find_bytes(&text, m, key) &&
		       number_parse_integer(&number, text)
		   ? number
		   : 0;
}

static bool
check_time(int64_t created, int64_t expires, int64_t now, struct fault *f)
{
	if (created <= 0 || expires <= 0)
		return fail(f, FAULT_DENIED, "request.time",
		    "http 25: created and expires have to be signed");
	if (created > now + REQUEST_SKEW)
		return fail(f, FAULT_DENIED, "request.early",
		    "http 25: the request was made in the future");
	if (expires <= now)
		return fail(f, FAULT_DENIED, "request.expired",
		    "http 25: the request has expired");
	if (expires > now + REQUEST_LIFE || expires - created > REQUEST_LIFE)
		return fail(f, FAULT_DENIED, "request.life",
		    "http 25: a request is valid for %d seconds at most",
		    REQUEST_LIFE);
	return true;
}

/* The request has to be meant for this node and this key. */
static bool
check_aim(const struct message *m, const struct message *node, struct fault *f)
{
	struct bytes path, named, address;

	if (!message_find_bytes(&path, m, "path") || !bytes_is(path, TARGET))
		return fail(f, FAULT_DENIED, "request.path",
		    "http 25: path " TARGET " has to be signed");
	if (!message_find_bytes(&named, m, "node") ||
	    !message_find_bytes(&address, node, "address") ||
	    !bytes_equal(named, address))
		return fail(f, FAULT_DENIED, "request.node",
		    "http 25: node, this node's address, has to be signed");
	return true;
}

/* The place for a request that was not seen; old ones give theirs up. */
static bool
take_replay(struct replay **out, struct desk *desk, const struct sha256 *nonce,
    int64_t now, struct fault *f)
{
	*out = NULL;
	for (size_t i = 0; i < REPLAYS_MAX; i++) {
		struct replay *r = &desk->replays[i];

		if (r->expires <= now)
			*out = r;
		else if (bytes_equal(BYTES_OF(&r->nonce), BYTES_OF(nonce)))
			return fail(f, FAULT_STATE, "request.replay",
			    "http 25: this request was carried out");
	}
	return *out != NULL || fail(f, FAULT_BUSY, "request.full",
				   "http 25: too many requests at once");
}

static bool
check_nonce(struct bytes nonce, struct fault *f)
{
	if (nonce.n < NONCE_TEXT_MIN || nonce.n > NONCE_TEXT_MAX)
		return fail(f, FAULT_DENIED, "request.nonce",
		    "http 25: a nonce of %u to %u bytes has to be signed",
		    NONCE_TEXT_MIN, NONCE_TEXT_MAX);
	return true;
}

/* clang-format off */
/* Committed keys that say how a request is meant, and are no notes. */
static const char *const controls[] = {
	"accept", "accept-bundle", "accept-codec", "codec-device",
	"content-type", "created", "data-protocol", "expires", "host", "method",
	"node", "nonce", "path", "require-codec", "signing-format", "type",
	"variant",
};
/* clang-format on */

static bool
is_control(struct bytes key)
{
	for (size_t i = 0; i < sizeof(controls) / sizeof(controls[0]); i++) {
		if (bytes_is(key, controls[i]))
			return true;
	}
	return false;
}

static bool
is_note(const struct pair *p)
{
	struct bytes key = p->key;

	if (p->value.kind != VALUE_BYTES || key.n > NOTE_KEY_MAX ||
	    p->value.bytes.n > NOTE_VALUE_MAX)
		return false;
	for (size_t i = 0; i < key.n; i++) {
		uint8_t c = key.p[i];

		if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') &&
		    c != '-')
			return false;
	}
	for (size_t i = 0; i < p->value.bytes.n; i++) {
		uint8_t c = p->value.bytes.p[i];

		if (c < 0x20 || c > 0x7e)
			return false;
	}
	return true;
}

static bool
check_note(const struct pair *p, const struct message *node, struct fault *f)
{
	if (message_get(node, p->key) != NULL || bytes_is(p->key, "operator") ||
	    bytes_is(p->key, "notes") || bytes_is(p->key, "status"))
		return fail(f, FAULT_INPUT, "notes.measured",
		    "http 26: this key is measured, and permanent");
	if (!is_note(p))
		return fail(f, FAULT_INPUT, "notes.form",
		    "http 26: a note is a short key with a short text");
	return true;
}

/* An empty value takes the note away. */
static bool
put_note(struct desk *desk, const struct pair *p, struct fault *f)
{
	struct bytes value = p->value.bytes;
	size_t at = 0;

	while (at < desk->nnotes &&
	       !bytes_equal(
		   p->key, bytes_of(desk->notes[at].key, desk->notes[at].nkey)))
		at++;
	if (at == desk->nnotes && value.n == 0)
		return true;
	if (at == NOTES_MAX)
		return fail(f, FAULT_LIMIT, "notes.full",
		    "http 26: the node keeps %u notes", NOTES_MAX);
	struct note *note = &desk->notes[at];

	if (value.n == 0) {
		*note = desk->notes[--desk->nnotes];
		return true;
	}
	note->nkey = p->key.n;
	note->nvalue = value.n;
	memcpy(note->key, p->key.p, p->key.n);
	memcpy(note->value, value.p, value.n);
	if (at == desk->nnotes)
		desk->nnotes++;
	return true;
}

static bool
put_notes(struct desk *desk, const struct message *m,
    const struct message *node, struct fault *f)
{
	size_t count = 0;

	for (size_t i = 0; i < m->count; i++) {
		if (is_control(m->pairs[i].key))
			continue;
		if (!check_note(&m->pairs[i], node, f) ||
		    !put_note(desk, &m->pairs[i], f))
			return false;
		count++;
	}
	return count != 0 || fail(f, FAULT_INPUT, "notes.form",
				 "http 26: the request has no notes");
}

bool
operator_change(struct desk *desk, const struct inbound *in,
    const struct message *node, int64_t now, struct fault *f)
{
	static struct desk next;
	const struct message *m = in->committed;
	const struct commitment *c = signature_of(m);
	struct replay *place;
	struct bytes nonce;

	if (c == NULL)
		return fail(f, FAULT_DENIED, "request.unsigned",
		    "http 25: only what the operator signed changes the node");
	if (!operator_is(in, node))
		return fail(f, FAULT_DENIED, "request.operator",
		    "http 25: the signer is not the node's operator");
	int64_t expires = time_of(c->expires, m, "expires");
	int64_t created = time_of(c->created, m, "created");

	if (!check_aim(m, node, f) || !check_time(created, expires, now, f))
		return false;
	/* What was seen before a restart is forgotten. */
	if (created < desk->since)
		return fail(f, FAULT_DENIED, "request.expired",
		    "http 25: the request is older than this gateway");
	nonce = c->nonce;
	if (nonce.n == 0 && !message_find_bytes(&nonce, m, "nonce"))
		nonce = (struct bytes){ 0 };
	if (!check_nonce(nonce, f))
		return false;
	struct sha256 digest = sha256_of(nonce);

	next = *desk;
	if (!take_replay(&place, &next, &digest, now, f))
		return false;
	*place = (struct replay){ digest, expires };
	if (next.changes == NOTES_CHANGES_MAX)
		return fail(f, FAULT_LIMIT, "notes.changes",
		    "http 26: the notes change %u times a boot",
		    NOTES_CHANGES_MAX);
	if (!put_notes(&next, m, node, f))
		return false;
	next.changes++;
	next.changed = true;
	*desk = next;
	return true;
}
