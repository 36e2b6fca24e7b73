/* SPDX-License-Identifier: Apache-2.0 */
#include "core/base/base64.h"
#include "core/message/base.h"
#include "core/message/commit.h"
#include "core/message/commitments.h"
#include "core/message/flat.h"
#include "core/message/id.h"
#include "core/message/json.h"
#include "core/message/link.h"
#include "core/message/structured.h"
#include "harness/vectors/classes.h"
#include "harness/vectors/neutral.h"
#include "harness/vectors/stricter.h"

/* A refusal passes only where the table says so. */
static bool
done_or_stricter(struct report *r, const char *aspect, bool ok,
    const struct fault *f, const struct subject *subject)
{
	if (!ok && stricter_may(f->reason, subject)) {
		(void)report_check(r, aspect, true, "");
		return false;
	}
	return report_done(r, aspect, ok, f);
}

static void
check_tabm(struct report *r, const json_t *file, const struct message *m)
{
	struct arena *a = r->arena;
	struct subject subject = { .message = m };
	struct message *tabm;
	struct message_id id;
	struct fault f = { 0 };
	bool ok = structured_encode(&tabm, m, a, &f);

	if (done_or_stricter(r, "tabm", ok, &f, &subject))
		(void)report_message(r, "tabm",
		    neutral_plain(
			neutral_message(json_object_get(file, "tabm"), a), a),
		    neutral_plain(tabm, a));
	ok = message_unsigned_id(&id, m, a, &f);
	if (done_or_stricter(r, "unsigned id", ok, &f, &subject))
		(void)report_text(r, "unsigned id",
		    neutral_text(file, "unsigned_id"), message_id_text(&id, a));
}

static void
check_headers(struct report *r, const char *aspect,
    const struct http_message *expected, const struct http_message *seen)
{
	struct message *x = message_new(r->arena), *y = message_new(r->arena);

	for (size_t i = 0; i < expected->nheaders; i++)
		message_put(x, expected->headers[i].name,
		    (struct value){ .bytes = expected->headers[i].value });
	for (size_t i = 0; i < seen->nheaders; i++)
		message_put(y, seen->headers[i].name,
		    (struct value){ .bytes = seen->headers[i].value });
	message_put(
	    x, BYTES("(body)"), (struct value){ .bytes = expected->body });
	message_put(y, BYTES("(body)"), (struct value){ .bytes = seen->body });
	(void)report_message(r, aspect, x, y);
}

static void
check_form(struct report *r, const json_t *file, const struct message *m,
    enum httpsig_form form)
{
	const char *key = form == HTTPSIG_LINK ? "http_link" : "http_bundle";
	struct arena *a = r->arena;
	struct http_message http, made;
	struct subject subject = { m, &http };
	struct message *expected, *back;
	struct fault f = { 0 };

	if (!report_check(r, key,
		neutral_http(&http, json_object_get(file, key), a),
		"headers and a body"))
		return;
	bool ok = httpsig_encode(&made, m, form, a, &f);

	if (done_or_stricter(r, key, ok, &f, &subject))
		check_headers(r, key, &http, &made);
	if (form == HTTPSIG_LINK) {
		if (!neutral_linked(&expected, m, a, &f)) {
			(void)done_or_stricter(r, key, false, &f, &subject);
			return;
		}
	} else {
		expected = message_copy(m, a);
	}
	ok = httpsig_decode(&back, &http, a, &f);
	if (done_or_stricter(r, key, ok, &f, &subject))
		(void)report_message(r, key, expected, back);
}

/* The vector's message has the nested commitments of the original's cache. */
static void
check_decoded(struct report *r, const json_t *file)
{
	const json_t *decoded =
	    json_object_get(json_object_get(file, "decoded"), "msg");
	struct arena *a = r->arena;
	struct http_message http;
	struct message *expected, *seen;
	struct subject subject = { NULL, &http };
	struct fault f = { 0 };

	if (!json_is_object(decoded) ||
	    !neutral_http(&http, json_object_get(file, "http_bundle"), a))
		return;
	bool ok = neutral_rich(&expected, decoded, a, &f) &&
		  httpsig_decode(&seen, &http, a, &f);

	if (done_or_stricter(r, "decoded", ok, &f, &subject))
		(void)report_message(r, "decoded", expected, seen);
}

/* As the original shows it: with the commitments of the bundle form. */
static void
check_json(struct report *r, const json_t *file, const struct message *m)
{
	const json_t *json = json_object_get(file, "json");
	struct bytes text = neutral_text(json, "json"), made;
	struct arena *a = r->arena;
	struct http_message http;
	struct subject subject = { m, &http };
	struct message *back, *bundled;
	struct fault f = { 0 };

	if (json_object_get(json, "error") != NULL) {
		(void)report_refused(r, "json", !json_encode(&made, m, a, &f),
		    "a refusal, as the original's");
		return;
	}
	if (text.n == 0 ||
	    !neutral_http(&http, json_object_get(file, "http_bundle"), a))
		return;
	bool ok = json_decode(&back, text, a, &f);

	if (done_or_stricter(r, "json, read", ok, &f, &subject))
		(void)report_message(r, "json, read", m, back);
	ok = httpsig_decode(&bundled, &http, a, &f) &&
	     json_encode(&made, bundled, a, &f);
	if (!done_or_stricter(r, "json", ok, &f, &subject))
		return;
	/* Objects of over 32 keys are in an order of the original's own. */
	subject.http = NULL;
	if (stricter_may("message.keys", &subject))
		(void)report_message(r, "json", back, bundled);
	else
		(void)report_text(r, "json", text, made);
}

