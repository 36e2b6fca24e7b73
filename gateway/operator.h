/* SPDX-License-Identifier: Apache-2.0 */
/* The operator's desk: who may change what the node says about itself beside
 * what is measured, and each signed request once only. */
#ifndef GATEWAY_OPERATOR_H
#define GATEWAY_OPERATOR_H

#include "gateway/inbound.h"

#define NOTES_MAX         16u
#define NOTE_KEY_MAX      64u
#define NOTE_VALUE_MAX    256u
#define NOTES_CHANGES_MAX 128u /* of a boot: each costs memory for good */
#define REPLAYS_MAX       64u
#define REQUEST_LIFE      300 /* seconds that a signed request may be valid */
#define REQUEST_SKEW      30  /* seconds that clocks may be apart */

struct note {
	size_t nkey, nvalue;
	char key[NOTE_KEY_MAX], value[NOTE_VALUE_MAX];
};

/* A request that was carried out: remembered until it expires. */
struct replay {
	struct sha256 nonce;
	int64_t expires;
};

struct desk {
	int64_t since; /* requests of before are not carried out */
	struct note notes[NOTES_MAX];
	size_t nnotes;
	unsigned changes;
	bool changed; /* since the node message was last kept */
	struct replay replays[REPLAYS_MAX];
};

/* The notes as a message; NULL when there are none. */
struct message *operator_notes(const struct desk *desk, struct arena *a);

/* Whether the request is signed by the operator that the node names. */
bool operator_is(const struct inbound *in, const struct message *node);

/*
 * Carries out a change of notes that the operator signed. Refuses a stranger
 * ("request.operator"), what is out of its time or names another node or path
 * ("request.*"), what came before ("request.replay") and what is measured
 * ("notes.measured"), and changes nothing then (http 25, 26).
 */
MUST_CHECK bool operator_change(struct desk *desk, const struct inbound *in,
    const struct message *node, int64_t now, struct fault *f);

#endif
