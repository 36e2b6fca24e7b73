/* SPDX-License-Identifier: Apache-2.0 */
#include "ipc/iface/methods.h"

#include "ipc/iface/keyring.h"
#include "ipc/iface/measurement.h"
#include "ipc/iface/system.h"
#include "ipc/iface/tpm.h"
#include "ipc/iface/verifier.h"

const struct method *const methods[] = {
	&keyring_identity,
	&keyring_sign_measurement,
	&keyring_sign_response,
	&measurement_boot,
	&measurement_fresh,
	&measurement_info,
	&measurement_node,
	&measurement_unwrap,
	&system_report,
	&system_state,
	&tpm_activate,
	&tpm_begin,
	&tpm_clock,
	&tpm_quote,
	&verifier_verify,
};
const size_t methods_count = sizeof(methods) / sizeof(methods[0]);

bool
methods_is_of(const struct method *method, enum process callee)
{
	size_t n = strlen(wires[callee].name);

	return strncmp(method->name, wires[callee].name, n) == 0 &&
	       method->name[n] == '.';
}

size_t
methods_reply_max(enum process callee)
{
	size_t most = 0;

	for (size_t i = 0; i < methods_count; i++) {
		size_t size = shape_wire_size(methods[i]->gives);

		if (methods_is_of(methods[i], callee) && size > most)
			most = size;
	}
	return most;
}
