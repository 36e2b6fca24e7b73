/* SPDX-License-Identifier: Apache-2.0 */
#include "core/evidence/logcheck.h"

#include "core/evidence/eventdata.h"
#include "core/evidence/logtype.h"
#include "core/evidence/pcr.h"

/* Tags under which Linux's EFI stub measures what it does not log. */
#define TAG_LINUX_INITRD       0x8f3b22ecu
#define TAG_LINUX_LOAD_OPTIONS 0x8f3b22edu

#define SEPARATOR_PCRS  8u
#define PCR_SECURE_BOOT 7u

#define PCR(n) LOGTYPE_PCR(n)

static bool
hashes_to(struct bytes in, enum hash_alg alg, struct bytes digest)
{
	uint8_t out[64];

	hash_parts(alg, out, &in, 1);
	return bytes_equal(digest, bytes_of(out, hash_size(alg)));
}

static bool
is_linux_tag(struct bytes in)
{
	struct bytes data;
	uint32_t id;

	return eventdata_tag(&id, &data, in) &&
	       (id == TAG_LINUX_INITRD || id == TAG_LINUX_LOAD_OPTIONS);
}

bool
logcheck_digest(
    const struct eventlog_event *event, enum hash_alg alg, struct bytes digest)
{
	const struct logtype *k = logtype_find(event->type);
	enum logtype_covers covers = k == NULL ? COVERS_OTHER : k->covers;
	struct eventdata_variable variable;

	if (covers == COVERS_OTHER || hashes_to(event->data, alg, digest))
		return true;
	if (covers == COVERS_TAG)
		return is_linux_tag(event->data);
	return covers == COVERS_VARIABLE &&
	       eventdata_variable(&variable, event->data) &&
	       hashes_to(variable.data, alg, digest);
}

bool
logcheck_digests(const struct eventlog *log, enum hash_alg alg, struct fault *f)
{
	struct eventlog_walk w = eventlog_walk(log);
	struct eventlog_event event;
	size_t bank;

	if (!eventlog_bank(&bank, log, alg))
		return fail(f, FAULT_VERIFY, "log.bank",
		    "evidence 7: the log has no digests of bank 0x%04x",
		    tpm_alg_of_hash(alg));
	while (eventlog_next(&w, &event))
		if (!logcheck_digest(&event, alg, event.digests[bank]))
			return fail(f, FAULT_VERIFY, "log.digest",
				   "evidence 6: digest of event %zu (PCR %u, "
				   "type "
				   "0x%x) is not that of its data",
				   event.index, event.pcr, event.type) ||
			       fault_at(f, event.offset);
	return true;
}

/*
 * No type is measured, so whoever makes a log can call the variables and the
 * separator of PCR 7 actions, and extend it with a better story. An action is
 * a text, which none of those is.
 */
static bool
is_disguised(const struct eventlog_event *event)
{
	if (event->pcr != PCR_SECURE_BOOT || event->type != EV_EFI_ACTION)
		return false;
	for (size_t i = 0; i < event->data.n; i++) {
		if (event->data.p[i] < 0x20 || event->data.p[i] > 0x7e)
			return true;
	}
	return event->data.n == 0;
}

/* Some would extend it, others not: one log, two stories. */
static bool
is_counted(const struct eventlog_event *event, size_t nalgs)
{
	for (size_t i = 0; i < nalgs; i++)
		if (!bytes_zero(event->digests[i]))
			return true;
	return false;
}

