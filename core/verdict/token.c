/* SPDX-License-Identifier: Apache-2.0 */
#include "core/verdict/token.h"

#include <assert.h>

#include "core/base/buf.h"
#include "core/base/cursor.h"
#include "core/message/id.h"

#define VERSION   1u
#define WORD      "accepted"
#define WORD_SIZE (sizeof(WORD) - 1)
#define MAC_SIZE  sizeof(struct sha256)
#define FORM_SIZE (TOKEN_SIZE - MAC_SIZE)

static const char label[] = "permawebos-verdict-token-v1";
static const char terms_label[] = "permawebos-verdict-terms-v1";

static_assert(
    FORM_SIZE == 1 + WORD_SIZE +
		     (2 + TOKEN_EVIDENCE_MAX) * sizeof(struct message_id) +
		     sizeof(struct sha256) + sizeof(uint64_t),
    "the form is as long as its parts");

struct sha256
token_terms(const struct bytes *said, size_t n)
{
	struct sha256 each[TOKEN_TERMS_MAX], out;
	struct bytes parts[1 + TOKEN_TERMS_MAX] = { bytes_of(
	    terms_label, sizeof(terms_label)) };

	assert(n <= TOKEN_TERMS_MAX);
	for (size_t i = 0; i < n; i++) {
		each[i] = sha256_of(said[i]);
		parts[1 + i] = BYTES_OF(&each[i]);
	}
	hash_parts(HASH_SHA256, out.b, parts, 1 + n);
	return out;
}

static struct sha256
mac_of(const uint8_t *key, const uint8_t *form)
{
	uint8_t block[sizeof(label) + FORM_SIZE];

	memcpy(block, label, sizeof(label));
	memcpy(block + sizeof(label), form, FORM_SIZE);
	return hmac_sha256(
	    bytes_of(key, TOKEN_KEY_SIZE), bytes_of(block, sizeof(block)));
}

void
token_make(uint8_t out[static TOKEN_SIZE],
    const uint8_t key[static TOKEN_KEY_SIZE], const struct token_claim *claim)
{
	struct buf b = buf_over(out, TOKEN_SIZE);

	buf_u8(&b, VERSION);
	buf_text(&b, WORD);
	buf_put(&b, BYTES_OF(&claim->recipient));
	buf_put(&b, BYTES_OF(&claim->template));
	for (size_t i = 0; i < TOKEN_EVIDENCE_MAX; i++)
		buf_put(&b, BYTES_OF(&claim->evidence[i]));
	buf_put(&b, BYTES_OF(&claim->terms));
	buf_be64(&b, (uint64_t)claim->expires);
	struct sha256 mac = mac_of(key, out);

	buf_put(&b, BYTES_OF(&mac));
	assert(!b.full && b.used == TOKEN_SIZE);
}

static void
take_32(uint8_t out[static 32], struct cursor *c)
{
	struct bytes raw = cursor_take(c, 32);

	if (raw.n == 32)
		memcpy(out, raw.p, 32);
}

static void
read_form(struct token_claim *out, struct cursor *c)
{
	take_32(out->recipient.b, c);
	take_32(out->template.b, c);
	for (size_t i = 0; i < TOKEN_EVIDENCE_MAX; i++)
		take_32(out->evidence[i].b, c);
	take_32(out->terms.b, c);
	out->expires = (int64_t)cursor_be64(c);
}

/* Nothing of a token is looked at before its MAC is known to be ours. */
bool
token_read(struct token_claim *out, struct bytes token,
    const uint8_t key[static TOKEN_KEY_SIZE], int64_t now, struct fault *f)
{
	struct token_claim claim = { 0 };
	struct cursor c = cursor_over(token);

	if (token.n != TOKEN_SIZE || cursor_u8(&c) != VERSION ||
	    !bytes_is(cursor_take(&c, WORD_SIZE), WORD))
		return fail(f, FAULT_INPUT, "token.form",
		    "verdict 10: not a verdict token of this version");
	struct sha256 mac = mac_of(key, token.p);

	if (!bytes_equal_secret(
		BYTES_OF(&mac), bytes_of(token.p + FORM_SIZE, MAC_SIZE)))
		return fail(f, FAULT_VERIFY, "token.mac",
		    "verdict 10: this boot's verifier did not make it");
	read_form(&claim, &c);
	if (now >= claim.expires || now < claim.expires - TOKEN_LIFETIME)
		return fail(f, FAULT_VERIFY, "token.time",
		    "verdict 11: it counts until %lld, and %d s before",
		    (long long)claim.expires, TOKEN_LIFETIME);
	*out = claim;
	return true;
}

bool
token_check(const struct token_claim *is, const struct token_claim *want,
    struct fault *f)
{
	if (!bytes_equal(BYTES_OF(&is->recipient), BYTES_OF(&want->recipient)))
		return fail(f, FAULT_VERIFY, "token.recipient",
		    "verdict 11: the verdict is about another recipient");
	if (!bytes_equal(BYTES_OF(&is->template), BYTES_OF(&want->template)))
		return fail(f, FAULT_VERIFY, "token.template",
		    "verdict 11: it was accepted under another template");
	for (size_t i = 0; i < TOKEN_EVIDENCE_MAX; i++) {
		if (!bytes_equal(BYTES_OF(&is->evidence[i]),
			BYTES_OF(&want->evidence[i])))
			return fail(f, FAULT_VERIFY, "token.evidence",
			    "verdict 11: other evidence was accepted");
	}
	if (!bytes_equal(BYTES_OF(&is->terms), BYTES_OF(&want->terms)))
		return fail(f, FAULT_VERIFY, "token.terms",
		    "verdict 11: it was accepted on other terms");
	return true;
}

bool
token_claim_of(struct token_claim *out, bool *given, const struct verdict *v,
    const struct verify_request *rq, struct fault *f)
{
	const struct message *recipient;

	memset(out, 0, sizeof(*out));
	*given =
	    rq->template != NULL && strcmp(verdict_word(v), "accepted") == 0 &&
	    message_find_message(&recipient, rq->envelope, "secret-recipient");
	if (!*given)
		return true;
	out->template = rq->template->id;
	out->expires = rq->at + TOKEN_LIFETIME;
	return message_unsigned_id(&out->recipient, recipient, v->arena, f) &&
	       message_unsigned_id(
		   &out->evidence[0], rq->envelope, v->arena, f) &&
	       (rq->earlier == NULL || message_unsigned_id(&out->evidence[1],
					   rq->earlier, v->arena, f));
}
