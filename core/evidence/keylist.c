/* SPDX-License-Identifier: Apache-2.0 */
#include "core/evidence/keylist.h"

#define OCTETS_MAX 1024u

static const struct {
	uint32_t number;
	enum keylist_kind kind;
	const char *name;
} tags[KEYLIST_COUNT] = {
#define KEYLIST_ROW(name, tag, kind, text) { tag, KEYLIST_KIND_##kind, text },
	KEYLIST_TAGS(KEYLIST_ROW)
#undef KEYLIST_ROW
};

static struct bytes
read_set(struct der *d)
{
	struct bytes content = der_take(d, DER_SET);
	struct der set = der_over(content);
	struct fault ignored;
	size_t n = 0;

	for (; der_more(&set); n++)
		(void)der_int64(&set);
	if (n > KEYLIST_SET_MAX || !der_done(&set, &ignored))
		der_refuse(d, DER_BAD_VALUE);
	return content;
}

static struct bytes
read_octets(struct der *d)
{
	struct bytes octets = der_octets(d);

	if (octets.n > OCTETS_MAX)
		der_refuse(d, DER_BAD_VALUE);
	return octets;
}

/* TRUE is ff, and 01 on some phones; those are noted. */
static bool
read_locked(struct keylist *out, struct der *d)
{
	struct bytes content = der_take(d, DER_BOOLEAN);

	if (content.n != 1) {
		der_refuse(d, DER_BAD_VALUE);
		return false;
	}
	if (content.p[0] != 0 && content.p[0] != 0xff)
		out->odd_boolean = true;
	return content.p[0] != 0;
}

/* The hash came with version 3. */
static bool
read_root(struct keylist *out, struct der *value, struct fault *f)
{
	struct root_of_trust *root = &out->root;
	struct der d = der_into(value, DER_SEQUENCE);

	root->boot_key = read_octets(&d);
	root->device_locked = read_locked(out, &d);
	int64_t state = der_enumerated(&d);

	if (state < 0 || state >= BOOT_STATES)
		der_refuse(&d, DER_BAD_VALUE);
	else
		root->boot_state = (enum boot_state)state;
	if (der_more(&d))
		root->boot_hash = read_octets(&d);
	return der_done(&d, f);
}

static bool
read_known(struct keylist *out, enum keylist_tag tag, struct der *value,
    struct fault *f)
{
	struct keylist_value *to = &out->of[tag];

	to->present = true;
	switch (tags[tag].kind) {
	case KEYLIST_KIND_INTEGER:
		to->number = der_int64(value);
		break;
	case KEYLIST_KIND_SET:
		to->bytes = read_set(value);
		break;
	case KEYLIST_KIND_OCTETS:
		to->bytes = read_octets(value);
		break;
	case KEYLIST_KIND_ROOT:
		if (!read_root(out, value, f))
			return false;
		break;
	case KEYLIST_KIND_NULL:
	default:
		der_null(value);
		break;
	}
	return der_done(value, f);
}

static bool
read_unknown(
    struct keylist *out, uint32_t number, struct der *value, struct fault *f)
{
	if (out->nunknown == KEYLIST_UNKNOWN_MAX)
		return fail(f, FAULT_INPUT, "android.extension.limit",
		    "evidence 57: more than %u unknown tags",
		    KEYLIST_UNKNOWN_MAX);
	struct keylist_unknown *to = &out->unknown[out->nunknown++];
	struct der whole = *value;

	to->tag = number;
	to->value = der_any(&whole).whole;
	switch (der_peek(value)) {
	case DER_INTEGER:
		(void)der_integer(value);
		break;
	case DER_NULL:
		der_null(value);
		break;
	default:
		(void)der_any(value);
		break;
	}
	return der_done(value, f);
}

static enum keylist_tag
find(uint32_t number)
{
	for (size_t i = 0; i < KEYLIST_COUNT; i++)
		if (tags[i].number == number)
			return (enum keylist_tag)i;
	return KEYLIST_COUNT;
}

static bool
was_read(const struct keylist *list, uint32_t number, enum keylist_tag tag)
{
	if (tag != KEYLIST_COUNT)
		return list->of[tag].present;
	for (size_t i = 0; i < list->nunknown; i++)
		if (list->unknown[i].tag == number)
			return true;
	return false;
}

static bool
read_tag(
    struct keylist *out, uint32_t number, struct der *value, struct fault *f)
{
	enum keylist_tag tag = find(number);

	if (was_read(out, number, tag))
		return fail(f, FAULT_INPUT, "android.extension.duplicate",
		    "evidence 57: tag %u comes twice", number);
	return tag == KEYLIST_COUNT ? read_unknown(out, number, value, f)
				    : read_known(out, tag, value, f);
}

bool
keylist_parse(struct keylist *out, struct der list, struct fault *f)
{
	uint32_t before = 0;

	memset(out, 0, sizeof(*out));
	while (der_more(&list)) {
		uint32_t tag = der_peek(&list);
		uint32_t number = tag & DER_NUMBER_MAX;
		struct der value = der_into(&list, tag);

		if (!DER_IS_EXPLICIT(tag))
			der_refuse(&list, DER_BAD_TAG);
		if (list.reason != NULL)
			break;
		if (number < before && out->disorder == 0)
			out->disorder = number;
		before = number;
		if (!read_tag(out, number, &value, f))
			return false;
	}
	return der_done(&list, f);
}

uint32_t
keylist_number(enum keylist_tag tag)
{
	return tags[tag].number;
}

enum keylist_kind
keylist_kind(enum keylist_tag tag)
{
	return tags[tag].kind;
}

const char *
keylist_name(enum keylist_tag tag)
{
	return tags[tag].name;
}

size_t
keylist_members(int64_t out[KEYLIST_SET_MAX], const struct keylist_value *set)
{
	struct der d = der_over(set->bytes);
	size_t n = 0;

	while (der_more(&d) && n < KEYLIST_SET_MAX)
		out[n++] = der_int64(&d);
	return n;
}

bool
keylist_has(const struct keylist_value *set, int64_t member)
{
	int64_t members[KEYLIST_SET_MAX];
	size_t n = keylist_members(members, set);

	for (size_t i = 0; i < n; i++)
		if (members[i] == member)
			return true;
	return false;
}
