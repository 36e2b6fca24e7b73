/* SPDX-License-Identifier: Apache-2.0 */
/* Messages of spec/vectors/aocore, for the tests of this folder. */
#ifndef CORE_MESSAGE_VECTORS_TEST_H
#define CORE_MESSAGE_VECTORS_TEST_H

#include <jansson.h>

#include "core/message/httpsig.h"

struct vector {
	const char *name;
	/* The reason for which encoding it as HTTP is refused on purpose. */
	const char *refused;
	/* The reason for which no id is made. */
	const char *no_id;
};

extern const struct vector vectors[];
extern const size_t vectors_count;

/* A file's JSON; the caller gives it back with json_decref. */
json_t *vectors_load(const char *name);

/* The member at a path "signed_link/http"; fails the test when missing. */
json_t *vectors_at(json_t *json, const char *path);
struct bytes vectors_text(json_t *json, const char *path);

/* The message in neutral JSON. */
struct message *vectors_message(const json_t *neutral, struct arena *a);

/* {headers, body_b64} as an HTTP message. */
void vectors_http(struct http_message *out, json_t *http, struct arena *a);

struct bytes vectors_base64(struct bytes text, struct arena *a);

/* An arena that starts empty, 8 MiB; one at a time. */
struct arena *vectors_arena(void);

/* Fails the test unless the messages are equal, commitments included. */
void vectors_same(
    const char *name, const struct message *got, const struct message *want);

#endif
