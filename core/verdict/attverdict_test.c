/* SPDX-License-Identifier: Apache-2.0 */
#include "core/verdict/attverdict.h"

#include "core/base/base64.h"
#include "core/message/json.h"
#include "core/message/structured.h"
#include "core/verdict/attkit_test.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define ZEROS "0000000000000000000000000000000000000000000000000000000000000000"

static bool
judge(struct message **out, const struct message *m,
    const struct att_reader *rq, struct fault *f)
{
	struct att att;

	return att_parse(&att, m, f) &&
	       attverdict_make(out, &att, rq, &attkit_arena, f);
}

static void
leave(struct message *m, struct att_reader *rq)
{
	(void)m;
	(void)rq;
}

static void
only_boot(struct message *m, struct att_reader *rq)
{
	(void)rq;
	attkit_drop(attkit_at(m, "evidence/measurement"), "fresh");
}

static void
ask_boot(struct message *m, struct att_reader *rq)
{
	message_set_text(
	    attkit_at(m, "evidence/measurement/fresh"), "nonce", "changed");
	rq->purpose = BYTES("boot");
}

static void
ask_absent(struct message *m, struct att_reader *rq)
{
	only_boot(m, rq);
	rq->purpose = BYTES("fresh");
}

static void
own_nonce(struct message *m, struct att_reader *rq)
{
	attkit_drop(m, "policy");
	rq->nonce = BYTES(MEASURED_NONCE);
}

static void
other_nonce(struct message *m, struct att_reader *rq)
{
	(void)m;
	rq->nonce = BYTES("another nonce than that one");
}

static void
no_nonce(struct message *m, struct att_reader *rq)
{
	(void)rq;
	attkit_drop(m, "policy");
}

static void
no_roots(struct message *m, struct att_reader *rq)
{
	(void)m;
	rq->roots = (struct bytes){ 0 };
}

static void
no_credential(struct message *m, struct att_reader *rq)
{
	(void)m;
	rq->credential = (struct bytes){ 0 };
}

static void
waived(struct message *m, struct att_reader *rq)
{
	no_credential(m, rq);
	rq->without_activation = true;
}

static void
no_challenge(struct message *m, struct att_reader *rq)
{
	attkit_drop(attkit_at(m, "evidence/measurement"), "activation");
	rq->credential = (struct bytes){ 0 };
}

static void
absent_challenge(struct message *m, struct att_reader *rq)
{
	(void)rq;
	attkit_drop(attkit_at(m, "evidence/measurement"), "activation");
}

static void
other_credential(struct message *m, struct att_reader *rq)
{
	static const uint8_t other[32];

	(void)m;
	rq->credential = bytes_of(other, sizeof(other));
}

static void
later(struct message *m, struct att_reader *rq)
{
	(void)m;
	rq->at = 4000000000;
}

static void
swapped(struct message *m, struct att_reader *rq)
{
	struct message *both = attkit_at(m, "evidence/measurement");

	(void)rq;
	message_put(
	    both, BYTES("boot"), structured_level(attkit_fresh.envelope));
}

static void
changed(struct message *m, struct att_reader *rq)
{
	(void)rq;
	message_set_integer(
	    attkit_at(m, "evidence/measurement/boot"), "issued-at-unix", 1);
}

static void
own_manifest(struct message *m, struct att_reader *rq)
{
	(void)m;
	rq->manifest =
	    BYTES("{\"pcr4\":\"" ZEROS "\",\"pcr11\":\"" ZEROS "\"}");
}

static void
release(struct message *m, struct att_reader *rq)
{
	(void)m;
	rq->release_key = attkit_boot.roots;
}

static void
unsigned_release(struct message *m, struct att_reader *rq)
{
	release(m, rq);
	message_set_text(attkit_at(m, "policy"), "manifest", "{}");
}

static void
forged_release(struct message *m, struct att_reader *rq)
{
	unsigned_release(m, rq);
	message_set_base64(
	    attkit_at(m, "policy"), "manifest-signature", BYTES("x"));
}

