/* SPDX-License-Identifier: Apache-2.0 */
/* A fake KeyMint: keys, what they are said to be, and certificates up to a
 * root of its own; all of it can be wrong. */
#ifndef HARNESS_FAKES_KEYMINT_H
#define HARNESS_FAKES_KEYMINT_H

#include "core/crypto/hash.h"
#include "harness/fakes/derput.h"

/* All on P-256 but the root, which is on P-384, and a short RSA key. */
enum keymint_key {
	KEYMINT_KEY,
	KEYMINT_BATCH,
	KEYMINT_SERVER,
	KEYMINT_ROOT,
	KEYMINT_OTHER,
	KEYMINT_WEAK,
	KEYMINT_KEYS
};

/* Makes the keys; to be called once. */
void keymint_open(void);
void keymint_close(void);

/* SubjectPublicKeyInfo. */
struct bytes keymint_key_info(enum keymint_key key, struct arena *a);

/* With SHA-256, as a signature is in a certificate. */
struct bytes keymint_sign(
    enum keymint_key key, struct bytes in, struct arena *a);

/* An attribute of a name: the last number of its OID under 2.5.4, and text. */
struct keymint_name {
	uint8_t attribute;
	const char *text;
};

struct keymint_cert {
	enum keymint_key of, by;
	struct keymint_name subject[2], issuer[2];
	const char *serial; /* bytes of the INTEGER, n of them */
	size_t nserial;
	const char *from, *to; /* UTCTime or, with 15 characters, the other */
	bool ca;
	int path;  /* -1: none */
	int usage; /* bits of the first byte; -1: none */
	struct bytes attestation, provisioning; /* p NULL: none */
	bool odd_critical; /* with a critical extension of nobody's */
	struct bytes instead_of_algorithm;
};

struct bytes keymint_certify(const struct keymint_cert *cert, struct arena *a);

/* What a KeyDescription says; values of -1 leave a tag out. */
struct keymint_description {
	int64_t version, keymint_version, level, keymint_level;
	struct bytes challenge;
	bool with_root, locked;
	int64_t boot_state;
	struct bytes boot_key, boot_hash; /* hash.p NULL: none */
	int64_t os_patch, vendor_patch, boot_patch;
	int64_t purposes[2], origin, algorithm;
	bool all_applications;
	const char *packages[2];
	size_t more_packages; /* at most 64, of a short name */
	int64_t package_version;
	struct bytes signers[2];
	struct bytes hardware_more; /* behind the hardware's other tags */
	struct bytes locked_as; /* the content of deviceLocked, if not NULL */
};

struct bytes keymint_describe(
    const struct keymint_description *d, struct arena *a);

#define KEYMINT_CHAIN 4u

/* A phone: its key, and the certificates that a verifier is shown. */
struct keymint {
	struct keymint_description description;
	struct keymint_cert certs[KEYMINT_CHAIN];
};

/* One to be accepted at KEYMINT_AT: a TEE of version 300, whose certificates
 * came from the server and expire at KEYMINT_EXPIRED. */
#define KEYMINT_AT      1750000000
#define KEYMINT_EXPIRED 1753920000
void keymint_phone(struct keymint *out);

/* The same with keys from a factory. */
void keymint_factory_phone(struct keymint *out);

/* The description goes into the first certificate, unless it has one. */
void keymint_chain(struct bytes out[KEYMINT_CHAIN], const struct keymint *phone,
    struct arena *a);

/* SHA-256 of the root's key. */
struct sha256 keymint_root(struct arena *a);

#endif
