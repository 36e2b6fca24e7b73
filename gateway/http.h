/* SPDX-License-Identifier: Apache-2.0 */
/* The HTTP server: one loop, HTTP/1.1, bounded in everything. With
 * http_gate.c, the only user of libh2o. */
#ifndef GATEWAY_HTTP_H
#define GATEWAY_HTTP_H

#include "gateway/gateway.h"

#define HTTP_RECEIVE_MS 5000u       /* idle, head and body together */
#define HTTP_WRITE_MS   30000u      /* until a client has taken its answer */
#define HTTP_LINGER_MS  2000u       /* for a refused client to read why */
#define HTTP_BODIES_MAX (16u << 20) /* bytes of all bodies under way */

/* Takes g->listener over, makes the loop and the bell. */
MUST_CHECK bool http_open(struct gateway *g, struct fault *f);

/* Serves for ever; returns only when the loop fails. */
MUST_CHECK bool http_run(struct gateway *g, struct fault *f);

#endif
