/* SPDX-License-Identifier: Apache-2.0 */
#include "harness/vectors/evidence.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/base/cursor.h"
#include "core/base/hex.h"
#include "core/crypto/hash.h"
#include "harness/vectors/index.h"

#define EXIT_SYSTEM 111
#define PATH_BYTES  4096u
#define FILE_MAX    (24u << 20)

static const char *
text_of(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text == NULL ? "" : text;
}

bool
evidence_time(int64_t *out, const char *text)
{
	static const char form[] = "dddd-dd-ddTdd:dd:ddZ";
	int64_t part[6] = { 0 };
	size_t at = 0;

	if (strlen(text) != sizeof(form) - 1)
		return false;
	for (size_t i = 0; form[i] != '\0'; i++) {
		bool digit = text[i] >= '0' && text[i] <= '9';

		if (form[i] == 'd' ? !digit : text[i] != form[i])
			return false;
		if (digit)
			part[at] = 10 * part[at] + (text[i] - '0');
		else
			at += at < 5;
	}
	/* Days from 1970 by the civil calendar, years starting in March. */
	int64_t y = part[0] - (part[1] <= 2), m = (part[1] + 9) % 12;
	int64_t days = 365 * y + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 +
		       part[2] - 1 - 719468;

	*out = ((days * 24 + part[3]) * 60 + part[4]) * 60 + part[5];
	return true;
}

static bool
read_file(
    struct bytes *out, const char *folder, const char *name, struct arena *a)
{
	char path[PATH_BYTES];
	long size = -1;
	FILE *file = NULL;
	uint8_t *block = NULL;

	if (snprintf(path, sizeof(path), "%s/%s", folder, name) <
	    (int)sizeof(path))
		file = fopen(path, "rb");
	if (file == NULL)
		return false;
	if (fseek(file, 0, SEEK_END) == 0)
		size = ftell(file);
	rewind(file);
	if (size >= 0 && size <= (long)FILE_MAX)
		block = arena_room(a, (size_t)size);
	*out = bytes_of(block, (size_t)size);
	bool ok = block != NULL && fread(block, 1, out->n, file) == out->n;

	(void)fclose(file);
	return ok;
}

static bool
has_digest(const json_t *stated, struct bytes in, struct arena *a)
{
	struct sha256 digest = sha256_of(in);

	return json_is_string(stated) &&
	       bytes_is(
		   hex_encode(a, BYTES_OF(&digest)), json_string_value(stated));
}

/* All of the entry's files, so that none is left unread and unchecked. */
static bool
load_files(struct entry *e)
{
	json_t *files = json_object_get(e->json, "files"), *path;
	const json_t *digests = json_object_get(e->json, "sha256");
	const char *name;

	if (!report_check(&e->report, "files",
		json_is_object(files) &&
		    json_object_size(files) <= EVIDENCE_FILES,
		"an object, with not too many"))
		return false;
	json_object_foreach(files, name, path)
	{
		struct bytes bytes = { 0 };

		if (!report_check(&e->report, name,
			json_is_string(path) &&
			    read_file(&bytes, e->folder,
				json_string_value(path), e->arena),
			"a file that can be read") ||
		    !report_check(&e->report, name,
			has_digest(
			    json_object_get(digests, name), bytes, e->arena),
			"a file with the SHA-256 stated"))
			return false;
		e->files[e->nfiles].name = name;
		e->files[e->nfiles++].bytes = bytes;
	}
	return true;
}

bool
evidence_file(struct bytes *out, const struct entry *e, const char *name)
{
	*out = (struct bytes){ 0 };
	for (size_t i = 0; i < e->nfiles; i++) {
		if (strcmp(e->files[i].name, name) == 0) {
			*out = e->files[i].bytes;
			return true;
		}
	}
	return false;
}

