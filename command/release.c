/* SPDX-License-Identifier: Apache-2.0 */
/* The release that is asked for: its manifest, and who signed that. */
#include "command/command.h"
#include "core/verdict/manifest.h"

#include <stdio.h>

#define SIGNATURE_MAX 512u
#define KEY_MAX       65536u

bool
release_signature(struct bytes *out, const struct options *o, struct arena *a)
{
	struct bytes path = arena_print(a, "%s.sig", o->manifest);
	struct fault absent;

	return path.n != 0 &&
	       file_read(out, (const char *)path.p, SIGNATURE_MAX, a, &absent);
}

bool
release_read(struct bytes *text, struct bytes *key, const struct options *o,
    struct arena *a, struct fault *f)
{
	struct bytes signature;

	*text = *key = (struct bytes){ 0 };
	if (o->release_key != NULL &&
	    !file_read(key, o->release_key, KEY_MAX, a, f))
		return false;
	if (o->manifest == NULL)
		return true;
	if (!file_read(text, o->manifest, JSON_MAX, a, f))
		return false;
	bool there = release_signature(&signature, o, a);

	if (key->n != 0 && !there)
		return fail(f, FAULT_VERIFY, "manifest.signature",
		    "verdict 15: there is no %s.sig", o->manifest);
	if (key->n != 0)
		return manifest_check(*text, signature, *key, a, f);
	if (there)
		(void)fprintf(stderr,
		    "pwos-verify: %s.sig is not looked at without "
		    "--release-key\n",
		    o->manifest);
	return true;
}
