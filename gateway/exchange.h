/* SPDX-License-Identifier: Apache-2.0 */
/* Requests between the HTTP side and the services: what is kept is answered at
 * once, everything else by flights. One thread; no HTTP library. */
#ifndef GATEWAY_EXCHANGE_H
#define GATEWAY_EXCHANGE_H

#include "gateway/gateway.h"

/*
 * Answers through g->reply, either before this returns (the result is then
 * NULL) or when the job that is returned has ended.
 */
struct job *exchange_begin(
    struct gateway *g, void *client, const struct http_request *rq);

/* The same for a request that is refused. */
struct job *exchange_refuse(
    struct gateway *g, void *client, const struct fault *why, enum codec codec);

/* A job's page has come: its request is evaluated again, from the start. */
void exchange_resume(struct job *job);

/* The client has gone; the job ends without a reply. */
void exchange_abandon(struct job *job);

/* After the bell: goes on with every job whose flight has landed. */
void exchange_land(struct gateway *g);

#endif
