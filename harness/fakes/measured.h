/* SPDX-License-Identifier: Apache-2.0 */
/* For the tests: a machine that measures itself as spec/measurement.md says,
 * and that can be made to lie at every step. */
#ifndef HARNESS_FAKES_MEASURED_H
#define HARNESS_FAKES_MEASURED_H

#include "core/base/buf.h"
#include "core/evidence/credential.h"
#include "core/evidence/eventlog.h"
#include "core/evidence/pcr.h"
#include "core/verdict/verify.h"

#define MEASURED_AT       1780000000 /* when certificates are judged */
#define MEASURED_LOG_MAX  (128u << 10)
#define MEASURED_NONCE    "0123456789abcdef0123456789abcdef"
#define MEASURED_RESETS   7
#define MEASURED_RESTARTS 2

enum measured_key {
	MEASURED_EK_RSA,
	MEASURED_EK_ECC,
	MEASURED_OTHER_EK, /* ECC */
	MEASURED_AK,
	MEASURED_OTHER_AK,
	MEASURED_CA,
	MEASURED_OTHER_CA,
	MEASURED_KEYS
};

/* The fields of a TPMS_ATTEST; pcrs is a TPML_PCR_SELECTION. */
struct measured_quote {
	uint32_t magic;
	uint16_t type;
	struct bytes signer, nonce, pcrs, digest;
	uint32_t resets, restarts;
};

struct measured_event {
	const char *type;
	int64_t pcr;
	struct sha256 digest;
};

/* Everything that is said and quoted, in the order in which it is made. */
struct measured {
	struct arena *a;
	enum measured_key ek_key, ak_key;
	const char *purpose;
	struct bytes nonce;
	struct message *body, *state;
	uint8_t *log; /* of MEASURED_LOG_MAX bytes */
	size_t nlog;

	struct measured_event runtime[4];
	size_t nruntime;

	struct sha256 pcrs[PCR_COUNT];

	uint32_t ak_attributes, ek_attributes;
	struct sha256 ak_policy;
	struct bytes ak, ek; /* TPM2B_PUBLIC */
	struct bytes certificate;
	struct message *recipient;

	struct measured_quote quote;
	struct bytes attest, signature;

	struct message *evidence, *envelope;

	struct bytes roots; /* PEM */
	struct activation_claim claim;
	struct message *answer;
	struct expectations want; /* what the machine is, and rq asks for */
	struct verify_request rq;
};

/* When a change is made: after the step of that name. */
enum measured_step {
	MEASURED_BOOTED,   /* body, firmware log */
	MEASURED_LOGGED,   /* runtime events */
	MEASURED_EXTENDED, /* PCRs, the keys' policy and attributes */
	MEASURED_KEYED,    /* public areas, certificate, recipient */
	MEASURED_QUOTED,   /* quote's fields */
	MEASURED_ATTESTED, /* its bytes, and the AK's signature */
	MEASURED_TOLD,     /* evidence and envelope */
	MEASURED_SIGNED,   /* by the wallet */
	MEASURED_ASKED     /* roots, challenge and answer, request */
};

struct measured_change {
	enum measured_step after;
	void (*make)(struct measured *m);
};

struct measured_plan {
	enum measured_key ek;
	const char *purpose;
	struct bytes log;              /* n == 0: one that the kit makes */
	const struct message *earlier; /* of the request */
	const struct measured_change *changes;
	size_t nchanges;
};

/* Starts libcrypto and makes all keys. */
void measured_open(void);
void measured_close(void);

/* Aborts when it cannot: what is made is as true as the changes let it be. */
void measured_make(
    struct measured *m, const struct measured_plan *plan, struct arena *a);

/* The AK's policy over m->pcrs, after they were changed. */
void measured_policy(struct measured *m);

/* A TPML_PCR_SELECTION of one bank. */
struct bytes measured_pcrs(
    const struct measured *m, uint16_t bank, uint32_t pcrs);

/* The wallet's signature over m->envelope; fails as the codec does. */
MUST_CHECK bool measured_try_sign(struct measured *m, struct fault *f);

/* A firmware log, and what systemd's stub adds; SHA-256 only. */
void measured_log(struct buf *b);
void measured_log_stub(struct buf *b);
void measured_log_event(
    struct buf *b, uint32_t pcr, uint32_t type, struct bytes data);

/* The nth event of that PCR and type in m->log: where it stands, and its
 * size. Aborts if there is none. */
size_t measured_find(size_t *size, const struct measured *m, uint32_t pcr,
    uint32_t type, size_t nth);

struct measured_certificate {
	enum measured_key of, by;
	bool is_ca;
	int64_t from, to;
	const char *usage, *purposes; /* OpenSSL's words; NULL: not said */
};
struct bytes measured_certify(
    const struct measured_certificate *c, struct arena *a);
struct bytes measured_pem(struct bytes der, struct arena *a);

/* A CRL in DER; serial 0 is nobody's, and certificates of this kit have
 * MEASURED_SERIAL. */
#define MEASURED_SERIAL 42
struct measured_list {
	enum measured_key by;
	int64_t serial, from, to;
};
struct bytes measured_revoke(const struct measured_list *list, struct arena *a);

/* A TPM2B_PUBLIC of that key, and a TPMT_SIGNATURE by it (ECC keys only). */
struct bytes measured_public(enum measured_key key, uint32_t attributes,
    struct bytes policy, struct arena *a);
struct bytes measured_tpm_sign(
    enum measured_key key, struct bytes in, struct arena *a);

#endif
