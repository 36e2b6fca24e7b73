/* SPDX-License-Identifier: Apache-2.0 */
/* A connection: our framing check stands between the socket and libh2o's
 * parser, and its answers pass through here. */
#ifndef GATEWAY_HTTP_GATE_H
#define GATEWAY_HTTP_GATE_H

#include "gateway/framing.h"
#include "gateway/http.h"

#include <h2o.h>
#include <h2o/http1.h>

struct http;

enum gate_step {
	GATE_FREE,
	GATE_HEAD,   /* reads a head, which framing.c has to accept */
	GATE_BODY,   /* libh2o reads the body that the head declared */
	GATE_ANSWER, /* a request is being answered */
	GATE_LINGER  /* refused and answered; what still comes is dropped */
};

struct gate {
	struct http *http;
	enum gate_step step;
	struct framing framing;
	h2o_socket_t *sock;
	/* libh2o's callbacks that ours stand in front of. */
	h2o_socket_cb feed, written;
	h2o_buffer_t *rest; /* pipelined bytes behind the request */
	h2o_timeout_entry_t deadline;
	h2o_req_t *req;
	struct job *job;
	bool refused;
	struct fault why;
	size_t charged; /* of http->bodies */
	uint64_t began; /* when its request was there */
};

struct http {
	struct gateway *gateway;
	h2o_globalconf_t config;
	h2o_context_t context;
	h2o_accept_ctx_t accept;
	h2o_timeout_t write_timeout, linger_timeout;
	h2o_socket_t *listener, *bell;
	bool paused;
	size_t open; /* connections */
	size_t bodies;
	struct gate gates[CONNECTIONS_MAX];
};

/* Takes a new connection over; there must be a free gate. */
void http_gate_accept(struct http *http, h2o_socket_t *sock);

/* libh2o has a whole request. */
int http_gate_request(h2o_handler_t *self, h2o_req_t *req);

/* struct gateway's reply; client is a struct gate. */
void http_gate_reply(void *client, const struct response *r);

/* Starts to accept again after a pause. */
void http_listen(struct http *http);

#endif
