/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/html_text.h"

#include "core/message/commitments.h"
#include "core/message/id.h"
#include "core/message/structured.h"

#define PAGE_MAX   (4u << 20)
#define IDS_MAX    128u /* nested levels whose id is shown; each costs hashes */
#define OPEN_LEVEL 2u   /* levels below are folded */
#define ROOM_FIXED 4096u
#define ROOM_LEVEL 256u

struct writer {
	struct buf b;
	struct arena *a;
	unsigned ids, level;
};

static size_t
room_of_commitment(const struct commitment *c)
{
	size_t room =
	    ROOM_LEVEL + html_text_room(c->type) + html_text_room(c->committer);

	for (size_t i = 0; i < c->ncommitted; i++)
		room += html_text_room(c->committed[i]);
	return room;
}

static size_t
room_of(const struct message *m)
{
	size_t room = ROOM_LEVEL;

	for (size_t i = 0; i < m->ncommitments; i++)
		room += room_of_commitment(&m->commitments[i]);
	for (size_t i = 0; i < m->count; i++) {
		const struct pair *p = &m->pairs[i];

		room += ROOM_LEVEL + html_text_room(p->key);
		if (p->value.kind == VALUE_MESSAGE ||
		    p->value.kind == VALUE_LIST)
			room += room_of(p->value.message);
		else if (p->value.kind == VALUE_BYTES ||
			 p->value.kind == VALUE_LINK)
			room += html_text_room(p->value.bytes);
	}
	return room;
}

/* In the memory that is left, of which nothing is kept. */
static bool
id_of(struct message_id *out, const struct message *m, struct arena *a)
{
	struct arena rest;
	struct fault f;

	arena_init(&rest, a->base + a->used, a->size - a->used);
	bool good = message_id(out, m, &rest, &f);

	arena_reset(&rest);
	return good;
}

static void
put_id(struct writer *w, const struct message *m)
{
	struct message_id id;

	if (w->ids == IDS_MAX || !id_of(&id, m, w->a))
		return;
	w->ids++;
	buf_text(&w->b, "<i>id</i> ");
	html_text_put(&w->b, message_id_text(&id, w->a));
}

static void
put_commitment(struct writer *w, const struct commitment *c)
{
	struct buf *b = &w->b;

	if (c->committer.n > 0) {
		buf_text(b, "<p>Signed by ");
		html_text_put(b, c->committer);
	} else {
		buf_text(b, "<p>Bound by a hash that anybody can make");
	}
	buf_text(b, " <i>(");
	html_text_put(b, c->type);
	buf_text(b, ")</i>, over ");
	for (size_t i = 0; i < c->ncommitted; i++) {
		buf_text(b, i == 0 ? "" : ", ");
		html_text_put(b, c->committed[i]);
	}
	buf_text(b, ".</p>\n");
}

static void put_value(struct writer *w, const struct value *v);

static void
put_row(struct writer *w, struct bytes key, const struct value *v)
{
	buf_text(&w->b, "<tr><th>");
	html_text_put(&w->b, key);
	buf_text(&w->b, "</th><td>");
	put_value(w, v);
	buf_text(&w->b, "</td></tr>\n");
}

/* Items stand in the order of their numbers. */
static void
put_rows(struct writer *w, const struct value *level)
{
	const struct message *m = level->message;
	bool list = level->kind == VALUE_LIST && message_numbered(m);

	buf_text(&w->b, "<table>\n");
	for (size_t i = 0; i < m->count; i++) {
		const struct pair *p = &m->pairs[i];

		if (list)
			put_row(w, arena_print(w->a, "%zu", i + 1),
			    message_item(m, i + 1));
		else
			put_row(w, p->key, &p->value);
	}
	buf_text(&w->b, "</table>\n");
}

static void
put_commitments(struct writer *w, const struct message *m)
{
	for (size_t i = 0; i < m->ncommitments; i++)
		put_commitment(w, &m->commitments[i]);
}

static void
put_nested(struct writer *w, const struct value *v)
{
	const struct message *m = v->message;
	bool list = v->kind == VALUE_LIST;

	buf_text(&w->b, w->level < OPEN_LEVEL ? "<details open><summary>"
					      : "<details><summary>");
	buf_print(&w->b, list ? "list of %zu " : "%zu keys ", m->count);
	put_id(w, m);
	buf_text(&w->b, "</summary>\n");
	w->level++;
	put_commitments(w, m);
	put_rows(w, v);
	w->level--;
	buf_text(&w->b, "</details>");
}

static void
put_value(struct writer *w, const struct value *v)
{
	switch (v->kind) {
	case VALUE_MESSAGE:
	case VALUE_LIST:
		put_nested(w, v);
		return;
	case VALUE_BYTES:
	case VALUE_INTEGER:
	case VALUE_FLOAT:
	case VALUE_ATOM:
	case VALUE_LINK:
		break;
	}
	html_text_put(&w->b, structured_text(v, w->a));
	if (v->kind == VALUE_LINK)
		buf_text(&w->b, " <i>link</i>");
	else if (v->kind != VALUE_BYTES)
		buf_print(&w->b, " <i>%s</i>", structured_type(v->kind));
}

static bool
is_signed(const struct message *m)
{
	for (size_t i = 0; i < m->ncommitments; i++) {
		if (m->commitments[i].committer.n > 0)
			return true;
	}
	return false;
}

