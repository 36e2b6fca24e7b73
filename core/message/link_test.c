/* SPDX-License-Identifier: Apache-2.0 */
#include "core/message/link.h"

#include <setjmp.h>
#include <stdarg.h>

#include "core/message/id.h"
#include "core/message/structured.h"
#include "core/message/vectors_test.h"

#include <cmocka.h>

/* A level is hashed once, whoever asks for its id and however often: a name
 * that was given by hand is what every later form shows. */
static void
a_level_is_named_once(void **state)
{
	struct arena *a = vectors_arena();
	struct message *m = message_new(a), *inner = message_new(a), *tabm;
	struct fault f = { 0 };
	struct form form;

	(void)state;
	message_set_text(inner, "x", "y");
	message_set_message(m, "n", inner);
	assert_true(structured_encode(&tabm, m, a, &f));
	struct message *level = tabm->pairs[0].value.message;

	assert_false(level->named);
	assert_true(link_form(&form, tabm, a, &f));
	assert_true(level->named);
	level->name = (struct message_id){ { 1 } };
	assert_true(link_form(&form, tabm, a, &f));
	assert_int_equal(form.http.nheaders, 1);
	assert_true(bytes_is(form.http.headers[0].name, "n+link"));
	assert_true(bytes_equal(
	    form.http.headers[0].value, message_id_text(&level->name, a)));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_level_is_named_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
