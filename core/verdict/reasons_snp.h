/* SPDX-License-Identifier: Apache-2.0 */
/* Reasons of SEV-SNP evidence: code, rules, what it means, what to do. */
#ifndef CORE_VERDICT_REASONS_SNP_H
#define CORE_VERDICT_REASONS_SNP_H

/* clang-format off */
#define REASONS_SNP(X)
/* clang-format on */

#endif
