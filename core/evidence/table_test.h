/* SPDX-License-Identifier: Apache-2.0 */
/* For the tests: the vectors' indexes, one case a line, fields between tabs. */
#ifndef CORE_EVIDENCE_TABLE_TEST_H
#define CORE_EVIDENCE_TABLE_TEST_H

#include "core/base/cursor.h"
#include "core/evidence/pcr.h"

#define TABLE_FIELDS_MAX 20

/* A file of spec/vectors, read into block; the test fails if it cannot. */
struct bytes table_file(
    void *block, size_t size, const char *folder, struct bytes name);

/*
 * Runs every line; "-" is an empty field. The first two fields are the case's name and what is wanted.
 * The test fails unless run was true for each. Yields how many there are.
 */
unsigned table_run(struct bytes table, size_t count,
    bool (*run)(const struct bytes *row, struct fault *f));

/* The part of *rest before stop; *rest goes on behind it. */
struct bytes table_part(struct bytes *rest, char stop);

uint64_t table_number(struct bytes text);

/* Hexadecimal text into block; "empty" is a field of no bytes. */
struct bytes table_hex(uint8_t *block, size_t size, struct bytes text);

/* "sha1:0=HEX,1=HEX;sha256:..."; values are put into block. Banks that
 * core/crypto does not compute are skipped. */
size_t table_banks(
    struct pcr_bank *banks, size_t room, struct bytes text, uint8_t *block);

bool table_alg(enum hash_alg *out, struct bytes name);

#endif
