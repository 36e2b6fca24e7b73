/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "core/evidence/keydesc.h"
#include "core/evidence/provisioning.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check_view(struct bytes whole, struct bytes part)
{
	if (part.n != 0 &&
	    (part.p < whole.p || part.p + part.n > whole.p + whole.n))
		abort();
}

/* What is read lies inside what was given, and within what the rules allow. */
static void
check_list(struct bytes whole, const struct keylist *list)
{
	int64_t members[KEYLIST_SET_MAX];

	for (size_t i = 0; i < KEYLIST_COUNT; i++) {
		check_view(whole, list->of[i].bytes);
		if (keylist_members(members, &list->of[i]) > KEYLIST_SET_MAX)
			abort();
	}
	for (size_t i = 0; i < list->nunknown; i++)
		check_view(whole, list->unknown[i].value);
	check_view(whole, list->root.boot_key);
	check_view(whole, list->root.boot_hash);
	if (list->root.boot_state >= BOOT_STATES)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes in = bytes_of(data, size);
	struct keydesc d;
	struct provisioning p;
	struct fault f = { 0 };

	if (!keydesc_parse(&d, in, &f)) {
		if (f.reason[0] == '\0' || d.version != 0)
			abort();
	} else {
		check_view(in, d.challenge);
		check_list(in, &d.software);
		check_list(in, &d.hardware);
		if (keydesc_in_order(&d, &f) &&
		    (d.software.disorder != 0 || d.hardware.odd_boolean))
			abort();
		(void)keydesc_patch(d.hardware.of[KEYLIST_OS_PATCH].number);
		for (size_t i = 0; i < d.app.npackages; i++)
			check_view(in, d.app.packages[i].name);
	}
	if (provisioning_parse(&p, in, &f))
		check_view(in, p.maker);
	return 0;
}
