/* SPDX-License-Identifier: Apache-2.0 */
#include "core/base/fault.h"

#include <stdarg.h>
#include <stdio.h>

#undef fail

bool
fail(struct fault *f, enum fault_code code, const char *reason,
    const char *format, ...)
{
	va_list args;

	f->code = code;
	f->has_offset = false;
	(void)snprintf(f->reason, sizeof(f->reason), "%s", reason);
	va_start(args, format);
	(void)vsnprintf(f->why, sizeof(f->why), format, args);
	va_end(args);
	return false;
}

bool
fault_at(struct fault *f, size_t offset)
{
	f->has_offset = true;
	f->offset = offset;
	return false;
}

const char *
fault_text(enum fault_code code)
{
	static const char *const texts[] = {
#define FAULT_TEXT(name, text) text,
		FAULT_CODES(FAULT_TEXT)
#undef FAULT_TEXT
	};

	return code < FAULT_COUNT ? texts[code] : "unknown";
}
