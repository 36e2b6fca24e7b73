/* SPDX-License-Identifier: Apache-2.0 */
/* Memory for a secret: locked, between guard pages, in no dump and no child. */
#ifndef CORE_BASE_SECRET_H
#define CORE_BASE_SECRET_H

#include <stddef.h>
#include <stdint.h>

#include "core/base/fault.h"

#define SECRET_MAX 65536u

/* No struct bytes, so that it cannot be logged, encoded or compared as one. */
struct secret {
	uint8_t *p;
	size_t n;
};

/*
 * n zero bytes, 1 to SECRET_MAX, that end just before a guard page (to 16
 * bytes) and are gone in a child process. Makes system calls: for `open`, not
 * for a sandboxed request. Fails with LIMIT "limit.locked".
 */
MUST_CHECK bool secret_new(struct secret *out, size_t n, struct fault *f);

/* Wipes and unmaps; a zero struct is fine. */
void secret_free(struct secret *s);

/* Equal in time that depends on the lengths only. */
bool secret_equal(const struct secret *a, const struct secret *b);

#endif
