/* SPDX-License-Identifier: Apache-2.0 */
#include "core/message/number.h"

#include <stdio.h>

#include "core/message/json.h"

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

struct bytes
number_float_text(double number, struct arena *a)
{
	return arena_print(a, "%.20e", number);
}

bool
number_parse_float(double *out, struct bytes text)
{
	char back[FLOAT_TEXT_MAX];

	if (text.n >= sizeof(back) || !json_read_real(out, text))
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
		if (json_read_real(&back, bytes_of(text, (size_t)n)) &&
		    back == number)
			break;
	}
	return arena_copy(a, bytes_text(text));
}
