/* SPDX-License-Identifier: Apache-2.0 */
/* AuthorizationList of Android's KeyDescription: what a key is bound to. */
#ifndef CORE_EVIDENCE_KEYLIST_H
#define CORE_EVIDENCE_KEYLIST_H

#include "core/base/der.h"

#define KEYLIST_SET_MAX     32u /* members of one set */
#define KEYLIST_UNKNOWN_MAX 16u /* tags that we do not know */

/* clang-format off */
/* Name, tag, kind of value, Android's name for it. */
#define KEYLIST_TAGS(X) \
	X(PURPOSE,          1,   SET,     "purpose") \
	X(ALGORITHM,        2,   INTEGER, "algorithm") \
	X(KEY_SIZE,         3,   INTEGER, "keySize") \
	X(BLOCK_MODE,       4,   SET,     "blockMode") \
	X(DIGEST,           5,   SET,     "digest") \
	X(PADDING,          6,   SET,     "padding") \
	X(CALLER_NONCE,     7,   NULL,    "callerNonce") \
	X(MIN_MAC_LENGTH,   8,   INTEGER, "minMacLength") \
	X(EC_CURVE,         10,  INTEGER, "ecCurve") \
	X(ML_DSA_VARIANT,   11,  INTEGER, "mlDsaVariant") \
	X(RSA_EXPONENT,     200, INTEGER, "rsaPublicExponent") \
	X(MGF_DIGEST,       203, SET,     "mgfDigest") \
	X(ROLLBACK,         303, NULL,    "rollbackResistance") \
	X(EARLY_BOOT_ONLY,  305, NULL,    "earlyBootOnly") \
	X(ACTIVE,           400, INTEGER, "activeDateTime") \
	X(ORIGINATION_END,  401, INTEGER, "originationExpireDateTime") \
	X(USAGE_END,        402, INTEGER, "usageExpireDateTime") \
	X(USAGE_COUNT,      405, INTEGER, "usageCountLimit") \
	X(NO_AUTH,          503, NULL,    "noAuthRequired") \
	X(USER_AUTH,        504, INTEGER, "userAuthType") \
	X(AUTH_TIMEOUT,     505, INTEGER, "authTimeout") \
	X(ON_BODY,          506, NULL,    "allowWhileOnBody") \
	X(USER_PRESENCE,    507, NULL,    "trustedUserPresenceRequired") \
	X(CONFIRMATION,     508, NULL,    "trustedConfirmationRequired") \
	X(UNLOCKED_DEVICE,  509, NULL,    "unlockedDeviceRequired") \
	X(ALL_APPLICATIONS, 600, NULL,    "allApplications") \
	X(APPLICATION_ID,   601, OCTETS,  "applicationId") \
	X(CREATED,          701, INTEGER, "creationDateTime") \
	X(ORIGIN,           702, INTEGER, "origin") \
	X(ROLLBACK_OLD,     703, NULL,    "rollbackResistant") \
	X(ROOT_OF_TRUST,    704, ROOT,    "rootOfTrust") \
	X(OS_VERSION,       705, INTEGER, "osVersion") \
	X(OS_PATCH,         706, INTEGER, "osPatchLevel") \
	X(ATTESTATION_APP,  709, OCTETS,  "attestationApplicationId") \
	X(ID_BRAND,         710, OCTETS,  "attestationIdBrand") \
	X(ID_DEVICE,        711, OCTETS,  "attestationIdDevice") \
	X(ID_PRODUCT,       712, OCTETS,  "attestationIdProduct") \
	X(ID_SERIAL,        713, OCTETS,  "attestationIdSerial") \
	X(ID_IMEI,          714, OCTETS,  "attestationIdImei") \
	X(ID_MEID,          715, OCTETS,  "attestationIdMeid") \
	X(ID_MANUFACTURER,  716, OCTETS,  "attestationIdManufacturer") \
	X(ID_MODEL,         717, OCTETS,  "attestationIdModel") \
	X(VENDOR_PATCH,     718, INTEGER, "vendorPatchLevel") \
	X(BOOT_PATCH,       719, INTEGER, "bootPatchLevel") \
	X(DEVICE_UNIQUE,    720, NULL,    "deviceUniqueAttestation") \
	X(ID_SECOND_IMEI,   723, OCTETS,  "attestationIdSecondImei") \
	X(MODULE_HASH,      724, OCTETS,  "moduleHash")
/* clang-format on */

enum keylist_tag {
#define KEYLIST_ENUM(name, tag, kind, text) KEYLIST_##name,
	KEYLIST_TAGS(KEYLIST_ENUM)
#undef KEYLIST_ENUM
	    KEYLIST_COUNT
};

enum keylist_kind {
	KEYLIST_KIND_INTEGER,
	KEYLIST_KIND_SET,
	KEYLIST_KIND_NULL,
	KEYLIST_KIND_OCTETS,
	KEYLIST_KIND_ROOT
};

struct keylist_value {
	bool present;
	int64_t number;     /* an INTEGER */
	struct bytes bytes; /* OCTETS, or the content of a SET OF INTEGER */
};

enum boot_state {
	BOOT_VERIFIED,
	BOOT_SELF_SIGNED,
	BOOT_UNVERIFIED,
	BOOT_FAILED,
	BOOT_STATES
};

struct root_of_trust {
	struct bytes boot_key, boot_hash; /* either may be empty */
	bool device_locked;
	enum boot_state boot_state;
};

struct keylist_unknown {
	uint32_t tag;
	struct bytes value; /* one element in DER */
};

/* All bytes are views into what was parsed. */
struct keylist {
	struct keylist_value of[KEYLIST_COUNT];
	struct root_of_trust root; /* of[KEYLIST_ROOT_OF_TRUST] says if */
	struct keylist_unknown unknown[KEYLIST_UNKNOWN_MAX];
	size_t nunknown;
	/* What some phones write and DER does not allow: the first tag that is
	 * smaller than the one before it (0: none), and TRUE not as ff. */
	uint32_t disorder;
	bool odd_boolean;
};

/* Reads the elements of the list. Fails with INPUT and the reason of
 * der_done, android.extension.duplicate or android.extension.limit. */
MUST_CHECK bool keylist_parse(
    struct keylist *out, struct der list, struct fault *f);

uint32_t keylist_number(enum keylist_tag tag);
enum keylist_kind keylist_kind(enum keylist_tag tag);
const char *keylist_name(enum keylist_tag tag);

/* The members of a set: how many, and which. */
size_t keylist_members(
    int64_t out[KEYLIST_SET_MAX], const struct keylist_value *set);
bool keylist_has(const struct keylist_value *set, int64_t member);

#endif
