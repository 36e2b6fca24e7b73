/* SPDX-License-Identifier: Apache-2.0 */
/* Where this project refuses, on purpose, what the original takes. */
#ifndef HARNESS_VECTORS_STRICTER_H
#define HARNESS_VECTORS_STRICTER_H

#include "core/message/httpsig.h"

/* What a case is about; NULL where it has none. */
struct subject {
	const struct message *message;
	const struct http_message *http;
};

/* True if the reason is one of the table, and the case is one of those that
 * the table names for it: a refusal for any other cause stays a failure. */
bool stricter_may(const char *reason, const struct subject *subject);

/* The table for people. */
void stricter_print(void);

#endif
