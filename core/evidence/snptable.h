/* SPDX-License-Identifier: Apache-2.0 */
/* The certificate table that a host sends along with an extended report. */
#ifndef CORE_EVIDENCE_SNPTABLE_H
#define CORE_EVIDENCE_SNPTABLE_H

#include "core/base/bytes.h"
#include "core/base/fault.h"

#define SNPTABLE_SIZE_MAX    (64u << 10)
#define SNPTABLE_ENTRIES_MAX 128u

/* Views into the table; empty for what it has not. */
struct snptable {
	struct bytes ark, ask, vcek, vlek, crl;
	size_t unknown; /* entries of other kinds */
};

/*
 * Entries of GUID, offset and length up to one of zeros, then data. Fails with
 * snp.table.size, snp.table.end, snp.table.entry (nothing, or nothing of the
 * table's data), snp.table.duplicate or snp.table.overlap.
 */
MUST_CHECK bool snptable_parse(
    struct snptable *out, struct bytes in, struct fault *f);

#endif
