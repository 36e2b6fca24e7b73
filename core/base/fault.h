/* SPDX-License-Identifier: Apache-2.0 */
/* The one way to fail: a function returns false and has filled a fault. */
#ifndef CORE_BASE_FAULT_H
#define CORE_BASE_FAULT_H

#include <stdbool.h>
#include <stddef.h>

/* clang-format off */
#define FAULT_CODES(X)                                                    \
	X(NONE,      "none")      /* no fault                          */ \
	X(INPUT,     "input")     /* malformed: refuse it for good     */ \
	X(VERIFY,    "verify")    /* well formed, and not acceptable   */ \
	X(DENIED,    "denied")    /* this caller may not               */ \
	X(LIMIT,     "limit")     /* too large, too many, too deep     */ \
	X(BUSY,      "busy")      /* not now: the same call may work   */ \
	X(STATE,     "state")     /* out of order, or once only        */ \
	X(NOT_FOUND, "not-found") /* nothing by that name              */ \
	X(DEVICE,    "device")    /* the hardware or kernel refused    */ \
	X(INTERNAL,  "internal")  /* ours to mend                      */
/* clang-format on */

enum fault_code {
#define FAULT_ENUM(name, text) FAULT_##name,
	FAULT_CODES(FAULT_ENUM)
#undef FAULT_ENUM
	    FAULT_COUNT
};

/*
 * reason is the stable code that programs compare and spec/ catalogues
 * ("tpm.quote.nonce"); why is one line for people and never holds key material.
 */
struct fault {
	enum fault_code code;
	char reason[64];
	char why[256];
	/* Of the input, where what is wrong begins, if that is known. */
	bool has_offset;
	size_t offset;
};

/* Fills *f and returns false, so that a refusal is one return statement. */
bool fail(struct fault *f, enum fault_code code, const char *reason,
    const char *format, ...) __attribute__((format(printf, 4, 5)));

/* In sight of compilers and analyzers, which else follow paths on which a
 * failed call went well. */
#define fail(...) (fail(__VA_ARGS__), false)

/* Says where, after fail: return fail(f, ...) || fault_at(f, offset). */
bool fault_at(struct fault *f, size_t offset);

/* The code's text; never NULL. */
const char *fault_text(enum fault_code code);

#define MUST_CHECK __attribute__((warn_unused_result))

#endif
