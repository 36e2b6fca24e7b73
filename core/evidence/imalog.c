/* SPDX-License-Identifier: Apache-2.0 */
#include "core/evidence/imalog.h"

#define DIGEST_SIZE   20u
#define NAME_MAX_SIZE 32u
#define PATH_PADDED   256u /* what the oldest template hashes of a path */

/* clang-format off */
static const struct {
	const char *name;
	size_t fields; /* 0: the oldest form, without lengths */
} templates[] = {
	{ "ima",        0 },
	{ "ima-ng",     2 },
	{ "ima-sig",    3 },
	{ "ima-ngv2",   2 },
	{ "ima-sigv2",  3 },
	{ "ima-buf",    3 },
	{ "ima-modsig", 5 },
	{ "evm-sig",    8 },
};
/* clang-format on */
#define TEMPLATES (sizeof(templates) / sizeof(templates[0]))

static size_t
template_of(struct bytes name)
{
	size_t i = 0;

	while (i < TEMPLATES && !bytes_is(name, templates[i].name))
		i++;
	return i;
}

/* The oldest form: digest, length and name of the file, without a NUL. */
static void
take_oldest(struct imalog_entry *e, struct cursor *c)
{
	const uint8_t *start = c->p;

	e->file = cursor_take(c, DIGEST_SIZE);
	e->path = cursor_take(c, cursor_le32(c));
	if (cursor_ok(c))
		e->data = bytes_of(start, (size_t)(c->p - start));
}

static bool
take_entry(struct imalog_entry *e, struct cursor *c)
{
	size_t n;

	*e = (struct imalog_entry){ .pcr = cursor_le32(c) };
	e->digest = cursor_take(c, DIGEST_SIZE);
	n = cursor_le32(c);
	if (n > NAME_MAX_SIZE)
		return false;
	e->template = cursor_take(c, n);
	if (bytes_is(e->template, templates[0].name))
		take_oldest(e, c);
	else
		e->data = cursor_take(c, cursor_le32(c));
	return true;
}

/* Exactly as many fields as the template has; the first two are the file's
 * digest and its name with a NUL. */
static bool
read_fields(struct imalog_entry *e, size_t fields)
{
	struct cursor c = cursor_over(e->data);

	if (fields == 0)
		return e->path.n <= PATH_PADDED;
	for (size_t i = 0; i < fields; i++) {
		struct bytes field = cursor_take(&c, cursor_le32(&c));

		if (i == 0)
			e->file = field;
		if (i == 1)
			e->path = field;
	}
	if (!cursor_done(&c) || e->path.n == 0 || e->path.p[e->path.n - 1] != 0)
		return false;
	e->path.n--;
	return true;
}

bool
imalog_next(struct cursor *c, struct imalog_entry *out)
{
	if (c->left == 0 || !take_entry(out, c))
		return false;
	size_t which = template_of(out->template);

	return which < TEMPLATES && read_fields(out, templates[which].fields);
}

static void
hash_template(const struct imalog_entry *e, enum hash_alg alg, uint8_t *out)
{
	uint8_t padded[PATH_PADDED] = { 0 };
	const struct bytes parts[2] = { e->file,
		bytes_of(padded, sizeof(padded)) };

	if (!bytes_is(e->template, templates[0].name)) {
		hash_parts(alg, out, &e->data, 1);
		return;
	}
	if (e->path.n != 0)
		memcpy(padded, e->path.p, e->path.n);
	hash_parts(alg, out, parts, 2);
}

/* The kernel logs zeros where a file changed while it was measured. */
static bool
is_violation(const struct imalog_entry *e)
{
	return bytes_zero(e->digest);
}

static bool
check_entry(struct imalog *log, struct imalog_entry *e, struct fault *f)
{
	size_t which = template_of(e->template);
	uint8_t digest[64];

	if (e->pcr != IMALOG_PCR)
		return fail(f, FAULT_INPUT, "log.ima.syntax",
		    "evidence 18: entry %zu in PCR %u", log->count, e->pcr);
	if (which == TEMPLATES || !read_fields(e, templates[which].fields))
		return fail(f, FAULT_INPUT, "log.ima.template",
		    "evidence 18: entry %zu has no template that we know",
		    log->count);
	if (is_violation(e)) {
		log->violations++;
		return true;
	}
	hash_template(e, HASH_SHA1, digest);
	if (!bytes_equal(e->digest, bytes_of(digest, DIGEST_SIZE)))
		return fail(f, FAULT_VERIFY, "log.ima.digest",
		    "evidence 18: digest of entry %zu is not that of its data",
		    log->count);
	return true;
}

bool
imalog_parse(struct imalog *out, struct bytes in, struct fault *f)
{
	struct imalog log = { .entries = in };
	struct cursor c = cursor_over(in);

	if (in.n > IMALOG_SIZE_MAX)
		return fail(f, FAULT_LIMIT, "log.limit",
		    "evidence 18: list of %zu bytes, at most %u", in.n,
		    IMALOG_SIZE_MAX);
	while (c.left != 0) {
		struct cursor start = c;
		struct imalog_entry e;

		if (!take_entry(&e, &c))
			return fail(f, FAULT_INPUT, "log.ima.template",
			    "evidence 18: entry %zu has a name of too many "
			    "bytes",
			    log.count);
		if (!cursor_ok(&c)) {
			log.cut = start.left;
			log.entries.n -= log.cut;
			break;
		}
		if (!check_entry(&log, &e, f))
			return false;
		if (++log.count > IMALOG_ENTRIES_MAX)
			return fail(f, FAULT_LIMIT, "log.limit",
			    "evidence 18: more than %u entries",
			    IMALOG_ENTRIES_MAX);
	}
	if (log.count == 0)
		return fail(f, FAULT_INPUT, "log.ima.syntax",
		    "evidence 18: no whole entry");
	*out = log;
	return true;
}

bool
imalog_check(const struct imalog *log, struct fault *f)
{
	if (log->violations != 0)
		return fail(f, FAULT_VERIFY, "log.ima.violation",
		    "evidence 18: %zu files changed while they were measured",
		    log->violations);
	return true;
}

void
imalog_replay(uint8_t *out, const struct imalog *log, enum hash_alg alg)
{
	struct cursor c = cursor_over(log->entries);
	size_t n = hash_size(alg);
	struct imalog_entry e;
	uint8_t digest[64];

	memset(out, 0, n);
	while (imalog_next(&c, &e)) {
		if (is_violation(&e))
			memset(digest, 0xff, n);
		else
			hash_template(&e, alg, digest);
		hash_extend(alg, out, bytes_of(digest, n));
	}
}
