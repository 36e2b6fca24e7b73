/* SPDX-License-Identifier: Apache-2.0 */
#include "core/evidence/attest.h"

#include "core/evidence/tpm.h"

#define TPM_GENERATED_VALUE 0xff544347u
#define TPM_ST_ATTEST_QUOTE 0x8018u

#define NAME_MAX_SIZE   (2u + 64u)
#define DATA_MAX_SIZE   (2u + 64u)
#define DIGEST_MAX_SIZE 64u
#define SELECT_MAX_SIZE 4u
#define PCRS            0x00ffffffu

static bool
take_selection(struct attest *a, struct cursor *c, struct fault *f)
{
	struct attest_selection *s = &a->selections[a->nselections];

	s->bank = cursor_be16(c);
	size_t size = cursor_u8(c);
	struct bytes bits = cursor_take(c, size);

	if (!cursor_ok(c))
		return fail(f, FAULT_INPUT, "tpm.attest.syntax",
		    "evidence 1: attestation ends inside a selection");
	if (tpm_alg_digest_size(s->bank) == 0)
		return fail(f, FAULT_INPUT, "tpm.pcr.selection",
		    "evidence 1: bank 0x%04x is none", s->bank);
	if (size > SELECT_MAX_SIZE)
		return fail(f, FAULT_INPUT, "tpm.pcr.selection",
		    "evidence 1: selection of %zu bytes", size);
	for (size_t i = 0; i < size; i++)
		s->pcrs |= (uint32_t)bits.p[i] << (8 * i);
	if ((s->pcrs & ~PCRS) != 0)
		return fail(f, FAULT_INPUT, "tpm.pcr.selection",
		    "evidence 1: PCRs above 23 (bits 0x%08x)", s->pcrs);
	for (size_t i = 0; i < a->nselections; i++)
		if (a->selections[i].bank == s->bank)
			return fail(f, FAULT_INPUT, "tpm.pcr.selection",
			    "evidence 1: bank 0x%04x twice", s->bank);
	a->nselections++;
	return true;
}

static bool
take_selections(struct attest *a, struct cursor *c, struct fault *f)
{
	uint32_t count = cursor_be32(c);

	if (count > ATTEST_SELECTIONS_MAX)
		return fail(f, FAULT_INPUT, "tpm.pcr.selection",
		    "evidence 1: %u selections, at most %u", count,
		    ATTEST_SELECTIONS_MAX);
	for (uint32_t i = 0; i < count; i++)
		if (!take_selection(a, c, f))
			return false;
	return true;
}

static bool
take_head(struct attest *a, struct cursor *c, struct fault *f)
{
	uint32_t magic = cursor_be32(c);
	uint16_t type = cursor_be16(c);

	if (!cursor_ok(c))
		return fail(f, FAULT_INPUT, "tpm.attest.syntax",
		    "evidence 1: attestation of %zu bytes", a->raw.n);
	if (magic != TPM_GENERATED_VALUE)
		return fail(f, FAULT_VERIFY, "tpm.attest.type",
		    "evidence 1: magic 0x%08x, no TPM made this", magic);
	if (type != TPM_ST_ATTEST_QUOTE)
		return fail(f, FAULT_VERIFY, "tpm.attest.type",
		    "evidence 1: type 0x%04x is no quote", type);
	return true;
}

static bool
take_body(struct attest *a, struct cursor *c, struct fault *f)
{
	a->signer = tpm_take_sized(c, NAME_MAX_SIZE);
	a->nonce = tpm_take_sized(c, DATA_MAX_SIZE);
	a->clock = cursor_be64(c);
	a->reset_count = cursor_be32(c);
	a->restart_count = cursor_be32(c);
	uint8_t safe = cursor_u8(c);

	a->firmware = cursor_be64(c);
	if (!cursor_ok(c) || safe > 1)
		return fail(f, FAULT_INPUT, "tpm.attest.syntax",
		    "evidence 1: attestation is cut or has wrong sizes");
	a->safe = safe == 1;
	return take_selections(a, c, f);
}

bool
attest_parse(struct attest *out, struct bytes in, struct fault *f)
{
	struct attest a = { .raw = in };
	struct cursor c = cursor_over(in);

	if (!take_head(&a, &c, f) || !take_body(&a, &c, f))
		return false;
	if (in.n > ATTEST_SIZE_MAX)
		return fail(f, FAULT_LIMIT, "tpm.attest.syntax",
		    "evidence 1: attestation of %zu bytes, at most %u", in.n,
		    ATTEST_SIZE_MAX);
	a.pcr_digest = tpm_take_sized(&c, DIGEST_MAX_SIZE);
	if (!cursor_done(&c))
		return fail(f, FAULT_INPUT, "tpm.attest.syntax",
		    "evidence 1: attestation is cut or goes on behind its end");
	*out = a;
	return true;
}
