/* SPDX-License-Identifier: Apache-2.0 */
#include "harness/vectors/classes.h"

void
paths_check(struct report *r, const struct message *request,
    const struct message *expected)
{
	(void)request;
	if (expected != NULL)
		(void)report_check(
		    r, "path", false, "a path grammar in this build");
}

void
paths_run(struct report *r, const json_t *one)
{
	(void)one;
	(void)report_check(r, "path", false, "a path grammar in this build");
}
