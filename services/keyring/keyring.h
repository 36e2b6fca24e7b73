/* SPDX-License-Identifier: Apache-2.0 */
/* The keyring's state: the node wallet, and what it may sign. */
#ifndef SERVICES_KEYRING_KEYRING_H
#define SERVICES_KEYRING_KEYRING_H

#include "core/crypto/rsa.h"
#include "core/message/message.h"
#include "ipc/service.h"

struct keyring {
	struct rsa_key *wallet;
	uint8_t modulus[RSA_WALLET_BYTES];
	struct message_id address;
};

extern const struct service keyring_service;
extern const struct sandbox keyring_sandbox;

/* Makes the node wallet, in locked memory (rule keyring 1). */
MUST_CHECK bool keyring_open(void **state, struct fault *f);

/* What a packed message asks to be signed as. */
enum statement { STATEMENT_MEASUREMENT, STATEMENT_NONE };

/* The message may be signed as that: rules keyring 2 and 3. */
MUST_CHECK bool statement_check(const struct message *m, enum statement as,
    const struct message_id *address, struct fault *f);

#endif
