/* SPDX-License-Identifier: Apache-2.0 */
#include "core/message/ans104.h"
#include "core/message/commit.h"
#include "core/message/commitments.h"
#include "core/message/id.h"
#include "harness/vectors/classes.h"
#include "harness/vectors/neutral.h"

/* Whether it is read and its signature is good. */
static bool
is_good(struct message **out, struct bytes in, struct arena *a, struct fault *f)
{
	struct message_id signer;

	return ans104_decode(out, in, a, f) &&
	       commit_verify(&signer, *out, a, f);
}

static void
check_message(struct report *r, const json_t *one, const struct message *m)
{
	const json_t *decoded =
	    json_object_get(json_object_get(one, "decoded"), "msg");
	struct arena *a = r->arena;
	struct message *rich, *expected, *seen;
	struct fault f = { 0 };

	if (!json_is_object(decoded))
		return;
	if (!report_done(r, "message",
		neutral_rich(&rich, decoded, a, &f) &&
		    neutral_linked(&expected, rich, a, &f) &&
		    neutral_linked(&seen, m, a, &f),
		&f))
		return;
	(void)report_message(r, "message", expected, seen);
	(void)report_message(r, "commitments", commitments_write(rich, a),
	    commitments_write(m, a));
}

/* What its message would be signed as is what was signed. */
static void
check_base(struct report *r, const json_t *one, const struct dataitem *item)
{
	const json_t *neutral = json_object_get(one, "message");
	struct arena *a = r->arena;
	struct ans104_signer by = { .modulus = item->owner };
	struct bytes base;
	struct fault f = { 0 };

	if (!json_is_object(neutral))
		return;
	struct sha384 hash = dataitem_hash(item);

	if (report_done(r, "item of the message",
		ans104_base(&base, neutral_message(neutral, a), &by, a, &f),
		&f))
		(void)report_text(
		    r, "item of the message", BYTES_OF(&hash), base);
}

static void
check_tampered(struct report *r, const json_t *one, struct bytes in)
{
	const json_t *tampered = json_object_get(one, "tampered_last_byte");
	struct bytes bad = arena_copy(r->arena, in);
	struct message *m;
	struct fault f = { 0 };

	if (tampered == NULL || bad.n == 0)
		return;
	((uint8_t *)(uintptr_t)bad.p)[bad.n - 1] ^= 1;
	(void)report_refused(r, "last byte changed",
	    !is_good(&m, bad, r->arena, &f) ||
		json_is_true(json_object_get(tampered, "valid")),
	    "a refusal");
}

void
items_run(struct report *r, const json_t *one)
{
	const json_t *item_json = json_object_get(one, "signed");
	const json_t *valid =
	    json_object_get(json_object_get(one, "decoded"), "valid");
	struct arena *a = r->arena;
	struct bytes in = neutral_base64(item_json, "item_b64", a), again;
	struct dataitem item;
	struct message *m;
	struct fault f = { 0 };
	bool ok = is_good(&m, in, a, &f);

	if (!json_is_true(valid)) {
		(void)report_refused(
		    r, "verdict", !ok, "a refusal, as the original's");
		return;
	}
	if (!report_done(r, "verdict",
		ok && dataitem_parse(&item, in, &f) &&
		    ans104_encode(&again, m, a, &f),
		&f))
		return;
	struct message_id id = dataitem_id(&item);

	(void)report_text(
	    r, "id", neutral_text(item_json, "id"), message_id_text(&id, a));
	(void)report_text(r, "item, made again", in, again);
	check_message(r, one, m);
	check_base(r, one, &item);
	check_tampered(r, one, in);
}
