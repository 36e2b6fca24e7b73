/* SPDX-License-Identifier: Apache-2.0 */
/* UTF-8 as RFC 3629 has it: shortest form, no surrogates, up to U+10FFFF. */
#ifndef CORE_BASE_UTF8_H
#define CORE_BASE_UTF8_H

#include "core/base/bytes.h"

/* The length of the sequence at p, of which left > 0 bytes are there; 0 if
 * there is none. */
size_t utf8_sequence(const uint8_t *p, size_t left);

#endif
