/* SPDX-License-Identifier: Apache-2.0 */
/* Templates that the machine of the tests does not match. */
#include <stdlib.h>

#include "core/message/json.h"
#include "core/verdict/cases_test.h"

static void
ask(struct measured *m, const char *template)
{
	struct template *t = arena_alloc(m->a, sizeof(*t));
	struct message *given;
	struct fault f = { 0 };

	if (t == NULL || !json_decode(&given, bytes_text(template), m->a, &f) ||
	    !template_read(t, given, m->a, &f))
		abort();
	m->rq.template = t;
}

static void
ask_another_device(struct measured *m)
{
	ask(m, "{\"measurement-device\":\"snp@1.0\"}");
}

static void
ask_no_secure_boot(struct measured *m)
{
	ask(m, "{\"facts\":{\"boot\":{\"secure-boot\":false}}}");
}

static void
ask_what_is_not_there(struct measured *m)
{
	ask(m, "{\"system\":{\"nowhere\":\"_\"}}");
}

static void
ask_two(struct measured *m)
{
	ask(m, "{\"templates\":[{\"facts\":{\"snp\":\"_\"}},"
	       "{\"facts\":{\"boot\":{\"secure-boot\":\"true\"}}}]}");
}

/* clang-format off */
const struct verdict_case cases_policy[] = {
	{ "another device wanted",  "boot",  CHECK_TEMPLATE, "policy.template", { { MEASURED_ASKED, ask_another_device } } },
	{ "another fact wanted",    "fresh", CHECK_TEMPLATE, "policy.template", { { MEASURED_ASKED, ask_no_secure_boot } } },
	{ "a key wanted that is not there", "boot", CHECK_TEMPLATE, "policy.template", { { MEASURED_ASKED, ask_what_is_not_there } } },
	{ "neither of two",         "boot",  CHECK_TEMPLATE, "policy.template", { { MEASURED_ASKED, ask_two } } },
};
/* clang-format on */

const size_t cases_policy_count = CASE_COUNT(cases_policy);
