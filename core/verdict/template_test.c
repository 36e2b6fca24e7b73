/* SPDX-License-Identifier: Apache-2.0 */
#include "core/verdict/template.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "core/base/buf.h"
#include "core/message/id.h"
#include "core/message/json.h"

static uint8_t block[4u << 20];
static struct arena a;

static struct message *
json(const char *text)
{
	struct message *m;
	struct fault f = { 0 };

	if (!json_decode(&m, bytes_text(text), &a, &f))
		fail_msg("%s: %s", text, f.why);
	return m;
}

static void
read(struct template *t, const char *text)
{
	struct fault f = { 0 };

	if (!template_read(t, json(text), &a, &f))
		fail_msg("%s: %s %s", text, f.reason, f.why);
}

/* clang-format off */
static const struct {
	const char *name, *template, *candidate;
	const char *path, *expected, *observed; /* NULL: it matches */
} matches[] = {
#define OK NULL, NULL, NULL
	{ "equal texts",          "{'a':'x'}", "{'a':'x'}", OK },
	{ "further keys",         "{'a':'x'}", "{'a':'x','b':'y'}", OK },
	{ "another text",         "{'a':'x'}", "{'a':'y'}", "facts/a", "x", "y" },
	{ "an absent key",        "{'a':'x'}", "{'b':'x'}", "facts/a", "x", "(absent)" },
	{ "a nested key",         "{'a':{'b':{'c':'x'}}}", "{'a':{'b':{'c':'x','d':1}}}", OK },
	{ "a nested miss",        "{'a':{'b':{'c':'x'}}}", "{'a':{'b':{'c':'z'}}}", "facts/a/b/c", "x", "z" },
	{ "an absent level",      "{'a':{'b':{'c':'x'}}}", "{'a':{}}", "facts/a/b", "(a level)", "(absent)" },
	{ "a text for a level",   "{'a':{'b':'x'}}", "{'a':'x'}", "facts/a", "(a level)", "x" },
	{ "a level for a text",   "{'a':'x'}", "{'a':{'b':'x'}}", "facts/a", "x", "(a level)" },
	{ "an empty level",       "{'a':{}}", "{'a':{'b':'x'}}", OK },
	{ "an empty level of a text", "{'a':{}}", "{'a':'x'}", "facts/a", "(a level)", "x" },
	{ "an integer",           "{'a':1}", "{'a':1}", OK },
	{ "the text of an integer", "{'a':1}", "{'a':'1'}", "facts/a", "1", "1" },
	{ "an integer for a text", "{'a':'1'}", "{'a':1}", "facts/a", "1", "1" },
	{ "an atom",              "{'a':true}", "{'a':true}", OK },
	{ "another atom",         "{'a':true}", "{'a':false}", "facts/a", "true", "false" },
	{ "the text of an atom",  "{'a':true}", "{'a':'true'}", "facts/a", "true", "true" },
	{ "an atom for a text",   "{'a':'true'}", "{'a':true}", "facts/a", "true", "true" },
	{ "an empty text",        "{'a':''}", "{'a':''}", OK },
	{ "an empty text's key",  "{'a':''}", "{}", "facts/a", "", "(absent)" },
	{ "wildcard",             "{'a':'_'}", "{'a':{'b':1}}", OK },
	{ "wildcard of nothing",  "{'a':'_'}", "{'b':1}", "facts/a", "_", "(absent)" },
	{ "wildcard as a text's start", "{'a':'_x'}", "{'a':'yx'}", "facts/a", "_x", "yx" },
	{ "the evidence's wildcard", "{'a':'x'}", "{'a':'_'}", "facts/a", "x", "_" },
	{ "a list",               "{'a':['x','y']}", "{'a':['x','y']}", OK },
	{ "a list's start",       "{'a':['x']}", "{'a':['x','y']}", OK },
	{ "a longer list",        "{'a':['x','y']}", "{'a':['x']}", "facts/a/2", "y", "(absent)" },
	{ "another order",        "{'a':['x','y']}", "{'a':['y','x']}", "facts/a/1", "x", "y" },
	{ "a list as a level",    "{'a':{'2':'y'}}", "{'a':['x','y']}", OK },
	{ "a level as a list",    "{'a':['x']}", "{'a':{'1':'x'}}", OK },
	{ "not printable",        "{'a':'x'}", "{'a':'\\u00e9'}", "facts/a", "x", "(not text)" },
	{ "the first of two",     "{'a':'x','b':'x'}", "{'a':'y','b':'y'}", "facts/a", "x", "y" },

	{ "strict",               "{'a':{'match-type':'strict','body':{'b':'x'}}}", "{'a':{'b':'x'}}", OK },
	{ "strict, a key more",   "{'a':{'match-type':'strict','body':{'b':'x'}}}", "{'a':{'b':'x','c':'y'}}", "facts/a/c", "(absent)", "y" },
	{ "strict, further down", "{'a':{'match-type':'strict','body':{'b':{'c':'x'}}}}", "{'a':{'b':{'c':'x','d':1}}}", "facts/a/b/d", "(absent)", "1" },
	{ "strict, a key less",   "{'a':{'match-type':'strict','body':{'b':'x'}}}", "{'a':{}}", "facts/a/b", "x", "(absent)" },
	{ "strict, absent",       "{'a':{'match-type':'strict','body':{}}}", "{}", "facts/a", "(a level)", "(absent)" },
	{ "strict list",          "{'a':{'match-type':'strict','body':['x']}}", "{'a':['x','y']}", "facts/a/2", "(absent)", "y" },
	{ "strict, then primary", "{'a':{'match-type':'strict','body':{'b':{'match-type':'primary','body':{'c':'x'}}}}}", "{'a':{'b':{'c':'x','d':1}}}", OK },
	{ "strict next to it",    "{'a':{'match-type':'strict','body':{'b':'x'}},'z':{'y':1}}", "{'a':{'b':'x'},'z':{'y':1,'w':2}}", OK },
	{ "only present",         "{'a':{'match-type':'only_present','body':{'b':'x','c':'y'}}}", "{'a':{'c':'y'}}", OK },
	{ "only present, none",   "{'a':{'match-type':'only_present','body':{'b':'x'}}}", "{'a':{}}", OK },
	{ "only present, another", "{'a':{'match-type':'only-present','body':{'b':'x'}}}", "{'a':{'b':'y'}}", "facts/a/b", "x", "y" },
	{ "only present, absent", "{'a':{'match-type':'only_present','body':{'b':'x'}}}", "{}", "facts/a", "(a level)", "(absent)" },
	{ "operator of an operator", "{'a':{'match-type':'strict','body':{'match-type':'primary','body':{'b':'x'}}}}", "{'a':{'b':'x','c':1}}", OK },

	{ "any of",               "{'a':{'match-type':'any-of','body':['x','y']}}", "{'a':'y'}", OK },
	{ "any of, none",         "{'a':{'match-type':'any-of','body':['x','y']}}", "{'a':'z'}", "facts/a", "x", "z" },
	{ "any of, absent",       "{'a':{'match-type':'any-of','body':['x']}}", "{}", "facts/a", "(a level)", "(absent)" },
	{ "any of levels",        "{'a':{'match-type':'any-of','body':[{'b':'x','c':'y'},{'b':'x','c':'z'}]}}", "{'a':{'b':'x','c':'z'}}", OK },
	{ "the closest of levels", "{'a':{'match-type':'any-of','body':[{'b':'x','c':'y'},{'b':'w','c':'y','d':'v'}]}}", "{'a':{'b':'w','c':'y','d':'u'}}", "facts/a/d", "v", "u" },
	{ "any of, then more",    "{'a':{'match-type':'any-of','body':['x','y']},'b':'c'}", "{'a':'y','b':'d'}", "facts/b", "c", "d" },
	{ "any of in any of",     "{'a':{'match-type':'any-of','body':['w',{'match-type':'any-of','body':['x','y']}]}}", "{'a':'y'}", OK },
	{ "any of in any of, none", "{'a':{'match-type':'any-of','body':[{'match-type':'any-of','body':['x','y']},'w']}}", "{'a':'z'}", "facts/a", "x", "z" },
	{ "any of strict",        "{'a':{'match-type':'strict','body':{'match-type':'any-of','body':[{'b':1},{'b':2}]}}}", "{'a':{'b':2,'c':3}}", "facts/a/c", "(absent)", "3" },
	{ "any of ranges",        "{'a':{'match-type':'any-of','body':[{'match-type':'range','max':2},{'match-type':'range','min':8}]}}", "{'a':9}", OK },

	{ "least",                "{'a':{'match-type':'range','min':3}}", "{'a':3}", OK },
	{ "less",                 "{'a':{'match-type':'range','min':3}}", "{'a':2}", "facts/a", "at least 3", "2" },
	{ "most",                 "{'a':{'match-type':'range','max':3}}", "{'a':3}", OK },
	{ "more",                 "{'a':{'match-type':'range','max':3}}", "{'a':4}", "facts/a", "at most 3", "4" },
	{ "between",              "{'a':{'match-type':'range','min':-3,'max':3}}", "{'a':0}", OK },
	{ "only one value",       "{'a':{'match-type':'range','min':3,'max':3}}", "{'a':3}", OK },
	{ "range of a text",      "{'a':{'match-type':'range','min':3}}", "{'a':'3'}", "facts/a", "at least 3", "3" },
	{ "range of nothing",     "{'a':{'match-type':'range','min':3}}", "{}", "facts/a", "(a level)", "(absent)" },
	{ "range of a level",     "{'a':{'match-type':'range','min':3}}", "{'a':{'b':3}}", "facts/a", "at least 3", "(a level)" },
	{ "components",           "{'tcb':{'match-type':'range','min':{'snp':8,'microcode':72}}}", "{'tcb':{'snp':9,'microcode':72,'tee':0}}", OK },
	{ "a component less",     "{'tcb':{'match-type':'range','min':{'snp':8,'microcode':72}}}", "{'tcb':{'snp':99,'microcode':71}}", "facts/tcb/microcode", "at least 72", "71" },
	{ "a component more",     "{'tcb':{'match-type':'range','min':{'snp':8},'max':{'snp':9}}}", "{'tcb':{'snp':10}}", "facts/tcb/snp", "at most 9", "10" },
	{ "a component absent",   "{'tcb':{'match-type':'range','min':{'fmc':1}}}", "{'tcb':{'snp':10}}", "facts/tcb/fmc", "at least 1", "(absent)" },
	{ "components of a number", "{'tcb':{'match-type':'range','min':{'snp':1}}}", "{'tcb':10}", "facts/tcb/snp", "at least 1", "(absent)" },

	{ "one of two templates", "{'templates':[{'a':'x'},{'a':'y'}]}", "{'a':'y'}", OK },
	{ "none of two",          "{'templates':[{'a':'x'},{'a':'y'}]}", "{'a':'z'}", "facts/a", "x", "z" },
	{ "the closer of two",    "{'name':'n','templates':[{'a':'x'},{'a':'y','b':'w'}]}", "{'a':'y','b':'v'}", "facts/b", "w", "v" },
};
/* clang-format on */

