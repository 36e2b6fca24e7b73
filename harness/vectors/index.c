/* SPDX-License-Identifier: Apache-2.0 */
#include "harness/vectors/index.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define INDEX_MAX  (16u << 20)
#define DIGITS_MAX 18u

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* The end of the text that begins at the quote. */
static const char *
after_text(const char *at, const char *end)
{
	for (at++; at < end && *at != '"'; at++)
		if (*at == '\\')
			at++;
	return at < end ? at + 1 : end;
}

static char *
put(char *to, const char *from, const char *end)
{
	memcpy(to, from, (size_t)(end - from));
	return to + (end - from);
}

/* to has room for twice what is given; the new length. */
static size_t
quote_numbers(char *to, const char *at, const char *end)
{
	char *start = to;

	while (at < end) {
		const char *next = at + 1;

		if (*at == '"')
			next = after_text(at, end);
		while (is_digit(*at) && next < end && is_digit(*next))
			next++;
		bool large = is_digit(*at) && (size_t)(next - at) > DIGITS_MAX;

		if (large)
			*to++ = '"';
		to = put(to, at, next);
		if (large)
			*to++ = '"';
		at = next;
	}
	return (size_t)(to - start);
}

json_t *
index_load(const char *path, json_error_t *error)
{
	FILE *file = fopen(path, "rb");
	char *text = malloc(3u * INDEX_MAX);
	json_t *json = NULL;

	memset(error, 0, sizeof(*error));
	(void)snprintf(error->text, sizeof(error->text), "cannot be read");
	if (file != NULL && text != NULL) {
		size_t n = fread(text, 1, INDEX_MAX, file);
		char *quoted = text + INDEX_MAX;

		n = quote_numbers(quoted, text, text + n);
		if (feof(file) != 0)
			json = json_loadb(
			    quoted, n, JSON_REJECT_DUPLICATES, error);
	}
	free(text);
	if (file != NULL)
		(void)fclose(file);
	return json;
}
