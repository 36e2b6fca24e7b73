/* SPDX-License-Identifier: Apache-2.0 */
#include "core/message/nesting.h"

#include <setjmp.h>
#include <stdarg.h>

#include "core/base/base64.h"
#include "core/base/cursor.h"
#include "core/message/ans104.h"
#include "core/message/bundle.h"
#include "core/message/id.h"
#include "core/message/manifest.h"
#include "core/message/vectors_test.h"

#include <cmocka.h>

#define PARTS_MAX 3u

/* An item of a bundle: tags as "name=value;", data that begins with the text
 * and is so long. */
struct part {
	const char *key, *tags, *data;
	size_t length;
	bool claimed; /* to be somebody's */
};

enum twist {
	PLAIN,
	NO_INDEX, /* a bundle of nothing */
	INDEX_LAST,
	INDEX_CLAIMED,
	OTHER_MAP, /* the tag names another index */
	NO_MAP,    /* and so a list of index and items */
	SHORT_MAP,
	ONLY_MAP,    /* no bundle-format */
	ONE_MORE,    /* an item that the index does not name */
	OTHER_TOLD,  /* the table has another id */
	TOLD_SIGNED, /* the table has the id of the signature */
};

struct row {
	const char *name;
	struct part parts[PARTS_MAX];
	const char *tags; /* beside those of the bundle */
	enum twist twist;
	const char *reason;
};

/* clang-format off */
static const struct row rows[] = {
	{ "a message", {{ "n", "k=v;", "d", 1, false }}, "", PLAIN, NULL },
	{ "nothing but an index", {{ 0 }}, "a=b;", PLAIN, NULL },
	{ "an empty message", {{ "n", "", "", 0, false }}, "", PLAIN, NULL },
	{ "a long value", {{ "k", "ao-type=binary;", "v", 3073, false }}, "", PLAIN, NULL },
	{ "somebody's", {{ "n", "K=v;", "", 0, true }}, "", PLAIN, NULL },
	{ "two of the same", {{ "m", "k=v;", "", 0, false }, { "n", "k=v;", "", 0, false }}, "", PLAIN, NULL },
	{ "data beside it", {{ "data", "ao-type=binary;", "d", 1, false }, { "n", "", "", 0, false }}, "", PLAIN, NULL },
	{ "no index", {{ 0 }}, "", NO_INDEX, "ans104.form" },
	{ "an index at the end", {{ "n", "", "", 0, false }}, "", INDEX_LAST, "ans104.bundle" },
	{ "an index of somebody", {{ "n", "", "", 0, false }}, "", INDEX_CLAIMED, "ans104.bundle" },
	{ "another index", {{ "n", "", "", 0, false }}, "", OTHER_MAP, "ans104.bundle" },
	{ "an index in a list", {{ "n", "", "", 0, false }}, "", NO_MAP, NULL },
	{ "a list in a list", {{ "n", "1=a;ao-types=.=\"list\";", "", 0, false }}, "", NO_MAP, NULL },
	{ "no id of an index", {{ "n", "", "", 0, false }}, "", SHORT_MAP, "ans104.bundle" },
	{ "a map of no bundle", {{ "n", "", "", 0, false }}, "", ONLY_MAP, "ans104.bundle" },
	{ "an item without a name", {{ "n", "", "", 0, false }}, "", ONE_MORE, "ans104.bundle" },
	{ "another id in the table", {{ "n", "", "", 0, false }}, "", OTHER_TOLD, "ans104.bundle" },
	{ "a signed id in the table", {{ "n", "", "", 0, true }}, "", TOLD_SIGNED, "ans104.bundle" },
	{ "two of one unsigned id", {{ "m", "k=v;", "", 0, false }, { "n", "k=v;", "", 0, true }}, "", PLAIN, "ans104.form" },
	{ "a value that a tag would hold", {{ "k", "ao-type=binary;", "v", 3072, false }}, "", PLAIN, "ans104.form" },
	{ "an empty value", {{ "data", "ao-type=binary;", "", 0, false }}, "", PLAIN, "ans104.form" },
	{ "a long target", {{ "target", "ao-type=binary;", "v", 3073, false }}, "", PLAIN, "ans104.form" },
	{ "data in a tag", {{ "n", "", "", 0, false }}, "data=d;", PLAIN, "ans104.form" },
	{ "a name that a tag has", {{ "n", "", "", 0, false }}, "n=v;", PLAIN, "ans104.key" },
	{ "a name that a link has", {{ "n", "", "", 0, false }}, "n+link=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA;", PLAIN, "message.duplicate" },
	{ "a type of an item", {{ "k", "ao-type=binary;", "5", 3073, false }}, "ao-types=k=\"integer\";", PLAIN, "message.types" },
	{ "nobody's in another order", {{ "n", "b=1;a=2;", "", 0, false }}, "", PLAIN, "ans104.form" },
	{ "nobody's in capitals", {{ "n", "K=v;", "", 0, false }}, "", PLAIN, "ans104.form" },
	{ "nobody's tag twice", {{ "n", "k=v;k=w;", "", 0, false }}, "", PLAIN, "ans104.form" },
	{ "nobody's data elsewhere", {{ "n", "ao-data-key=k;", "d", 1, false }}, "", PLAIN, "ans104.form" },
	{ "nobody's long body as data", {{ "n", "ao-data-key=body;", "d", 3073, false }}, "", PLAIN, "ans104.form" },
	{ "a list of somebody", {{ "n", "1=a;ao-types=.=\"list\";", "", 0, true }}, "", PLAIN, "ans104.form" },
	{ "a list with a gap", {{ "n", "2=a;ao-types=.=\"list\";", "", 0, false }}, "", PLAIN, "message.types" },
	{ "no item at all", {{ "n", "bundle-format=binary;", "", 0, false }}, "", PLAIN, "ans104.bundle" },
};
/* clang-format on */