static void
check_flat(struct report *r, const json_t *file, const struct message *m)
{
	const json_t *flat =
	    json_object_get(json_object_get(file, "flat"), "flat");
	struct arena *a = r->arena;
	struct message *expected, *seen;
	struct subject subject = { .message = m };
	struct fault f = { 0 };

	if (!json_is_object(flat))
		return;
	expected = neutral_message(flat, a);
	bool ok = flat_encode(&seen, m, a, &f);

	if (!done_or_stricter(r, "flat", ok, &f, &subject))
		return;
	(void)report_message(r, "flat", expected, seen);
	ok = flat_decode(&seen, expected, a, &f);
	if (report_done(r, "flat, read", ok, &f))
		(void)report_message(r, "flat, read", m, seen);
}

static void
check_base(struct report *r, const struct message *m,
    const struct commitment *c, const json_t *bases)
{
	struct arena *a = r->arena;
	struct message *tabm;
	struct form form;
	struct bytes base, id = message_id_text(&c->id, a);
	struct fault f = { 0 };
	char name[MESSAGE_ID_TEXT + 1] = { 0 };

	memcpy(name, id.p, MESSAGE_ID_TEXT);
	bool ok = structured_encode(&tabm, m, a, &f) &&
		  (c->bundle ? link_bundle(&form, tabm, a, &f)
			     : link_form(&form, tabm, a, &f)) &&
		  base_text(&base, &form, c, a, &f);

	if (report_done(r, "signature base", ok, &f))
		(void)report_text(
		    r, "signature base", neutral_base64(bases, name, a), base);
}

/* Both sets of commitments as the message that would hold them. */
static void
check_commitments(struct report *r, const struct message *m, const json_t *all)
{
	struct arena *a = r->arena;
	struct value v = { .kind = VALUE_MESSAGE,
		.message = neutral_message(all, a) };
	struct message *read = message_new(a);
	struct fault f = { 0 };

	if (report_done(
		r, "commitments", commitments_read(read, &v, a, &f), &f))
		(void)report_message(r, "commitments",
		    commitments_write(read, a), commitments_write(m, a));
}

static void
check_ids(struct report *r, const struct message *m, const json_t *form)
{
	struct arena *a = r->arena;
	struct subject subject = { .message = m };
	struct message_id id;
	struct fault f = { 0 };

	if (report_done(r, "signed id", message_id(&id, m, a, &f), &f))
		(void)report_text(r, "signed id",
		    neutral_text(form, "signed_id"), message_id_text(&id, a));
	if (neutral_text(form, "unsigned_id").n == 0)
		return;
	bool ok = message_unsigned_id(&id, m, a, &f);

	if (done_or_stricter(r, "its unsigned id", ok, &f, &subject))
		(void)report_text(r, "its unsigned id",
		    neutral_text(form, "unsigned_id"), message_id_text(&id, a));
}

static bool
is_signer(const json_t *signers, struct bytes address)
{
	for (size_t i = 0; i < json_array_size(signers); i++) {
		const json_t *one = json_array_get(signers, i);

		if (bytes_equal(bytes_of(json_string_value(one),
				    json_string_length(one)),
			address))
			return true;
	}
	return false;
}

static void
check_signed(struct report *r, const json_t *file, const char *key)
{
	const json_t *form = json_object_get(file, key);
	struct arena *a = r->arena;
	size_t mark = a->used;
	struct http_message http, again;
	struct subject subject = { NULL, &http };
	struct message_id signer;
	struct message *m;
	struct fault f = { 0 };

	if (form == NULL)
		return;
	if (!report_check(r, key,
		neutral_http(&http, json_object_get(form, "http"), a),
		"headers and a body") ||
	    !report_done(r, key,
		httpsig_decode(&m, &http, a, &f) &&
		    commit_verify(&signer, m, a, &f),
		&f))
		return;
	(void)report_check(r, "signers",
	    is_signer(
		json_object_get(form, "signers"), message_id_text(&signer, a)),
	    "the signer among the signers");
	check_commitments(r, m, json_object_get(form, "commitments"));
	for (size_t i = 0; i < m->ncommitments; i++)
		check_base(r, m, &m->commitments[i],
		    json_object_get(form, "signature_bases"));
	check_ids(r, m, form);
	bool ok = httpsig_encode(&again, m,
	    strcmp(key, "signed_link") == 0 ? HTTPSIG_LINK : HTTPSIG_BUNDLE, a,
	    &f);

	subject.message = m;
	if (done_or_stricter(r, "sent again", ok, &f, &subject))
		check_headers(r, "sent again", &http, &again);
	a->used = mark;
}

void
messages_run(struct report *r, const json_t *file)
{
	static const char *const forms[] = { "signed_link", "signed_bundle",
		"signed_link_sent_bundled" };
	const json_t *neutral = json_object_get(file, "message");
	struct message *m = neutral_message(neutral, r->arena);

	r->name = "message";
	if (!report_check(r, "message", json_is_object(neutral), "a message"))
		return;
	check_tabm(r, file, m);
	check_form(r, file, m, HTTPSIG_LINK);
	check_form(r, file, m, HTTPSIG_BUNDLE);
	check_decoded(r, file);
	check_json(r, file, m);
	check_flat(r, file, m);
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		r->name = forms[i];
		check_signed(r, file, forms[i]);
	}
}
