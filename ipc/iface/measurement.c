/* SPDX-License-Identifier: Apache-2.0 */
#include "ipc/iface/measurement.h"

static const struct shape nothing = SHAPE_EMPTY("nothing");

static const struct field boot_rep[] = {
	FIELD_RANGE(struct measurement_boot_rep, message, 1, MESSAGE_SIZE_MAX),
};
static const struct shape boot_gives = SHAPE(measurement_boot_rep, boot_rep);
const struct method measurement_boot = { "measurement.boot", &nothing,
	&boot_gives, 120000 };

static const struct field fresh_req[] = {
	FIELD_RANGE(struct measurement_fresh_req, nonce, 16, 64),
};
static const struct field fresh_rep[] = {
	FIELD_RANGE(struct measurement_fresh_rep, message, 1, MESSAGE_SIZE_MAX),
};
static const struct shape fresh_takes = SHAPE(measurement_fresh_req, fresh_req);
static const struct shape fresh_gives = SHAPE(measurement_fresh_rep, fresh_rep);
const struct method measurement_fresh = { "measurement.fresh", &fresh_takes,
	&fresh_gives, 60000 };

static const struct field info_rep[] = {
	FIELD_RANGE(struct measurement_info_rep, message, 1, 65536),
};
static const struct shape info_gives = SHAPE(measurement_info_rep, info_rep);
const struct method measurement_info = { "measurement.info", &nothing,
	&info_gives, 5000 };

static const struct field node_rep[] = {
	FIELD_RANGE(struct measurement_node_rep, message, 1, 65536),
};
static const struct shape node_gives = SHAPE(measurement_node_rep, node_rep);
const struct method measurement_node = { "measurement.node", &nothing,
	&node_gives, 5000 };

static const struct field unwrap_req[] = {
	FIELD_RANGE(struct measurement_unwrap_req, blob, 4, 132),
	FIELD_RANGE(struct measurement_unwrap_req, secret, 4, 514),
};
static const struct field unwrap_rep[] = {
	FIELD_RANGE(struct measurement_unwrap_rep, message, 1, 65536),
};
static const struct shape unwrap_takes =
    SHAPE(measurement_unwrap_req, unwrap_req);
static const struct shape unwrap_gives =
    SHAPE(measurement_unwrap_rep, unwrap_rep);
const struct method measurement_unwrap = { "measurement.unwrap", &unwrap_takes,
	&unwrap_gives, 60000 };
