/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/device.h"

#include "gateway/devices.h"

#define GET (VERB_GET | VERB_HEAD)
#define TWO (GET | VERB_POST)
#define ANY (TWO | VERB_EDIT)

/* clang-format off */
/* A device's row for all other keys stands last. */
static const struct device_key rows[] = {
	/* device            key              verbs      answer */
	{ "message@1.0",     "id",            ANY,       device_message_id         },
	{ "message@1.0",     "commit",        ANY,       device_message_commit     },
	{ "message@1.0",     "committed",     ANY,       device_message_committed  },
	{ "message@1.0",     "committers",    ANY,       device_message_committers },
	{ "message@1.0",     "verify",        ANY,       device_message_verify     },
	{ "message@1.0",     "keys",          ANY,       device_message_keys       },
	{ "message@1.0",     "set",           ANY,       device_message_set        },
	{ "message@1.0",     "remove",        ANY,       device_message_remove     },
	{ "message@1.0",     "get",           ANY,       device_message_get        },
	{ "message@1.0",     NULL,            ANY,       device_message_key        },
	{ "meta@1.0",        "info",          TWO,       device_node_info          },
	{ "meta@1.0",        "build",         GET,       device_node_build         },
	{ "meta@1.0",        "is-operator",   TWO,       device_node_is_operator   },
	{ "measurement@1.0", "boot",          GET,       device_node_boot          },
	{ "measurement@1.0", "info",          GET,       device_node_engines       },
	{ "measurement@1.0", "fresh",         GET,       device_node_whole         },
	{ "measurement@1.0", "verify",        VERB_POST, device_node_whole         },
	{ "measurement@1.0", "unwrap-secret", VERB_POST, device_node_whole         },
	{ "system@1.0",      "all",           GET,       device_node_system        },
	{ "hyperbuddy@1.0",  "index",         GET,       device_node_whole         },
	{ "hyperbuddy@1.0",  "metrics",       GET,       device_node_whole         },
	{ "json@1.0",        "serialize",     ANY,       device_codec_json         },
	{ "flat@1.0",        "serialize",     ANY,       device_codec_flat         },
	{ "httpsig@1.0",     "serialize",     ANY,       device_codec_httpsig      },
	{ "structured@1.0",  "serialize",     ANY,       device_codec_structured   },
};
/* clang-format on */
#define ROWS (sizeof(rows) / sizeof(rows[0]))

bool
device_exists(struct bytes device)
{
	for (size_t i = 0; i < ROWS; i++) {
		if (bytes_is(device, rows[i].device))
			return true;
	}
	return false;
}

bool
device_find(const struct device_key **out, struct bytes device,
    struct bytes key, struct fault *f)
{
	for (size_t i = 0; i < ROWS; i++) {
		*out = &rows[i];
		if (bytes_is(device, rows[i].device) &&
		    (rows[i].key == NULL || bytes_is(key, rows[i].key)))
			return true;
	}
	if (device_exists(device))
		return fail(f, FAULT_NOT_FOUND, "gateway.unknown-key",
		    "http 7: the device has no such key");
	return fail(f, FAULT_NOT_FOUND, "gateway.unknown-device",
	    "http 7: the node has no such device");
}
