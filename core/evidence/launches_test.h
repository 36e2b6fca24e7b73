/* SPDX-License-Identifier: Apache-2.0 */
/* For the tests: launches whose digest is known, of spec/vectors/launch. */
#ifndef CORE_EVIDENCE_LAUNCHES_TEST_H
#define CORE_EVIDENCE_LAUNCHES_TEST_H

#include "core/evidence/launch.h"
#include "core/evidence/table_test.h"

enum launches_column {
	LAUNCHES_ID,
	LAUNCHES_DIGEST,
	LAUNCHES_CHAIN,
	LAUNCHES_SECTIONS,
	LAUNCHES_AP_RESET,
	LAUNCHES_HASH_TABLE,
	LAUNCHES_HOST,
	LAUNCHES_CPU,
	LAUNCHES_VCPUS,
	LAUNCHES_FEATURES,
	LAUNCHES_KERNEL,
	LAUNCHES_INITRD,
	LAUNCHES_CMDLINE,
	LAUNCHES_COLUMNS
};

/* A launch, what it points to, and the digest that it must give. */
struct launches_scene {
	struct ovmf firmware;
	struct kernelhashes kernel;
	struct launch launch;
	struct sha384 digest;
};

struct bytes launches_table(void);
void launches_take(struct launches_scene *s, const struct bytes *row);

/* The table's last row: dstack-report.bin is a genuine report of it. */
void launches_last(struct launches_scene *s);

#endif
