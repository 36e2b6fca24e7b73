/* SPDX-License-Identifier: Apache-2.0 */
#include "core/evidence/launches_test.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static uint8_t block[64 << 10];

static void
take_sections(struct ovmf *o, struct bytes text)
{
	while (text.n != 0) {
		struct bytes one = table_part(&text, ',');
		struct ovmf_section *s = &o->sections[o->nsections++];

		s->gpa = (uint32_t)table_number(table_part(&one, ':'));
		s->size = (uint32_t)table_number(table_part(&one, ':'));
		s->kind = (enum ovmf_kind)table_number(one);
	}
}

static void
take_kernel(struct launches_scene *s, const struct bytes *row)
{
	struct bytes cmdline = row[LAUNCHES_CMDLINE];

	if (bytes_is(cmdline, "empty"))
		cmdline.n = 0;
	s->kernel =
	    kernelhashes_of((struct bytes){ 0 }, (struct bytes){ 0 }, cmdline);
	(void)table_hex(s->kernel.kernel.b, 32, row[LAUNCHES_KERNEL]);
	(void)table_hex(s->kernel.initrd.b, 32, row[LAUNCHES_INITRD]);
	s->launch.kernel = &s->kernel;
}

void
launches_take(struct launches_scene *s, const struct bytes *row)
{
	struct fault f;

	*s = (struct launches_scene){ 0 };
	(void)table_hex(s->digest.b, 48, row[LAUNCHES_DIGEST]);
	(void)table_hex(s->firmware.chain.b, 48, row[LAUNCHES_CHAIN]);
	take_sections(&s->firmware, row[LAUNCHES_SECTIONS]);
	s->firmware.ap_reset = (uint32_t)table_number(row[LAUNCHES_AP_RESET]);
	s->firmware.hash_table =
	    (uint32_t)table_number(row[LAUNCHES_HASH_TABLE]);
	s->launch.firmware = &s->firmware;
	s->launch.host = vmsa_host(row[LAUNCHES_HOST]);
	assert_non_null(s->launch.host);
	if (row[LAUNCHES_CPU].n != 0)
		assert_true(vmsa_cpu(&s->launch.cpu, row[LAUNCHES_CPU], &f));
	s->launch.vcpus = (uint32_t)table_number(row[LAUNCHES_VCPUS]);
	s->launch.features = table_number(row[LAUNCHES_FEATURES]);
	s->launch.allowed = LAUNCH_FEATURES_DEFAULT;
	if (row[LAUNCHES_KERNEL].n != 0)
		take_kernel(s, row);
}

struct bytes
launches_table(void)
{
	return table_file(block, sizeof(block), "launch", BYTES("launch.tsv"));
}

void
launches_last(struct launches_scene *s)
{
	struct cursor c = cursor_over(launches_table());
	struct bytes row[LAUNCHES_COLUMNS], line = { 0 };

	while (c.left != 0)
		line = cursor_until(&c, '\n');
	for (size_t i = 0; i < LAUNCHES_COLUMNS; i++)
		row[i] = table_part(&line, '\t');
	assert_true(bytes_is(row[LAUNCHES_ID], "dstack-live-milan"));
	launches_take(s, row);
}
