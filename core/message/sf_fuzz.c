/* SPDX-License-Identifier: Apache-2.0 */
#include "core/message/sf.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A string that was read is written as it stood. */
static void
check_string(const struct sf_member *member, struct arena *a)
{
	struct buf b = buf_in(a, 2 * member->value.text.n + 2);
	struct sf_member back;
	struct fault f = { 0 };
	struct buf line = buf_in(a, 2 * member->value.text.n + 4);

	sf_put_string(&b, member->value.text);
	buf_text(&line, "k=");
	buf_put(&line, buf_bytes(&b));
	struct cursor c = cursor_over(buf_bytes(&line));

	if (!sf_take(&back, &c, a, &f) || c.left != 0 ||
	    !bytes_equal(back.value.text, member->value.text))
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint8_t block[4u << 20];
	struct arena a;
	struct cursor c = cursor_over(bytes_of(data, size));
	struct sf_member member;
	struct fault f = { 0 };

	arena_init(&a, block, sizeof(block));
	while (c.left != 0 && sf_take(&member, &c, &a, &f)) {
		if (member.value.kind == SF_STRING && size < 4096)
			check_string(&member, &a);
	}
	arena_reset(&a);
	return 0;
}
