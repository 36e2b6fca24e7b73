/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "core/base/buf.h"
#include "core/evidence/snpreport.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
put_le(struct buf *b, uint64_t value, unsigned bytes)
{
	for (unsigned i = 0; i < bytes; i++)
		buf_u8(b, (uint8_t)(value >> (8 * i)));
}

static void
put_firmware(struct buf *b, const struct snp_firmware *of)
{
	buf_u8(b, of->build);
	buf_u8(b, of->minor);
	buf_u8(b, of->major);
	buf_u8(b, 0);
}

static void
put_head(struct buf *b, const struct snpreport *r)
{
	put_le(b, r->version, 4);
	put_le(b, r->guest_svn, 4);
	put_le(b, r->policy, 8);
	buf_put(b, r->family_id);
	buf_put(b, r->image_id);
	put_le(b, r->vmpl, 4);
	put_le(b, r->signature_algo, 4);
	put_le(b, r->current_tcb, 8);
	put_le(b, r->platform_info, 8);
	put_le(b, r->flags, 8);
	buf_put(b, r->report_data);
	buf_put(b, r->measurement);
	buf_put(b, r->host_data);
	buf_put(b, r->id_key_digest);
	buf_put(b, r->author_key_digest);
	buf_put(b, r->report_id);
	buf_put(b, r->report_id_ma);
}

/* What is taken has one encoding: all that is not a field is zero. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint8_t block[SNPREPORT_SIZE];
	static const uint8_t zeros[152];
	struct buf b = buf_over(block, sizeof(block));
	struct snpreport r;
	struct snp_signature s;
	struct fault f;

	if (!snpreport_parse(&r, bytes_of(data, size), &f))
		return 0;
	put_head(&b, &r);
	put_le(&b, r.reported_tcb, 8);
	buf_u8(&b, r.family);
	buf_u8(&b, r.model);
	buf_u8(&b, r.stepping);
	buf_put(&b, bytes_of(zeros, 21));
	buf_put(&b, r.chip_id);
	put_le(&b, r.committed_tcb, 8);
	put_firmware(&b, &r.current);
	put_firmware(&b, &r.committed);
	put_le(&b, r.launch_tcb, 8);
	put_le(&b, r.launch_mit_vector, 8);
	put_le(&b, r.current_mit_vector, 8);
	buf_put(&b, bytes_of(zeros, sizeof(zeros)));
	buf_put(&b, r.signature);
	if (!bytes_equal(buf_bytes(&b), bytes_of(data, size)))
		abort();
	if (snpreport_signature(&s, &r, &f) &&
	    (s.r[SNPREPORT_SCALAR - 1] != data[0x2a0] ||
		s.s[SNPREPORT_SCALAR - 1] != data[0x2e8]))
		abort();
	return 0;
}
