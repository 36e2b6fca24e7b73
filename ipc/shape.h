/* SPDX-License-Identifier: Apache-2.0 */
/* Shapes of bodies: a plain struct and its field table, walked by one codec. */
#ifndef IPC_SHAPE_H
#define IPC_SHAPE_H

#include "core/base/bytes.h"

enum field_type { FIELD_U64, FIELD_BOOL, FIELD_BYTES };

/* min and max bound the value of a number and the length of bytes. */
struct field {
	const char *name;
	enum field_type type;
	size_t offset;
	uint64_t min, max;
};

struct shape {
	const char *name;
	size_t size; /* of the struct */
	const struct field *fields;
	size_t count;
};

/* The tag comes from the member itself, so struct and table cannot disagree. */
#define FIELD_TYPE(type, member)      \
	_Generic(((type *)0)->member, \
	    uint64_t: FIELD_U64,      \
	    bool: FIELD_BOOL,         \
	    struct bytes: FIELD_BYTES)
#define FIELD_RANGE(type, member, low, high) \
	{ #member, FIELD_TYPE(type, member), offsetof(type, member), low, high }
#define FIELD(type, member, high)       FIELD_RANGE(type, member, 0, high)
#define FIELD_EXACT(type, member, size) FIELD_RANGE(type, member, size, size)

#define SHAPE(type, table)                   \
	{ #type, sizeof(struct type), table, \
		sizeof(table) / sizeof((table)[0]) }
#define SHAPE_EMPTY(label) { label, 0, NULL, 0 }

/* A call as both sides see it. */
struct method {
	const char *name; /* "tpm.quote" */
	const struct shape *takes, *gives;
	uint32_t deadline_ms; /* of the whole call, for the caller */
};

/* The most bytes that any body of this shape needs on the wire. */
size_t shape_wire_size(const struct shape *shape);

struct link;
struct arena;
struct fault;

/* What goes and where the answer does; its views lie in the arena. */
struct link_bodies {
	const void *in;
	void *out;
	struct arena *arena;
};

/*
 * One call, waiting at most method->deadline_ms. A call is sent at most once.
 * Fails as the callee says (code, reason and why), or with BUSY
 * "ipc.unavailable" when it is gone, the deadline passed or LINK_FLIGHTS calls
 * are under way: the callee may have done the call or not. Fails with STATE
 * "ipc.order" before dial_start.
 */
__attribute__((warn_unused_result)) bool link_call(struct link *link,
    const struct method *method, const struct link_bodies *bodies,
    struct fault *f);

/*
 * Declares the method SERVICE_CALL and its typed client call. The reply's
 * views are in the arena. Requests and replies are struct SERVICE_CALL_req and
 * struct SERVICE_CALL_rep.
 */
#define IPC_METHOD(service, call)                                    \
	extern const struct method service##_##call;                 \
	__attribute__((warn_unused_result)) static inline bool       \
	    service##_##call##_call(struct link *link,               \
		const struct service##_##call##_req *in,             \
		struct service##_##call##_rep *out, struct arena *a, \
		struct fault *f)                                     \
	{                                                            \
		return link_call(link, &service##_##call,            \
		    &(struct link_bodies){ in, out, a }, f);         \
	}

#endif