/* Tables are easier to read with the other quotes. */
static const char *
quoted(const char *text)
{
	static char out[2][1024];
	static size_t turn;
	char *to = out[turn++ % 2];

	(void)snprintf(to, sizeof(out[0]), "%s", text);
	for (size_t i = 0; to[i] != '\0'; i++) {
		if (to[i] == '\'')
			to[i] = '"';
	}
	return to;
}

static void
expect_text(const char *name, struct bytes have, const char *want)
{
	if (!bytes_is(have, want))
		fail_msg("%s: %.*s, want %s", name, (int)have.n,
		    (const char *)have.p, want);
}

static void
test_matches(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(matches) / sizeof(matches[0]); i++) {
		struct template_miss miss;

		arena_init(&a, block, sizeof(block));
		struct template t;

		read(&t, quoted(matches[i].template));
		struct template_target target = { NULL,
			json(quoted(matches[i].candidate)) };
		bool ok = template_match(&miss, &t, &target, &a);

		assert_false(a.exhausted);
		if (ok != (matches[i].path == NULL))
			fail_msg("%s: %.*s", matches[i].name, (int)miss.path.n,
			    (const char *)miss.path.p);
		if (ok)
			continue;
		expect_text(matches[i].name, miss.path, matches[i].path);
		expect_text(
		    matches[i].name, miss.expected, matches[i].expected);
		expect_text(
		    matches[i].name, miss.observed, matches[i].observed);
	}
}

