/* SPDX-License-Identifier: Apache-2.0 */
/* SEV-SNP product lines and their layouts of a TCB version. */
#ifndef CORE_EVIDENCE_SNPTCB_H
#define CORE_EVIDENCE_SNPTCB_H

#include "core/base/bytes.h"

enum snp_product { SNP_NO_PRODUCT, SNP_MILAN, SNP_GENOA, SNP_TURIN };

#define SNP_PRODUCTS 4u

/* Security patch levels. */
enum snp_component {
	SNP_FMC, /* Turin only */
	SNP_BOOTLOADER,
	SNP_TEE,
	SNP_FIRMWARE,
	SNP_MICROCODE,
	SNP_COMPONENTS
};

/* "Milan", "Genoa", "Turin"; "" for SNP_NO_PRODUCT. */
const char *snptcb_product_name(enum snp_product product);

/* The product line of that name, or SNP_NO_PRODUCT. */
enum snp_product snptcb_product(struct bytes name);

/* "fmc", "bootloader", "tee", "snp", "microcode". */
const char *snptcb_component_name(enum snp_component c);

/* Which byte of a TCB version, from the lowest, holds the component's level;
 * -1 if the product line has no such component. */
int snptcb_byte(enum snp_product product, enum snp_component c);

/* The component's level in a TCB version; 0 if the line has none. */
uint8_t snptcb_level(
    uint64_t tcb, enum snp_product product, enum snp_component c);

/* The bits that are reserved in the product line's TCB versions. */
uint64_t snptcb_reserved(enum snp_product product);

/* True if no level of a is above that of b. */
bool snptcb_not_above(uint64_t a, uint64_t b, enum snp_product product);

#endif
