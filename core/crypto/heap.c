/* SPDX-License-Identifier: Apache-2.0 */
#include "core/crypto/heap.h"

#include <openssl/bn.h>
#include <openssl/crypto.h>
#include <stdlib.h>
#include <string.h>

/* The smallest block; a list node of the heap's own must fit. */
#define BLOCK 32u
/* Bits of the number that shows where numbers go. */
#define PROBE_BITS 4096

/*
 * OpenSSL keeps the numbers of a private key in the secure heap, and then
 * copies the primes into Montgomery contexts in ordinary memory when the key
 * is first used. So all that the big number code takes comes from there. A
 * full heap fails the operation: falling back would give the secret away.
 */
static void *
take(size_t n, const char *file, int line)
{
	if (file != NULL && strstr(file, "crypto/bn/") != NULL &&
	    CRYPTO_secure_malloc_initialized() == 1)
		return CRYPTO_secure_malloc(n, file, line);
	return malloc(n);
}

static void
give(void *at, const char *file, int line)
{
	if (CRYPTO_secure_allocated(at) == 1)
		CRYPTO_secure_free(at, file, line);
	else
		free(at);
}

static void *
grow(void *at, size_t n, const char *file, int line)
{
	(void)file;
	(void)line;
	/* Big numbers are never grown in place. */
	if (CRYPTO_secure_allocated(at) == 1)
		abort();
	return realloc(at, n);
}

/* True if a number takes its digits from the heap. */
static bool
probe(void)
{
	size_t before = CRYPTO_secure_used();
	BIGNUM *number = BN_new();
	bool inside = number != NULL &&
		      BN_set_bit(number, PROBE_BITS - 1) == 1 &&
		      CRYPTO_secure_used() >= before + PROBE_BITS / 8;

	BN_free(number);
	return inside;
}

bool
heap_start(size_t size, struct fault *f)
{
	if (CRYPTO_set_mem_functions(take, grow, give) != 1)
		return fail(f, FAULT_STATE, "crypto.heap",
		    "base 7: libcrypto was used before the heap was made");
	if (CRYPTO_secure_malloc_init(size, BLOCK) != 1)
		return fail(f, FAULT_LIMIT, "crypto.heap",
		    "base 7: cannot lock %zu bytes", size);
	if (!probe())
		return fail(f, FAULT_INTERNAL, "crypto.heap",
		    "base 7: numbers are not kept in the heap");
	return true;
}
