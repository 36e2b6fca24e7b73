/* SPDX-License-Identifier: Apache-2.0 */
/* The verifier command's parts: options, files, trust, what it does. */
#ifndef COMMAND_COMMAND_H
#define COMMAND_COMMAND_H

#include "core/crypto/x509.h"
#include "core/verdict/attverdict.h"

enum exit_code {
	EXIT_ACCEPTED = 0,
	EXIT_REFUSED = 1,
	EXIT_UNKNOWN = 2,
	EXIT_USAGE = 100,
	EXIT_SYSTEM = 111
};

/* Of a command that could not come to a verdict: a file that cannot be read or
 * written is the system's fault, all else its input's. */
int main_exit_code(const struct fault *f);

/* Bytes of a CREDENTIAL file: a credential and a Name. */
#define CREDENTIAL_FILE_MAX (32u + 66u)
#define JSON_MAX            (4u << 20) /* bytes of a message's text */

#define PATHS_MAX 8u

struct paths {
	const char *at[PATHS_MAX];
	size_t n;
};

/* What is done with FILE. */
enum action { ACTION_VERIFY, ACTION_EXPLAIN, ACTION_BUNDLE, ACTIONS };

/* File names are NULL when not given. */
struct options {
	enum action action;
	const char *file, *earlier, *manifest, *release_key, *policy;
	const char *credential, *request, *answer;
	/* What a bundle is made of. */
	const char *boot, *fresh;
	const char *tpm_attest, *tpm_signature, *tpm_pcrs, *tpm_log, *tpm_ak,
	    *tpm_ak_certificate, *tpm_ek, *tpm_ek_certificate;
	const char *snp_report, *snp_table, *snp_vek, *android_chain;
	struct paths roots, certificates, crls;
	const char *revocation;
	int64_t revocation_date; /* 0: not said */
	struct bytes purpose;    /* empty: not said */
	struct bytes nonce;
	int64_t at;
	bool json, without_activation, without_revocation;
};

MUST_CHECK bool options_parse(struct options *out, enum action action,
    char **argv, struct arena *a, struct fault *f);

/* The whole file, at most max bytes, into the arena. Fails with DEVICE
 * "command.file" or LIMIT "command.size". */
MUST_CHECK bool file_read(struct bytes *out, const char *path, size_t max,
    struct arena *a, struct fault *f);
MUST_CHECK bool file_write(
    const char *path, struct bytes bytes, unsigned mode, struct fault *f);

/* A message as JSON; fails also as json_decode does. */
MUST_CHECK bool file_read_message(const struct message **out, const char *path,
    struct arena *a, struct fault *f);

/*
 * The certificates of files and folders as PEM. Of a folder those that end in
 * .pem .crt .cer .der, PEM or DER, in order of names; folders within are not
 * looked into. Fails as file_read does, and with "command.roots".
 */
MUST_CHECK bool trust_read(struct bytes *out, const struct paths *paths,
    struct arena *a, struct fault *f);

/* What is trusted if nobody says otherwise: the folder that was installed with
 * this program, and the one of issuers' certificates; empty if there is none. */
struct paths trust_default_roots(struct arena *a);
struct paths trust_default_issuers(struct arena *a);

/* Issuers of the leaf, and theirs, as far as the PEM text has them. */
MUST_CHECK bool trust_pick(struct x509_list *out, struct bytes leaf,
    struct bytes pool, struct arena *a, struct fault *f);

/* What the options say of revocations; CRLs are files in DER. */
MUST_CHECK bool trust_revocations(struct collateral *out,
    const struct options *o, struct arena *a, struct fault *f);

/* The manifest's text, if one is named, its signature verified if a release
 * key is named. */
MUST_CHECK bool release_read(struct bytes *text, struct bytes *key,
    const struct options *o, struct arena *a, struct fault *f);

/* The signature beside the manifest that is named, if there is one. */
bool release_signature(
    struct bytes *out, const struct options *o, struct arena *a);

/* The evidence that the options name, of exactly one kind, as a bundle has
 * it. */
MUST_CHECK bool evidence_read(struct message *out, const struct options *o,
    struct arena *a, struct fault *f);

/* Where in a bundle a certificate may be whose issuers are elsewhere; the last
 * one is NULL. */
extern const char *const evidence_leaves[];

/* Print the verdict; the exit code. */
int verify_run(const struct options *o, struct arena *a, struct fault *f);

/* Write a bundle of the files named. */
int bundle_run(const struct options *o, struct arena *a, struct fault *f);

/* argv: FILE CREDENTIAL REQUEST. */
int challenge_run(char **argv, struct arena *a, struct fault *f);

#endif
