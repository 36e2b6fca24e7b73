/* SPDX-License-Identifier: Apache-2.0 */
/* Link form: nested levels replaced by their ids. Bundle form: nested levels
 * with the commitments that a receiver expects in them. */
#ifndef CORE_MESSAGE_LINK_H
#define CORE_MESSAGE_LINK_H

#include "core/message/form.h"

/* The TABM with "key+link" and the id in place of each level. */
MUST_CHECK bool link_levels(struct message **out, const struct message *tabm,
    struct arena *a, struct fault *f);

/* The HTTP form of a TABM in which "key+link" holds the id of each level. */
MUST_CHECK bool link_form(struct form *out, const struct message *tabm,
    struct arena *a, struct fault *f);

/* The HTTP form of a TABM whose nested levels go to the body; those that carry
 * no commitment get the hmac-sha256 one, as the original's cache does. */
MUST_CHECK bool link_bundle(struct form *out, const struct message *tabm,
    struct arena *a, struct fault *f);

/* Both forms of a TABM, each made when it is first asked for; begins with the
 * TABM alone. */
struct link_forms {
	const struct message *tabm;
	struct form form[2];
	bool made[2];
};

MUST_CHECK bool link_form_of(const struct form **out, struct link_forms *forms,
    bool bundle, struct arena *a, struct fault *f);

/* The hmac-sha256 commitment of a TABM: its id is the unsigned id. */
MUST_CHECK bool link_unsigned(struct commitment *out,
    const struct message *tabm, struct arena *a, struct fault *f);

/* The id that links name, from the commitments that the TABM claims; kept in
 * the TABM. */
MUST_CHECK bool link_id(struct message_id *out, struct message *tabm,
    struct arena *a, struct fault *f);

#endif
