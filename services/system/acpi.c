/* SPDX-License-Identifier: Apache-2.0 */
#include "services/system/acpi.h"

#include "core/base/cursor.h"
#include "core/base/hex.h"
#include "services/system/files.h"
#include "services/system/text.h"

#define FOLDER     "sys/firmware/acpi/tables"
#define DYNAMIC    FOLDER "/dynamic"
#define OVERRIDE   "kernel/firmware/acpi"
#define TABLES_MAX 30u /* by name; a level also holds "dynamic", "others" */

bool
acpi_parse(struct acpi_header *out, struct bytes table, struct fault *f)
{
	struct cursor c = cursor_over(table);
	uint8_t sum = 0;

	*out = (struct acpi_header){ 0 };
	struct acpi_header h = { .signature = cursor_take(&c, 4),
		.length = cursor_le32(&c),
		.revision = cursor_u8(&c),
		.checksum = cursor_u8(&c),
		.oem_id = cursor_take(&c, 6),
		.oem_table_id = cursor_take(&c, 8),
		.oem_revision = cursor_le32(&c),
		.creator_id = cursor_take(&c, 4),
		.creator_revision = cursor_le32(&c) };

	if (!cursor_ok(&c))
		return fail(f, FAULT_INPUT, "system.acpi",
		    "system 7: %zu bytes are no table", table.n);
	for (size_t i = 0; i < h.signature.n; i++) {
		if (h.signature.p[i] < '!' || h.signature.p[i] > '~')
			return fail(f, FAULT_INPUT, "system.acpi",
			    "system 7: signature is not printable");
	}
	for (size_t i = 0; i < table.n; i++)
		sum = (uint8_t)(sum + table.p[i]);
	h.sums_to_zero = sum == 0;
	*out = h;
	return true;
}

static struct message *
header_report(struct arena *a, const struct acpi_header *h)
{
	struct message *m = message_new(a);

	text_set(m, "table-signature", text_clean(a, h->signature));
	message_set_integer(m, "length", h->length);
	message_set_integer(m, "revision", h->revision);
	message_set_integer(m, "checksum", h->checksum);
	text_set(m, "oem-id", text_clean(a, h->oem_id));
	text_set(m, "oem-table-id", text_clean(a, h->oem_table_id));
	message_set_integer(m, "oem-revision", h->oem_revision);
	text_set(m, "creator-id", text_clean(a, h->creator_id));
	message_set_integer(m, "creator-revision", h->creator_revision);
	return m;
}

static void
set_header(struct message *m, struct bytes table)
{
	struct acpi_header h;
	struct fault f;
	const char *status = "observed";

	if (!acpi_parse(&h, table, &f)) {
		message_set_null(m, "header");
		message_set_null(m, "declared-length-matches-file");
		message_set_null(m, "checksum-valid");
		message_set_text(m, "status", "unparsed");
		return;
	}
	message_set_message(m, "header", header_report(m->arena, &h));
	message_set_bool(
	    m, "declared-length-matches-file", h.length == table.n);
	message_set_bool(m, "checksum-valid", h.sums_to_zero);
	if (h.length != table.n)
		status = "length-mismatch";
	else if (!h.sums_to_zero)
		status = "checksum-invalid";
	message_set_text(m, "status", status);
}

/* Also the table's digest, zero if it cannot be read. */
static struct message *
table_report(struct sha256 *digest, struct probe *p, const char *folder,
    struct bytes name)
{
	struct message *m = message_new(p->a);
	struct bytes table;

	*digest = (struct sha256){ 0 };
	message_set_text(m, "source", "sysfs-acpi");
	text_set(m, "source-path", arena_print(p->a, "/%s", folder));
	text_set(m, "sysfs-name", text_clean(p->a, name));
	if (!files_read(&table, p, files_join(p, folder, name))) {
		message_set_text(m, "status", "unreadable");
		return m;
	}
	*digest = sha256_of(table);
	message_set_integer(m, "length-bytes", (int64_t)table.n);
	text_set(m, "table-sha256", hex_encode(p->a, BYTES_OF(digest)));
	set_header(m, table);
	return m;
}

/* Tables beyond the first TABLES_MAX are told by their number and one digest:
 * SHA-256 of their names, each with a NUL and the table's SHA-256 behind it. */
static void
set_others(struct message *m, size_t count, struct bytes names_and_digests)
{
	struct message *others = message_new(m->arena);
	struct sha256 digest = sha256_of(names_and_digests);

	message_set_integer(others, "count", (int64_t)count);
	text_set(others, "sha256", hex_encode(m->arena, BYTES_OF(&digest)));
	message_set_message(m, "others", others);
}

/* The folder's tables by name; the number of them is added to *count. */
static struct message *
tables_report(struct probe *p, const char *folder, int64_t *count)
{
	struct message *m = message_new(p->a);
	struct bytes names[FILES_NAMES_MAX];
	size_t n = files_list(names, p, folder), others = 0;
	struct buf rest = buf_in(p->a, 16384);

	*count = 0;
	for (size_t i = 0; i < n; i++) {
		struct sha256 digest;

		if (bytes_is(names[i], "data") || bytes_is(names[i], "dynamic"))
			continue;
		struct message *table =
		    table_report(&digest, p, folder, names[i]);
		struct bytes key = text_key(p->a, names[i]);

		/* No table hides behind another of the same key. */
		if (++*count <= (int64_t)TABLES_MAX &&
		    message_get(m, key) == NULL) {
			message_set(m, key,
			    (struct value){
				.kind = VALUE_MESSAGE, .message = table });
			continue;
		}
		others++;
		buf_put(&rest, names[i]);
		buf_u8(&rest, 0);
		buf_put(&rest, BYTES_OF(&digest));
	}
	if (others > 0)
		set_others(m, others, buf_bytes(&rest));
	return m;
}

/* The original nests the tables under the path they come from. */
static struct message *
nest(struct message *inner)
{
	static const char *const steps[] = { "tables", "acpi", "firmware",
		"sys" };

	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		struct message *outer = message_new(inner->arena);

		message_set_message(outer, steps[i], inner);
		inner = outer;
	}
	return inner;
}

struct message *
acpi_report(struct probe *p)
{
	struct message *m = message_new(p->a);
	struct message *counts = message_new(p->a);
	struct message *provenance = message_new(p->a);
	int64_t final, dynamic;
	struct message *tables = tables_report(p, FOLDER, &final);
	struct message *added = tables_report(p, DYNAMIC, &dynamic);

	message_set_bool(m, "available", final > 0);
	message_set_text(m, "source", "/" FOLDER);
	if (dynamic > 0)
		message_set_message(tables, "dynamic", added);
	else
		message_set_null(tables, "dynamic");
	message_set_message(m, "tables", nest(tables));
	message_set_integer(counts, "final", final);
	message_set_integer(counts, "dynamic", dynamic);
	message_set_message(m, "table-counts", counts);
	message_set_bool(
	    m, "dynamic-table-directory-present", files_exists(p, DYNAMIC));
	message_set_bool(provenance, "dynamic-tables-present", dynamic > 0);
	message_set_bool(provenance, "initrd-override-directory-present",
	    files_exists(p, OVERRIDE));
	message_set_message(m, "override-provenance", provenance);
	return m;
}
