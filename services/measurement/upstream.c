/* SPDX-License-Identifier: Apache-2.0 */
/* The services that measurement dials, behind struct upstream. */
#include "ipc/dial.h"
#include "ipc/iface/keyring.h"
#include "ipc/iface/system.h"
#include "ipc/iface/tpm.h"
#include "services/measurement/measurement.h"

struct links {
	struct link *system, *tpm, *keyring;
	uint8_t confinement[32];
};

static struct links links;

static bool
ask_report(void *with, struct bytes *packed, struct arena *a, struct fault *f)
{
	const struct links *l = with;
	struct system_report_rep rep = { 0 };

	if (!system_report_call(
		l->system, &(struct system_report_req){ 0 }, &rep, a, f))
		return false;
	*packed = rep.report;
	return true;
}

static bool
ask_modulus(void *with, struct bytes *modulus, struct arena *a, struct fault *f)
{
	const struct links *l = with;
	struct keyring_identity_rep rep = { 0 };

	if (!keyring_identity_call(
		l->keyring, &(struct keyring_identity_req){ 0 }, &rep, a, f))
		return false;
	*modulus = rep.modulus;
	return true;
}

static bool
ask_begin(void *with, const struct message_id *subject, struct bytes *recipient,
    struct arena *a, struct fault *f)
{
	const struct links *l = with;
	struct tpm_begin_req req = {
		.subject_id = BYTES_OF(subject),
		.confinement = bytes_of(l->confinement, sizeof(l->confinement)),
	};
	struct tpm_begin_rep rep = { 0 };

	if (!tpm_begin_call(l->tpm, &req, &rep, a, f))
		return false;
	*recipient = rep.recipient;
	return true;
}

/* Both services are asked at once: neither waits for the other's answer. */
static bool
ask_state(
    void *with, struct machine_state *out, struct arena *a, struct fault *f)
{
	const struct links *l = with;
	struct system_state_rep system = { 0 };
	struct tpm_clock_rep clock = { 0 };
	const struct flight_plan plan = { .method = &tpm_clock,
		.in = &(struct tpm_clock_req){ 0 } };
	struct flight *first;

	if (!flight_start(&first, l->tpm, &plan, f))
		return false;
	if (!system_state_call(
		l->system, &(struct system_state_req){ 0 }, &system, a, f)) {
		flight_cancel(first);
		return false;
	}
	if (!flight_finish(first, &clock, a, f))
		return false;
	*out = (struct machine_state){
		.uptime = system.uptime,
		.restarts = system.restarts,
		.reset_count = clock.reset_count,
		.restart_count = clock.restart_count,
	};
	return true;
}

static bool
ask_quote(void *with, struct bytes qualifying, struct bytes *evidence,
    struct arena *a, struct fault *f)
{
	const struct links *l = with;
	struct tpm_quote_req req = { .qualifying = qualifying };
	struct tpm_quote_rep rep = { 0 };

	if (!tpm_quote_call(l->tpm, &req, &rep, a, f))
		return false;
	*evidence = rep.evidence;
	return true;
}

static bool
ask_sign(void *with, struct bytes packed, struct bytes *signature,
    struct arena *a, struct fault *f)
{
	const struct links *l = with;
	struct keyring_sign_measurement_req req = { .message = packed };
	struct keyring_sign_measurement_rep rep = { 0 };

	if (!keyring_sign_measurement_call(l->keyring, &req, &rep, a, f))
		return false;
	*signature = rep.signature;
	return true;
}

static bool
ask_activate(void *with, const struct activation *in, struct bytes *credential,
    struct arena *a, struct fault *f)
{
	const struct links *l = with;
	struct tpm_activate_req req = { .blob = in->blob,
		.secret = in->secret };
	struct tpm_activate_rep rep = { 0 };

	if (!tpm_activate_call(l->tpm, &req, &rep, a, f))
		return false;
	*credential = rep.credential;
	return true;
}

void
upstream_confinement(const uint8_t hash[32])
{
	memcpy(links.confinement, hash, sizeof(links.confinement));
}

bool
upstream_open(struct upstream *out, struct fault *f)
{
	*out = (struct upstream){
		.with = &links,
		.report = ask_report,
		.modulus = ask_modulus,
		.begin = ask_begin,
		.state = ask_state,
		.quote = ask_quote,
		.sign = ask_sign,
		.activate = ask_activate,
	};
	return link_open(
		   &links.system, PROCESS_MEASUREMENT, PROCESS_SYSTEM, f) &&
	       link_open(&links.tpm, PROCESS_MEASUREMENT, PROCESS_TPM, f) &&
	       link_open(
		   &links.keyring, PROCESS_MEASUREMENT, PROCESS_KEYRING, f);
}
