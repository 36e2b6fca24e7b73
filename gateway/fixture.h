/* SPDX-License-Identifier: Apache-2.0 */
/* For tests: services that answer without wires, and a client of raw sockets. */
#ifndef GATEWAY_FIXTURE_H
#define GATEWAY_FIXTURE_H

#include "gateway/gateway.h"

#define FIXTURE_NONCE "AAECAwQFBgcICQoLDA0ODw"

/* What the services do next; written between requests only. */
struct fixture {
	unsigned delay_ms;
	bool down[PROCESS_COUNT]; /* its wire is dead */
	const char *refusal;      /* of measurement: a DEVICE fault's reason */
	bool splits;              /* info holds a value with a line break */
	atomic_uint calls[PROCESS_COUNT];
	atomic_uint flights; /* under way */
	/* What the verifier was asked last. */
	char purpose[16];
	size_t nonce, roots, commitments;
};
extern struct fixture fixture;

/* Starts services and server once; the port is in the state. */
struct gateway *fixture_start(void);
void fixture_stop(void);

/* The node's address, as its commitments show it. */
struct message_id fixture_address(void);

/* One response, in one buffer. */
struct reply_text {
	unsigned status;
	size_t head, n; /* bytes of the head, of all */
	char text[1 << 20];
};

int fixture_connect(void);
bool fixture_send(int fd, const void *p, size_t n);

/* Reads one response; false when the connection ends before it is there.
 * bodiless: the request was HEAD. */
bool fixture_receive(struct reply_text *out, int fd, bool bodiless);

/* True when the server has closed the connection and sent nothing more. */
bool fixture_is_closed(int fd);

/* Sends one request on a connection of its own and reads the response. */
bool fixture_ask(struct reply_text *out, struct bytes request);

/* The response as fields and a body, in the arena. */
void fixture_fields(
    struct http_message *out, const struct reply_text *reply, struct arena *a);

#endif
