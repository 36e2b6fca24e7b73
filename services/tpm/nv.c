/* SPDX-License-Identifier: Apache-2.0 */
#include "services/tpm/nv.h"

#include "core/crypto/x509.h"

/* Every TPM of the PC profile can read this much at a time. */
#define NV_CHUNK 512u

/* An index that is not there is an answer, not a fault. */
static bool
find_index(ESYS_TR *handle, bool *found, struct device *d, uint32_t index,
    struct fault *f)
{
	TSS2_RC rc = Esys_TR_FromTPMPublic(
	    d->esys, index, ESYS_TR_NONE, ESYS_TR_NONE, ESYS_TR_NONE, handle);

	*found = rc == TSS2_RC_SUCCESS;
	if ((rc & ~(TSS2_RC)(TPM2_RC_P | TPM2_RC_N_MASK)) == TPM2_RC_HANDLE)
		return true;
	return device_check(d, rc, "NV_ReadPublic", f);
}

/* The index authorizes itself, or else the owner does; both secrets are empty. */
static bool
read_public(uint16_t *size, ESYS_TR *auth, struct device *d, ESYS_TR handle,
    struct fault *f)
{
	TPM2B_NV_PUBLIC *public = NULL;
	TSS2_RC rc = Esys_NV_ReadPublic(d->esys, handle, ESYS_TR_NONE,
	    ESYS_TR_NONE, ESYS_TR_NONE, &public, NULL);

	if (!device_check(d, rc, "NV_ReadPublic", f))
		return false;
	bool own = (public->nvPublic.attributes & TPMA_NV_AUTHREAD) != 0;

	*size = public->nvPublic.dataSize;
	*auth = own ? handle : ESYS_TR_RH_OWNER;
	Esys_Free(public);
	return true;
}

static bool
read_chunk(struct buf *out, struct device *d, const ESYS_TR handles[2],
    uint16_t range[2], struct fault *f)
{
	TPM2B_MAX_NV_BUFFER *data = NULL;
	uint16_t want = range[1] < NV_CHUNK ? range[1] : NV_CHUNK;
	TSS2_RC rc = Esys_NV_Read(d->esys, handles[0], handles[1],
	    device_auth(d), ESYS_TR_NONE, ESYS_TR_NONE, want, range[0], &data);

	if (!device_check(d, rc, "NV_Read", f))
		return false;
	bool good = data->size == want;

	buf_put(out, bytes_of(data->buffer, data->size));
	Esys_Free(data);
	range[0] = (uint16_t)(range[0] + want);
	range[1] = (uint16_t)(range[1] - want);
	return good || fail(f, FAULT_DEVICE, "tpm.response",
			   "tpm 5: NV_Read gave another length");
}

bool
nv_read(struct buf *out, bool *found, struct device *d, uint32_t index,
    struct fault *f)
{
	ESYS_TR handles[2] = { ESYS_TR_NONE, ESYS_TR_NONE };
	uint16_t range[2] = { 0 };

	if (!find_index(&handles[1], found, d, index, f))
		return false;
	if (!*found)
		return true;
	bool read = read_public(&range[1], &handles[0], d, handles[1], f);

	if (read && range[1] > out->size - out->used)
		read = fail(f, FAULT_LIMIT, "tpm.nv.size",
		    "tpm 8: NV 0x%08x has %u bytes", index, range[1]);
	while (read && range[1] > 0)
		read = read_chunk(out, d, handles, range, f);
	(void)Esys_TR_Close(d->esys, &handles[1]);
	return read;
}

bool
nv_certificate(struct bytes *out, struct device *d, uint32_t index,
    struct buf *room, struct fault *f)
{
	size_t before = room->used;
	bool found;

	*out = (struct bytes){ 0 };
	if (!nv_read(room, &found, d, index, f))
		return false;
	(void)x509_split_der(
	    out, 1, bytes_of(room->p + before, room->used - before));
	return true;
}

bool
nv_chain(struct buf *out, struct device *d, struct fault *f)
{
	bool found = true;

	for (uint32_t i = NV_CHAIN; found && i <= NV_CHAIN_LAST; i++) {
		if (!nv_read(out, &found, d, i, f))
			return false;
	}
	return true;
}
