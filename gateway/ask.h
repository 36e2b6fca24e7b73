/* SPDX-License-Identifier: Apache-2.0 */
/* Flights: what a job asks of the services. All fail only before they start. */
#ifndef GATEWAY_ASK_H
#define GATEWAY_ASK_H

#include "gateway/gateway.h"

/* Starts a call; when it has ended, job->landed is set and the bell rings. */
MUST_CHECK bool ask_method(struct job *job, enum process callee,
    const struct method *method, const void *in, struct fault *f);

/* Fetches a page, or waits for the job that does. */
MUST_CHECK bool ask_page(struct job *job, enum page_name name, struct fault *f);

/* What the endpoint of a request calls for; not for ENDPOINT_EVALUATE. */
MUST_CHECK bool ask_service(
    struct job *job, const struct http_request *rq, struct fault *f);

#endif
