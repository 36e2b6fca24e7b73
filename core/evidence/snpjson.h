/* SPDX-License-Identifier: Apache-2.0 */
/* SEV-SNP reports as JSON, in the form that virtee's tools write. */
#ifndef CORE_EVIDENCE_SNPJSON_H
#define CORE_EVIDENCE_SNPJSON_H

#include "core/base/arena.h"

#define SNPJSON_SIZE_MAX (64u << 10)

/*
 * The report's bytes, in the arena, for snpreport_parse. Takes one object with
 * exactly the members of the form, each once, in any order; numbers as plain
 * integers that fit. Fails with snp.json.
 */
MUST_CHECK bool snpjson_decode(
    struct bytes *out, struct bytes json, struct arena *a, struct fault *f);

#endif
