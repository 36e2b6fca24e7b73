/* SPDX-License-Identifier: Apache-2.0 */
/* The calling end of a wire. With serve.c, the only user of nng. */
#ifndef IPC_DIAL_H
#define IPC_DIAL_H

#include "core/base/arena.h"
#include "ipc/shape.h"
#include "ipc/wires.h"

/* A wire that self may dial; many calls may be under way on it at once. */
struct link;

#define LINK_FLIGHTS 64u

/*
 * A link to the other end, which may be down and is dialled again in the
 * background. Made in `open`; dialling begins with dial_start. Fails if wires[]
 * has no such wire.
 */
MUST_CHECK bool link_open(
    struct link **out, enum process self, enum process callee, struct fault *f);
void link_close(struct link *link);

/*
 * Begins to dial every link, also those opened later. nng's threads start here,
 * so service_main calls this behind the fence (which binds only threads yet to
 * come) and before the sandbox; without a service_main, the program does.
 */
MUST_CHECK bool dial_start(struct fault *f);

/* link_call is in ipc/shape.h: one call, waiting. */

/*
 * The same without waiting. done(arg) is called once on a thread of nng's; it
 * may only pass arg on to the owner's loop. flight_finish then yields the
 * result and frees the flight; before done it waits. flight_cancel frees it
 * without a result: done is not called after it returns.
 */
struct flight;
struct flight_plan {
	const struct method *method;
	const void *in;
	void (*done)(void *arg); /* may be NULL */
	void *arg;
};
MUST_CHECK bool flight_start(struct flight **out, struct link *link,
    const struct flight_plan *plan, struct fault *f);
MUST_CHECK bool flight_finish(
    struct flight *flight, void *out, struct arena *a, struct fault *f);
void flight_cancel(struct flight *flight);

#endif
