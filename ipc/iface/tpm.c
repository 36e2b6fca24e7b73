/* SPDX-License-Identifier: Apache-2.0 */
#include "ipc/iface/tpm.h"

static const struct shape nothing = SHAPE_EMPTY("nothing");

static const struct field begin_req[] = {
	FIELD_EXACT(struct tpm_begin_req, subject_id, 32),
	FIELD_EXACT(struct tpm_begin_req, confinement, 32),
};
static const struct field begin_rep[] = {
	FIELD(struct tpm_begin_rep, recipient, 65536),
};
static const struct shape begin_takes = SHAPE(tpm_begin_req, begin_req);
static const struct shape begin_gives = SHAPE(tpm_begin_rep, begin_rep);
const struct method tpm_begin = { "tpm.begin", &begin_takes, &begin_gives,
	60000 };

static const struct field clock_rep[] = {
	FIELD(struct tpm_clock_rep, reset_count, UINT32_MAX),
	FIELD(struct tpm_clock_rep, restart_count, UINT32_MAX),
};
static const struct shape clock_gives = SHAPE(tpm_clock_rep, clock_rep);
const struct method tpm_clock = { "tpm.clock", &nothing, &clock_gives, 10000 };

static const struct field quote_req[] = {
	FIELD_EXACT(struct tpm_quote_req, qualifying, 32),
};
static const struct field quote_rep[] = {
	FIELD(struct tpm_quote_rep, evidence, MESSAGE_SIZE_MAX),
};
static const struct shape quote_takes = SHAPE(tpm_quote_req, quote_req);
static const struct shape quote_gives = SHAPE(tpm_quote_rep, quote_rep);
const struct method tpm_quote = { "tpm.quote", &quote_takes, &quote_gives,
	30000 };

static const struct field activate_req[] = {
	FIELD_RANGE(struct tpm_activate_req, blob, 4, 132),
	FIELD_RANGE(struct tpm_activate_req, secret, 4, 514),
};
static const struct field activate_rep[] = {
	FIELD_RANGE(struct tpm_activate_rep, credential, 1, 64),
};
static const struct shape activate_takes =
    SHAPE(tpm_activate_req, activate_req);
static const struct shape activate_gives =
    SHAPE(tpm_activate_rep, activate_rep);
const struct method tpm_activate = { "tpm.activate", &activate_takes,
	&activate_gives, 30000 };
