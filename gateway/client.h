/* SPDX-License-Identifier: Apache-2.0 */
/* For tests: an HTTP client that sends whatever bytes it is given. */
#ifndef GATEWAY_CLIENT_H
#define GATEWAY_CLIENT_H

#include "core/message/httpsig.h"

/* One response, in one buffer. */
struct reply_text {
	unsigned status;
	size_t head, n; /* bytes of the head, of all */
	char text[1 << 20];
};

/* A listening socket on loopback for the server, which all below talk to. */
int client_listen(void);

int client_connect(void);
bool client_send(int fd, const void *p, size_t n);

/* Reads one response; false when the connection ends before it is there.
 * bodiless: the request was HEAD. */
bool client_receive(struct reply_text *out, int fd, bool bodiless);

/* True when the server has closed the connection and sent nothing more. */
bool client_is_closed(int fd);

/* Sends one request on a connection of its own and reads the response. */
bool client_ask(struct reply_text *out, struct bytes request);

/* The response as fields and a body, in the arena. */
void client_fields(
    struct http_message *out, const struct reply_text *reply, struct arena *a);

/* The same for a POST with these header lines. */
bool client_post(struct reply_text *out, const char *target,
    const char *headers, const char *body);

#endif
