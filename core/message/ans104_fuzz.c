/* SPDX-License-Identifier: Apache-2.0 */
#include "core/message/ans104.h"

#include <stdlib.h>

#include "core/message/commit.h"
#include "core/message/structured.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* An item that is parsed is written as the same bytes; tags, too. */
static void
check_item(const struct dataitem *item, struct bytes in, struct arena *a)
{
	struct dataitem again = *item;
	struct bytes out;
	struct fault f = { 0 };

	if (!dataitem_write(&out, item, a, &f) || !bytes_equal(out, in) ||
	    !dataitem_write_tags(&again, a, &f) ||
	    !bytes_equal(again.tag_bytes, item->tag_bytes))
		abort();
}

/* A message that could be sent at all is made into its item again. */
static void
check_message(const struct message *m, struct bytes in, struct arena *a)
{
	struct message *tabm;
	struct message_id signer;
	struct bytes out;
	struct fault f = { 0 };

	if (!structured_encode(&tabm, m, a, &f))
		return;
	if (m->ncommitments != 0 &&
	    (!ans104_encode(&out, m, a, &f) || !bytes_equal(out, in)))
		abort();
	if (!commit_verify(&signer, m, a, &f) && f.reason[0] == 0)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint8_t block[16u << 20];
	struct bytes in = bytes_of(data, size);
	struct arena a;
	struct dataitem item;
	struct message *m;
	struct fault f = { 0 };

	arena_init(&a, block, sizeof(block));
	if (size <= 65536 && dataitem_parse(&item, in, &f)) {
		check_item(&item, in, &a);
		if (ans104_decode(&m, in, &a, &f))
			check_message(m, in, &a);
		else if (f.reason[0] == 0)
			abort();
	}
	arena_reset(&a);
	return 0;
}
