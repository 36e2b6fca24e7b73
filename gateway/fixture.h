/* SPDX-License-Identifier: Apache-2.0 */
/* For tests: services that answer without wires. */
#ifndef GATEWAY_FIXTURE_H
#define GATEWAY_FIXTURE_H

#include "gateway/gateway.h"

#define FIXTURE_NONCE "AAECAwQFBgcICQoLDA0ODw"

/* What the services do next; written between requests only. */
struct fixture {
	unsigned delay_ms;
	bool down[PROCESS_COUNT]; /* its wire is dead */
	const char *refusal;      /* of measurement: its reason, and code */
	enum fault_code code;
	char operator[64]; /* of the node message; empty: none */
	bool splits;       /* info holds a value with a line break */
	atomic_uint calls[PROCESS_COUNT];
	atomic_uint flights; /* under way */
	/* What the verifier was asked last. */
	char purpose[16];
	size_t nonce, roots, commitments, policy, collateral, challenge;
	uint64_t gives_up, at;
};
extern struct fixture fixture;

/* Starts services and server, once, on a listening socket. */
struct gateway *fixture_start(int listener);

/* Waits until no call is under way. The server stays, so that what it has lost
 * by then is a leak for the sanitizer. */
void fixture_settle(void);

/* The node's address, as its commitments show it. */
struct message_id fixture_address(void);

#endif
