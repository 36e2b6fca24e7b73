/* SPDX-License-Identifier: Apache-2.0 */
/* Whom to trust: certificates of files and folders, and those in between. */
#include "command/command.h"
#include "core/base/base64.h"
#include "core/base/buf.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PEM_MAX   ((size_t)1 << 20) /* bytes of all certificates together */
#define POOL_MAX  512u              /* certificates in between */
#define PICK_MAX  8u
#define PATH_ROOM 4096u
/* The first byte of a certificate in DER. */
#define SEQUENCE 0x30

static const char begin[] = "-----BEGIN CERTIFICATE-----";

static void
put_der(struct buf *out, struct bytes der)
{
	buf_print(out, "%s\n", begin);
	base64_put(out, BASE64_PADDED, der);
	buf_text(out, "\n-----END CERTIFICATE-----\n");
}

static bool
read_one(struct buf *out, const char *path, struct arena *a, struct fault *f)
{
	struct bytes text;

	if (!file_read(&text, path, PEM_MAX, a, f))
		return false;
	bool pem = text.n != 0 &&
		   memmem(text.p, text.n, begin, sizeof(begin) - 1) != NULL;

	if (!pem && text.n != 0 && text.p[0] == SEQUENCE) {
		put_der(out, text);
	} else {
		buf_put(out, text);
		buf_text(out, "\n");
	}
	return buf_check(out, f);
}

static int
is_certificate(const struct dirent *entry)
{
	static const char *const ends[] = { ".pem", ".crt", ".cer", ".der" };
	const char *dot = strrchr(entry->d_name, '.');

	for (size_t i = 0; dot != NULL && i < 4; i++) {
		if (strcmp(dot, ends[i]) == 0)
			return 1;
	}
	return 0;
}

static bool
read_entry(struct buf *out, const char *folder, const char *name,
    struct arena *a, struct fault *f)
{
	struct bytes path = arena_print(a, "%s/%s", folder, name);

	return arena_check(a, f) && read_one(out, (const char *)path.p, a, f);
}

static bool
read_folder(struct buf *out, const char *path, struct arena *a, struct fault *f)
{
	struct dirent **entries;
	int n = scandir(path, &entries, is_certificate, alphasort);
	bool ok = true;

	if (n < 0)
		return fail(f, FAULT_DEVICE, "command.file",
		    "verdict 15: %s: cannot be listed", path);
	for (int i = 0; i < n; i++) {
		ok = ok && read_entry(out, path, entries[i]->d_name, a, f);
		free(entries[i]);
	}
	free((void *)entries);
	return ok && (n > 0 || fail(f, FAULT_INPUT, "command.roots",
				   "verdict 15: %s: no certificates", path));
}

bool
trust_read(struct bytes *out, const struct paths *paths, struct arena *a,
    struct fault *f)
{
	struct buf pem = buf_in(a, 2 * PEM_MAX);

	for (size_t i = 0; i < paths->n; i++) {
		struct stat about;
		bool folder =
		    stat(paths->at[i], &about) == 0 && S_ISDIR(about.st_mode);

		if (!(folder ? read_folder(&pem, paths->at[i], a, f)
			     : read_one(&pem, paths->at[i], a, f)))
			return false;
	}
	*out = buf_bytes(&pem);
	return buf_check(&pem, f);
}

/* A folder that was installed beside this program. */
static struct paths
installed(const char *name, struct arena *a)
{
	char self[PATH_ROOM];
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);
	struct paths none = { 0 };

	if (n <= 0)
		return none;
	self[n] = '\0';
	for (int up = 0; up < 2; up++) {
		char *slash = strrchr(self, '/');

		if (slash == NULL)
			return none;
		*slash = '\0';
	}
	struct bytes path = arena_print(a, "%s/share/pwos/%s", self, name);

	if (path.n == 0 || access((const char *)path.p, R_OK) != 0)
		return none;
	return (struct paths){ { (const char *)path.p }, 1 };
}

struct paths
trust_default_roots(struct arena *a)
{
	return installed("roots", a);
}

struct paths
trust_default_issuers(struct arena *a)
{
	return installed("issuers", a);
}

/* A certificate of the pool, and whether it is picked. */
struct member {
	struct bytes der, subject, issuer;
	bool picked;
};

static bool
read_pool(struct member *members, size_t *n, struct bytes pool, struct arena *a,
    struct fault *f)
{
	struct bytes *certs = arena_alloc(a, POOL_MAX * sizeof(*certs));
	struct x509_list list = { .certs = certs, .room = POOL_MAX };

	if (!arena_check(a, f) || !x509_split_pem(&list, pool, a, f))
		return false;
	for (size_t i = 0; i < list.n; i++) {
		struct x509_facts facts;
		struct fault odd;

		/* One whose key we cannot judge is of no use, and no harm. */
		if (!x509_facts(&facts, certs[i], a, &odd))
			continue;
		members[(*n)++] = (struct member){ .der = certs[i],
			.subject = facts.subject,
			.issuer = facts.issuer };
	}
	return arena_check(a, f);
}

static bool
pick(struct x509_list *out, struct member *m)
{
	if (m->picked || out->n == out->room)
		return false;
	m->picked = true;
	out->certs[out->n++] = m->der;
	return true;
}

/* Each round adds whoever may have issued what the last one added. */
bool
trust_pick(struct x509_list *out, struct bytes leaf, struct bytes pool,
    struct arena *a, struct fault *f)
{
	struct member *members = arena_alloc(a, POOL_MAX * sizeof(*members));
	struct bytes issuers[PICK_MAX + 1];
	size_t n = 0, nissuers = 1;
	struct x509_facts facts;

	if (!arena_check(a, f) || !x509_facts(&facts, leaf, a, f) ||
	    !read_pool(members, &n, pool, a, f))
		return false;
	issuers[0] = facts.issuer;
	for (size_t i = 0; i < nissuers; i++) {
		for (size_t k = 0; k < n; k++) {
			if (nissuers <= PICK_MAX &&
			    bytes_equal(members[k].subject, issuers[i]) &&
			    pick(out, &members[k]))
				issuers[nissuers++] = members[k].issuer;
		}
	}
	return true;
}

bool
trust_revocations(struct collateral *out, const struct options *o,
    struct arena *a, struct fault *f)
{
	struct bytes *crls = arena_alloc(a, PATHS_MAX * sizeof(*crls));

	if (crls == NULL)
		return arena_check(a, f);
	*out = (struct collateral){ .crls = crls,
		.revocation_at = o->revocation_date,
		.without_revocation = o->without_revocation };
	for (; out->ncrls < o->crls.n; out->ncrls++) {
		if (!file_read(&crls[out->ncrls], o->crls.at[out->ncrls],
			PEM_MAX, a, f))
			return false;
	}
	return o->revocation == NULL ||
	       file_read(&out->revocation, o->revocation, JSON_MAX, a, f);
}
