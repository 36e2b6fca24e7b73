/* SPDX-License-Identifier: Apache-2.0 */
/* For each method a request that its service must carry out. */
#include "core/crypto/crypto.h"
#include "core/evidence/credential.h"
#include "core/message/id.h"
#include "core/message/pack.h"
#include "harness/probe/probe.h"
#include "ipc/iface/keyring.h"
#include "ipc/iface/measurement.h"
#include "ipc/iface/system.h"
#include "ipc/iface/tpm.h"
#include "ipc/iface/verifier.h"

/* The boot measurement, as the node gave it. */
static uint8_t text[MESSAGE_SIZE_MAX], memory[4u << 20];
static struct bytes packed;
static struct message *boot;
static struct arena kept;

bool
good_learn(struct fault *f)
{
	if (!answers_call(
		PROCESS_GATEWAY, PROCESS_MEASUREMENT, &measurement_boot, f))
		return false;
	memcpy(text, act_outcome->bytes, act_outcome->n);
	packed = bytes_of(text, act_outcome->n);
	arena_init(&kept, memory, sizeof(memory));
	return message_unpack(&boot, packed, &kept, f);
}

bool
good_subject(struct message_id *out, struct fault *f)
{
	static uint8_t block[4u << 20];
	const struct message *body;
	struct arena a;

	arena_init(&a, block, sizeof(block));
	if (!message_find_message(&body, boot, "body"))
		return fail(f, FAULT_INPUT, "probe.body", "no body in boot");
	return message_unsigned_id(out, body, &a, f);
}

/* The digest of an entry of the runtime log, by its place. */
static bool
extended(struct bytes *out, size_t place, struct arena *a, struct fault *f)
{
	const struct message *log;
	const struct value *item = NULL;

	if (message_find_list(&log, boot, "evidence/runtime-log"))
		item = message_item(log, place);
	if (item == NULL || item->kind != VALUE_MESSAGE)
		return fail(f, FAULT_INPUT, "probe.log", "no runtime log");
	return message_find_base64(out, item->message, "digest", a, f);
}

static bool
make_begin(void *in, struct arena *a, struct fault *f)
{
	struct tpm_begin_req *rq = in;

	return extended(&rq->subject_id, 1, a, f) &&
	       extended(&rq->confinement, 2, a, f);
}

static bool
make_quote(void *in, struct arena *a, struct fault *f)
{
	struct tpm_quote_req *rq = in;

	rq->qualifying = bytes_of(arena_alloc(a, 32), 32);
	return arena_check(a, f);
}

static bool
make_challenge(
    struct bytes *blob, struct bytes *secret, struct arena *a, struct fault *f)
{
	static struct public_area ek, ak;
	static struct credential made;
	uint8_t credential[CREDENTIAL_SIZE];
	struct bytes area;

	if (!message_find_base64(&area, boot, "evidence/ek-public", a, f) ||
	    !public_parse_2b(&ek, area, f) ||
	    !message_find_base64(&area, boot, "evidence/ak-public", a, f) ||
	    !public_parse_2b(&ak, area, f))
		return false;
	struct public_name name = public_name(&ak);

	crypto_random(credential, sizeof(credential));
	if (!credential_make(&made, &ek, &name, credential, f))
		return false;
	*blob = bytes_of(made.blob, made.nblob);
	*secret = bytes_of(made.secret, made.nsecret);
	return true;
}

static bool
make_activate(void *in, struct arena *a, struct fault *f)
{
	struct tpm_activate_req *rq = in;

	return make_challenge(&rq->blob, &rq->secret, a, f);
}

static bool
make_unwrap(void *in, struct arena *a, struct fault *f)
{
	struct measurement_unwrap_req *rq = in;

	return make_challenge(&rq->blob, &rq->secret, a, f);
}

static bool
make_sign_measurement(void *in, struct arena *a, struct fault *f)
{
	struct keyring_sign_measurement_req *rq = in;

	return message_pack(&rq->message, message_copy(boot, a), a, f);
}

static bool
make_sign_response(void *in, struct arena *a, struct fault *f)
{
	struct keyring_sign_response_req *rq = in;
	struct message *m = message_new(a);

	message_set_text(m, "greeting", "hello");
	return message_pack(&rq->message, m, a, f);
}

static bool
make_fresh(void *in, struct arena *a, struct fault *f)
{
	struct measurement_fresh_req *rq = in;

	rq->nonce = bytes_of(arena_alloc(a, 32), 32);
	return arena_check(a, f);
}

static bool
make_verify(void *in, struct arena *a, struct fault *f)
{
	struct verifier_verify_req *rq = in;
	int64_t at = 0;

	(void)a;
	if (!message_find_integer(&at, boot, "issued-at-unix"))
		return fail(f, FAULT_INPUT, "probe.time", "no time in boot");
	rq->message = packed;
	rq->purpose = BYTES("boot");
	rq->at = (uint64_t)at;
	return true;
}

static bool
make_nothing(void *in, struct arena *a, struct fault *f)
{
	(void)in;
	(void)a;
	(void)f;
	return true;
}

/* clang-format off */
static const struct {
	const struct method *method;
	bool (*make)(void *in, struct arena *a, struct fault *f);
} goods[] = {
	{ &system_report,            make_nothing          },
	{ &system_state,             make_nothing          },
	{ &tpm_begin,                make_begin            },
	{ &tpm_clock,                make_nothing          },
	{ &tpm_quote,                make_quote            },
	{ &tpm_activate,             make_activate         },
	{ &verifier_verify,          make_verify           },
	{ &keyring_identity,         make_nothing          },
	{ &keyring_sign_measurement, make_sign_measurement },
	{ &keyring_sign_response,    make_sign_response    },
	{ &measurement_boot,         make_nothing          },
	{ &measurement_fresh,        make_fresh            },
	{ &measurement_info,         make_nothing          },
	{ &measurement_node,         make_nothing          },
	{ &measurement_unwrap,       make_unwrap           },
};
/* clang-format on */

bool
good_request(
    void **in, const struct method *method, struct arena *a, struct fault *f)
{
	for (size_t i = 0; i < sizeof(goods) / sizeof(goods[0]); i++) {
		if (goods[i].method != method)
			continue;
		*in = arena_alloc(a, method->takes->size + 1);
		return arena_check(a, f) && goods[i].make(*in, a, f);
	}
	return fail(f, FAULT_INTERNAL, "probe.method",
	    "good.c has no request for %s", method->name);
}

void *
good_smallest(const struct shape *shape, struct arena *a)
{
	uint8_t *in = arena_alloc(a, shape->size + 1);

	for (size_t i = 0; in != NULL && i < shape->count; i++) {
		const struct field *field = &shape->fields[i];
		struct bytes least =
		    bytes_of(arena_alloc(a, field->min + 1), field->min);

		if (field->type == FIELD_BYTES)
			memcpy(in + field->offset, &least, sizeof(least));
		if (field->type == FIELD_U64)
			memcpy(in + field->offset, &field->min,
			    sizeof(field->min));
	}
	return in;
}
