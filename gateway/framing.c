/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/framing.h"

#include "core/base/cursor.h"

struct seen {
	unsigned headers;
	bool host, length;
};

static bool
refuse(struct fault *f, const char *why)
{
	return fail(f, FAULT_INPUT, "gateway.framing", "http 3: %s", why);
}

/* RFC 9110 5.6.2: the bytes of a method and of a header name. */
static bool
is_token(uint8_t c)
{
	if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (c >= '0' && c <= '9'))
		return true;
	return c != 0 && strchr("!#$%&'*+-.^_`|~", c) != NULL;
}

bool
framing_is_name(struct bytes text)
{
	for (size_t i = 0; i < text.n; i++) {
		if (!is_token(text.p[i]))
			return false;
	}
	return text.n > 0;
}

static bool
all_visible(struct bytes text)
{
	for (size_t i = 0; i < text.n; i++) {
		if (text.p[i] <= 0x20 || text.p[i] >= 0x7f)
			return false;
	}
	return true;
}

bool
framing_is_value(struct bytes text)
{
	for (size_t i = 0; i < text.n; i++) {
		uint8_t c = text.p[i];

		if ((c < 0x20 && c != '\t') || c == 0x7f)
			return false;
	}
	return true;
}

static bool
name_is(struct bytes name, const char *lower)
{
	size_t n = strlen(lower);

	if (name.n != n)
		return false;
	for (size_t i = 0; i < n; i++) {
		if ((name.p[i] | 0x20) != lower[i])
			return false;
	}
	return true;
}

static struct bytes
trim(struct bytes text)
{
	while (text.n > 0 && (text.p[0] == ' ' || text.p[0] == '\t'))
		text = bytes_of(text.p + 1, text.n - 1);
	while (text.n > 0 &&
	       (text.p[text.n - 1] == ' ' || text.p[text.n - 1] == '\t'))
		text.n--;
	return text;
}

/* One line without its CRLF; a line that ends otherwise is refused. */
static bool
take_line(struct bytes *out, struct cursor *c, struct fault *f)
{
	struct bytes line = cursor_until(c, '\n');

	if (!cursor_ok(c) || line.n == 0 || line.p[line.n - 1] != '\r')
		return refuse(f, "a line does not end in CRLF");
	*out = bytes_of(line.p, line.n - 1);
	return true;
}

static bool
check_request_line(struct bytes line, struct fault *f)
{
	struct cursor c = cursor_over(line);
	struct bytes method = cursor_until(&c, ' ');
	struct bytes target = cursor_until(&c, ' ');
	struct bytes version = cursor_rest(&c);

	if (!cursor_ok(&c) || !framing_is_name(method) || method.n > 16)
		return refuse(f, "the request line is malformed");
	if (bytes_starts(version, BYTES("HTTP/")) &&
	    !bytes_is(version, "HTTP/1.1") && all_visible(version))
		return fail(f, FAULT_INPUT, "gateway.version",
		    "http 2: this is an HTTP/1.1 server");
	if (!bytes_is(version, "HTTP/1.1") || target.n == 0 ||
	    target.p[0] != '/' || !all_visible(target))
		return refuse(f, "the request line is malformed");
	if (target.n > FRAMING_TARGET_MAX)
		return fail(f, FAULT_LIMIT, "gateway.target-size",
		    "http 4: the request target is over %u bytes",
		    FRAMING_TARGET_MAX);
	return true;
}

static bool
check_length(struct framing *fr, struct bytes value, struct fault *f)
{
	size_t n = 0;

	if (value.n == 0 || value.n > 10)
		return refuse(f, "Content-Length is no length");
	for (size_t i = 0; i < value.n; i++) {
		if (value.p[i] < '0' || value.p[i] > '9')
			return refuse(f, "Content-Length is no length");
		n = n * 10 + (size_t)(value.p[i] - '0');
	}
	if (n > FRAMING_BODY_MAX)
		return fail(f, FAULT_LIMIT, "gateway.body-size",
		    "http 4: the body is over %u bytes", FRAMING_BODY_MAX);
	fr->body = n;
	return true;
}

