/* SPDX-License-Identifier: Apache-2.0 */
#include "core/message/commit.h"
#include "core/message/id.h"
#include "harness/vectors/classes.h"
#include "harness/vectors/neutral.h"
#include "harness/vectors/stricter.h"

/* What a message without a signer may do is nobody's: ours has to refuse. */
static bool
is_accepted(const json_t *real)
{
	const json_t *error = json_object_get(real, "error");

	return json_is_true(json_object_get(real, "verify_all")) &&
	       json_array_size(json_object_get(real, "signers")) != 0 &&
	       (error == NULL || json_is_null(error));
}

void
negative_run(struct report *r, const json_t *one)
{
	const json_t *real = json_object_get(one, "real");
	struct arena *a = r->arena;
	struct http_message http;
	struct subject subject = { NULL, &http };
	struct message_id signer;
	struct message *m, *expected;
	struct fault f = { 0 };

	if (!report_check(
		r, "case", neutral_http(&http, one, a), "headers and a body"))
		return;
	bool ok = httpsig_decode(&m, &http, a, &f);

	/* As the original: what is not committed is no part of it. */
	if (ok) {
		commit_reduce(m);
		ok = commit_verify(&signer, m, a, &f);
	}
	if (!is_accepted(real)) {
		(void)report_refused(
		    r, "verdict", !ok, "a refusal, as the original's");
		return;
	}
	if (!ok && stricter_may(f.reason, &subject)) {
		(void)report_check(r, "verdict", true, "");
		return;
	}
	if (!report_done(r, "verdict", ok, &f) ||
	    !report_done(r, "message",
		neutral_rich(
		    &expected, json_object_get(real, "committed_msg"), a, &f),
		&f))
		return;
	(void)report_message(r, "message", expected, m);
	const json_t *first =
	    json_array_get(json_object_get(real, "signers"), 0);

	(void)report_text(r, "signer",
	    bytes_of(json_string_value(first), json_string_length(first)),
	    message_id_text(&signer, a));
}
