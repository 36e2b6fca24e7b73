/* SPDX-License-Identifier: Apache-2.0 */
#include "services/tpm/tpm.h"

#include <errno.h>
#include <unistd.h>

/* Header and TPMS_TIME_INFO. No session vouches for it, and the TSS takes the
 * missing end of a short answer for zeros. */
#define CLOCK_ANSWER_SIZE 35u

/* The file's size is not known before its end (securityfs says 0). */
static bool
log_read(struct tpm *t, int fd, struct fault *f)
{
	uint8_t beyond;

	t->nlog = 0;
	while (fd >= 0) {
		size_t room = sizeof(t->log) - t->nlog;
		ssize_t n = read(fd, room > 0 ? t->log + t->nlog : &beyond,
		    room > 0 ? room : sizeof(beyond));

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return fail(f, FAULT_DEVICE, "tpm.log.read",
			    "tpm 7: firmware log: %s", strerror(errno));
		if (n == 0)
			return true;
		if (room == 0)
			return fail(f, FAULT_LIMIT, "tpm.log.size",
			    "tpm 7: firmware log over %u bytes", TPM_LOG_MAX);
		t->nlog += (size_t)n;
	}
	return true;
}

/* The session comes first: what is read after it cannot be altered. */
bool
tpm_open(struct tpm *t, int device, int log, unsigned limit_ms, struct fault *f)
{
	t->begun = false;
	return log_read(t, log, f) &&
	       device_open(&t->device, device, limit_ms, f) &&
	       ek_open(&t->ek, &t->device, f) &&
	       ek_session(&t->ek, &t->device, f) &&
	       properties_read(&t->properties, &t->device, f);
}

void
tpm_close(struct tpm *t)
{
	device_close(&t->device);
}

bool
tpm_ready(struct tpm *t, unsigned limit_ms, struct fault *f)
{
	tcti_arm(&t->device.tcti, limit_ms);
	if (!t->device.broken)
		return true;
	return device_restart(&t->device, f) &&
	       ek_session(&t->ek, &t->device, f);
}

bool
tpm_counts(uint64_t *resets, uint64_t *restarts, struct tpm *t, struct fault *f)
{
	TPMS_TIME_INFO *time = NULL;
	TSS2_RC rc = Esys_ReadClock(
	    t->device.esys, ESYS_TR_NONE, ESYS_TR_NONE, ESYS_TR_NONE, &time);

	if (!device_check(&t->device, rc, "ReadClock", f))
		return false;
	bool whole = t->device.tcti.nresponse == CLOCK_ANSWER_SIZE;

	*resets = time->clockInfo.resetCount;
	*restarts = time->clockInfo.restartCount;
	Esys_Free(time);
	return whole || fail(f, FAULT_DEVICE, "tpm.response",
			    "tpm 5: ReadClock gave no TPMS_TIME_INFO");
}
