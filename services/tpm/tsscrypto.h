/* SPDX-License-Identifier: Apache-2.0 */
/* The TSS's cryptography by core/crypto: its own makes a new OpenSSL library
 * context for each hash, HMAC and nonce, which is most of a command's time. */
#ifndef SERVICES_TPM_TSSCRYPTO_H
#define SERVICES_TPM_TSSCRYPTO_H

#include "core/base/bytes.h"

#include <tss2/tss2_esys.h>

#define TSSCRYPTO_INPUT_MAX 8192u
#define TSSCRYPTO_KEY_MAX   160u
#define TSSCRYPTO_DIGESTS   4u

/* A hash or HMAC under way: what goes in is kept until the end. */
struct tsscrypto_digest {
	bool used, hmac, spilled;
	TPM2_ALG_ID alg;
	size_t nkey, n;
	uint8_t key[TSSCRYPTO_KEY_MAX];
	uint8_t input[TSSCRYPTO_INPUT_MAX];
};

struct tsscrypto {
	struct tsscrypto_digest digests[TSSCRYPTO_DIGESTS];
};

/* The callbacks, over a state that outlives the context they are set in. */
ESYS_CRYPTO_CALLBACKS tsscrypto_callbacks(struct tsscrypto *state);

#endif
