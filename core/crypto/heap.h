/* SPDX-License-Identifier: Apache-2.0 */
/* Locked memory for every big number of libcrypto. For crypto_start only. */
#ifndef CORE_CRYPTO_HEAP_H
#define CORE_CRYPTO_HEAP_H

#include <stddef.h>

#include "core/base/fault.h"

/*
 * Makes OpenSSL's secure heap of size bytes (a power of two). Must come before
 * anything else of libcrypto. Fails with "crypto.heap".
 */
MUST_CHECK bool heap_start(size_t size, struct fault *f);

#endif
