/* SPDX-License-Identifier: Apache-2.0 */
#include "core/evidence/binding.h"

#include "core/message/id.h"

struct sha512
binding_value(const struct binding *b)
{
	static const char label[] = "permawebos-measurement-v2";
	struct sha256 purpose = sha256_of(b->purpose);
	struct sha256 nonce = sha256_of(b->nonce);
	struct sha256 device = sha256_of(b->device);
	const struct bytes parts[] = {
		bytes_of(label, sizeof(label)), /* its NUL is part of it */
		BYTES_OF(&b->subject),
		BYTES_OF(&purpose),
		BYTES_OF(&nonce),
		BYTES_OF(&device),
		BYTES_OF(&b->recipient),
		BYTES_OF(&b->state),
	};
	struct sha512 out;

	hash_parts(HASH_SHA512, out.b, parts, sizeof(parts) / sizeof(parts[0]));
	return out;
}

static bool
part_id(struct message_id *out, const struct message *envelope, const char *key,
    struct arena *a, struct fault *f)
{
	const struct message *part;

	if (!message_find_message(&part, envelope, key))
		return fail(f, FAULT_INPUT, "envelope.shape",
		    "measurement 1: no message under %s", key);
	return message_unsigned_id(out, part, a, f);
}

static bool
purpose_and_nonce(struct binding *b, const struct message *envelope,
    struct arena *a, struct fault *f)
{
	if (!message_find_bytes(&b->purpose, envelope, "purpose") ||
	    !message_find_bytes(&b->device, envelope, "measurement-device"))
		return fail(f, FAULT_INPUT, "envelope.shape",
		    "measurement 1: no purpose or no measurement-device");
	if (!message_find_base64(&b->nonce, envelope, "nonce", a, f))
		return false;
	if (bytes_is(b->purpose, "boot"))
		return bytes_is(b->nonce, BINDING_BOOT_NONCE) ||
		       fail(f, FAULT_VERIFY, "bind.purpose",
			   "measurement 3: boot with another nonce");
	if (!bytes_is(b->purpose, "fresh"))
		return fail(f, FAULT_INPUT, "bind.purpose",
		    "measurement 1: purpose is neither boot nor fresh");
	if (b->nonce.n < BINDING_NONCE_MIN || b->nonce.n > BINDING_NONCE_MAX)
		return fail(f, FAULT_INPUT, "fresh.nonce-weak",
		    "measurement 3: nonce of %zu bytes", b->nonce.n);
	if (bytes_is(b->nonce, BINDING_BOOT_NONCE))
		return fail(f, FAULT_VERIFY, "bind.purpose",
		    "measurement 3: fresh with the boot nonce");
	return true;
}

bool
binding_of(struct binding *out, const struct message *envelope, struct arena *a,
    struct fault *f)
{
	struct binding b = { 0 };

	if (!purpose_and_nonce(&b, envelope, a, f) ||
	    !part_id(&b.subject, envelope, "body", a, f) ||
	    !part_id(&b.recipient, envelope, "secret-recipient", a, f))
		return false;
	bool fresh = bytes_is(b.purpose, "fresh");

	if (fresh && !part_id(&b.state, envelope, "state", a, f))
		return false;
	if (!fresh && message_get(envelope, BYTES("state")) != NULL)
		return fail(f, FAULT_INPUT, "envelope.shape",
		    "measurement 1: state in a boot measurement");
	*out = b;
	return true;
}
