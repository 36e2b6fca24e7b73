/* SPDX-License-Identifier: Apache-2.0 */
#include "services/keyring/keyring.h"

#include "core/crypto/crypto.h"
#include "core/message/id.h"

/* The key takes about 5 KiB; the rest is room for the working values of as
 * many signatures as there are workers. */
#define SECURE_HEAP (1u << 20)

bool
keyring_open(void **state, struct fault *f)
{
	static struct keyring keyring;

	if (!crypto_start(SECURE_HEAP, f) || !rsa_new(&keyring.wallet, f))
		return false;
	rsa_modulus(keyring.wallet, keyring.modulus);
	keyring.address =
	    message_address(bytes_of(keyring.modulus, sizeof(keyring.modulus)));
	*state = &keyring;
	return true;
}
