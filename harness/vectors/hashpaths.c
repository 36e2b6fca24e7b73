/* SPDX-License-Identifier: Apache-2.0 */
#include "core/message/hashpath.h"
#include "core/message/id.h"
#include "harness/vectors/classes.h"
#include "harness/vectors/neutral.h"

static void
check_id(struct report *r, const json_t *one, const char *key,
    const struct message *m)
{
	struct message_id id;
	struct fault f = { 0 };

	if (neutral_text(one, key).n != 0 &&
	    report_done(r, key, message_unsigned_id(&id, m, r->arena, &f), &f))
		(void)report_text(r, key, neutral_text(one, key),
		    message_id_text(&id, r->arena));
}

/* A base whose hashpath is known has it among its private keys. */
static const struct message *
public_part(struct bytes *hashpath, const struct message *m, struct arena *a)
{
	struct message *rest = message_new(a);

	*hashpath = (struct bytes){ 0 };
	(void)message_find_bytes(hashpath, m, "priv/hashpath");
	for (size_t i = 0; i < m->count; i++) {
		if (!bytes_starts(m->pairs[i].key, BYTES("priv")))
			message_put(rest, m->pairs[i].key, m->pairs[i].value);
	}
	return rest;
}

void
hashpaths_run(struct report *r, const json_t *one)
{
	struct arena *a = r->arena;
	struct bytes expected = neutral_text(one, "hashpath"), seen, unused;
	struct hashpath_step step = { 0 };
	struct fault f = { 0 };

	step.base = public_part(&step.previous,
	    neutral_message(json_object_get(one, "base"), a), a);
	step.request = public_part(
	    &unused, neutral_message(json_object_get(one, "request"), a), a);
	if (neutral_text(one, "previous").n != 0)
		step.previous = neutral_text(one, "previous");
	check_id(r, one, "base_id", step.base);
	check_id(r, one, "request_id", step.request);
	bool ok = hashpath_next(&seen, &step, a, &f);

	if (json_object_get(one, "error") != NULL)
		(void)report_refused(r, "hashpath", !ok, "a refusal");
	else if (report_done(r, "hashpath", ok, &f))
		(void)report_text(r, "hashpath", expected, seen);
}
