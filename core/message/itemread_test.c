/* SPDX-License-Identifier: Apache-2.0 */
#include "core/message/itemread.h"

#include <setjmp.h>
#include <stdarg.h>

#include "core/message/ans104.h"
#include "core/message/commit.h"
#include "core/message/vectors_test.h"

#include <cmocka.h>

struct row {
	const char *name;
	bool kept;
};

/* clang-format off */
static const struct row rows[] = {
	{ "tags-in-their-order", false },
	{ "map", false },
	{ "bundle", false },
	{ "upper-case-tags", true },
	{ "duplicate-tags", true },
	{ "names-alike", true },
	{ "lower-case-twice", true },
	{ "types-in-their-order", true },
	{ "map-original-tags", true },
};
/* clang-format on */

static void
check_row(const struct row *row, json_t *one)
{
	struct arena *a = vectors_arena();
	struct bytes in =
	    vectors_base64(vectors_text(one, "signed/item_b64"), a);
	struct message *m;
	struct message_id signer;
	struct fault f = { 0 };

	assert_true(ans104_decode(&m, in, a, &f));
	if ((m->commitments[0].tags.n != 0) != row->kept)
		fail_msg("%s", row->name);
	if (!row->kept)
		return;
	m->commitments[0].tags = (struct bytes){ 0 };
	assert_false(commit_verify(&signer, m, a, &f));
	if (strcmp(f.reason, "commitment.signature") != 0 &&
	    strcmp(f.reason, "ans104.form") != 0)
		fail_msg("%s: %s", row->name, f.reason);
}

/* Tags are kept only where the message does not tell them, and nothing stands
 * in for them. */
static void
tags_are_kept_where_they_must_be(void **state)
{
	json_t *json = vectors_load("../ans104/items");
	json_t *cases = vectors_at(json, "cases");
	size_t seen = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		for (size_t k = 0; k < json_array_size(cases); k++) {
			json_t *one = json_array_get(cases, k);
			const char *name =
			    json_string_value(vectors_at(one, "name"));

			if (strcmp(rows[i].name, name) != 0)
				continue;
			seen++;
			check_row(&rows[i], one);
		}
	}
	assert_int_equal(seen, sizeof(rows) / sizeof(rows[0]));
	json_decref(json);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tags_are_kept_where_they_must_be),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
