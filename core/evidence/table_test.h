/* SPDX-License-Identifier: Apache-2.0 */
/* For the tests: the vectors' indexes, one case a line, fields between tabs. */
#ifndef CORE_EVIDENCE_TABLE_TEST_H
#define CORE_EVIDENCE_TABLE_TEST_H

#include "core/base/cursor.h"
#include "core/base/fault.h"

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

#endif
