/* SPDX-License-Identifier: Apache-2.0 */
#include "core/message/id.h"

#include "core/base/base64.h"
#include "core/message/link.h"
#include "core/message/structured.h"

struct bytes
message_id_text(const struct message_id *id, struct arena *a)
{
	return base64_encode(a, BASE64_URL, BYTES_OF(id));
}

bool
message_id_parse(struct message_id *out, struct bytes text, struct fault *f)
{
	uint8_t block[64];
	struct arena scratch;
	struct bytes raw;

	arena_init(&scratch, block, sizeof(block));
	if (text.n != MESSAGE_ID_TEXT)
		return fail(f, FAULT_INPUT, "message.id",
		    "message 5: an id has 43 characters, not %zu", text.n);
	if (!base64_decode(&raw, BASE64_URL, text, &scratch, f))
		return false;
	memcpy(out->b, raw.p, sizeof(out->b));
	return true;
}

void
message_id_add(struct message_id *sum, const struct message_id *id)
{
	unsigned carry = 0;

	for (size_t i = sizeof(sum->b); i-- > 0;) {
		carry += (unsigned)sum->b[i] + id->b[i];
		sum->b[i] = (uint8_t)carry;
		carry >>= 8;
	}
}

struct message_id
message_address(struct bytes modulus)
{
	struct sha256 hash = sha256_of(modulus);
	struct message_id address;

	memcpy(address.b, hash.b, sizeof(address.b));
	return address;
}

bool
message_unsigned_id(struct message_id *out, const struct message *m,
    struct arena *a, struct fault *f)
{
	struct message *tabm;
	struct commitment own;

	if (!structured_encode(&tabm, m, a, f) ||
	    !link_unsigned(&own, tabm, a, f))
		return false;
	*out = own.id;
	return true;
}

bool
message_id(struct message_id *out, const struct message *m, struct arena *a,
    struct fault *f)
{
	struct message *tabm;

	return structured_encode(&tabm, m, a, f) && link_id(out, tabm, a, f);
}
