/* SPDX-License-Identifier: Apache-2.0 */
/* A tree of files that stands for "/", made in a folder of its own. */
#ifndef SERVICES_SYSTEM_FIXTURE_TEST_H
#define SERVICES_SYSTEM_FIXTURE_TEST_H

#include "services/system/system.h"

struct fixture {
	char folder[64];
	struct probe probe;
	struct arena arena;
};

/* An empty tree; its probe has a processor of known leaves. */
void fixture_open(struct fixture *x);
void fixture_close(struct fixture *x);

/* A file, its folders made on the way. */
void fixture_put(struct fixture *x, const char *path, struct bytes content);
void fixture_text(struct fixture *x, const char *path, const char *content);

/* An ACPI table of that size in *out, its checksum right. */
struct bytes fixture_table(uint8_t *out, size_t size, const char *signature);

#endif
