/* SPDX-License-Identifier: Apache-2.0 */
/* The measurement room: makes the body once, envelopes on demand. */
#ifndef SERVICES_MEASUREMENT_MEASUREMENT_H
#define SERVICES_MEASUREMENT_MEASUREMENT_H

#include "core/crypto/rsa.h"
#include "core/evidence/binding.h"
#include "ipc/service.h"

#include <pthread.h>

#define MEASUREMENT_DEVICE "tpm@2.0a"
#define NODE_PORT          8734
#define NODE_VERSION       "0.1.0"

/* TPMS_CLOCK_INFO's counters and the system's state, for fresh ones. */
struct machine_state {
	uint64_t uptime, reset_count, restart_count;
	struct bytes restarts; /* packed message */
};

struct activation {
	struct bytes blob, secret; /* TPM2B_ID_OBJECT, TPM2B_ENCRYPTED_SECRET */
};

/*
 * What the core asks of the other services. upstream.c answers through wires,
 * tests through fakes. Every view lies in the arena given.
 */
struct upstream {
	void *with;
	bool (*report)(
	    void *with, struct bytes *packed, struct arena *a, struct fault *f);
	bool (*modulus)(void *with, struct bytes *modulus, struct arena *a,
	    struct fault *f);
	bool (*begin)(void *with, const struct message_id *subject,
	    struct bytes *recipient, struct arena *a, struct fault *f);
	bool (*state)(void *with, struct machine_state *out, struct arena *a,
	    struct fault *f);
	bool (*quote)(void *with, struct bytes qualifying,
	    struct bytes *evidence, struct arena *a, struct fault *f);
	bool (*sign)(void *with, struct bytes packed, struct bytes *signature,
	    struct arena *a, struct fault *f);
	bool (*activate)(void *with, const struct activation *in,
	    struct bytes *credential, struct arena *a, struct fault *f);
};

/*
 * Made once a boot and then only read. `ready` and what stands before it are
 * written under the lock by the worker that comes first.
 */
struct measurement {
	struct upstream up;
	pthread_mutex_t lock;
	struct arena kept; /* service memory: the views below lie in it */
	struct bytes body, recipient, boot; /* packed */
	struct bytes signed_body; /* packed: the body, its report a link */
	struct message_id subject_id, recipient_id;
	uint8_t modulus[RSA_WALLET_BYTES];
	bool ready, booted;
	/* Who may change the node's notes; never the node itself. */
	bool has_operator;
	struct message_id operator;
};

extern const struct service measurement_service;
extern const struct sandbox measurement_sandbox;

/* The hash of the confinement tables that PCR 15 gets; from main, before
 * service_main. */
void upstream_confinement(const uint8_t hash[32]);

/* The other services, through wires. */
MUST_CHECK bool upstream_open(struct upstream *out, struct fault *f);

/* The operator's address as init gives it: 43 characters and perhaps a line
 * end, or nothing; refuses all else ("measurement.operator"). */
MUST_CHECK bool body_operator(
    struct measurement *m, struct bytes text, struct fault *f);

/* The node message (rule measurement 6); refuses a node that would be its own
 * operator ("measurement.operator"). */
MUST_CHECK bool body_node(struct message **out, const struct measurement *m,
    const struct message_id *address, struct arena *a, struct fault *f);

/* Body, recipient and ids, made by the first caller (rules 5, 10). */
MUST_CHECK bool body_prepare(
    struct measurement *m, struct arena *a, struct fault *f);

/*
 * After a call to the TPM service failed with f: true if it was because that
 * service was restarted and it has now begun again with the same body and the
 * same recipient, so that the call may be made again.
 */
MUST_CHECK bool body_resume(
    struct measurement *m, struct arena *a, struct fault *f);

/* The boot measurement, packed: made once, then the same bytes. */
MUST_CHECK bool envelope_boot(
    struct bytes *out, struct measurement *m, struct arena *a, struct fault *f);

/* A fresh one for this nonce, packed, in the arena. */
MUST_CHECK bool envelope_fresh(struct bytes *out, struct measurement *m,
    struct bytes nonce, struct arena *a, struct fault *f);

/* The answer to a credential challenge (rule 15), packed, in the arena. */
MUST_CHECK bool activation_answer(struct bytes *out, struct measurement *m,
    const struct activation *in, struct arena *a, struct fault *f);

#endif
