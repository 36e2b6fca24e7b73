/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/html.h"

#include "core/base/base64.h"
#include "core/crypto/crypto.h"
#include "core/message/id.h"
#include "gateway/markup.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

static uint8_t block[16 << 20];
static struct arena a;

static struct message *
fresh(void)
{
	arena_init(&a, block, sizeof(block));
	return message_new(&a);
}

static bool
shows(struct bytes page, const char *text)
{
	return memmem(page.p, page.n, text, strlen(text)) != NULL;
}

static struct bytes
page_of(const struct message *m)
{
	struct bytes page;
	struct fault f;

	if (!html_encode(&page, m, &a, &f))
		fail_msg("%s %s", f.reason, f.why);
	assert_true(markup_holds(page));
	return page;
}

/* clang-format off */
/* A text as key and as value, and what stands for it. */
static const struct {
	const char *text, *shown;
} texts[] = {
	{ "plain",                       "<code>plain</code>" },
	{ "",                            "<code></code>" },
	{ "two\nlines\tand a tab",       "<code>two\nlines\tand a tab</code>" },
	{ "gr\xc3\xbc\xc3\x9f",          "<code>gr\xc3\xbc\xc3\x9f</code>" },
	{ "<script>alert(1)</script>",   "<code>&lt;script&gt;alert(1)&lt;/script&gt;</code>" },
	{ "</code></td><img src=x>",     "<code>&lt;/code&gt;&lt;/td&gt;&lt;img src=x&gt;</code>" },
	{ "\" onclick='a()'",            "<code>&quot; onclick=&#39;a()&#39;</code>" },
	{ "&lt;&#60;",                   "<code>&amp;lt;&amp;#60;</code>" },
	{ "<!--",                        "<code>&lt;!--</code>" },
	{ "\x01",                          "<code>AQ</code> <i>1 bytes in base64url</i>" },
	{ "a\rb",                        "<code>YQ1i</code> <i>3 bytes in base64url</i>" },
	{ "\x1b[2J",                     "<code>G1sySg</code>" },
	{ "\x7f",                        "<code>fw</code>" },
	{ "\xc2\x9b",                    "<code>wps</code>" },
	{ "\xff<b>",                     "<code>_zxiPg</code>" },
	{ "\xc0\xbcscript>",             "<code>wLxzY3JpcHQ-</code>" },
	{ "+ADw-script+AD4-",            "<code>+ADw-script+AD4-</code>" },
	{ "\xe2\x80\xae" "evil",         "<code>\xe2\x80\xae" "evil</code>" },
};
/* clang-format on */

static void
every_text_is_escaped(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct value v = { .kind = VALUE_BYTES,
			.bytes = bytes_text(texts[i].text) };
		struct message *m = fresh();

		message_set(m, BYTES("key"), v);
		if (!shows(page_of(m), texts[i].shown))
			fail_msg("value %zu", i);
		m = fresh();
		message_set(m, v.bytes, v);
		if (!shows(page_of(m), texts[i].shown))
			fail_msg("key %zu", i);
		m = fresh();
		message_set(m, BYTES("body"), v);
		message_set(m, BYTES("measurement-device"), v);
		struct bytes page;
		struct fault f;

		assert_true(html_index(&page, m, &a, &f));
		assert_true(markup_holds(page));
		if (!shows(page, texts[i].shown))
			fail_msg("index %zu", i);
	}
}

static void
claims_are_escaped(void **state)
{
	const struct bytes committed[] = { BYTES("<b>"), BYTES("c") };
	struct message *m = fresh();
	struct commitment c = {
		.device = BYTES("httpsig@1.0"),
		.type = BYTES("<i>type"),
		.committer = BYTES("<img src=x>"),
		.committed = committed,
		.ncommitted = 2,
	};

	(void)state;
	message_set_text(m, "c", "d");
	struct bytes page = page_of(m);

	assert_true(shows(page, "<h1>An unsigned message</h1>"));
	m->commitments = &c;
	m->ncommitments = 1;
	page = page_of(m);
	assert_true(shows(page, "<h1>A signed message</h1>"));
	assert_true(shows(page, "Signed by <code>&lt;img src=x&gt;</code> "
				"<i>(<code>&lt;i&gt;type</code>)</i>, over "
				"<code>&lt;b&gt;</code>, <code>c</code>."));
	/* A hash that anybody can make is no signature. */
	c.committer = (struct bytes){ 0 };
	assert_true(shows(page_of(m), "<h1>An unsigned message</h1>"));
}

