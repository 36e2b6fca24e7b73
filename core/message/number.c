/* SPDX-License-Identifier: Apache-2.0 */
#include "core/message/number.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>

#define INTEGER_DIGITS_MAX 15u
#define FLOAT_TEXT_MAX     40u /* sign, 21 digits, point, exponent, NUL */
#define DIGITS_EXACT       17  /* significant digits that tell doubles apart */

bool
number_parse_integer(int64_t *out, struct bytes text)
{
	bool negative = text.n > 0 && text.p[0] == '-';
	struct bytes digits =
	    negative ? bytes_of(text.p + 1, text.n - 1) : text;
	int64_t value = 0;

	if (digits.n == 0 || digits.n > INTEGER_DIGITS_MAX ||
	    (digits.p[0] == '0' && (digits.n > 1 || negative)))
		return false;
	for (size_t i = 0; i < digits.n; i++) {
		if (digits.p[i] < '0' || digits.p[i] > '9')
			return false;
		value = value * 10 + (digits.p[i] - '0');
	}
	*out = negative ? -value : value;
	return true;
}

/* Reads a JSON number; jansson rounds correctly, and refuses an overflow. */
static bool
read_number(double *out, struct bytes text)
{
	json_t *json =
	    json_loadb((const char *)text.p, text.n, JSON_DECODE_ANY, NULL);
	bool is_real = json != NULL && json_is_real(json);

	if (is_real)
		*out = json_real_value(json);
	json_decref(json);
	return is_real;
}

struct bytes
number_float_text(double number, struct arena *a)
{
	return arena_print(a, "%.20e", number);
}

bool
number_parse_float(double *out, struct bytes text)
{
	char back[FLOAT_TEXT_MAX];

	/* First, because an array or a string is JSON too. */
	if (text.n >= sizeof(back) || !read_number(out, text))
		return false;
	(void)snprintf(back, sizeof(back), "%.20e", *out);
	return bytes_is(text, back);
}

struct bytes
number_json_text(double number, struct arena *a)
{
	char text[FLOAT_TEXT_MAX];

	for (int digits = 1; digits <= DIGITS_EXACT; digits++) {
		double back;
		int n = snprintf(text, sizeof(text), "%.*g", digits, number);

		if (strpbrk(text, ".e") == NULL)
			n += snprintf(text + n, sizeof(text) - (size_t)n, ".0");
		if (read_number(&back, bytes_of(text, (size_t)n)) &&
		    back == number)
			break;
	}
	return arena_copy(a, bytes_text(text));
}
