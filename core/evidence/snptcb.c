/* SPDX-License-Identifier: Apache-2.0 */
#include "core/evidence/snptcb.h"

/* clang-format off */
static const struct {
	const char *name;
	int byte[SNP_COMPONENTS];
} products[SNP_PRODUCTS] = {
	/*                            fmc  bl tee snp ucode */
	[SNP_NO_PRODUCT] = { "",      { -1, -1, -1, -1, -1 } },
	[SNP_MILAN]      = { "Milan", { -1,  0,  1,  6,  7 } },
	[SNP_GENOA]      = { "Genoa", { -1,  0,  1,  6,  7 } },
	[SNP_TURIN]      = { "Turin", {  0,  1,  2,  3,  7 } },
};

static const char *const components[SNP_COMPONENTS] = {
	[SNP_FMC]        = "fmc",
	[SNP_BOOTLOADER] = "bootloader",
	[SNP_TEE]        = "tee",
	[SNP_FIRMWARE]   = "snp",
	[SNP_MICROCODE]  = "microcode",
};
/* clang-format on */

const char *
snptcb_product_name(enum snp_product product)
{
	return products[product].name;
}

enum snp_product
snptcb_product(struct bytes name)
{
	for (unsigned i = SNP_MILAN; i < SNP_PRODUCTS; i++)
		if (bytes_is(name, products[i].name))
			return (enum snp_product)i;
	return SNP_NO_PRODUCT;
}

const char *
snptcb_component_name(enum snp_component c)
{
	return components[c];
}

int
snptcb_byte(enum snp_product product, enum snp_component c)
{
	return products[product].byte[c];
}

uint8_t
snptcb_level(uint64_t tcb, enum snp_product product, enum snp_component c)
{
	int byte = snptcb_byte(product, c);

	return byte < 0 ? 0 : (uint8_t)(tcb >> (8 * byte));
}

uint64_t
snptcb_reserved(enum snp_product product)
{
	uint64_t reserved = UINT64_MAX;

	for (unsigned i = 0; i < SNP_COMPONENTS; i++) {
		int byte = products[product].byte[i];

		if (byte >= 0)
			reserved &= ~(UINT64_C(0xff) << (8 * byte));
	}
	return reserved;
}

bool
snptcb_not_above(uint64_t a, uint64_t b, enum snp_product product)
{
	for (unsigned i = 0; i < SNP_COMPONENTS; i++) {
		enum snp_component c = (enum snp_component)i;

		if (snptcb_level(a, product, c) > snptcb_level(b, product, c))
			return false;
	}
	return true;
}
