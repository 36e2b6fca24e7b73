/* SPDX-License-Identifier: Apache-2.0 */
#include "core/evidence/idblock.h"

#include <inttypes.h>

#include "core/base/cursor.h"
#include "core/crypto/ecdsa.h"
#include "core/crypto/hash.h"

#define VERSION            1u
#define ECDSA_P384_SHA384  1u /* key algorithm */
#define CURVE_P384         2u
#define KEY_SIZE           0x404u
#define KEY_RESERVED       0x370u
#define SIGNATURE_SIZE     512u
#define SIGNATURE_RESERVED 368u
#define NUMBER_SIZE        72u /* little-endian, on every curve */
#define P384_SIZE          48u

static bool
refuse(struct fault *f, enum fault_code code, int rule, const char *what)
{
	return fail(
	    f, code, "snp.id-block", "evidence %d: ID block: %s", rule, what);
}

bool
idblock_parse(struct idblock *out, struct bytes in, struct fault *f)
{
	struct idblock b = { .raw = in };
	struct cursor c = cursor_over(in);

	b.digest = cursor_take(&c, sizeof(struct sha384));
	b.family_id = cursor_take(&c, 16);
	b.image_id = cursor_take(&c, 16);
	uint32_t version = cursor_le32(&c);

	b.svn = cursor_le32(&c);
	b.policy = cursor_le64(&c);
	if (!cursor_done(&c))
		return refuse(f, FAULT_INPUT, 48, "it is not of 96 bytes");
	if (version != VERSION)
		return refuse(f, FAULT_INPUT, 48, "it is not of version 1");
	*out = b;
	return true;
}

/* An author who signed nothing leaves everything zero. */
static bool
check_author(struct idblock_auth *a, uint32_t algorithm, struct fault *f)
{
	if (bytes_zero(a->author_key) && bytes_zero(a->key_signature)) {
		a->author_key = (struct bytes){ 0 };
		a->key_signature = (struct bytes){ 0 };
		return true;
	}
	if (algorithm != ECDSA_P384_SHA384)
		return refuse(f, FAULT_INPUT, 48,
		    "its author's key is not for ECDSA on P-384");
	return true;
}

bool
idblock_parse_auth(struct idblock_auth *out, struct bytes in, struct fault *f)
{
	struct idblock_auth a = { 0 };
	struct cursor c = cursor_over(in);
	uint32_t id_algorithm = cursor_le32(&c);
	uint32_t author_algorithm = cursor_le32(&c);
	bool zero = bytes_zero(cursor_take(&c, 56));

	a.block_signature = cursor_take(&c, SIGNATURE_SIZE);
	a.id_key = cursor_take(&c, KEY_SIZE);
	zero = bytes_zero(cursor_take(&c, 60)) && zero;
	a.key_signature = cursor_take(&c, SIGNATURE_SIZE);
	a.author_key = cursor_take(&c, KEY_SIZE);
	zero = bytes_zero(cursor_take(&c, 892)) && zero;
	if (!cursor_done(&c))
		return refuse(
		    f, FAULT_INPUT, 48, "its keys are not of 4096 bytes");
	if (!zero)
		return refuse(f, FAULT_INPUT, 48, "reserved bytes are set");
	if (id_algorithm != ECDSA_P384_SHA384)
		return refuse(
		    f, FAULT_INPUT, 48, "its key is not for ECDSA on P-384");
	if (!check_author(&a, author_algorithm, f))
		return false;
	*out = a;
	return true;
}

/* The next number of a key or signature, big-endian; false if it is longer
 * than the curve's. */
static bool
take_number(uint8_t out[P384_SIZE], struct cursor *c)
{
	struct bytes low = cursor_take(c, P384_SIZE);

	for (size_t i = 0; i < low.n; i++)
		out[P384_SIZE - 1 - i] = low.p[i];
	return bytes_zero(cursor_take(c, NUMBER_SIZE - P384_SIZE));
}

static bool
verify(struct bytes key, struct bytes signature, struct bytes in)
{
	uint8_t x[P384_SIZE] = { 0 }, y[P384_SIZE] = { 0 };
	uint8_t r[P384_SIZE] = { 0 }, s[P384_SIZE] = { 0 };
	struct cursor k = cursor_over(key), c = cursor_over(signature);
	const struct ecdsa_key point = { .curve = EC_P384,
		.x = bytes_of(x, sizeof(x)),
		.y = bytes_of(y, sizeof(y)) };

	return cursor_le32(&k) == CURVE_P384 && take_number(x, &k) &&
	       take_number(y, &k) &&
	       bytes_zero(cursor_take(&k, KEY_RESERVED)) && cursor_done(&k) &&
	       take_number(r, &c) && take_number(s, &c) &&
	       bytes_zero(cursor_take(&c, SIGNATURE_RESERVED)) &&
	       cursor_done(&c) &&
	       ecdsa_verify(&point, HASH_SHA384, in, bytes_of(r, sizeof(r)),
		   bytes_of(s, sizeof(s)));
}

bool
idblock_check_auth(
    const struct idblock *b, const struct idblock_auth *a, struct fault *f)
{
	if (!verify(a->id_key, a->block_signature, b->raw))
		return refuse(
		    f, FAULT_VERIFY, 49, "the ID key did not sign it");
	if (a->author_key.n != 0 &&
	    !verify(a->author_key, a->key_signature, a->id_key))
		return refuse(f, FAULT_VERIFY, 49,
		    "the author key did not sign the ID key");
	return true;
}

static bool
check_keys(const struct idblock_auth *a, const struct snpreport *report,
    struct fault *f)
{
	struct sha384 id = sha384_of(a->id_key);
	struct sha384 author = { 0 };

	if (a->author_key.n != 0)
		author = sha384_of(a->author_key);
	if (snpreport_author_key_en(report) != (a->author_key.n != 0))
		return refuse(f, FAULT_VERIFY, 49,
		    "the report differs in whether there is an author");
	if (!bytes_equal(report->id_key_digest, BYTES_OF(&id)))
		return refuse(
		    f, FAULT_VERIFY, 49, "the report names another ID key");
	if (!bytes_equal(report->author_key_digest, BYTES_OF(&author)))
		return refuse(
		    f, FAULT_VERIFY, 49, "the report names another author key");
	return true;
}

bool
idblock_check_report(const struct idblock *b, const struct idblock_auth *a,
    const struct snpreport *report, struct fault *f)
{
	if (!bytes_equal(report->measurement, b->digest))
		return refuse(
		    f, FAULT_VERIFY, 49, "it is for another launch digest");
	if (!bytes_equal(report->family_id, b->family_id) ||
	    !bytes_equal(report->image_id, b->image_id))
		return refuse(f, FAULT_VERIFY, 49,
		    "the report has another family or image");
	if (report->guest_svn != b->svn)
		return fail(f, FAULT_VERIFY, "snp.id-block",
		    "evidence 49: ID block: guest SVN %" PRIu32
		    ", the report has %" PRIu32,
		    b->svn, report->guest_svn);
	if (report->policy != b->policy)
		return fail(f, FAULT_VERIFY, "snp.id-block",
		    "evidence 49: ID block: policy 0x%" PRIx64
		    ", the report has 0x%" PRIx64,
		    b->policy, report->policy);
	return check_keys(a, report, f);
}
