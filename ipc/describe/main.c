/* SPDX-License-Identifier: Apache-2.0 */
/* pwos-describe calls|sandbox|reasons|tables|hash|header */
#include "core/crypto/hash.h"
#include "ipc/describe/describe.h"

#include <stdio.h>

static uint8_t block[1u << 20];

static struct sha256
hash(void)
{
	static uint8_t text[1u << 20];
	struct buf tables = buf_over(text, sizeof(text));

	describe_tables(&tables);
	return sha256_of(buf_bytes(&tables));
}

static void
describe_hash(struct buf *to)
{
	struct sha256 of = hash();

	for (size_t i = 0; i < sizeof(of.b); i++)
		buf_print(to, "%02x", of.b[i]);
	buf_text(to, "\n");
}

static void
describe_header(struct buf *to)
{
	struct sha256 of = hash();

	buf_text(to, "#define CONFINEMENT_HASH {");
	for (size_t i = 0; i < sizeof(of.b); i++)
		buf_print(to, "%s 0x%02x", i == 0 ? "" : ",", of.b[i]);
	buf_text(to, " }\n");
}

static const struct {
	const char *name;
	void (*write)(struct buf *to);
} pages[] = {
	{ "calls", describe_calls },
	{ "sandbox", describe_sandbox },
	{ "reasons", describe_reasons },
	{ "tables", describe_tables },
	{ "hash", describe_hash },
	{ "header", describe_header },
};

int
main(int argc, char **argv)
{
	struct buf to = buf_over(block, sizeof(block));

	for (size_t i = 0; i < sizeof(pages) / sizeof(pages[0]); i++) {
		if (argc != 2 || strcmp(argv[1], pages[i].name) != 0)
			continue;
		pages[i].write(&to);
		if (to.full || fwrite(to.p, 1, to.used, stdout) != to.used ||
		    fflush(stdout) != 0)
			return 111;
		return 0;
	}
	(void)fprintf(stderr,
	    "usage: pwos-describe calls|sandbox|reasons|tables|hash|header\n");
	return 100;
}
