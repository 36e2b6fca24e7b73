/* SPDX-License-Identifier: Apache-2.0 */
/* What is inside some events: UEFI variables, signature lists, tagged data. */
#ifndef CORE_EVIDENCE_EVENTDATA_H
#define CORE_EVIDENCE_EVENTDATA_H

#include "core/base/cursor.h"

#define EVENTDATA_GUID_SIZE 16u

/* UEFI_VARIABLE_DATA; views. */
struct eventdata_variable {
	struct bytes guid;
	struct bytes name; /* UCS-2, little-endian, without a NUL */
	struct bytes data;
};

/* False if the lengths inside are not exactly those of the event. */
bool eventdata_variable(struct eventdata_variable *out, struct bytes in);

/* The name is that ASCII text. */
bool eventdata_name_is(struct bytes ucs2, const char *text);

/* TCG_PCClientTaggedEvent; false if its length is not the event's. */
bool eventdata_tag(uint32_t *id, struct bytes *data, struct bytes in);

enum eventdata_kind {
	EVENTDATA_CERTIFICATE, /* X.509, DER */
	EVENTDATA_HASH,        /* SHA-256 of an image */
	EVENTDATA_OTHER
};

/* One entry of a signature list. */
struct eventdata_signature {
	enum eventdata_kind kind;
	struct bytes owner; /* GUID */
	struct bytes data;
};

/* Over the EFI_SIGNATURE_LISTs of a variable. Zero-initialise, set lists. */
struct eventdata_walk {
	struct cursor lists;
	struct cursor entries;
	enum eventdata_kind kind;
	size_t size; /* of an entry in the current list */
};

struct eventdata_walk eventdata_walk(struct bytes lists);

/* The next entry; false at the end, with *ok saying whether the lists ended
 * where they said. Every step consumes bytes. */
bool eventdata_next(
    struct eventdata_walk *w, struct eventdata_signature *out, bool *ok);

#endif