bool
evidence_beside(struct bytes *out, struct entry *e, const char *path)
{
	return read_file(out, e->folder, path, e->arena) ||
	       report_check(&e->report, path, false, "a file beside the index");
}

const json_t *
evidence_member(const struct entry *e, const char *path)
{
	struct cursor c = cursor_over(bytes_text(path));
	const json_t *at = e->json;

	while (at != NULL && c.left > 0) {
		struct bytes key = cursor_part(&c, '/');

		at = json_object_getn(at, (const char *)key.p, key.n);
	}
	return at;
}

const json_t *
evidence_other(const struct entry *e, const char *id)
{
	for (size_t i = 0; i < json_array_size(e->entries); i++) {
		const json_t *one = json_array_get(e->entries, i);

		if (strcmp(text_of(one, "id"), id) == 0)
			return one;
	}
	return NULL;
}

bool
evidence_expects(const struct entry *e, const char *word)
{
	return strcmp(e->expect, word) == 0;
}

void
evidence_outcome(struct entry *e, bool accepted, const struct fault *f)
{
	if (e->judged)
		return;
	if (evidence_expects(e, "valid"))
		(void)report_done(&e->report, "valid", accepted, f);
	else
		(void)report_refused(&e->report, e->expect,
		    !accepted && evidence_expects(e, "invalid"), "a refusal");
}

bool
evidence_check(
    struct entry *e, const char *aspect, bool ok, const char *expected)
{
	return report_check(&e->report, aspect, ok, expected);
}

bool
evidence_done(
    struct entry *e, const char *aspect, bool ok, const struct fault *f)
{
	return report_done(&e->report, aspect, ok, f);
}

static bool
is_stated(const json_t *stated)
{
	return stated != NULL && !json_is_null(stated);
}

bool
evidence_text(struct entry *e, const char *aspect, const json_t *stated,
    struct bytes seen)
{
	if (!is_stated(stated))
		return true;
	if (!json_is_string(stated))
		return report_check(&e->report, aspect, false, "a stated text");
	return report_text(
	    &e->report, aspect, bytes_text(json_string_value(stated)), seen);
}

bool
evidence_hex(struct entry *e, const char *aspect, const json_t *stated,
    struct bytes seen)
{
	return evidence_text(e, aspect, stated, hex_encode(e->arena, seen));
}

bool
evidence_number(
    struct entry *e, const char *aspect, const json_t *stated, uint64_t seen)
{
	if (!is_stated(stated))
		return true;
	if (!json_is_integer(stated))
		return report_check(
		    &e->report, aspect, false, "a stated integer");
	return report_text(&e->report, aspect,
	    arena_print(e->arena, "%lld", json_integer_value(stated)),
	    arena_print(e->arena, "%llu", (unsigned long long)seen));
}

bool
evidence_flag(
    struct entry *e, const char *aspect, const json_t *stated, bool seen)
{
	if (!is_stated(stated))
		return true;
	if (!json_is_boolean(stated))
		return report_check(&e->report, aspect, false, "a stated flag");
	return report_text(&e->report, aspect,
	    json_is_true(stated) ? BYTES("true") : BYTES("false"),
	    seen ? BYTES("true") : BYTES("false"));
}

static struct bytes
shown(const json_t *json, struct arena *a)
{
	char *text = json == NULL
			 ? NULL
			 : json_dumps(json,
			       JSON_SORT_KEYS | JSON_COMPACT | JSON_ENCODE_ANY);
	struct bytes out =
	    arena_copy(a, text == NULL ? BYTES("nothing") : bytes_text(text));

	free(text);
	return out;
}

void
evidence_json(
    struct entry *e, const char *aspect, const json_t *stated, json_t *seen)
{
	if (stated != NULL)
		(void)report_text(&e->report, aspect, shown(stated, e->arena),
		    shown(seen, e->arena));
	json_decref(seen);
}

