/* SPDX-License-Identifier: Apache-2.0 */
/* The AO-Core message tree: what every codec reads and writes. */
#ifndef CORE_MESSAGE_MESSAGE_H
#define CORE_MESSAGE_MESSAGE_H

#include "core/base/arena.h"
#include "core/crypto/hash.h"

#define MESSAGE_KEYS_MAX      32u  /* keys of one level that we sign or name */
#define MESSAGE_KEYS_READ_MAX 256u /* keys of one level that we read */
#define MESSAGE_KEY_MAX       255u /* bytes of a key */
#define MESSAGE_DEPTH_MAX     16u  /* levels */
#define MESSAGE_SIZE_MAX      (1u << 20)      /* bytes of one packed message */
#define MESSAGE_ID_TEXT       43u             /* base64url of 32 bytes */
#define MESSAGE_INTEGER_MAX   999999999999999 /* 15 digits */
#define COMMITMENTS_MAX       8u              /* of one level */

/* An AO-Core id as its 32 raw bytes. */
struct message_id {
	uint8_t b[32];
};

enum value_kind {
	VALUE_BYTES,
	VALUE_INTEGER,
	VALUE_FLOAT,
	VALUE_ATOM,    /* bytes holds the token: true, false, null, not_found */
	VALUE_LIST,    /* message holds the items under "1", "2", ... */
	VALUE_MESSAGE, /* message */
	VALUE_LINK     /* bytes holds the child's id as text */
};

struct value {
	enum value_kind kind;
	union {
		struct bytes bytes;
		int64_t integer;
		double number;
		struct message *message;
	};
};

struct pair {
	struct bytes key;
	struct value value;
};

/* A commitment as carried by a message. Absent texts have n == 0, absent times
 * are 0. */
struct commitment {
	struct message_id id;
	struct bytes device; /* "httpsig@1.0" or "ans104@1.0" */
	struct bytes type;   /* "rsa-pss-sha512", "hmac-sha256", ... */
	struct bytes keyid; /* as on the wire: "publickey:...", "constant:ao" */
	struct bytes committer; /* address text; empty for hmac */
	struct bytes signature; /* raw */
	struct bytes tag, nonce;
	/* Of a data item (message 17): 32 raw bytes each, and its tags where
	 * the message does not tell them; of a bundle with names (message 18)
	 * the id of its index. */
	struct bytes target, anchor, tags, map;
	int64_t created, expires;
	bool bundle;
	const struct bytes *committed; /* keys, in the wire's order */
	size_t ncommitted;
};

/* One level. Pairs are kept in byte order of their keys, each key once;
 * commitments in byte order of their ids. */
struct message {
	struct arena *arena;
	struct pair *pairs;
	size_t count, room;
	struct commitment *commitments;
	size_t ncommitments;
	/* Of an outermost level that is a list, to be sent with its proof; no
	 * decoder gives one. */
	bool is_list;
	/* Of a level of a TABM, which changes no more: link_id's answer. */
	bool named;
	struct message_id name;
};

/*
 * Builders take memory from the message's arena. They cannot fail by
 * themselves: what did not fit leaves arena->exhausted set, and every codec
 * refuses such a message. Setting a key again replaces its value. Keys and
 * values are copied; nested messages are taken over.
 */
struct message *message_new(struct arena *a);

/* Like message_set, for a key and a value that outlive the message anyway. */
void message_put(struct message *m, struct bytes key, struct value value);
void message_set(struct message *m, struct bytes key, struct value value);
void message_set_bytes(struct message *m, const char *key, struct bytes value);
void message_set_text(struct message *m, const char *key, const char *text);
void message_set_integer(struct message *m, const char *key, int64_t value);
void message_set_bool(struct message *m, const char *key, bool value);
void message_set_null(struct message *m, const char *key);
void message_set_base64(struct message *m, const char *key, struct bytes raw);
void message_set_link(
    struct message *m, const char *key, const struct message_id *id);
void message_set_message(
    struct message *m, const char *key, struct message *child);

/* Lists: an empty one, and items under the next number. */
struct message *message_list(struct message *m, const char *key);
void message_append(struct message *list, struct value value);
void message_append_text(struct message *list, const char *text);
void message_append_message(struct message *list, struct message *child);

/* The item at a place counted from 1, or NULL: byte order of keys is not the
 * order of items. */
const struct value *message_item(const struct message *list, size_t place);

/* True if the keys are "1" to the count, as a list's must be. */
bool message_numbered(const struct message *list);

/* The value under key, or NULL. Does not look into nested levels. */
const struct value *message_get(const struct message *m, struct bytes key);

/* The value at a path "body/node/address"; NULL when a step is missing. */
const struct value *message_find(const struct message *m, const char *path);

/* Typed look-ups by path; false when absent or of another kind. */
bool message_find_bytes(
    struct bytes *out, const struct message *m, const char *path);
bool message_find_integer(
    int64_t *out, const struct message *m, const char *path);
bool message_find_message(
    const struct message **out, const struct message *m, const char *path);
bool message_find_list(
    const struct message **out, const struct message *m, const char *path);

/* A bytes value at path decoded from base64url into the arena. */
MUST_CHECK bool message_find_base64(struct bytes *out, const struct message *m,
    const char *path, struct arena *a, struct fault *f);

/* A deep copy without any commitments, into the arena. */
struct message *message_copy(const struct message *m, struct arena *a);

/* The same keys with the same values at every level; commitments play no
 * part. */
bool message_equal(const struct message *x, const struct message *y);

#endif
