/* SPDX-License-Identifier: Apache-2.0 */
/* What a replayed event log says about the boot. Policy-neutral. */
#ifndef CORE_EVIDENCE_BOOTFACTS_H
#define CORE_EVIDENCE_BOOTFACTS_H

#include "core/evidence/eventlog.h"

#define BOOTFACTS_SIGNERS_MAX      64u
#define BOOTFACTS_APPLICATIONS_MAX 16u
#define BOOTFACTS_AUTHORITIES_MAX  16u
#define BOOTFACTS_SECTIONS_MAX     24u
#define BOOTFACTS_NAME_MAX         32u

enum bootfacts_variable {
	BOOTFACTS_PK,
	BOOTFACTS_KEK,
	BOOTFACTS_DB,
	BOOTFACTS_DBX,
	BOOTFACTS_VARIABLES
};

/* A Secure Boot variable as PCR 7 saw it. */
struct bootfacts_list {
	bool present;
	struct bytes data;    /* the signature lists; empty: not set */
	struct sha256 digest; /* of data */
	uint32_t certificates, hashes;
};

/* A certificate of PK, KEK or db. */
struct bootfacts_signer {
	enum bootfacts_variable variable;
	struct bytes der;
	struct sha256 digest;
};

/* The db entry that a started image was accepted by. */
struct bootfacts_authority {
	struct bytes name; /* UCS-2 variable name */
	struct bytes data;
	struct sha256 digest;
};

/* A section that the UKI's stub measured into PCR 11. */
struct bootfacts_section {
	char name[BOOTFACTS_NAME_MAX]; /* ".linux" */
	struct bytes content; /* digest of its content, the bank's size */
};

/* Views into the log. Lists longer than their room are cut and say so. */
struct bootfacts {
	enum hash_alg alg;
	bool has_secure_boot, secure_boot;
	struct bootfacts_list variables[BOOTFACTS_VARIABLES];
	struct bootfacts_signer signers[BOOTFACTS_SIGNERS_MAX];
	size_t nsigners;
	struct bootfacts_authority authorities[BOOTFACTS_AUTHORITIES_MAX];
	size_t nauthorities;
	/* Authenticode digests of PCR 4, in the order of their start. */
	struct bytes applications[BOOTFACTS_APPLICATIONS_MAX];
	size_t napplications;
	struct bootfacts_section sections[BOOTFACTS_SECTIONS_MAX];
	size_t nsections;
	/* A command line given to the stub or loader, PCR 8 or 12; UTF-16 or
	 * text as measured. Empty if the log carries none. */
	struct bytes command_line;
	/* A list did not fit, or PCR 11 holds other things than sections. */
	bool cut;
};

/*
 * Reads events of the PCRs in replayed only (bits; those that replay_check
 * found equal), and of those only events whose data the digest covers. Fails
 * with "log.bank", or "log.data" when such an event's data is malformed.
 */
MUST_CHECK bool bootfacts_read(struct bootfacts *out,
    const struct eventlog *log, enum hash_alg alg, uint32_t replayed,
    struct fault *f);

#endif