static bool
check_header(
    struct framing *fr, struct seen *seen, struct bytes line, struct fault *f)
{
	struct cursor c = cursor_over(line);
	struct bytes name = cursor_until(&c, ':');
	struct bytes value = trim(cursor_rest(&c));

	if (!cursor_ok(&c) || !framing_is_name(name))
		return refuse(f, "a header name is malformed or folded");
	if (!framing_is_value(value))
		return refuse(f, "a header value holds a control byte");
	if (name_is(name, "transfer-encoding"))
		return fail(f, FAULT_INPUT, "gateway.length-required",
		    "http 3: a body is sent with Content-Length");
	if (name_is(name, "expect") && !bytes_is(value, "100-continue"))
		return fail(f, FAULT_INPUT, "gateway.expect",
		    "http 3: the only expectation met is 100-continue");
	if (name_is(name, "host")) {
		if (seen->host || value.n == 0 || !all_visible(value))
			return refuse(f, "Host is given twice or malformed");
		seen->host = true;
	}
	if (name_is(name, "content-length")) {
		if (seen->length)
			return refuse(f, "Content-Length is given twice");
		seen->length = true;
		return check_length(fr, value, f);
	}
	return true;
}

static bool
check_head(struct framing *fr, struct bytes head, struct fault *f)
{
	struct cursor c = cursor_over(head);
	struct seen seen = { 0 };
	struct bytes line;

	if (!take_line(&line, &c, f) || !check_request_line(line, f))
		return false;
	for (;;) {
		if (!take_line(&line, &c, f))
			return false;
		if (line.n == 0)
			break;
		if (++seen.headers > FRAMING_HEADERS_MAX)
			return fail(f, FAULT_LIMIT, "gateway.head-size",
			    "http 4: over %u headers", FRAMING_HEADERS_MAX);
		if (!check_header(fr, &seen, line, f))
			return false;
	}
	if (!seen.host)
		return refuse(f, "Host is missing");
	return true;
}

/* The head's size once its empty line has come, in whichever line ending: what
 * is not CRLF is refused afterwards, not waited for. */
static size_t
head_size(struct framing *fr, struct bytes input)
{
	size_t at = fr->scanned;

	while (at < input.n) {
		const uint8_t *lf = memchr(input.p + at, '\n', input.n - at);

		if (lf == NULL) {
			fr->scanned = input.n;
			return 0;
		}
		size_t after = (size_t)(lf - input.p) + 1;

		if (after < input.n && input.p[after] == '\n')
			return after + 1;
		if (after + 1 < input.n && input.p[after] == '\r' &&
		    input.p[after + 1] == '\n')
			return after + 2;
		fr->scanned = after - 1;
		if (after + 1 >= input.n)
			return 0;
		at = after;
	}
	return 0;
}

enum framing_state
framing_check(struct framing *fr, struct bytes input, struct fault *f)
{
	if (input.n > 0 && !is_token(input.p[0])) {
		(void)refuse(f, "the request line is malformed");
		return FRAMING_REFUSED;
	}
	size_t head = head_size(fr, input);

	if (head > FRAMING_HEAD_MAX ||
	    (head == 0 && input.n >= FRAMING_HEAD_MAX)) {
		(void)fail(f, FAULT_LIMIT, "gateway.head-size",
		    "http 4: the head is over %u bytes", FRAMING_HEAD_MAX);
		return FRAMING_REFUSED;
	}
	if (head == 0)
		return FRAMING_MORE;
	fr->head = head;
	fr->body = 0;
	if (!check_head(fr, bytes_of(input.p, head), f))
		return FRAMING_REFUSED;
	return FRAMING_DONE;
}