/* clang-format off */
static const struct {
	const char *name;
	void (*change)(struct message *m, struct att_reader *rq);
	const char *word; /* NULL: no verdict, reason says why */
	const char *path, *reason; /* where in the verdict */
} judged[] = {
	{ "as it is",                        leave,            "accepted",   "policy/from/nonce", "bundle" },
	{ "the boot measurement alone",      only_boot,        "accepted",   "policy/from/nonce", "bundle" },
	{ "what is not asked for",           ask_boot,         "accepted",   "verdicts/boot/verdict", "accepted" },
	{ "the reader's nonce",              own_nonce,        "accepted",   "policy/from/nonce", "reader" },
	{ "the reader's wins",               other_nonce,      "rejected",   "reason", "fresh.nonce-mismatch" },
	{ "no nonce at all",                 no_nonce,         "incomplete", "verdicts/fresh/checks/fresh/nonce/reason", "fresh.nonce-not-asked" },
	{ "no roots",                        no_roots,         "incomplete", "verdicts/boot/checks/tpm/ek.chain/reason", "tpm.ek.no-roots" },
	{ "a stranger's challenge",          no_credential,    "incomplete", "verdicts/boot/checks/tpm/ek.activation/reason", "tpm.activation.stranger" },
	{ "which the reader waives",         waived,           "accepted",   "verdicts/boot/checks/tpm/ek.activation/reason", "tpm.activation.stranger" },
	{ "no challenge",                    no_challenge,     "incomplete", "verdicts/boot/checks/tpm/ek.activation/reason", "tpm.activation.not-asked" },
	{ "another credential",              other_credential, "rejected",   "reason", "tpm.activation.proof" },
	{ "after its certificates",          later,            "rejected",   "reason", "tpm.ek.chain" },
	{ "fresh as boot",                   swapped,          "rejected",   "reason", "bind.purpose" },
	{ "a changed measurement",           changed,          "rejected",   "reason", "commitment.signature" },
	{ "the reader's manifest",           own_manifest,     "rejected",   "reason", "policy.pcr4" },
	{ "asked for what is not there",     ask_absent,       NULL,         NULL, "bundle.absent" },
	{ "a challenge that is not there",   absent_challenge, NULL,         NULL, "bundle.absent" },
	{ "a release that is not there",     release,          NULL,         NULL, "bundle.absent" },
	{ "an unsigned manifest",            unsigned_release, NULL,         NULL, "manifest.signature" },
	{ "signed by no release key",        forged_release,   NULL,         NULL, "manifest.key" },
};
/* clang-format on */

static void
expect(const char *name, const struct message *m, const char *path,
    const char *want)
{
	struct bytes text = { 0 };

	if (!message_find_bytes(&text, m, path) || !bytes_is(text, want))
		fail_msg("%s: %s is '%.*s', want '%s'", name, path, (int)text.n,
		    (const char *)text.p, want);
}

static void
test_judged(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(judged) / sizeof(judged[0]); i++) {
		struct fault f = { 0 };
		struct message *out;

		attkit_reset();
		struct message *m = attkit_bundle();
		struct att_reader rq = attkit_reader();

		judged[i].change(m, &rq);
		if (!judge(&out, m, &rq, &f)) {
			if (judged[i].word != NULL ||
			    strcmp(f.reason, judged[i].reason) != 0)
				fail_msg("%s: %s: %s", judged[i].name, f.reason,
				    f.why);
			continue;
		}
		if (judged[i].word == NULL)
			fail_msg("%s: judged", judged[i].name);
		expect(judged[i].name, out, "verdict", judged[i].word);
		expect(judged[i].name, out, judged[i].path, judged[i].reason);
	}
}

/* As text and back: the same verdict, to the byte. */
static void
test_same_bytes(void **state)
{
	struct fault f = { 0 };
	struct att_reader rq = attkit_reader();
	struct message *first, *second, *again;
	struct bytes text, one, two;

	(void)state;
	attkit_reset();
	struct message *m = attkit_bundle();

	assert_true(json_encode(&text, m, &attkit_arena, &f));
	assert_true(json_decode(&again, text, &attkit_arena, &f));
	assert_true(judge(&first, m, &rq, &f));
	assert_true(judge(&second, again, &rq, &f));
	assert_true(json_encode(&one, first, &attkit_arena, &f));
	assert_true(json_encode(&two, second, &attkit_arena, &f));
	assert_true(bytes_equal(one, two));
}

static void
test_explained(void **state)
{
	struct fault f = { 0 };
	struct att_reader rq = attkit_reader();
	struct message *verdict;
	struct bytes text;

	(void)state;
	attkit_reset();
	assert_true(judge(&verdict, attkit_bundle(), &rq, &f));
	assert_true(
	    attverdict_explain(&text, verdict, false, &attkit_arena, &f));
	assert_true(bytes_starts(
	    text, BYTES("accepted\n  judged at 2026-05-28T20:26:40Z\n")));
	assert_non_null(memmem(text.p, text.n, "\nfresh: accepted\n", 17));
	attkit_drop(verdict, "verdicts");
	assert_false(
	    attverdict_explain(&text, verdict, false, &attkit_arena, &f));
	assert_string_equal(f.reason, "verdict.shape");
	message_set_message(verdict, "verdicts", message_new(&attkit_arena));
	message_set_integer(attkit_at(verdict, "verdicts"), "boot", 1);
	assert_false(
	    attverdict_explain(&text, verdict, false, &attkit_arena, &f));
	message_set_text(verdict, "verdict", "perhaps");
	assert_false(
	    attverdict_explain(&text, verdict, false, &attkit_arena, &f));
	assert_int_equal(attverdict_word(verdict).n, 0);
}

int
main(void)
{
	const struct CMUnitTest units[] = {
		cmocka_unit_test(test_judged),
		cmocka_unit_test(test_same_bytes),
		cmocka_unit_test(test_explained),
	};

	return cmocka_run_group_tests_name(
	    "attverdict", units, attkit_open, attkit_close);
}
