/* SPDX-License-Identifier: Apache-2.0 */
/* How a job ends: its result signed, kept, and given to all that wait. */
#ifndef GATEWAY_JOB_H
#define GATEWAY_JOB_H

#include "gateway/gateway.h"

/* A free one of the first so many; NULL when there is none. */
struct job *job_take(struct gateway *g, size_t among);
void job_release(struct job *job);

/* Whether the job is a fold over devices, which may need pages first. */
bool job_is_evaluated(const struct job *job);

/* One answer to one client, that may have gone. */
void job_send(struct gateway *g, void *client, const struct message *m,
    unsigned status, enum codec codec);

/* Unsigned, and never the client's doing: the answer to a message that cannot
 * be a response. */
void job_send_fault(
    struct gateway *g, void *client, const struct fault *why, enum codec codec);

/* m, which the node has to sign, becomes the job's result. */
void job_conclude(struct job *job, const struct message *m, unsigned status);
void job_refuse(struct job *job, const struct fault *why);

/* Goes on with what conclude left: once the node's key is known, and with a
 * signature, or without one. */
void job_sign(struct job *job);
void job_attach(struct job *job, struct bytes signature);
void job_settle_unsigned(struct job *job);

/* The end: m to the job's client and to those that wait for its page. */
void job_settle(struct job *job, const struct message *m);

/* Keeps the packed result in the page that the job fills. */
void job_keep(struct job *job, struct bytes packed);

#endif
