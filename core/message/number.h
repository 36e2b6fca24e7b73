/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers as AO-Core texts: one text per number, both ways. */
#ifndef CORE_MESSAGE_NUMBER_H
#define CORE_MESSAGE_NUMBER_H

#include "core/base/arena.h"

/* Decimal, without leading zeros or plus; at most 15 digits. */
bool number_parse_integer(int64_t *out, struct bytes text);

/* "1.50000000000000000000e+00": 20 decimals, at least 2 digits of exponent. */
struct bytes number_float_text(double number, struct arena *a);
bool number_parse_float(double *out, struct bytes text);

/* JSON's shortest text that reads back as the same double, as "0.1", "1.0". */
struct bytes number_json_text(double number, struct arena *a);

#endif
