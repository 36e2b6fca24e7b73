/* SPDX-License-Identifier: Apache-2.0 */
#include "core/evidence/runtimelog.h"

#include "core/evidence/pcr.h"

static const char *const types[RUNTIMELOG_EVENTS_MAX] = { "subject",
	"confinement", "firmware-log" };

static bool
order(struct fault *f, size_t place, const char *what)
{
	return fail(f, FAULT_VERIFY, "log.runtime.order",
	    "measurement 10: entry %zu %s", place + 1, what);
}

static bool
read_entry(struct sha256 *out, const struct message *entry, size_t place,
    struct arena *a, struct fault *f)
{
	struct bytes type, digest;
	int64_t pcr;

	if (entry->count != 3 ||
	    !message_find_bytes(&type, entry, "event-type") ||
	    !message_find_integer(&pcr, entry, "pcr"))
		return order(f, place, "has not exactly three parts");
	if (!bytes_is(type, types[place]))
		return order(f, place, "is of another type");
	if (pcr >= PCR_RESETTABLE_FIRST && pcr < (int64_t)PCR_COUNT)
		return fail(f, FAULT_VERIFY, "tpm.pcr.resettable",
		    "measurement 10: entry %zu is of PCR %u, which can be "
		    "reset",
		    place + 1, (unsigned)pcr);
	if (pcr != RUNTIMELOG_PCR)
		return order(f, place, "is of another PCR");
	if (!message_find_base64(&digest, entry, "digest", a, f))
		return false;
	if (digest.n != sizeof(out->b))
		return order(f, place, "has a digest of another size");
	memcpy(out->b, digest.p, digest.n);
	return true;
}

bool
runtimelog_parse(struct runtimelog *out, const struct message *list,
    struct arena *a, struct fault *f)
{
	static const char *const places[RUNTIMELOG_EVENTS_MAX] = { "1", "2",
		"3" };
	struct runtimelog log = { .has_firmware_log = list->count == 3 };
	struct sha256 *digests[] = { &log.subject, &log.confinement,
		&log.firmware_log };

	if (list->count != 2 && list->count != 3)
		return order(f, list->count, "is missing or one too many");
	for (size_t i = 0; i < list->count; i++) {
		const struct message *entry;

		if (!message_find_message(&entry, list, places[i]))
			return order(f, i, "is no message");
		if (!read_entry(digests[i], entry, i, a, f))
			return false;
	}
	*out = log;
	return true;
}

bool
runtimelog_check_pcr(
    const struct runtimelog *log, struct bytes pcr, struct fault *f)
{
	struct sha256 value = { 0 };

	hash_extend(HASH_SHA256, value.b, BYTES_OF(&log->subject));
	hash_extend(HASH_SHA256, value.b, BYTES_OF(&log->confinement));
	if (log->has_firmware_log)
		hash_extend(HASH_SHA256, value.b, BYTES_OF(&log->firmware_log));
	if (!bytes_equal(pcr, BYTES_OF(&value)))
		return fail(f, FAULT_VERIFY, "log.runtime.order",
		    "measurement 10: PCR 15 was extended otherwise than the "
		    "runtime log says");
	return true;
}