static uint8_t somebody[512];

static void
add_tags(struct dataitem *item, const char *text)
{
	struct cursor c = cursor_over(bytes_text(text));

	while (c.left != 0) {
		struct bytes name = cursor_until(&c, '=');

		item->tags[item->ntags++] =
		    (struct dataitem_tag){ name, cursor_until(&c, ';') };
	}
}

static struct dataitem
part_item(const struct part *part, struct arena *a)
{
	struct dataitem item = dataitem_nobodys();
	uint8_t *data = arena_alloc(a, part->length);
	struct fault f = { 0 };

	add_tags(&item, part->tags);
	if (part->length != 0)
		data[0] = (uint8_t)part->data[0];
	item.data = bytes_of(data, part->length);
	if (part->claimed)
		item.owner = item.signature =
		    bytes_of(somebody, sizeof(somebody));
	assert_true(dataitem_write_tags(&item, a, &f));
	return item;
}

static void
write_item(struct bytes *out, const struct dataitem *item, struct arena *a)
{
	struct fault f = { 0 };

	assert_true(dataitem_write(out, item, a, &f));
}

/* The items of a row in their places, the index first. */
static size_t
put_items(struct bundle_item *items, const struct part *parts, enum twist twist,
    struct arena *a)
{
	struct manifest index = { 0 };
	struct dataitem item;
	struct fault f = { 0 };
	size_t n = 1;

	for (size_t i = 0; i < PARTS_MAX && parts[i].key != NULL; i++) {
		item = part_item(&parts[i], a);
		write_item(&items[n].bytes, &item, a);
		index.keys[index.count] = bytes_text(parts[i].key);
		index.ids[index.count++] = dataitem_unsigned_id(&item);
		items[n++].id = twist == TOLD_SIGNED
				    ? dataitem_id(&item)
				    : dataitem_unsigned_id(&item);
	}
	if (twist == ONE_MORE)
		items[n++] = items[1];
	assert_true(manifest_write(&item, &index, a, &f));
	if (twist == INDEX_CLAIMED)
		item.signature = bytes_of(somebody, sizeof(somebody));
	write_item(&items[0].bytes, &item, a);
	items[0].id = dataitem_unsigned_id(&item);
	return n;
}

static void
add_kind(struct dataitem *out, const struct message_id *map, enum twist twist,
    struct arena *a)
{
	if (twist != ONLY_MAP)
		add_tags(out, "bundle-format=binary;bundle-version=2.0.0;");
	if (twist == NO_MAP)
		return;
	out->tags[out->ntags++] = (struct dataitem_tag){ BYTES("bundle-map"),
		twist == SHORT_MAP
		    ? BYTES("AAAA")
		    : base64_encode(a, BASE64_URL, BYTES_OF(map)) };
}

static struct bytes
bundle_of(const struct part *parts, const char *tags, enum twist twist,
    struct arena *a)
{
	struct bundle_item items[PARTS_MAX + 2];
	size_t n = put_items(items, parts, twist, a);
	struct message_id map = items[0].id;
	struct dataitem out = dataitem_nobodys();
	struct bytes written;
	struct fault f = { 0 };

	if (twist == OTHER_MAP)
		map.b[0] ^= 1;
	if (twist == OTHER_TOLD)
		items[n - 1].id.b[0] ^= 1;
	if (twist == INDEX_LAST) {
		struct bundle_item first = items[0];

		items[0] = items[n - 1];
		items[n - 1] = first;
	}
	add_kind(&out, &map, twist, a);
	add_tags(&out, tags);
	out.owner = out.signature = bytes_of(somebody, sizeof(somebody));
	assert_true(
	    bundle_write(&out.data, items, twist == NO_INDEX ? 0 : n, a, &f) &&
	    dataitem_write_tags(&out, a, &f));
	write_item(&written, &out, a);
	return written;
}