bool
logcheck_types(const struct eventlog *log, struct fault *f)
{
	struct eventlog_walk w = eventlog_walk(log);
	struct eventlog_event event;

	while (eventlog_next(&w, &event)) {
		if (event.type == EV_NO_ACTION) {
			if (is_counted(&event, log->nalgs))
				return fail(f, FAULT_VERIFY, "log.type",
					   "evidence 8: event %zu is "
					   "EV_NO_ACTION and "
					   "has a digest",
					   event.index) ||
				       fault_at(f, event.offset);
			continue;
		}
		const struct logtype *k = logtype_find(event.type);

		if (k == NULL)
			return fail(f, FAULT_VERIFY, "log.type",
				   "evidence 8: event %zu has unknown type "
				   "0x%x",
				   event.index, event.type) ||
			       fault_at(f, event.offset);
		if ((k->pcrs >> event.pcr & 1) == 0 || is_disguised(&event))
			return fail(f, FAULT_VERIFY, "log.type",
				   "evidence 8: event %zu of type 0x%x in PCR "
				   "%u",
				   event.index, event.type, event.pcr) ||
			       fault_at(f, event.offset);
	}
	return true;
}

bool
logcheck_separates(
    const struct eventlog_event *event, enum hash_alg alg, size_t bank)
{
	static const uint8_t zeros[4], ones[4] = { 0xff, 0xff, 0xff, 0xff };

	return (bytes_equal(event->data, bytes_of(zeros, 4)) ||
		   bytes_equal(event->data, bytes_of(ones, 4))) &&
	       hashes_to(event->data, alg, event->digests[bank]);
}

bool
logcheck_separators(
    const struct eventlog *log, enum hash_alg alg, struct fault *f)
{
	struct eventlog_walk w = eventlog_walk(log);
	struct eventlog_event event;
	uint32_t seen = 0;
	size_t bank;

	if (!eventlog_bank(&bank, log, alg))
		return fail(f, FAULT_VERIFY, "log.bank",
		    "evidence 7: the log has no digests of bank 0x%04x",
		    tpm_alg_of_hash(alg));
	while (eventlog_next(&w, &event)) {
		if (event.type != EV_SEPARATOR || event.pcr >= SEPARATOR_PCRS)
			continue;
		if (!logcheck_separates(&event, alg, bank))
			return fail(f, FAULT_VERIFY, "log.separator",
			    "evidence 8: separator of PCR %u reports an error",
			    event.pcr);
		if ((seen & PCR(event.pcr)) != 0)
			return fail(f, FAULT_VERIFY, "log.separator",
			    "evidence 8: two separators in PCR %u", event.pcr);
		seen |= PCR(event.pcr);
	}
	for (uint32_t i = 0; i < SEPARATOR_PCRS; i++)
		if ((seen & PCR(i)) == 0)
			return fail(f, FAULT_VERIFY, "log.separator",
			    "evidence 8: no separator in PCR %u", i);
	return true;
}

bool
logcheck_order(const struct eventlog *log, struct fault *f)
{
	struct eventlog_walk w = eventlog_walk(log);
	struct eventlog_event event;
	uint32_t separated = 0;

	while (eventlog_next(&w, &event)) {
		if (event.type == EV_NO_ACTION)
			continue;
		const struct logtype *k = logtype_find(event.type);

		if (k != NULL && (k->before & separated & PCR(event.pcr)) != 0)
			return fail(f, FAULT_VERIFY, "log.order",
				   "evidence 8: event %zu of type 0x%x behind "
				   "the "
				   "separator of PCR %u",
				   event.index, event.type, event.pcr) ||
			       fault_at(f, event.offset);
		if (event.type == EV_SEPARATOR)
			separated |= PCR(event.pcr);
	}
	return true;
}

bool
logcheck_lasting(const struct eventlog *log, struct fault *f)
{
	struct eventlog_walk w = eventlog_walk(log);
	struct eventlog_event event;

	while (eventlog_next(&w, &event)) {
		if (event.type != EV_NO_ACTION &&
		    (PCR_RESETTABLE & PCR(event.pcr)) != 0)
			return fail(f, FAULT_VERIFY, "tpm.pcr.resettable",
				   "evidence 14: event %zu extends PCR %u, "
				   "which can "
				   "be reset",
				   event.index, event.pcr) ||
			       fault_at(f, event.offset);
	}
	return true;
}
