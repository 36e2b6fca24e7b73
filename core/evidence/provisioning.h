/* SPDX-License-Identifier: Apache-2.0 */
/* What Google's key server writes into the certificates that it issues to
 * devices over the network: a map in CBOR. */
#ifndef CORE_EVIDENCE_PROVISIONING_H
#define CORE_EVIDENCE_PROVISIONING_H

#include "core/base/bytes.h"
#include "core/base/fault.h"

struct provisioning {
	bool has_issued;
	uint64_t issued;    /* certificates that the device took of late */
	struct bytes maker; /* may be empty; a view into the extension */
};

/* Reads the content of extension 1.3.6.1.4.1.11129.2.1.30. Fails with INPUT
 * "android.provisioning". */
MUST_CHECK bool provisioning_parse(
    struct provisioning *out, struct bytes extension, struct fault *f);

#endif
