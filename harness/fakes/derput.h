/* SPDX-License-Identifier: Apache-2.0 */
/* Writes DER, and what only looks like it: for tests and fakes. */
#ifndef HARNESS_FAKES_DERPUT_H
#define HARNESS_FAKES_DERPUT_H

#include "core/base/arena.h"
#include "core/base/der.h"

/* One element of that tag (core/base/der.h) with the parts for content. */
struct bytes derput(
    struct arena *a, uint32_t tag, const struct bytes *parts, size_t n);

#define DERPUT(a, tag, ...)                                   \
	derput(a, tag, (const struct bytes[]){ __VA_ARGS__ }, \
	    sizeof((const struct bytes[]){ __VA_ARGS__ }) /   \
		sizeof(struct bytes))

struct bytes derput_integer(struct arena *a, uint32_t tag, int64_t value);
struct bytes derput_boolean(struct arena *a, bool value);

/* The parts one behind another. */
struct bytes derput_join(struct arena *a, const struct bytes *parts, size_t n);

#endif
