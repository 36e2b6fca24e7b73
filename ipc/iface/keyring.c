/* SPDX-License-Identifier: Apache-2.0 */
#include "ipc/iface/keyring.h"

static const struct shape nothing = SHAPE_EMPTY("nothing");

static const struct field identity_rep[] = {
	FIELD_EXACT(struct keyring_identity_rep, modulus, RSA_WALLET_BYTES),
};
static const struct shape identity_gives =
    SHAPE(keyring_identity_rep, identity_rep);
const struct method keyring_identity = { "keyring.identity", &nothing,
	&identity_gives, 5000 };

static const struct field measurement_req[] = {
	FIELD_RANGE(
	    struct keyring_sign_measurement_req, message, 1, MESSAGE_SIZE_MAX),
};
static const struct field measurement_rep[] = {
	FIELD_EXACT(
	    struct keyring_sign_measurement_rep, signature, RSA_WALLET_BYTES),
};
static const struct shape measurement_takes =
    SHAPE(keyring_sign_measurement_req, measurement_req);
static const struct shape measurement_gives =
    SHAPE(keyring_sign_measurement_rep, measurement_rep);
const struct method keyring_sign_measurement = { "keyring.sign-measurement",
	&measurement_takes, &measurement_gives, 10000 };

static const struct field response_req[] = {
	FIELD_RANGE(
	    struct keyring_sign_response_req, message, 1, MESSAGE_SIZE_MAX),
};
static const struct field response_rep[] = {
	FIELD_EXACT(
	    struct keyring_sign_response_rep, signature, RSA_WALLET_BYTES),
};
static const struct shape response_takes =
    SHAPE(keyring_sign_response_req, response_req);
static const struct shape response_gives =
    SHAPE(keyring_sign_response_rep, response_rep);
const struct method keyring_sign_response = { "keyring.sign-response",
	&response_takes, &response_gives, 10000 };
