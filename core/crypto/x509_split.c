/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "core/base/base64.h"
#include "core/base/cursor.h"
#include "core/crypto/x509.h"

/* Everything of in before the mark, which is passed over; false without it. */
static bool
take_until(struct bytes *out, struct bytes *in, struct bytes mark)
{
	const uint8_t *at =
	    in->n == 0 ? NULL : memmem(in->p, in->n, mark.p, mark.n);

	if (at == NULL)
		return false;
	size_t before = (size_t)(at - in->p);

	*out = bytes_of(in->p, before);
	*in = bytes_of(at + mark.n, in->n - before - mark.n);
	return true;
}

/* The base64 of a block without its line ends, decoded. */
static bool
decode_block(
    struct bytes *out, struct bytes text, struct arena *a, struct fault *f)
{
	struct buf digits = buf_in(a, text.n);
	struct cursor c = cursor_over(text);

	while (c.left > 0) {
		uint8_t byte = cursor_u8(&c);

		if (byte != '\n' && byte != '\r')
			buf_u8(&digits, byte);
	}
	return arena_check(a, f) &&
	       base64_decode(out, BASE64_PADDED, buf_bytes(&digits), a, f);
}

/* Content length of the SEQUENCE that begins at the cursor; a certificate is
 * never shorter than 128 bytes nor longer than 65535. */
static size_t
sequence_length(struct cursor *c)
{
	if (cursor_u8(c) != 0x30)
		return 0;
	uint8_t form = cursor_u8(c);

	if (form == 0x81)
		return cursor_u8(c);
	return form == 0x82 ? cursor_be16(c) : 0;
}

size_t
x509_split_der(struct bytes *out, size_t room, struct bytes in)
{
	size_t count = 0;

	while (count < room) {
		struct cursor c = cursor_over(in);
		struct bytes content = cursor_take(&c, sequence_length(&c));

		if (!cursor_ok(&c) || content.n == 0)
			break;
		out[count++] = bytes_of(in.p, in.n - c.left);
		in = cursor_rest(&c);
	}
	return count;
}

/* Of all roots that somebody trusts few are used: whether one is a certificate
 * is seen then. */
static bool
is_frame(struct bytes der)
{
	struct bytes one;

	return der.n <= X509_CERT_MAX && x509_split_der(&one, 1, der) == 1 &&
	       one.n == der.n;
}

bool
x509_split_pem(
    struct x509_list *out, struct bytes pem, struct arena *a, struct fault *f)
{
	struct bytes text;

	out->n = 0;
	while (take_until(&text, &pem, BYTES("-----BEGIN CERTIFICATE-----"))) {
		size_t i = out->n;

		if (i == out->room)
			return fail(f, FAULT_LIMIT, "x509.count",
			    "base 10: more than %zu certificates", i);
		if (!take_until(
			&text, &pem, BYTES("-----END CERTIFICATE-----")))
			return fail(f, FAULT_INPUT, "x509.pem",
			    "base 10: block %zu has no end", i);
		if (!decode_block(&out->certs[i], text, a, f))
			return f->code != FAULT_LIMIT
				   ? fail(f, FAULT_INPUT, "x509.pem",
					 "base 10: block %zu is no base64", i)
				   : false;
		if (!is_frame(out->certs[i]))
			return fail(f, FAULT_INPUT, "x509.pem",
			    "base 10: block %zu is no certificate", i);
		out->n++;
	}
	return true;
}