#define ENVELOPE                                                             \
	"{'measurement-device':'tpm@2.0a','facts':{'secure-boot':'forged'}," \
	"'body':{'system':{'a':'x'},'node':{'port':8734}}}"

/* clang-format off */
static const struct {
	const char *template, *path;
} targets[] = {
	{ "{'system':{'a':'x'}}",                      NULL },
	{ "{'system':{'a':'y'}}",                      "body/system/a" },
	{ "{'node':{'port':8734}}",                    NULL },
	{ "{'secure-boot':true}",                      "body/secure-boot" },
	{ "{'facts':{'secure-boot':true}}",            NULL },
	{ "{'facts':{'secure-boot':'forged'}}",        "facts/secure-boot" },
	{ "{'body':{'system':{'a':'x'}}}",             NULL },
	{ "{'body':{'system':{'a':'y'}}}",             "body/system/a" },
	{ "{'measurement-device':'tpm@2.0a'}",         NULL },
	{ "{'measurement-device':'snp@1.0'}",          "measurement-device" },
	{ "{'measurement-device':'_','system':'_'}",   "system" },
	{ "{'evidence':'_'}",                          "evidence" },
	{ "{'secret-recipient':'_'}",                  "secret-recipient" },
	{ "{'templates':[{'system':{'a':'y'}},{'facts':{'secure-boot':true}}]}", NULL },
};
/* clang-format on */

