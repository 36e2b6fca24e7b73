/* SPDX-License-Identifier: Apache-2.0 */
#include "core/evidence/bootfacts.h"

#include "core/evidence/eventdata.h"
#include "core/evidence/logcheck.h"

#define PCR_LOADER_APPLICATIONS 4u
#define PCR_SECURE_BOOT         7u
#define PCR_GRUB                8u
#define PCR_STUB                11u
#define PCR_STUB_CONFIG         12u

static const uint8_t guid_global[EVENTDATA_GUID_SIZE] = { 0x61, 0xdf, 0xe4,
	0x8b, 0xca, 0x93, 0xd2, 0x11, 0xaa, 0x0d, 0x00, 0xe0, 0x98, 0x03, 0x2b,
	0x8c };
static const uint8_t guid_image_security[EVENTDATA_GUID_SIZE] = { 0xcb, 0xb2,
	0x19, 0xd7, 0x3a, 0x3d, 0x96, 0x45, 0xa3, 0xbc, 0xda, 0xd0, 0x0e, 0x67,
	0x65, 0x6f };

static const struct {
	const char *name;
	const uint8_t *guid;
} variables[BOOTFACTS_VARIABLES] = {
	[BOOTFACTS_PK] = { "PK", guid_global },
	[BOOTFACTS_KEK] = { "KEK", guid_global },
	[BOOTFACTS_DB] = { "db", guid_image_security },
	[BOOTFACTS_DBX] = { "dbx", guid_image_security },
};

/* One event of a replayed PCR, and what was read before it. */
struct reader {
	struct bootfacts *facts;
	const struct eventlog_event *event;
	struct bytes digest;
	/* A section's name was measured; its content comes next. */
	struct bytes section_data;
	bool separated; /* PCR 7 */
};

static bool
malformed(struct fault *f, const struct eventlog_event *event, const char *what)
{
	return fail(f, FAULT_INPUT, "log.data",
		   "evidence 9: event %zu in PCR %u: %s", event->index,
		   event->pcr, what) ||
	       fault_at(f, event->offset);
}

static void
add_signer(
    struct bootfacts *facts, enum bootfacts_variable which, struct bytes der)
{
	if (facts->nsigners == BOOTFACTS_SIGNERS_MAX) {
		facts->cut = true;
		return;
	}
	facts->signers[facts->nsigners++] = (struct bootfacts_signer){
		.variable = which, .der = der, .digest = sha256_of(der)
	};
}

static bool
read_list(struct reader *r, enum bootfacts_variable which, struct bytes data,
    struct fault *f)
{
	struct bootfacts_list *list = &r->facts->variables[which];
	struct eventdata_walk w = eventdata_walk(data);
	struct eventdata_signature s;
	bool ok;

	if (list->present)
		return malformed(f, r->event, "variable measured twice");
	*list = (struct bootfacts_list){
		.present = true, .data = data, .digest = sha256_of(data)
	};
	while (eventdata_next(&w, &s, &ok)) {
		list->certificates += s.kind == EVENTDATA_CERTIFICATE;
		list->hashes += s.kind == EVENTDATA_HASH;
		if (s.kind == EVENTDATA_CERTIFICATE && which != BOOTFACTS_DBX)
			add_signer(r->facts, which, s.data);
	}
	return ok || malformed(f, r->event, "signature list");
}

static bool
read_secure_boot(struct reader *r, struct bytes data, struct fault *f)
{
	if (r->facts->has_secure_boot)
		return malformed(f, r->event, "SecureBoot measured twice");
	if (data.n > 1)
		return malformed(f, r->event, "SecureBoot is not one byte");
	r->facts->has_secure_boot = true;
	r->facts->secure_boot = data.n == 1 && data.p[0] == 1;
	return true;
}

static bool
read_config(struct reader *r, struct fault *f)
{
	struct eventdata_variable v;

	if (r->separated)
		return malformed(f, r->event, "variable after the separator");
	if (!eventdata_variable(&v, r->event->data))
		return malformed(f, r->event, "lengths of a variable");
	if (eventdata_name_is(v.name, "SecureBoot") &&
	    bytes_equal(v.guid, bytes_of(guid_global, EVENTDATA_GUID_SIZE)))
		return read_secure_boot(r, v.data, f);
	for (int i = 0; i < BOOTFACTS_VARIABLES; i++)
		if (eventdata_name_is(v.name, variables[i].name) &&
		    bytes_equal(v.guid,
			bytes_of(variables[i].guid, EVENTDATA_GUID_SIZE)))
			return read_list(
			    r, (enum bootfacts_variable)i, v.data, f);
	return true;
}

static bool
read_authority(struct reader *r, struct fault *f)
{
	struct bootfacts *facts = r->facts;
	struct eventdata_variable v;

	if (!eventdata_variable(&v, r->event->data))
		return malformed(f, r->event, "lengths of an authority");
	if (facts->nauthorities == BOOTFACTS_AUTHORITIES_MAX) {
		facts->cut = true;
		return true;
	}
	facts->authorities[facts->nauthorities++] =
	    (struct bootfacts_authority){
		    .name = v.name, .data = v.data, .digest = sha256_of(v.data)
	    };
	return true;
}

