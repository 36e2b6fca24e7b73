/* SPDX-License-Identifier: Apache-2.0 */
/* The answering end of a service's wires. With dial.c, the only user of nng. */
#ifndef IPC_SERVE_H
#define IPC_SERVE_H

#include "ipc/service.h"

struct server;

/*
 * Listens on the wire of each caller that may dial s, in folders that exist,
 * and makes the threads of its workers, which wait for serve_run. Nothing is
 * answered yet. After the fence, before the sandbox is entered.
 */
MUST_CHECK bool serve_open(
    struct server **out, const struct service *s, void *state, struct fault *f);

/* Answers on s->workers threads, this one included, until the process ends. */
void serve_run(struct server *server);

#endif
