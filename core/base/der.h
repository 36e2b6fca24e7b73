/* SPDX-License-Identifier: Apache-2.0 */
/* Strict DER (X.690) over a cursor: one encoding a value, or it is refused. */
#ifndef CORE_BASE_DER_H
#define CORE_BASE_DER_H

#include "core/base/cursor.h"
#include "core/base/fault.h"

/* A tag: class and constructed bit on top, as in the first byte, and the
 * number below, whether it stands in that byte or behind it. */
#define DER_NUMBER_MAX       0xffffffu
#define DER_CONSTRUCTED      0x20000000u
#define DER_BOOLEAN          1u
#define DER_INTEGER          2u
#define DER_BITS             3u
#define DER_OCTETS           4u
#define DER_NULL             5u
#define DER_OID              6u
#define DER_ENUMERATED       10u
#define DER_UTF8             12u
#define DER_SEQUENCE         (DER_CONSTRUCTED | 16u)
#define DER_SET              (DER_CONSTRUCTED | 17u)
#define DER_PRINTABLE        19u
#define DER_UTC_TIME         23u
#define DER_GENERALIZED_TIME 24u
#define DER_IA5              22u
#define DER_CONTEXT(n)       (0x80000000u | (n))
#define DER_EXPLICIT(n)      (DER_CONTEXT(n) | DER_CONSTRUCTED)
#define DER_IS_EXPLICIT(t)   (((t) & 0xe0000000u) == DER_EXPLICIT(0u))

/*
 * Sticky: after the first thing that is no DER, or not what was asked for,
 * every read yields zero, empty or false, and der_done fails with the reason
 * of that first thing. A reader of a part does not know of its whole: each is
 * asked with der_done. The view's owner keeps the bytes.
 */
struct der {
	struct cursor c;
	const uint8_t *start; /* of the outermost bytes: places count from it */
	const char *reason;   /* NULL as long as all is well */
	size_t place;         /* of the element that was wrong */
};

struct der_item {
	uint32_t tag;
	struct bytes content;
	struct bytes whole; /* with tag and length */
};

struct der der_over(struct bytes in);

/* Something is left, and nothing was wrong: for loops. */
bool der_more(const struct der *d);

/* The tag of the next element; 0 if there is none. Takes nothing. */
uint32_t der_peek(const struct der *d);

/* The next element, whatever it is. */
struct der_item der_any(struct der *d);

/* The content of the next element, which must have that tag. */
struct bytes der_take(struct der *d, uint32_t tag);

/* A reader of that content. */
struct der der_into(struct der *d, uint32_t tag);

/* The same for the content of an OCTET STRING. */
struct der der_wrapped(struct der *d);

bool der_boolean(struct der *d); /* 0x00 or 0xff */
int64_t der_int64(struct der *d);
uint64_t der_uint64(struct der *d);
int64_t der_enumerated(struct der *d);
struct bytes der_integer(struct der *d); /* any size, two's complement */
/* Its magnitude; empty unless it is positive. */
struct bytes der_positive(struct der *d);
struct bytes der_octets(struct der *d);
struct bytes der_bits(struct der *d); /* whole bytes only */
struct bytes der_oid(struct der *d);  /* its content */
struct bytes der_utf8(struct der *d);
struct bytes der_ia5(struct der *d);
struct bytes der_printable(struct der *d);
void der_null(struct der *d);

#define DER_BAD_TAG   "der.tag"
#define DER_BAD_VALUE "der.value"

/* Whoever reads may refuse a value that is well formed: `reason` as der_done
 * will give it, at the next element. */
void der_refuse(struct der *d, const char *reason);

/* Nothing was wrong and nothing is left; else INPUT with der.truncated,
 * der.tag, der.length, der.value, der.trailing, or what der_refuse said. */
MUST_CHECK bool der_done(const struct der *d, struct fault *f);

/* Every element, 16 levels down, is written in the one way that it can be, as
 * far as lengths, truths and integers go. */
bool der_is_strict(struct bytes in);

#endif
