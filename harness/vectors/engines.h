/* SPDX-License-Identifier: Apache-2.0 */
/* The engines of evidence whose vectors can be run. */
#ifndef HARNESS_VECTORS_ENGINES_H
#define HARNESS_VECTORS_ENGINES_H

#include "harness/vectors/evidence.h"

extern const struct evidence_engine android_engine, eventlog_engine, snp_engine,
    tpm_engine;

#endif
