/* SPDX-License-Identifier: Apache-2.0 */
/* Structured fields (RFC 9651), as far as AO-Core dictionaries use them. */
#ifndef CORE_MESSAGE_SF_H
#define CORE_MESSAGE_SF_H

#include "core/base/buf.h"
#include "core/base/cursor.h"

#define SF_PARAMS_MAX 12u
#define SF_ITEMS_MAX  256u /* of one inner list */

enum sf_kind {
	SF_TRUE,   /* a member without a value */
	SF_STRING, /* text, unescaped */
	SF_TOKEN,  /* text */
	SF_BYTES,  /* text, decoded */
	SF_INTEGER,
	SF_LIST /* items: strings */
};

struct sf_item {
	enum sf_kind kind;
	struct bytes text;
	int64_t integer;
	const struct bytes *items;
	size_t nitems;
};

struct sf_param {
	struct bytes key;
	struct sf_item value;
};

struct sf_member {
	struct bytes key;
	struct sf_item value;
	struct sf_param params[SF_PARAMS_MAX];
	size_t nparams;
};

/*
 * Takes one member of a dictionary, and the comma behind it; call it while
 * c->left is not zero. Keys are wider than the RFC's: they may begin with any
 * key byte and hold "/?&%" too, as ao-types needs. Decimals, dates and
 * booleans with a value are refused, as everything malformed ("message.sf").
 * Views into the input where nothing was escaped, else into the arena.
 */
MUST_CHECK bool sf_take(
    struct sf_member *out, struct cursor *c, struct arena *a, struct fault *f);

/* A string with its quotes. The text is printable ASCII, or b becomes full. */
void sf_put_string(struct buf *b, struct bytes text);

#endif
