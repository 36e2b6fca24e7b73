/* SPDX-License-Identifier: Apache-2.0 */
/* An ACPI table's header (ACPI 6.5, 5.2.6), and the report on all tables. */
#ifndef SERVICES_SYSTEM_ACPI_H
#define SERVICES_SYSTEM_ACPI_H

#include "services/system/system.h"

#define ACPI_HEADER_SIZE 36u

struct acpi_header {
	struct bytes signature; /* 4, printable */
	uint32_t length;        /* of the table, as it declares */
	uint8_t revision, checksum;
	struct bytes oem_id, oem_table_id; /* 6, 8 */
	uint32_t oem_revision;
	struct bytes creator_id; /* 4 */
	uint32_t creator_revision;
	bool sums_to_zero; /* over the whole file */
};

/* Views into the table. Fails with INPUT "system.acpi". */
MUST_CHECK bool acpi_parse(
    struct acpi_header *out, struct bytes table, struct fault *f);

#endif
