/* SPDX-License-Identifier: Apache-2.0 */
#include "core/base/instant.h"

#include "core/base/cursor.h"

#include <inttypes.h>

#define DAY  86400
#define HOUR 3600

/* Of a text: digits in a place of exactly n, false for anything else. */
static bool
number(int64_t *out, struct cursor *c, size_t n)
{
	struct bytes digits = cursor_take(c, n);
	int64_t value = 0;

	for (size_t i = 0; i < digits.n; i++) {
		if (digits.p[i] < '0' || digits.p[i] > '9')
			return false;
		value = value * 10 + (digits.p[i] - '0');
	}
	*out = value;
	return digits.n == n && n != 0;
}

static bool
one_of(struct cursor *c, const char *letters)
{
	uint8_t byte = cursor_u8(c);

	return cursor_ok(c) && byte != 0 && strchr(letters, byte) != NULL;
}

static bool
is_leap(int64_t year)
{
	return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static int64_t
days_of(int64_t year, int64_t month)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30,
		31 };

	return days[month - 1] + (month == 2 && is_leap(year));
}

/* Days from 1970-01-01 to the first of January. */
static int64_t
days_before(int64_t year)
{
	int64_t past = year - 1;

	return past * 365 + past / 4 - past / 100 + past / 400 - 719162;
}

static bool
read_date(int64_t *out, struct cursor *c)
{
	int64_t year, month, day;

	if (!number(&year, c, 4) || !one_of(c, "-") || !number(&month, c, 2) ||
	    !one_of(c, "-") || !number(&day, c, 2) || year < 1970 ||
	    month < 1 || month > 12 || day < 1 || day > days_of(year, month))
		return false;
	int64_t days = days_before(year) + day - 1;

	for (int64_t m = 1; m < month; m++)
		days += days_of(year, m);
	*out = days * DAY;
	return true;
}

static bool
read_clock(int64_t *out, struct cursor *c)
{
	int64_t hour, minute, second;

	if (!number(&hour, c, 2) || !one_of(c, ":") || !number(&minute, c, 2) ||
	    !one_of(c, ":") || !number(&second, c, 2) || hour > 23 ||
	    minute > 59 || second > 60)
		return false;
	*out = hour * HOUR + minute * 60 + second;
	return true;
}

static bool
read_offset(int64_t *out, struct cursor *c)
{
	int64_t hour, minute;
	uint8_t sign = cursor_u8(c);

	*out = 0;
	if (sign == 'Z' || sign == 'z')
		return true;
	if ((sign != '+' && sign != '-') || !number(&hour, c, 2) ||
	    !one_of(c, ":") || !number(&minute, c, 2) || hour > 23 ||
	    minute > 59)
		return false;
	*out = (hour * HOUR + minute * 60) * (sign == '-' ? -1 : 1);
	return true;
}

static bool
read_instant(int64_t *out, struct bytes text)
{
	struct cursor c = cursor_over(text);
	int64_t date, clock, offset;

	if (text.n < 16 && number(out, &c, text.n))
		return true;
	c = cursor_over(text);
	if (!read_date(&date, &c) || !one_of(&c, "Tt ") ||
	    !read_clock(&clock, &c) || !read_offset(&offset, &c) ||
	    !cursor_done(&c))
		return false;
	*out = date + clock - offset;
	return *out >= 0;
}

bool
instant_parse(int64_t *out, struct bytes text, struct fault *f)
{
	return read_instant(out, text) ||
	       fail(f, FAULT_INPUT, "encoding.time",
		   "base 17: neither Unix seconds nor a time of RFC 3339");
}

struct bytes
instant_text(int64_t at, struct arena *a)
{
	if (at < 0 || at > INSTANT_MAX)
		return arena_print(a, "%" PRId64, at);
	int64_t days = at / DAY, clock = at % DAY, year = 1970, month = 1;

	while (days_before(year + 1) <= days)
		year++;
	days -= days_before(year);
	for (; days >= days_of(year, month); month++)
		days -= days_of(year, month);
	return arena_print(a,
	    "%04" PRId64 "-%02" PRId64 "-%02" PRId64 "T%02" PRId64 ":%02" PRId64
	    ":%02" PRId64 "Z",
	    year, month, days + 1, clock / HOUR, clock / 60 % 60, clock % 60);
}