static void
levels_and_kinds(void **state)
{
	struct message *m = fresh(), *child = message_new(&a);
	struct message_id id;
	struct fault f;
	char text[96];

	(void)state;
	message_set_integer(child, "n", -7);
	message_set_bool(child, "b", true);
	message_set(child, BYTES("f"),
	    (struct value){ .kind = VALUE_FLOAT, .number = 0.5 });
	message_set_message(m, "child", child);
	struct message *list = message_list(m, "list");

	for (int i = 0; i < 11; i++)
		message_append_text(list, i == 10 ? "last" : "item");
	assert_true(message_id(&id, child, &a, &f));
	struct bytes name = message_id_text(&id, &a);
	struct bytes page = page_of(m);

	(void)snprintf(text, sizeof(text), "3 keys <i>id</i> <code>%.*s</code>",
	    (int)name.n, (const char *)name.p);
	assert_true(shows(page, text));
	assert_true(shows(page, "<code>-7</code> <i>integer</i>"));
	assert_true(shows(page, "<code>true</code> <i>atom</i>"));
	assert_true(shows(page, "<i>float</i>"));
	assert_true(shows(page, "list of 11"));
	assert_true(shows(page,
	    "<code>11</code></th><td><code>last</code></td></tr>\n</table>"));
}

static void
links_are_named(void **state)
{
	struct message *m = fresh();

	(void)state;
	message_set(m, BYTES("far"),
	    (struct value){ .kind = VALUE_LINK, .bytes = BYTES("<id>") });
	assert_true(shows(page_of(m), "<code>&lt;id&gt;</code> <i>link</i>"));
}

/* Cut between characters, whatever they are. */
static void
long_values_are_cut(void **state)
{
	static uint8_t text[64 << 10];
	static const char *const parts[] = { "x", "<", "\xc3\xbc", "a\xc3\xbc",
		"\xf0\x9f\x98\x80", "\xff" };

	(void)state;
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		size_t n = strlen(parts[i]), used = 0;

		while (used + n <= sizeof(text)) {
			memcpy(text + used, parts[i], n);
			used += n;
		}
		struct message *m = fresh();

		message_set_bytes(m, "long", bytes_of(text, used));
		struct bytes page = page_of(m);

		assert_true(page.n < 18000);
		assert_true(shows(page, "\xe2\x80\xa6</code> <i>6"));
	}
}

static void
too_much_is_refused(void **state)
{
	static char value[2048];
	struct message *m = fresh();
	struct bytes page;
	struct fault f;

	(void)state;
	memset(value, '"', sizeof(value) - 1);
	for (int i = 0; i < 2; i++) {
		struct message *list = message_list(m, i == 0 ? "a" : "b");

		for (int item = 0; item < 250; item++)
			message_append_text(list, value);
	}
	assert_false(a.exhausted);
	assert_false(html_encode(&page, m, &a, &f));
	assert_string_equal(f.reason, "limit.buffer");
}

static void
index_of_anything(void **state)
{
	struct message *m = fresh();
	struct bytes page;
	struct fault f;

	(void)state;
	assert_true(html_index(&page, m, &a, &f));
	assert_true(markup_holds(page));
	message_set_integer(m, "issued-at-unix", 17);
	message_set_message(m, "measurement-device", message_new(&a));
	assert_true(html_index(&page, m, &a, &f));
	assert_true(markup_holds(page));
	assert_true(shows(page, "<code>17</code>"));
	assert_false(shows(page, "Measured by"));
	assert_true(shows(page, "pwos verify"));
}

/* The one style that a page may have is the one that it has. */
static void
policy_names_the_style(void **state)
{
	struct sha256 hash = sha256_of(BYTES(HTML_STYLE));
	char text[96];

	(void)state;
	(void)fresh();
	struct bytes name = base64_encode(&a, BASE64_PADDED, BYTES_OF(&hash));

	(void)snprintf(text, sizeof(text), "style-src 'sha256-%.*s'",
	    (int)name.n, (const char *)name.p);
	assert_non_null(strstr(HTML_POLICY, text));
	assert_non_null(strstr(HTML_POLICY, "default-src 'none'"));
}

/* The judge of the rows above judges. */
static void
markup_that_does_not_hold(void **state)
{
	static const char *const pages[] = {
		"",
		"<body></html>\n",
		"<body></body>",
		"<body></body></html>\nx",
		"<body><b></b></body></html>\n",
		"<body><p></body></html>\n",
		"<body><p></i></p></body></html>\n",
		"<body>a\"b</body></html>\n",
		"<body>a'b</body></html>\n",
		"<body>a>b</body></html>\n",
		"<body>a&b</body></html>\n",
		"<body>&lt</body></html>\n",
		"<body>\x01</body></html>\n",
		"<body>\xff</body></html>\n",
		"<body><a href=\"//evil\">x</a></body></html>\n",
		"<body><p class=x></p></body></html>\n",
	};

	(void)state;
	assert_true(markup_holds(BYTES("<body>&lt;<p>a</p></body></html>\n")));
	for (size_t i = 0; i < sizeof(pages) / sizeof(pages[0]); i++) {
		if (markup_holds(bytes_text(pages[i])))
			fail_msg("%s", pages[i]);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_text_is_escaped),
		cmocka_unit_test(claims_are_escaped),
		cmocka_unit_test(levels_and_kinds),
		cmocka_unit_test(links_are_named),
		cmocka_unit_test(long_values_are_cut),
		cmocka_unit_test(too_much_is_refused),
		cmocka_unit_test(index_of_anything),
		cmocka_unit_test(policy_names_the_style),
		cmocka_unit_test(markup_that_does_not_hold),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
