/* SPDX-License-Identifier: Apache-2.0 */
/* Runs AO-Core vector files over the message library and the path grammar, and
 * indexes of evidence vectors over the verifier's. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

#include "harness/vectors/classes.h"
#include "harness/vectors/engines.h"
#include "harness/vectors/stricter.h"

#define EXIT_USAGE  100
#define EXIT_SYSTEM 111
#define ARENA_BYTES (64u << 20)

static const char usage[] =
    "usage: pwos-vectors aocore DIR | ENGINE INDEX.json | --stricter\n"
    "\n"
    "Runs every .json file in DIR, or every entry of an index of evidence "
    "(ENGINE is\n"
    "tpm, eventlog, snp or android), prints a line for each difference, and "
    "ends with\n"
    "\"N passed, N failed\"; exit 0 only if none failed. --stricter prints "
    "where this\n"
    "project refuses what the original takes, and why.\n";

static const struct evidence_engine *const engines[] = {
	&tpm_engine,
	&eventlog_engine,
	&android_engine,
	&snp_engine,
};
#define ENGINES (sizeof(engines) / sizeof(engines[0]))

/* A file is of the class whose members its first case has. */
static const struct {
	const char *members[2];
	void (*run)(struct report *r, const json_t *one);
} classes[] = {
	{ { "headers", "real" }, negative_run },
	{ { "request", "response" }, transcripts_run },
	{ { "base", "request" }, hashpaths_run },
	{ { "signed", "name" }, items_run },
	{ { "request", "steps" }, paths_run },
	{ { "request", "error" }, paths_run },
};
#define CLASSES (sizeof(classes) / sizeof(classes[0]))

static void
run_case(struct report *r, const json_t *one)
{
	size_t mark = r->arena->used, at = 0;
	const json_t *name = json_object_get(one, "name");
	const json_t *path =
	    json_object_get(json_object_get(one, "request"), "path");

	r->name = json_is_string(name)   ? json_string_value(name)
		  : json_is_string(path) ? json_string_value(path)
					 : "case";
	while (at < CLASSES &&
	       (json_object_get(one, classes[at].members[0]) == NULL ||
		   json_object_get(one, classes[at].members[1]) == NULL))
		at++;
	if (at < CLASSES)
		classes[at].run(r, one);
	else
		(void)report_check(r, "case", false, "a case of a known class");
	r->arena->used = mark;
}

static void
run_file(struct report *r, const json_t *file)
{
	const json_t *cases = json_object_get(file, "cases");
	size_t before = r->passed + r->failed;

	r->name = "file";
	if (json_is_array(cases)) {
		for (size_t i = 0; i < json_array_size(cases); i++)
			run_case(r, json_array_get(cases, i));
	} else if (json_object_get(file, "message") != NULL) {
		messages_run(r, file);
	}
	if (r->passed + r->failed == before)
		(void)report_check(r, "file", false, "something to check");
}

static void
run_path(struct report *r, const char *path, const char *name)
{
	json_error_t error;
	json_t *file = json_load_file(
	    path, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, &error);

	r->file = name;
	r->name = "file";
	arena_reset(r->arena);
	if (file == NULL)
		(void)report_text(
		    r, "JSON", BYTES("a file"), bytes_text(error.text));
	else
		run_file(r, file);
	json_decref(file);
}

static int
is_json(const struct dirent *entry)
{
	size_t n = strlen(entry->d_name);

	return n > 5 && strcmp(entry->d_name + n - 5, ".json") == 0;
}

static int
run_folder(struct report *r, const char *folder)
{
	struct dirent **entries;
	int count = scandir(folder, &entries, is_json, alphasort);
	char path[4096];

	if (count < 0) {
		(void)fprintf(stderr, "pwos-vectors: cannot read %s\n", folder);
		return EXIT_SYSTEM;
	}
	for (int i = 0; i < count; i++) {
		const char *name = entries[i]->d_name;

		if (snprintf(path, sizeof(path), "%s/%s", folder, name) <
		    (int)sizeof(path))
			run_path(r, path, name);
		free(entries[i]);
	}
	free(entries);
	r->file = folder;
	if (r->passed + r->failed == 0)
		(void)report_check(r, "folder", false, "vector files");
	(void)printf("%zu passed, %zu failed\n", r->passed, r->failed);
	return r->failed == 0 ? 0 : 1;
}

/* The engine of that name; NULL when there is none. */
static const struct evidence_engine *
engine_named(const char *name)
{
	for (size_t i = 0; i < ENGINES; i++) {
		if (strcmp(engines[i]->name, name) == 0)
			return engines[i];
	}
	return NULL;
}

int
main(int argc, char **argv)
{
	static uint8_t block[ARENA_BYTES];
	struct arena arena;
	struct report report = { .name = "folder", .arena = &arena };
	const char *first = argc > 1 ? argv[1] : "";

	arena_init(&arena, block, sizeof(block));
	if (argc == 2 && strcmp(first, "--help") == 0) {
		(void)fputs(usage, stdout);
		return 0;
	}
	if (argc == 2 && strcmp(first, "--stricter") == 0) {
		stricter_print();
		return 0;
	}
	if (argc == 3 && strcmp(first, "aocore") == 0)
		return run_folder(&report, argv[2]);
	if (argc == 3 && engine_named(first) != NULL) {
		return evidence_run(engine_named(first), argv[2], &arena);
	}
	(void)fputs(usage, stderr);
	return EXIT_USAGE;
}
