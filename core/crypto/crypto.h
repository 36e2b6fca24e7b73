/* SPDX-License-Identifier: Apache-2.0 */
/* Start-up of libcrypto and random bytes. */
#ifndef CORE_CRYPTO_CRYPTO_H
#define CORE_CRYPTO_CRYPTO_H

#include "core/base/fault.h"
#include "core/crypto/hash.h"

/*
 * Once per process, before any sandbox and any other use of libcrypto:
 * initialises it without its configuration file and runs one of each
 * operation, so that later calls open nothing. secure_heap > 0 (a power of
 * two; 1 MiB serves eight signing threads) also makes the locked, guarded and
 * undumpable heap that private keys, and all other big numbers, live in.
 * Fails with "crypto.heap" or "crypto.start".
 */
MUST_CHECK bool crypto_start(size_t secure_heap, struct fault *f);

/* n random bytes from the kernel (getrandom); aborts if it cannot. */
void crypto_random(void *out, size_t n);

#endif
