/* SPDX-License-Identifier: Apache-2.0 */
/* What the maker left in the TPM's NV memory: EK certificates. */
#ifndef SERVICES_TPM_NV_H
#define SERVICES_TPM_NV_H

#include "core/base/buf.h"
#include "services/tpm/device.h"

#define NV_EK_RSA     0x01c00002u /* certificate of template L-1 */
#define NV_EK_ECC     0x01c0000au /* certificate of template L-2 */
#define NV_CHAIN      0x01c00100u
#define NV_CHAIN_LAST 0x01c0010fu

/*
 * Appends the index's bytes; *found tells whether
 * there is such an index. Fails with LIMIT "tpm.nv.size" if it does not fit.
 */
MUST_CHECK bool nv_read(struct buf *out, bool *found, struct device *d,
    uint32_t index, struct fault *f);

/* The certificate that the index begins with (some makers pad it); empty if
 * there is no index or it begins with none. out is a view into room. */
MUST_CHECK bool nv_certificate(struct bytes *out, struct device *d,
    uint32_t index, struct buf *room, struct fault *f);

/* The whole chain area: certificates one behind another, which may go on from
 * one index to the next. Ends before the first index that is not there. */
MUST_CHECK bool nv_chain(struct buf *out, struct device *d, struct fault *f);

#endif
