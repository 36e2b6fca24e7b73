/* SPDX-License-Identifier: Apache-2.0 */
/* The room's state, and what each of its files does with it. */
#ifndef SERVICES_TPM_TPM_H
#define SERVICES_TPM_TPM_H

#include "core/crypto/x509.h"
#include "core/message/message.h"
#include "services/tpm/device.h"
#include "services/tpm/nv.h"
#include "services/tpm/pcr.h"

#define TPM_LOG_MAX   (512u * 1024) /* firmware event log */
#define TPM_CHAIN_MAX 32768u        /* NV chain area */
#define TPM_EVENTS    3u            /* our extends of PCR 15 */

struct service;
struct sandbox;
extern const struct service tpm_service;
extern const struct sandbox tpm_sandbox;

/* Facts for people; texts hold printable ASCII only. */
struct properties {
	char manufacturer[5], vendor[17], firmware[24];
	uint32_t revision;
	bool has_ecdsa; /* over P-256 */
};

/* A primary key: kept as a saved context, loaded only while it is used. */
struct primary {
	TPM2B_PUBLIC public;
	TPM2B_NAME name;
	TPMS_CONTEXT context;
};

struct ek {
	struct primary key;
	uint32_t nv; /* index of the certificate of this kind of EK */
	struct bytes certificate; /* empty: the TPM has none */
	struct bytes chain[X509_CHAIN_MAX];
	size_t nchain;
	uint8_t room[X509_CERT_MAX + TPM_CHAIN_MAX];
};

/* Branches of measurement 13: P, P with the command code, and their OR. */
struct ak_policy {
	struct sha256 quote, activate, either;
};

struct ak {
	struct primary key;
	struct pcr_values pcrs; /* that the policy demands */
	struct ak_policy policy;
};

struct event {
	const char *type;
	struct sha256 digest;
};

struct tpm {
	struct device device;
	struct properties properties;
	struct ek ek;
	struct ak ak;
	bool begun;
	struct event events[TPM_EVENTS]; /* of PCR 15, in order */
	size_t nevents;
	size_t nlog;
	uint8_t log[TPM_LOG_MAX];
};

/* tpm.c: the whole of it, from inherited descriptors; a descriptor below zero
 * is no log. tpm_ready comes before each call: it arms the deadline and mends
 * what an earlier fault left. */
MUST_CHECK bool tpm_open(
    struct tpm *t, int device, int log, unsigned limit_ms, struct fault *f);
void tpm_close(struct tpm *t);
MUST_CHECK bool tpm_ready(struct tpm *t, unsigned limit_ms, struct fault *f);
MUST_CHECK bool tpm_counts(
    uint64_t *resets, uint64_t *restarts, struct tpm *t, struct fault *f);

/* properties.c */
MUST_CHECK bool properties_read(
    struct properties *out, struct device *d, struct fault *f);

/* primary.c: under the endorsement hierarchy. load gives a handle to flush. */
MUST_CHECK bool primary_make(struct primary *out, struct device *d,
    const TPM2B_PUBLIC *template, struct fault *f);
MUST_CHECK bool primary_load(
    ESYS_TR *out, struct device *d, const struct primary *key, struct fault *f);
struct bytes primary_public(const struct primary *key, struct arena *a);

/* ek.c: the kind is decided by the certificates (measurement 11); the session
 * is salted with the EK. */
MUST_CHECK bool ek_open(struct ek *ek, struct device *d, struct fault *f);
MUST_CHECK bool ek_session(
    const struct ek *ek, struct device *d, struct fault *f);

/* ak.c: made at the PCRs' present values (measurement 12, 13). authorize loads
 * the AK and brings d->policy to the branch, for one use: a successful one puts
 * the session back to no branch, after any other it must be flushed. */
MUST_CHECK bool ak_make(
    struct ak *ak, struct device *d, bool ecdsa, struct fault *f);
MUST_CHECK bool ak_authorize(
    const struct ak *ak, struct device *d, bool activate, struct fault *f);
struct ak_policy ak_policy_of(const struct pcr_values *pcrs);

/* begin.c (measurement 10, 14) */
MUST_CHECK bool begin_boot(struct tpm *t, struct bytes subject,
    struct bytes confinement, struct fault *f);
MUST_CHECK bool begin_recipient(struct bytes *packed, const struct tpm *t,
    struct arena *a, struct fault *f);

/* quote.c (measurement 8): only after begin */
MUST_CHECK bool quote_evidence(struct bytes *packed, struct tpm *t,
    struct bytes qualifying, struct arena *a, struct fault *f);

/* activate.c (measurement 15): only after begin; blob and secret are a
 * TPM2B_ID_OBJECT and a TPM2B_ENCRYPTED_SECRET. */
MUST_CHECK bool activate_credential(struct bytes *credential, struct tpm *t,
    const struct bytes sealed[2], struct arena *a, struct fault *f);

#endif
