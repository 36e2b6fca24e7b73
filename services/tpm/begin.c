/* SPDX-License-Identifier: Apache-2.0 */
#include "core/message/pack.h"
#include "services/tpm/tpm.h"

/* The extends of measurement 10, in order. */
static size_t
events_of(struct event events[TPM_EVENTS], const struct tpm *t,
    struct bytes subject, struct bytes confinement)
{
	size_t n = 2;

	events[0].type = "subject";
	memcpy(events[0].digest.b, subject.p, sizeof(events[0].digest.b));
	events[1].type = "confinement";
	memcpy(events[1].digest.b, confinement.p, sizeof(events[1].digest.b));
	if (t->nlog > 0) {
		events[n].type = "firmware-log";
		events[n++].digest = sha256_of(bytes_of(t->log, t->nlog));
	}
	return n;
}

/* How many of the events the value of PCR 15 already holds: also when an
 * earlier process died between two of them. */
static bool
events_done(size_t *done, const struct event *events, size_t n,
    const struct sha256 *value)
{
	struct sha256 replay = { 0 };

	for (*done = 0; *done <= n; ++*done) {
		if (bytes_equal(BYTES_OF(&replay), BYTES_OF(value)))
			return true;
		if (*done < n)
			hash_extend(HASH_SHA256, replay.b,
			    BYTES_OF(&events[*done].digest));
	}
	return false;
}

static bool
read_done(size_t *done, struct tpm *t, const struct event *events, size_t n,
    struct fault *f)
{
	struct pcr_values values;

	if (!pcr_read(&values, &t->device, 1u << PCR_NODE, f))
		return false;
	if (!events_done(done, events, n, &values.of[PCR_NODE]))
		return fail(f, FAULT_STATE, "tpm.pcr15.taken",
		    "measurement 10: PCR 15 holds something else");
	return true;
}

static bool
extend(struct tpm *t, const struct event *events, size_t n, struct fault *f)
{
	size_t done;

	if (!read_done(&done, t, events, n, f))
		return false;
	for (size_t i = done; i < n; i++) {
		if (!pcr_extend(&t->device, PCR_NODE, &events[i].digest, f))
			return false;
	}
	if (!read_done(&done, t, events, n, f))
		return false;
	if (done != n)
		return fail(f, FAULT_DEVICE, "tpm.response",
		    "tpm 5: an extend of PCR 15 did not happen");
	return true;
}

static bool
same_events(const struct tpm *t, const struct event *events)
{
	for (size_t i = 0; i < t->nevents; i++) {
		if (!bytes_equal(BYTES_OF(&t->events[i].digest),
			BYTES_OF(&events[i].digest)))
			return false;
	}
	return true;
}

bool
begin_boot(struct tpm *t, struct bytes subject, struct bytes confinement,
    struct fault *f)
{
	struct event events[TPM_EVENTS];
	size_t n = events_of(events, t, subject, confinement);

	if (t->begun) {
		return same_events(t, events) ||
		       fail(f, FAULT_STATE, "tpm.pcr15.taken",
			   "measurement 10: this boot has another subject");
	}
	if (!extend(t, events, n, f) ||
	    !ak_make(&t->ak, &t->device, t->properties.has_ecdsa, f))
		return false;
	memcpy(t->events, events, sizeof(events));
	t->nevents = n;
	t->begun = true;
	return true;
}

bool
begin_recipient(
    struct bytes *packed, const struct tpm *t, struct arena *a, struct fault *f)
{
	struct message *recipient = message_new(a);
	struct message *material = message_new(a);
	struct message *binding = message_new(a);
	struct bytes name = bytes_of(t->ak.key.name.name, t->ak.key.name.size);

	message_set_base64(
	    material, "ek-public", primary_public(&t->ek.key, a));
	message_set_base64(
	    material, "ak-public", primary_public(&t->ak.key, a));
	message_set_base64(material, "ak-name", name);
	message_set_text(binding, "kind", "ak-policy-pcr");
	message_set_integer(binding, "pcr", PCR_NODE);
	struct message *pcrs = message_list(binding, "policy-pcrs");

	for (unsigned pcr = 0; pcr < PCR_COUNT; pcr++) {
		if ((PCR_SET & 1u << pcr) != 0)
			message_append(pcrs,
			    (struct value){ VALUE_INTEGER, .integer = pcr });
	}
	message_set_text(recipient, "type", "lapee-tpm-credential-subject");
	message_set_text(recipient, "version", "1.0");
	message_set_text(recipient, "measurement-device", "tpm@2.0a");
	message_set_text(recipient, "method", "tpm2-activate-credential");
	message_set_base64(recipient, "key-id", name);
	message_set_message(recipient, "public-material", material);
	message_set_message(recipient, "binding", binding);
	return message_pack(packed, recipient, a, f);
}
