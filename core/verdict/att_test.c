/* SPDX-License-Identifier: Apache-2.0 */
#include "core/verdict/att.h"

#include "core/base/base64.h"
#include "core/verdict/attkit_test.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void
other_version(struct message *m)
{
	message_set_text(m, "version", "1.1");
}

static void
other_type(struct message *m)
{
	message_set_text(m, "type", "lapee-measurement");
}

static void
no_type(struct message *m)
{
	attkit_drop(m, "type");
}

static void
no_time(struct message *m)
{
	attkit_drop(m, "made-at-unix");
}

static void
time_text(struct message *m)
{
	message_set_text(m, "made-at-unix", "1780000000");
}

static void
no_evidence(struct message *m)
{
	attkit_drop(m, "evidence");
}

static void
empty_evidence(struct message *m)
{
	message_set_message(m, "evidence", message_new(&attkit_arena));
}

static void
no_measurement(struct message *m)
{
	attkit_drop(attkit_at(m, "evidence/measurement"), "boot");
	attkit_drop(attkit_at(m, "evidence/measurement"), "fresh");
}

static void
boot_text(struct message *m)
{
	message_set_text(attkit_at(m, "evidence/measurement"), "boot", "it");
}

static void
roots_inside(struct message *m)
{
	struct message *collateral = message_new(&attkit_arena);

	message_set_bytes(collateral, "roots", attkit_boot.roots);
	message_set_message(m, "collateral", collateral);
}

static void
time_inside(struct message *m)
{
	message_set_integer(attkit_at(m, "policy"), "at-unix", 1);
}

static void
waiver_inside(struct message *m)
{
	message_set_bool(attkit_at(m, "policy"), "without-activation", true);
}

static void
credential_inside(struct message *m)
{
	message_set_base64(attkit_at(m, "evidence/measurement/activation"),
	    "credential", attkit_boot.claim.credential);
}

static void
odd_key(struct message *m)
{
	message_set(m, BYTES("\x1b[2J\n"),
	    (struct value){ .kind = VALUE_INTEGER, .integer = 1 });
}

static void
half_activation(struct message *m)
{
	attkit_drop(attkit_at(m, "evidence/measurement/activation"), "secret");
}

static void
certificates(struct message *m, size_t n, enum value_kind kind)
{
	struct message *collateral = message_new(&attkit_arena);
	struct message *list = message_list(collateral, "certificates");

	for (size_t i = 0; i < n; i++)
		message_append(list,
		    kind == VALUE_INTEGER
			? (struct value){ .kind = VALUE_INTEGER, .integer = 1 }
			: (struct value){
			      .kind = VALUE_BYTES, .bytes = BYTES("!") });
	message_set_message(m, "collateral", collateral);
}

static void
many_certificates(struct message *m)
{
	certificates(m, 17, VALUE_BYTES);
}

static void
number_certificates(struct message *m)
{
	certificates(m, 1, VALUE_INTEGER);
}

static void
bad_certificates(struct message *m)
{
	certificates(m, 1, VALUE_BYTES);
}

static void
signed_bundle(struct message *m)
{
	m->commitments = attkit_boot.envelope->commitments;
	m->ncommitments = attkit_boot.envelope->ncommitments;
}

static void
short_nonce(struct message *m)
{
	message_set_base64(
	    attkit_at(m, "policy"), "nonce", BYTES("fifteen bytes.."));
}

static void
bad_manifest(struct message *m)
{
	message_set_text(
	    attkit_at(m, "policy"), "manifest", "{\"pcr4\":\"00\"}");
}

static void
no_json(struct message *m)
{
	message_set_text(attkit_at(m, "policy"), "manifest", "{");
}

/* clang-format off */
static const struct {
	const char *name;
	void (*change)(struct message *m);
	const char *reason;
} refused[] = {
	{ "another version",               other_version,       "bundle.version"  },
	{ "another type",                  other_type,          "bundle.version"  },
	{ "no type",                       no_type,             "bundle.version"  },
	{ "no time",                       no_time,             "bundle.shape"    },
	{ "a time that is a text",         time_text,           "bundle.shape"    },
	{ "no evidence",                   no_evidence,         "bundle.shape"    },
	{ "evidence of no kind",           empty_evidence,      "bundle.shape"    },
	{ "neither boot nor fresh",        no_measurement,      "bundle.shape"    },
	{ "a measurement that is a text",  boot_text,           "bundle.shape"    },
	{ "half a challenge",              half_activation,     "bundle.shape"    },
	{ "a signature over the bundle",   signed_bundle,       "bundle.shape"    },
	{ "a list of numbers",             number_certificates, "bundle.shape"    },
	{ "roots in the bundle",           roots_inside,        "bundle.key"      },
	{ "a time to judge at",            time_inside,         "bundle.key"      },
	{ "a waiver in the bundle",        waiver_inside,       "bundle.key"      },
	{ "the credential in the bundle",  credential_inside,   "bundle.key"      },
	{ "a key of odd letters",          odd_key,             "bundle.key"      },
	{ "17 certificates",               many_certificates,   "bundle.limit"    },
	{ "a certificate in no base64",    bad_certificates,    "encoding.base64" },
	{ "a nonce of 15 bytes",           short_nonce,         "bundle.nonce"    },
	{ "a manifest without its parts",  bad_manifest,        "manifest.shape"  },
	{ "a manifest that is no JSON",    no_json,             "json.syntax"     },
};
/* clang-format on */

static bool
judge(struct message **out, const struct message *m,
    const struct att_reader *rq, struct fault *f)
{
	struct att att;

	return att_parse(&att, m, f) &&
	       attverdict_make(out, &att, rq, &attkit_arena, f);
}

static void
test_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		struct fault f = { 0 };
		struct message *out;

		attkit_reset();
		struct message *m = attkit_bundle();
		struct att_reader rq = attkit_reader();

		refused[i].change(m);
		if (judge(&out, m, &rq, &f))
			fail_msg("%s: not refused", refused[i].name);
		if (strcmp(f.reason, refused[i].reason) != 0)
			fail_msg(
			    "%s: %s: %s", refused[i].name, f.reason, f.why);
		for (size_t k = 0; f.why[k] != '\0'; k++)
			assert_in_range(f.why[k], 0x20, 0x7e);
	}
}

static void
test_memory(void **state)
{
	struct fault f = { 0 };
	struct att_reader rq = attkit_reader();
	struct message *verdict;
	struct att att;

	(void)state;
	attkit_reset();
	assert_true(att_parse(&att, attkit_bundle(), &f));
	for (size_t size = 0; size < 65536; size += 4096) {
		static uint8_t little[65536];
		struct arena small;

		arena_init(&small, little, size);
		assert_false(attverdict_make(&verdict, &att, &rq, &small, &f));
		assert_string_equal(f.reason, "limit.memory");
	}
}

int
main(void)
{
	const struct CMUnitTest units[] = {
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_memory),
	};

	return cmocka_run_group_tests_name(
	    "att", units, attkit_open, attkit_close);
}
