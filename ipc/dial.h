/* SPDX-License-Identifier: Apache-2.0 */
/* The calling end of a wire. With serve.c, the only user of nng. */
#ifndef IPC_DIAL_H
#define IPC_DIAL_H

#include "core/base/arena.h"
#include "ipc/shape.h"
#include "ipc/wires.h"

/* A wire that self may dial; many calls may be under way on it at once. */
struct link;

/*
 * Opens the wire without waiting for the other end, which may be down and is
 * dialled again in the background. Before the sandbox is entered. Fails if
 * wires[] has no such wire.
 */
MUST_CHECK bool link_open(
    struct link **out, enum process self, enum process callee, struct fault *f);
void link_close(struct link *link);

/*
 * One call, waiting at most method->deadline_ms. A call is sent at most once.
 * Fails as the callee says (code, reason and why), or with BUSY
 * "ipc.unavailable" when it is gone or the deadline passed: the callee may have
 * done the call or not.
 */
MUST_CHECK bool link_call(struct link *link, const struct method *method,
    const void *in, void *out, struct arena *a, struct fault *f);

/*
 * The same without waiting. done(arg) is called once on a thread of nng's; it
 * may only pass arg on to the owner's loop. flight_finish then yields the
 * result and frees the flight, as flight_cancel does without one.
 */
struct flight;
MUST_CHECK bool flight_start(struct flight **out, struct link *link,
    const struct method *method, const void *in, void (*done)(void *arg),
    void *arg, struct fault *f);
MUST_CHECK bool flight_finish(
    struct flight *flight, void *out, struct arena *a, struct fault *f);
void flight_cancel(struct flight *flight);

#endif
