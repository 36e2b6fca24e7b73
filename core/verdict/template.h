/* SPDX-License-Identifier: Apache-2.0 */
/* Policy as data: what a measurement and its facts must be (spec/verdict.md,
 * rules 7 to 9). */
#ifndef CORE_VERDICT_TEMPLATE_H
#define CORE_VERDICT_TEMPLATE_H

#include "core/message/message.h"

#define TEMPLATE_NODES_MAX 2048u /* values of one template */
#define TEMPLATE_DEPTH_MAX 16u   /* levels below its root */

/* A template that was read: its operators are known to be well formed. */
struct template
{
	struct message_id id; /* the unsigned id of what was given */
	const struct message *given;
	const struct message *alternatives; /* a list, or NULL: given is one */
};

/* What a template is held against. */
struct template_target {
	const struct message *envelope; /* NULL for bare evidence */
	struct message *facts;
};

/* Where the closest alternative stopped; printable texts. */
struct template_miss {
	struct bytes path; /* "body/system/boot/image/id" */
	struct bytes expected, observed;
	size_t alternative; /* from 1 */
};

/*
 * given is one template, or has a list of them under "templates" of which any
 * may match. It must outlive *out. Fails with template.empty, .limit, .value,
 * .key, .match-type, .range.
 */
MUST_CHECK bool template_read(struct template *out, const struct message *given,
    struct arena *a, struct fault *f);

/* In time linear in the template, keys looked up by bisection; on false *miss
 * says where. Texts and a little room come from the arena. */
bool template_match(struct template_miss *miss, const struct template *t,
    const struct template_target *target, struct arena *a);

#endif