static void
put_about(struct writer *w, const struct message *m)
{
	buf_text(&w->b, "<p><a href=\"/\">This node</a></p>\n<p>");
	put_id(w, m);
	buf_text(&w->b, "</p>\n");
	put_commitments(w, m);
	buf_text(&w->b,
	    is_signed(m)
		? "<aside>The message is signed; this page of it is not, and "
		  "has checked nothing. "
		: "<aside>Neither the message nor this page of it is "
		  "signed. ");
	buf_text(&w->b,
	    "The message itself is what the same address answers to "
	    "<code>curl -H &#39;accept: application/json&#39;</code>, or with "
	    "<code>require-codec=application/json</code> in its "
	    "query.</aside>\n");
}

static bool
begin(struct writer *w, size_t room, struct arena *a, struct fault *f)
{
	if (room > PAGE_MAX)
		room = PAGE_MAX;
	*w = (struct writer){ .b = buf_in(a, room), .a = a };
	return arena_check(a, f);
}

bool
html_encode(struct bytes *out, const struct message *m, struct arena *a,
    struct fault *f)
{
	struct value level = structured_level(m);
	struct writer w;

	if (!begin(&w, ROOM_FIXED + room_of(m), a, f))
		return false;
	html_text_begin(
	    &w.b, is_signed(m) ? "A signed message" : "An unsigned message");
	put_about(&w, m);
	put_rows(&w, &level);
	html_text_end(&w.b);
	*out = buf_bytes(&w.b);
	return arena_check(a, f) && buf_check(&w.b, f);
}

/* clang-format off */
/* What the status page shows of the boot measurement. */
static const struct {
	const char *name, *path;
} facts[] = {
	{ "Address",             "body/node/address" },
	{ "Measured by",         "measurement-device" },
	{ "Issued (Unix time)",  "issued-at-unix" },
	{ "Operator",            "body/node/operator" },
	{ "Software",            "body/node/software" },
	{ "Version",             "body/node/version" },
	{ "Secure Boot",         "body/system/firmware/efi/global-variables/secure-boot/state" },
	{ "Kernel lockdown",     "body/system/integrity/lockdown" },
	{ "Kernel command line", "body/system/kernel/cmdline" },
	{ "TPM",                 "evidence/tpm-properties/manufacturer" },
	{ "TPM firmware",        "evidence/tpm-properties/firmware-version" },
};
/* clang-format on */

static void
put_facts(struct writer *w, const struct message *boot)
{
	buf_text(&w->b, "<table>\n");
	for (size_t i = 0; i < sizeof(facts) / sizeof(facts[0]); i++) {
		const struct value *v = message_find(boot, facts[i].path);

		if (v == NULL || v->kind == VALUE_MESSAGE ||
		    v->kind == VALUE_LIST)
			continue;
		buf_print(&w->b, "<tr><th>%s</th><td>", facts[i].name);
		if (v->kind == VALUE_ATOM && bytes_is(v->bytes, "null"))
			buf_text(&w->b, "<i>not known</i>");
		else
			html_text_put(&w->b, structured_text(v, w->a));
		buf_text(&w->b, "</td></tr>\n");
	}
	buf_text(&w->b, "</table>\n<p>");
	put_id(w, boot);
	buf_text(&w->b, "</p>\n");
}

static const char verify[] =
    "<aside>Nothing on this page is proof: it is not signed, and a node can "
    "print what it likes. Proof is the signed measurement, checked by a "
    "program that you trust, on a machine that you trust.</aside>\n"
    "<h2>Verify it</h2>\n"
    "<p>With PermawebOS&#39;s own command, which challenges the node and its "
    "hardware (N is this node&#39;s name or IP address, R the hardware "
    "vendor&#39;s root "
    "certificates, M the image&#39;s manifest):</p>\n"
    "<pre>pwos verify --roots R --manifest M http://N:8734</pre>\n"
    "<p>By hand, a fresh measurement over a nonce of your own:</p>\n"
    "<pre>nonce=$(openssl rand 32 | basenc --base64url | tr -d =)\n"
    "curl -H &#39;accept: application/json&#39; "
    "&quot;http://N:8734/~measurement@1.0/fresh?nonce=$nonce&quot; "
    "&gt;fresh.json\n"
    "pwos verify --purpose fresh --nonce $nonce --roots R "
    "--without-activation fresh.json</pre>\n"
    "<h2>Look further</h2>\n"
    "<p><a href=\"/~measurement@1.0/boot\">Boot measurement</a>, "
    "<a href=\"/~measurement@1.0/info\">measurement devices</a>, "
    "<a href=\"/~meta@1.0/info\">node message</a>, "
    "<a href=\"/~system@1.0/all\">system report</a>, "
    "<a href=\"/metrics\">metrics</a>.</p>\n";

bool
html_index(struct bytes *out, const struct message *boot, struct arena *a,
    struct fault *f)
{
	struct writer w;
	size_t room =
	    ROOM_FIXED + sizeof(verify) +
	    sizeof(facts) / sizeof(facts[0]) * (ROOM_LEVEL + 6 * HTML_SHOWN);

	if (!begin(&w, room, a, f))
		return false;
	html_text_begin(&w.b, "PermawebOS node");
	put_facts(&w, boot);
	buf_text(&w.b, verify);
	html_text_end(&w.b);
	*out = buf_bytes(&w.b);
	return arena_check(a, f) && buf_check(&w.b, f);
}
