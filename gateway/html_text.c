/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/html_text.h"

#include "core/base/base64.h"
#include "core/base/utf8.h"

#define NOTES 64u /* bytes of the note behind a value */

void
html_text_begin(struct buf *b, const char *heading)
{
	buf_text(b, "<!DOCTYPE html>\n"
		    "<html lang=\"en\"><head><meta charset=\"utf-8\">"
		    "<meta name=\"viewport\" content=\"width=device-width\">"
		    "<title>PermawebOS node</title>"
		    "<style>" HTML_STYLE "</style></head>\n<body><h1>");
	buf_text(b, heading);
	buf_text(b, "</h1>\n");
}

void
html_text_end(struct buf *b)
{
	buf_text(b, "</body></html>\n");
}

/* Control characters would vanish or mislead. */
static bool
is_plain(struct bytes text)
{
	for (size_t i = 0; i < text.n;) {
		size_t n = utf8_sequence(text.p + i, text.n - i);
		uint8_t c = text.p[i];
		bool control = c < 0x20 && c != '\t' && c != '\n';

		if (n == 0 || control || c == 0x7f ||
		    (c == 0xc2 && text.p[i + 1] < 0xa0))
			return false;
		i += n;
	}
	return true;
}

static const char *
entity(uint8_t c)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\'':
		return "&#39;";
	default:
		return NULL;
	}
}

static void
put_base64(struct buf *b, struct bytes raw)
{
	size_t n = raw.n < HTML_SHOWN ? raw.n : HTML_SHOWN / 3 * 3;

	base64_put(b, BASE64_URL, bytes_of(raw.p, n));
	if (n < raw.n)
		buf_text(b, "…");
	buf_print(b, "</code> <i>%zu bytes in base64url</i><code>", raw.n);
}

void
html_text_put(struct buf *b, struct bytes text)
{
	size_t i = 0;

	buf_text(b, "<code>");
	if (is_plain(text)) {
		while (i < text.n && i < HTML_SHOWN) {
			size_t n = utf8_sequence(text.p + i, text.n - i);
			const char *escaped = entity(text.p[i]);

			if (escaped != NULL)
				buf_text(b, escaped);
			else
				buf_put(b, bytes_of(text.p + i, n));
			i += n;
		}
		if (i < text.n)
			buf_print(b, "…</code> <i>%zu bytes</i><code>", text.n);
	} else {
		put_base64(b, text);
	}
	buf_text(b, "</code>");
}

size_t
html_text_room(struct bytes text)
{
	size_t n = text.n < HTML_SHOWN ? text.n : HTML_SHOWN + 3;

	/* An entity has at most six bytes; so have three of base64. */
	return 6 * n + sizeof("<code></code>") + NOTES;
}