static bool
read_secure_boot_event(struct reader *r, struct fault *f)
{
	r->separated |= r->event->type == EV_SEPARATOR;
	if (r->event->type != EV_EFI_VARIABLE_DRIVER_CONFIG &&
	    r->event->type != EV_EFI_VARIABLE_AUTHORITY)
		return true;
	bool covered = logcheck_digest(r->event, r->facts->alg, r->digest);

	if (r->event->type == EV_EFI_VARIABLE_DRIVER_CONFIG)
		return covered ? read_config(r, f)
			       : malformed(
				     f, r->event, "digest is not of its data");
	if (covered)
		return read_authority(r, f);
	/* Some loaders measure authorities by another rule. */
	r->facts->cut = true;
	return true;
}

static void
read_application(struct reader *r)
{
	struct bootfacts *facts = r->facts;

	if (r->event->type != EV_EFI_BOOT_SERVICES_APPLICATION)
		return;
	if (facts->napplications == BOOTFACTS_APPLICATIONS_MAX)
		facts->cut = true;
	else
		facts->applications[facts->napplications++] = r->digest;
}

static bool
digest_is_of(const struct reader *r, struct bytes in)
{
	uint8_t out[64];
	enum hash_alg alg = r->facts->alg;

	hash_parts(alg, out, &in, 1);
	return bytes_equal(r->digest, bytes_of(out, hash_size(alg)));
}

/* A text that ends in a NUL, in UCS-2, of printable characters only, as ASCII
 * with its NUL; 0 if it is none. */
static size_t
ascii_of(char out[BOOTFACTS_NAME_MAX], struct bytes ucs2)
{
	size_t n = ucs2.n / 2;

	if (ucs2.n % 2 != 0 || n < 2 || n > BOOTFACTS_NAME_MAX)
		return 0;
	for (size_t i = 0; i < n; i++) {
		uint8_t c = ucs2.p[2 * i];

		if (ucs2.p[2 * i + 1] != 0 || (c == 0) != (i == n - 1) ||
		    (c != 0 && c < 0x20) || c > 0x7e)
			return 0;
		out[i] = (char)c;
	}
	return n;
}

/*
 * systemd's stub measures each section twice with the same description: first
 * its name with the NUL, then its content.
 */
static void
read_section(struct reader *r)
{
	struct bootfacts *facts = r->facts;
	char name[BOOTFACTS_NAME_MAX];
	size_t n = ascii_of(name, r->event->data);

	if (r->section_data.n != 0 &&
	    bytes_equal(r->section_data, r->event->data)) {
		struct bootfacts_section *s =
		    &facts->sections[facts->nsections++];

		*s = (struct bootfacts_section){ .content = r->digest };
		memcpy(s->name, name, n);
		r->section_data = (struct bytes){ 0 };
		return;
	}
	if (r->section_data.n != 0 || n == 0 ||
	    facts->nsections == BOOTFACTS_SECTIONS_MAX ||
	    !digest_is_of(r, bytes_of(name, n)))
		facts->cut = true;
	else
		r->section_data = r->event->data;
}

/* The loader's text only counts where the digest is the text's. */
static void
read_command_line(struct reader *r)
{
	static const char prefix[] = "kernel_cmdline: ";
	struct bytes text = r->event->data;
	size_t skip = sizeof(prefix) - 1;

	if (r->event->type != EV_IPL)
		return;
	if (r->event->pcr == PCR_GRUB) {
		if (!bytes_starts(text, bytes_of(prefix, skip)))
			return;
		text = bytes_of(text.p + skip, text.n - skip);
		if (text.n != 0 && text.p[text.n - 1] == 0)
			text.n--;
	}
	if (digest_is_of(r, text))
		r->facts->command_line = text;
}

static bool
read_event(struct reader *r, struct fault *f)
{
	switch (r->event->pcr) {
	case PCR_LOADER_APPLICATIONS:
		read_application(r);
		return true;
	case PCR_SECURE_BOOT:
		return read_secure_boot_event(r, f);
	case PCR_STUB:
		read_section(r);
		return true;
	case PCR_GRUB:
	case PCR_STUB_CONFIG:
		read_command_line(r);
		return true;
	default:
		return true;
	}
}

bool
bootfacts_read(struct bootfacts *out, const struct eventlog *log,
    enum hash_alg alg, uint32_t replayed, struct fault *f)
{
	struct eventlog_walk w = eventlog_walk(log);
	struct eventlog_event event;
	struct reader r = { .facts = out, .event = &event };
	size_t bank;

	*out = (struct bootfacts){ .alg = alg };
	if (!eventlog_bank(&bank, log, alg))
		return fail(f, FAULT_VERIFY, "log.bank",
		    "evidence 7: the log has no digests of bank 0x%04x",
		    tpm_alg_of_hash(alg));
	while (eventlog_next(&w, &event)) {
		if (event.type == EV_NO_ACTION ||
		    (replayed >> event.pcr & 1) == 0)
			continue;
		r.digest = event.digests[bank];
		if (!read_event(&r, f))
			return false;
	}
	/* A name whose content was never measured. */
	out->cut |= r.section_data.n != 0;
	return true;
}
