/* SPDX-License-Identifier: Apache-2.0 */
/* Instants as people write them: RFC 3339 or Unix seconds. */
#ifndef CORE_BASE_INSTANT_H
#define CORE_BASE_INSTANT_H

#include "core/base/arena.h"

/* The last instant that RFC 3339 has a text for. */
#define INSTANT_MAX 253402300799 /* 9999-12-31T23:59:59Z */

/*
 * Unix seconds in decimal, or RFC 3339 without a fraction, from 1970 on;
 * "T" and "Z" may be lower case or, for the T, a space. A leap second is the
 * next second. Fails with "encoding.time".
 */
MUST_CHECK bool instant_parse(int64_t *out, struct bytes text, struct fault *f);

/* "2026-05-28T20:26:40Z"; beyond INSTANT_MAX, or before 1970, the number. */
struct bytes instant_text(int64_t at, struct arena *a);

#endif
