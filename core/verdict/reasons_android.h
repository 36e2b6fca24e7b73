/* SPDX-License-Identifier: Apache-2.0 */
/* Reasons of Android evidence: code, rules, what it means, what to do. */
#ifndef CORE_VERDICT_REASONS_ANDROID_H
#define CORE_VERDICT_REASONS_ANDROID_H

/* clang-format off */
#define REASONS_ANDROID(X)
/* clang-format on */

#endif