/* What is read is made again as the same bytes. */
static void
bundles_with_names(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct arena *a = vectors_arena();
		struct bytes in = bundle_of(
				 rows[i].parts, rows[i].tags, rows[i].twist, a),
			     again;
		struct message *m;
		struct fault f = { 0 };
		bool ok = ans104_decode(&m, in, a, &f);

		if (ok != (rows[i].reason == NULL))
			fail_msg("%s: %s", rows[i].name, f.why);
		if (!ok && strcmp(f.reason, rows[i].reason) != 0)
			fail_msg("%s: %s: %s", rows[i].name, f.reason, f.why);
		if (ok && (!ans104_encode(&again, m, a, &f) ||
			      !bytes_equal(again, in)))
			fail_msg("%s: another item: %s", rows[i].name, f.why);
	}
}

/* Items in items: as deep as the rule has it, and no deeper. */
static void
depth(void **state)
{
	struct arena *a = vectors_arena();
	struct ans104_signer by = { bytes_of(somebody, sizeof(somebody)),
		ANS104_BUNDLE };
	struct message *m = message_new(a);
	struct fault f = { 0 };

	(void)state;
	message_set_text(m, "k", "v");
	for (unsigned i = 1; i < NESTING_DEPTH_MAX; i++) {
		struct message *above = message_new(a);

		message_set_message(above, "n", m);
		m = above;
	}
	if (!ans104_attach(m, &by, by.modulus, &f))
		fail_msg("%s", f.why);
	struct message *above = message_new(a);

	message_set_message(above, "n", message_copy(m, a));
	assert_false(ans104_attach(above, &by, by.modulus, &f));
	assert_string_equal(f.reason, "message.depth");
}

static void
too_many_names(void **state)
{
	struct arena *a = vectors_arena();
	struct ans104_signer by = { bytes_of(somebody, sizeof(somebody)),
		ANS104_BUNDLE };
	struct message *m = message_new(a);
	struct bytes base;
	struct fault f = { 0 };

	(void)state;
	for (unsigned i = 0; i < MESSAGE_KEYS_MAX; i++)
		message_put(m, arena_print(a, "n%u", i),
		    (struct value){
			.kind = VALUE_MESSAGE, .message = message_new(a) });
	assert_true(ans104_base(&base, m, &by, a, &f));
	message_set_message(m, "one-more", message_new(a));
	assert_false(ans104_base(&base, m, &by, a, &f));
	assert_string_equal(f.reason, "message.keys");
	/* As links they are tags, and those are bounded otherwise. */
	by.form = ANS104_LINK;
	assert_true(ans104_base(&base, m, &by, a, &f));
}

/* The ids that the original's own tests demand of these messages. */
static void
ids_of_the_original(void **state)
{
	/* clang-format off */
	static const struct {
		struct part parts[PARTS_MAX];
		const char *data, *map;
	} cases[] = {
		{{{ "data", "a2=value2;c2=value3;", "", 0, false }}, "testdata",
		    "JmtD0fwFqJTK4P_XexVqBQdnDc0-C7FFIOge6GEOJE8" },
		{{{ "data", "TagB1=value2;TagB2=value3;", "", 0, false }}, "item1_data",
		    "IJ9HnMqGT4qNc8_O_wZ5-3qTPHC2ZVXxsK03kDRoQw0" },
		{{{ "data", "tagb1=value1;tagb2=value2;", "", 0, false }}, "testdata",
		    "mlOQnRTom7Jlg_UdXk6n_dMMc5h-bUvoTo_QguH7AOE" },
	};
	/* clang-format on */

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct arena *a = vectors_arena();
		struct dataitem item = part_item(&cases[i].parts[0], a), made;
		struct manifest index = { .keys = { BYTES("data") },
			.count = 1 };
		struct fault f = { 0 };

		item.data = bytes_text(cases[i].data);
		index.ids[0] = dataitem_unsigned_id(&item);
		assert_true(manifest_write(&made, &index, a, &f));
		struct message_id id = dataitem_unsigned_id(&made);

		assert_true(bytes_is(message_id_text(&id, a), cases[i].map));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bundles_with_names),
		cmocka_unit_test(depth),
		cmocka_unit_test(too_many_names),
		cmocka_unit_test(ids_of_the_original),
	};

	/* A modulus has its highest bit. */
	memset(somebody, 0xc1, sizeof(somebody));
	return cmocka_run_group_tests(tests, NULL, NULL);
}
