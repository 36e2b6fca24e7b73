/* SPDX-License-Identifier: Apache-2.0 */
/* For the tests: public areas of our AK and EK templates. */
#ifndef CORE_EVIDENCE_AREAS_TEST_H
#define CORE_EVIDENCE_AREAS_TEST_H

#include "core/evidence/public.h"

struct area {
	uint8_t b[512];
	size_t n;
};

/* Where the parts of these areas begin. An EK has three symmetric fields, so
 * what follows them is an AK's only. */
enum area_at {
	AREA_TYPE = 0,
	AREA_NAME_ALG = 2,
	AREA_ATTRIBUTES = 4,
	AREA_POLICY = 8,
	AREA_SYMMETRIC = 42,
	AREA_SCHEME = 44,
	AREA_CURVE = 48,
	AREA_X = 52,
	AREA_BITS = 48,
	AREA_EXPONENT = 50,
	AREA_MODULUS = 54,
	AREA_MODULUS_END = 310
};

struct area areas_ak_ecc(void);
struct area areas_ak_rsa(void);
struct area areas_ek_ecc(void);
struct area areas_ek_rsa(void);

static inline struct bytes
areas_bytes(const struct area *area)
{
	return bytes_of(area->b, area->n);
}

#endif
