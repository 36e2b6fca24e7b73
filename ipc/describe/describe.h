/* SPDX-License-Identifier: Apache-2.0 */
/* The tables of the whole suite, for documents and for the confinement hash. */
#ifndef IPC_DESCRIBE_DESCRIBE_H
#define IPC_DESCRIBE_DESCRIBE_H

#include "core/base/buf.h"
#include "ipc/service.h"

/* By process; NULL for init. Made by meson from its list of services. */
extern const struct service *const describe_services[PROCESS_COUNT];

/* A set as words: processes, capabilities, descriptors, Landlock's rights. */
void describe_peers(struct buf *to, uint32_t set);
void describe_capabilities(struct buf *to, uint64_t set);
void describe_grants(struct buf *to, uint32_t set);
void describe_access(struct buf *to, uint64_t set);

/* "name type min..max", with a comma between fields. */
void describe_shape(struct buf *to, const struct shape *shape);

/* "mmap if arg 2 & 0x4 == 0x0". */
void describe_rule(struct buf *to, const struct sandbox_rule *rule);

/*
 * Every table as text, a fact a line, the same bytes for the same tables
 * (rule ipc 12). Its SHA-256 is the confinement hash.
 */
void describe_tables(struct buf *to);

/* spec/calls.md, spec/sandbox.md and spec/reasons.md. */
void describe_calls(struct buf *to);
void describe_sandbox(struct buf *to);
void describe_reasons(struct buf *to);

#endif
