/* SPDX-License-Identifier: Apache-2.0 */
/* The functions behind the rows of device.c. */
#ifndef GATEWAY_DEVICES_H
#define GATEWAY_DEVICES_H

#include "gateway/device.h"

#define DEVICE_ANSWER(name)                                           \
	bool name(struct result *out, const struct device_call *call, \
	    struct fault *f)

/* device_message.c: what any message can be asked. */
DEVICE_ANSWER(device_message_get);
DEVICE_ANSWER(device_message_key);
DEVICE_ANSWER(device_message_keys);
DEVICE_ANSWER(device_message_id);
DEVICE_ANSWER(device_message_committed);
DEVICE_ANSWER(device_message_committers);
DEVICE_ANSWER(device_message_verify);
DEVICE_ANSWER(device_message_set);
DEVICE_ANSWER(device_message_remove);
DEVICE_ANSWER(device_message_commit);

/* device_node.c: the node's own messages. */
DEVICE_ANSWER(device_node_info);
DEVICE_ANSWER(device_node_build);
DEVICE_ANSWER(device_node_is_operator);
DEVICE_ANSWER(device_node_boot);
DEVICE_ANSWER(device_node_engines);
DEVICE_ANSWER(device_node_system);
DEVICE_ANSWER(device_node_whole);

/* device_codec.c: the base as the text of a codec. */
DEVICE_ANSWER(device_codec_json);
DEVICE_ANSWER(device_codec_flat);
DEVICE_ANSWER(device_codec_httpsig);
DEVICE_ANSWER(device_codec_structured);

#endif
