/* SPDX-License-Identifier: Apache-2.0 */
/* For the test: phones in which one thing is wrong, and what must be said of
 * each. */
#ifndef CORE_VERDICT_PHONES_TEST_H
#define CORE_VERDICT_PHONES_TEST_H

#include "core/verdict/android.h"
#include "harness/fakes/keymint.h"

/* A phone and what is asked of it; all of it can be edited. */
struct question {
	struct keymint phone;
	struct android_policy policy;
	struct android_request rq;
	struct bytes certs[12];
	struct sha256 root;
	struct bytes boot_key;
	struct arena *arena;
};

typedef void (*phone_edit)(struct question *q);

struct phone_case {
	const char *name;
	phone_edit edit;  /* of the phone, or NULL */
	phone_edit after; /* of the certificates made of it, or NULL */
	const char *word;
	enum check check;
	const char *reason; /* of that check; NULL where all is well */
};

/* What makes its certificates, and what they say. */
extern const struct phone_case phones_chain[], phones_said[];
extern const size_t phones_chain_count, phones_said_count;

#endif