bool
evidence_raw(struct bytes *out, struct entry *e, const json_t *stated)
{
	struct fault f = { 0 };

	*out = (struct bytes){ 0 };
	return report_check(
		   &e->report, "hex", json_is_string(stated), "a stated hex") &&
	       report_done(&e->report, "hex",
		   hex_decode(out, bytes_text(json_string_value(stated)),
		       e->arena, &f),
		   &f);
}

static bool
is_word(const struct evidence_engine *engine, const char *word)
{
	const char *const *at = engine->words;

	while (*at != NULL && strcmp(*at, word) != 0)
		at++;
	return *at != NULL;
}

static bool
is_known(struct report *r, const char *aspect, bool known, const char *word)
{
	return report_text(r, aspect,
	    known ? bytes_text(word) : BYTES("a word that this engine knows"),
	    bytes_text(word));
}

static void
run_entry(const struct evidence_engine *engine, struct entry *e)
{
	const struct evidence_class *class = engine->classes;

	while (class->name != NULL && strcmp(class->name, e->class) != 0)
		class ++;
	if (!is_known(&e->report, "class", class->name != NULL, e->class) ||
	    !is_known(
		&e->report, "expect", is_word(engine, e->expect), e->expect) ||
	    !report_check(&e->report, "time",
		e->timed || !is_stated(json_object_get(e->json, "time")),
		"a time such as 2025-02-22T19:38:01Z") ||
	    !load_files(e))
		return;
	struct report loaded = e->report;

	e->report.quiet = e->judged;
	class->run(e);
	if (e->judged)
		e->report = loaded;
	else
		(void)report_check(&e->report, "entry",
		    e->report.passed > loaded.passed ||
			e->report.failed > loaded.failed,
		    "something to compare");
	(void)report_check(
	    &e->report, "entry", !e->arena->exhausted, "that fits into memory");
}

static void
set_entry(struct entry *e, const json_t *one)
{
	e->json = one;
	e->id = text_of(one, "id");
	e->class = text_of(one, "class");
	e->kind = text_of(one, "kind");
	e->expect = text_of(one, "expect");
	e->timed = evidence_time(&e->time, text_of(one, "time"));
	e->judged = strcmp(e->expect, "judgement") == 0 ||
		    strstr(e->class, "judgement") != NULL;
	e->report.name = e->id;
	e->report.arena = e->arena;
}

static int
run_entries(const struct evidence_engine *engine, struct entry *frame)
{
	size_t passed = 0, failed = 0, judged = 0;

	for (size_t i = 0; i < json_array_size(frame->entries); i++) {
		struct entry e = *frame;

		arena_reset(e.arena);
		set_entry(&e, json_array_get(frame->entries, i));
		run_entry(engine, &e);
		if (e.report.failed != 0)
			failed++;
		else if (e.judged)
			judged++;
		else
			passed++;
	}
	if (passed + failed + judged == 0) {
		(void)printf("%s: no entries\n", frame->report.file);
		failed = 1;
	}
	(void)printf(
	    "%zu judged\n%zu passed, %zu failed\n", judged, passed, failed);
	return failed == 0 ? 0 : 1;
}

int
evidence_run(
    const struct evidence_engine *engine, const char *index, struct arena *a)
{
	char folder[PATH_BYTES] = ".";
	const char *slash = strrchr(index, '/');
	json_error_t error;
	json_t *json = index_load(index, &error);
	struct entry frame = {
		.arena = a,
		.folder = folder,
		.entries = json_object_get(json, "entries"),
		.report = { .file = slash == NULL ? index : slash + 1 },
	};

	if (json == NULL) {
		(void)fprintf(
		    stderr, "pwos-vectors: %s: %s\n", index, error.text);
		return EXIT_SYSTEM;
	}
	if (slash != NULL)
		(void)snprintf(folder, sizeof(folder), "%.*s",
		    (int)(slash - index), index);
	int status = run_entries(engine, &frame);

	json_decref(json);
	return status;
}
