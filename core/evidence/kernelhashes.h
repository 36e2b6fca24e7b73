/* SPDX-License-Identifier: Apache-2.0 */
/* The table by which OVMF knows kernel, initrd and command line: measured. */
#ifndef CORE_EVIDENCE_KERNELHASHES_H
#define CORE_EVIDENCE_KERNELHASHES_H

#include "core/evidence/pageinfo.h"

#define KERNELHASHES_SIZE 176u /* of the table, padding included */

struct kernelhashes {
	struct sha256 kernel, initrd, cmdline;
};

/* An absent initrd or command line is an empty one. The command line is
 * measured with the NUL behind it, which cmdline does not have. */
struct kernelhashes kernelhashes_of(
    struct bytes kernel, struct bytes initrd, struct bytes cmdline);

/* The page that holds the table at `at`, zeros around it; at most
 * PAGEINFO_PAGE - KERNELHASHES_SIZE. */
void kernelhashes_page(
    uint8_t page[PAGEINFO_PAGE], const struct kernelhashes *h, size_t at);

#endif
