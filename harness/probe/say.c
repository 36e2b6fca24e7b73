/* SPDX-License-Identifier: Apache-2.0 */
#include "harness/probe/probe.h"

#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

static unsigned rows;

/* One write a line, so that the services' lines do not come between. */
static void
put(const char *before, const char *text)
{
	(void)dprintf(STDERR_FILENO, "probe: %s%s\n", before, text);
}

void
say_row(bool good, const char *format, ...)
{
	char before[32], text[320];
	va_list args;

	rows++;
	(void)snprintf(
	    before, sizeof(before), "%s %u - ", good ? "ok" : "not ok", rows);
	va_start(args, format);
	(void)vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	put(before, text);
}

void
say_note(const char *format, ...)
{
	char text[400];
	va_list args;

	va_start(args, format);
	(void)vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	put("# ", text);
}

void
say_word(const char *text)
{
	put("", text);
}

void
say_plan(void)
{
	(void)dprintf(STDERR_FILENO, "probe: 1..%u\n", rows);
}
