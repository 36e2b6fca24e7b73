/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Runs an index of evidence vectors: entries with files, what to expect of
 * them, and what they hold.
 *
 * An engine is a file of this folder that defines one struct evidence_engine:
 * the words it knows in `expect` and a function for each class. To add one,
 * write it, declare it in engines.h and name it in main.c's table.
 *
 * A class's function reads e's files and members, does the work with the
 * product's own parsers and checks, and says what came out through the
 * functions below. Each prints a line when it differs. An entry passes when
 * nothing differed and something was compared. One that is judged is counted
 * apart, whatever its function says; it fails only when it cannot be run.
 */
#ifndef HARNESS_VECTORS_EVIDENCE_H
#define HARNESS_VECTORS_EVIDENCE_H

#include "harness/vectors/report.h"

#define EVIDENCE_FILES 64u

struct entry {
	const char *id, *class, *kind, *expect; /* never NULL */
	bool judged; /* verifiers differ: a function may set it too */
	bool timed;
	int64_t time;        /* Unix seconds, when timed */
	const json_t *json;  /* all of it */
	struct arena *arena; /* of this entry alone; its files are in it */

	/* The runner's. */
	struct report report;
	const json_t *entries;
	const char *folder;
	struct {
		const char *name;
		struct bytes bytes;
	} files[EVIDENCE_FILES];
	size_t nfiles;
};

struct evidence_class {
	const char *name;
	void (*run)(struct entry *e);
};

struct evidence_engine {
	const char *name;
	const char *const *words;             /* NULL ends them */
	const struct evidence_class *classes; /* one without a name ends them */
};

/* Exit status of the program. */
int evidence_run(
    const struct evidence_engine *engine, const char *index, struct arena *a);

/* A file of the entry (its SHA-256 was checked); false when it has none of
 * that name, which is no difference. */
bool evidence_file(struct bytes *out, const struct entry *e, const char *name);

/* A file beside the index that no entry names ("common/test-root.der");
 * differs when it cannot be read. */
bool evidence_beside(struct bytes *out, struct entry *e, const char *path);

/* A member at a path ("fields/pcr_digest"); NULL when there is none. */
const json_t *evidence_member(const struct entry *e, const char *path);

/* Another entry of the index; NULL when there is none. */
const json_t *evidence_other(const struct entry *e, const char *id);

/* "2025-02-22T19:38:01Z" as Unix seconds. */
bool evidence_time(int64_t *out, const char *text);

bool evidence_expects(const struct entry *e, const char *word);

/* The outcome where "valid" is to be accepted and "invalid" refused; any other
 * word differs. f tells why it was refused. Nothing when judged. */
void evidence_outcome(struct entry *e, bool accepted, const struct fault *f);

/* For other words: what must hold. */
bool evidence_check(
    struct entry *e, const char *aspect, bool ok, const char *expected);
bool evidence_done(
    struct entry *e, const char *aspect, bool ok, const struct fault *f);

/* A stated member against what was seen: text, bytes as lower-case hex, a
 * number, a flag. Nothing stated (NULL or null) is no difference. */
bool evidence_text(struct entry *e, const char *aspect, const json_t *stated,
    struct bytes seen);
bool evidence_hex(struct entry *e, const char *aspect, const json_t *stated,
    struct bytes seen);
bool evidence_number(
    struct entry *e, const char *aspect, const json_t *stated, uint64_t seen);
bool evidence_flag(
    struct entry *e, const char *aspect, const json_t *stated, bool seen);

/* Of any form, as JSON; takes what was seen. A stated null is compared, too. */
void evidence_json(
    struct entry *e, const char *aspect, const json_t *stated, json_t *seen);

/* Stated bytes in hex; differs when they are no hex. */
bool evidence_raw(struct bytes *out, struct entry *e, const json_t *stated);

#endif