static void
test_targets(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(targets) / sizeof(targets[0]); i++) {
		struct template_miss miss;

		arena_init(&a, block, sizeof(block));
		struct template t;

		read(&t, quoted(targets[i].template));
		struct template_target target = { json(quoted(ENVELOPE)),
			json(quoted("{'secure-boot':true}")) };

		if (template_match(&miss, &t, &target, &a))
			assert_null(targets[i].path);
		else
			expect_text(targets[i].template, miss.path,
			    targets[i].path == NULL ? "a match"
						    : targets[i].path);
	}
}

/* clang-format off */
static const struct {
	const char *template, *reason;
} refused[] = {
	{ "{}",                                              "template.empty" },
	{ "{'templates':[]}",                                "template.empty" },
	{ "{'templates':[{'a':1},{}]}",                      "template.empty" },
	{ "{'templates':['_']}",                             "template.empty" },
	{ "{'templates':[['a']]}",                           "template.empty" },
	{ "{'templates':{'1':{'a':1}}}",                     "template.value" },
	{ "{'templates':'_'}",                               "template.value" },
	{ "{'a':1.5}",                                       "template.value" },
	{ "{'a':{'b':['x',2.5]}}",                           "template.value" },
	{ "{'a':{'content-type':'x'}}",                      "template.key" },
	{ "{'ao-body-key':'x'}",                             "template.key" },
	{ "{'content-digest':'x'}",                          "template.key" },
	{ "{'unsigned_id':'x'}",                             "template.key" },
	{ "{'unsigned-id':'x'}",                             "template.key" },
	{ "{'private-key':'x'}",                             "template.key" },
	{ "{'a':{'match-type':'loose','body':{}}}",          "template.match-type" },
	{ "{'a':{'match-type':1,'body':{}}}",                "template.match-type" },
	{ "{'a':{'match-type':'strict'}}",                   "template.match-type" },
	{ "{'a':{'match-type':'strict','body':{},'c':1}}",   "template.match-type" },
	{ "{'a':{'match-type':'any-of','body':{'1':'x'}}}",  "template.match-type" },
	{ "{'a':{'match-type':'any-of','body':[]}}",         "template.match-type" },
	{ "{'a':{'match-type':'any-of','body':'x'}}",        "template.match-type" },
	{ "{'a':{'match-type':'range'}}",                    "template.range" },
	{ "{'a':{'match-type':'range','body':1}}",           "template.range" },
	{ "{'a':{'match-type':'range','min':1,'mx':2}}",     "template.range" },
	{ "{'a':{'match-type':'range','min':'1'}}",          "template.range" },
	{ "{'a':{'match-type':'range','min':{}}}",           "template.range" },
	{ "{'a':{'match-type':'range','max':{'b':'x'}}}",    "template.range" },
	{ "{'a':{'match-type':'range','min':[1]}}",          "template.range" },
	{ "{'a':{'match-type':'range','min':1,'max':{'b':1}}}", "template.range" },
	{ "{'a':{'match-type':'range','min':2,'max':1}}",    "template.range" },
};
/* clang-format on */

