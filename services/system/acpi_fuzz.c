/* SPDX-License-Identifier: Apache-2.0 */
/* What parses has its fields inside the table and at their offsets. */
#include "services/system/acpi.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct acpi_header h;
	struct fault f;
	uint8_t sum = 0;

	if (!acpi_parse(&h, bytes_of(data, size), &f))
		return 0;
	for (size_t i = 0; i < size; i++)
		sum = (uint8_t)(sum + data[i]);
	if (size < ACPI_HEADER_SIZE || h.signature.p != data ||
	    h.oem_id.p != data + 10 || h.oem_table_id.p != data + 16 ||
	    h.creator_id.p != data + 28 || h.checksum != data[9] ||
	    h.sums_to_zero != (sum == 0))
		abort();
	return 0;
}
