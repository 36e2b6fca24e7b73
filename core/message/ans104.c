/* SPDX-License-Identifier: Apache-2.0 */
#include "core/message/ans104.h"

#include "core/crypto/rsa.h"
#include "core/message/commitments.h"
#include "core/message/id.h"
#include "core/message/itemform.h"
#include "core/message/itemread.h"
#include "core/message/pack.h"
#include "core/message/structured.h"

bool
ans104_decode(
    struct message **out, struct bytes in, struct arena *a, struct fault *f)
{
	struct dataitem item;

	return dataitem_parse(&item, in, f) &&
	       itemread_message(out, &item, a, f);
}

/* Whether c is the one commitment that the item gives. */
static bool
is_same_commitment(bool *out, const struct commitment *x,
    const struct message *y, struct arena *a, struct fault *f)
{
	struct message left = { .arena = a,
		.commitments = arena_alloc(a, sizeof(*x)),
		.ncommitments = 1 };
	struct message right = { .arena = a,
		.commitments = y->commitments,
		.ncommitments = y->ncommitments };
	struct bytes given, made;

	if (!arena_check(a, f))
		return false;
	*left.commitments = *x;
	if (!message_pack(&given, &left, a, f) ||
	    !message_pack(&made, &right, a, f))
		return false;
	*out = bytes_equal(given, made);
	return true;
}

bool
ans104_rebuild(struct dataitem *out, const struct message *tabm,
    const struct commitment *c, struct arena *a, struct fault *f)
{
	struct message *level, *rich = NULL, *again = NULL;
	bool alike = false;

	if (!itemform_make(out, tabm, c, a, f) ||
	    !itemform_level(&level, tabm, c, a, f) ||
	    !structured_decode(&rich, level, a, f) ||
	    !itemread_message(&again, out, a, f) ||
	    !is_same_commitment(&alike, c, again, a, f))
		return false;
	return (message_equal(rich, again) && alike) ||
	       fail(f, FAULT_VERIFY, "ans104.form",
		   "message 17: the message is not the item's");
}

bool
ans104_encode(struct bytes *out, const struct message *m, struct arena *a,
    struct fault *f)
{
	struct message *tabm;
	const struct commitment *c;
	struct dataitem item;

	return structured_encode(&tabm, m, a, f) &&
	       itemform_commitment(&c, tabm, f) &&
	       (c != NULL || fail(f, FAULT_INPUT, "commitment.none",
				 "message 17: nobody signed a data item")) &&
	       ans104_rebuild(&item, tabm, c, a, f) &&
	       dataitem_write(out, &item, a, f);
}

/* What m would be signed as: the item, and a commitment that lacks only the
 * signature. */
static bool
make_unsigned(struct dataitem *item, struct commitment *c,
    const struct message *m, const struct ans104_signer *by, struct fault *f)
{
	struct arena *a = m->arena;
	struct message_id address = message_address(by->modulus);
	struct itemform_meta meta;
	struct message *tabm;

	if (by->modulus.n != RSA_WALLET_BYTES)
		return fail(f, FAULT_INPUT, "commitment.key",
		    "message 12: not a 4096-bit key");
	if (!structured_encode(&tabm, m, a, f) ||
	    !itemform_natural(c, tabm, by->form, a, f))
		return false;
	c->device = BYTES(COMMITMENT_ANS104);
	c->type = BYTES(COMMITMENT_RSA256);
	c->keyid = commitments_keyid(by->modulus, BASE64_URL, a);
	c->committer = message_id_text(&address, a);
	if (!itemform_make(item, tabm, c, a, f) ||
	    !itemform_read_meta(&meta, item, a, f))
		return false;
	c->map = meta.map;
	return true;
}

bool
ans104_base(struct bytes *out, const struct message *m,
    const struct ans104_signer *by, struct arena *a, struct fault *f)
{
	struct commitment c;
	struct dataitem item;

	if (!make_unsigned(&item, &c, m, by, f))
		return false;
	struct sha384 hash = dataitem_hash(&item);

	*out = arena_copy(a, BYTES_OF(&hash));
	return arena_check(a, f);
}

bool
ans104_attach(struct message *m, const struct ans104_signer *by,
    struct bytes signature, struct fault *f)
{
	struct commitment c;
	struct message *tabm;
	struct dataitem item;

	if (signature.n != RSA_WALLET_BYTES)
		return fail(f, FAULT_INPUT, "commitment.key",
		    "message 12: not a 4096-bit signature");
	if (!make_unsigned(&item, &c, m, by, f) ||
	    !structured_encode(&tabm, m, m->arena, f))
		return false;
	c.signature = arena_copy(m->arena, signature);
	c.id = commitments_id(c.signature);
	return ans104_rebuild(&item, tabm, &c, m->arena, f) &&
	       commitments_add(m, &c, f);
}