static void
test_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		struct template t;
		struct fault f = { 0 };

		arena_init(&a, block, sizeof(block));
		if (template_read(
			&t, json(quoted(refused[i].template)), &a, &f))
			fail_msg("%s is taken", refused[i].template);
		if (strcmp(f.reason, refused[i].reason) != 0)
			fail_msg("%s: %s, want %s", refused[i].template,
			    f.reason, refused[i].reason);
	}
}

static struct message *
levels(size_t n)
{
	struct message *m = message_new(&a);

	message_set_text(m, "a", "x");
	for (size_t i = 1; i < n; i++) {
		struct message *outer = message_new(&a);

		message_set_message(outer, "a", m);
		m = outer;
	}
	return m;
}

/* Lists of 16 texts: 17 values each, 16 of them under one key. */
static struct message *
values(size_t n)
{
	struct message *m = message_new(&a), *group = NULL, *list = NULL;

	for (size_t i = 0; n > 0; i++, n--) {
		const struct bytes key = arena_print(&a, "k%zu", i);

		if (i % 273 == 0) {
			group = message_new(&a);
			message_set_message(m, (const char *)key.p, group);
		} else if (i % 273 % 17 == 1) {
			list = message_list(group, (const char *)key.p);
		} else {
			message_append_text(list, "x");
		}
	}
	return m;
}

static void
test_limits(void **state)
{
	struct template t;
	struct template_miss miss;
	struct fault f = { 0 };

	(void)state;
	arena_init(&a, block, sizeof(block));
	assert_true(template_read(&t, levels(TEMPLATE_DEPTH_MAX), &a, &f));
	assert_true(template_match(&miss, &t,
	    &(struct template_target){ NULL, levels(TEMPLATE_DEPTH_MAX) }, &a));
	assert_false(template_read(&t, levels(TEMPLATE_DEPTH_MAX + 1), &a, &f));
	assert_string_equal(f.reason, "template.limit");
	assert_true(template_read(&t, values(TEMPLATE_NODES_MAX), &a, &f));
	assert_false(template_read(&t, values(TEMPLATE_NODES_MAX + 1), &a, &f));
	assert_string_equal(f.reason, "template.limit");
}

static void
test_id(void **state)
{
	struct message_id want;
	struct fault f = { 0 };

	(void)state;
	arena_init(&a, block, sizeof(block));
	struct template one, other;

	read(&one, "{\"a\":1}");
	read(&other, "{\"a\":2}");

	assert_true(message_unsigned_id(&want, one.given, &a, &f));
	assert_memory_equal(&one.id, &want, sizeof(want));
	assert_memory_not_equal(&one.id, &other.id, sizeof(want));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_matches),
		cmocka_unit_test(test_targets),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_id),
	};

	return cmocka_run_group_tests_name("template", tests, NULL, NULL);
}
