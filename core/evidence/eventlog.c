/* SPDX-License-Identifier: Apache-2.0 */
#include "core/evidence/eventlog.h"

#include "core/evidence/tpm.h"

#define SHA1_SIZE      20u
#define EVENT_SIZE_MIN 32u

static const char spec_id[] = "Spec ID Event03";
static const char startup_locality[] = "StartupLocality";

/* With the NUL that ends the text in the log. */
#define SIGNATURE(text) bytes_of((text), sizeof(text))

#define NO_PCR UINT32_MAX

static bool
header(struct fault *f, const char *what)
{
	return fail(f, FAULT_INPUT, "log.header", "evidence 5: %s", what);
}

static bool
take_algs(struct eventlog *log, struct cursor *c, struct fault *f)
{
	uint32_t count = cursor_le32(c);

	if (count == 0 || count > EVENTLOG_ALGS_MAX)
		return header(f, "number of digest algorithms");
	for (uint32_t i = 0; i < count; i++) {
		uint16_t id = cursor_le16(c);
		uint16_t size = cursor_le16(c);
		size_t known = tpm_alg_digest_size(id);

		if (size == 0 || size > 64 || (known != 0 && size != known))
			return header(f, "size of a digest");
		for (size_t j = 0; j < log->nalgs; j++)
			if (log->algs[j].id == id)
				return header(f, "a digest algorithm twice");
		log->algs[log->nalgs].id = id;
		log->algs[log->nalgs++].size = size;
	}
	return true;
}

/* TCG_EfiSpecIdEvent behind its signature. */
static bool
parse_spec_id(struct eventlog *log, struct cursor *c, struct fault *f)
{
	log->platform_class = cursor_le32(c);
	log->minor = cursor_u8(c);
	log->major = cursor_u8(c);
	log->errata = cursor_u8(c);
	log->uintn = cursor_u8(c);
	if (!take_algs(log, c, f))
		return false;
	(void)cursor_take(c, cursor_u8(c));
	if (!cursor_done(c))
		return header(f, "Spec ID event is cut, or goes on");
	return true;
}

/* One event in the log's form, as far as its lengths go. */
static void
take_legacy(struct eventlog_event *event, struct cursor *c)
{
	event->pcr = cursor_le32(c);
	event->type = cursor_le32(c);
	event->digests[0] = cursor_take(c, SHA1_SIZE);
	event->data = cursor_take(c, cursor_le32(c));
}

static bool
take_digest(
    struct eventlog_event *event, const struct eventlog *log, struct cursor *c)
{
	uint16_t id = cursor_le16(c);
	size_t i = 0;

	while (i < log->nalgs && log->algs[i].id != id)
		i++;
	if (i == log->nalgs || event->digests[i].p != NULL)
		return false;
	event->digests[i] = cursor_take(c, log->algs[i].size);
	return true;
}

/* False when the digests are not exactly the header's. */
static bool
take_event(
    struct eventlog_event *event, const struct eventlog *log, struct cursor *c)
{
	if (!log->agile) {
		take_legacy(event, c);
		return true;
	}
	event->pcr = cursor_le32(c);
	event->type = cursor_le32(c);
	uint32_t count = cursor_le32(c);

	if (cursor_ok(c) && count != log->nalgs)
		return false;
	for (size_t i = 0; i < log->nalgs && cursor_ok(c); i++)
		if (!take_digest(event, log, c) && cursor_ok(c))
			return false;
	event->data = cursor_take(c, cursor_le32(c));
	return true;
}

/* Where a run of zeros or of ones up to the end of the log begins. */
static size_t
padding_start(struct bytes in)
{
	size_t start = in.n;

	if (in.n == 0 || (in.p[in.n - 1] != 0 && in.p[in.n - 1] != 0xff))
		return in.n;
	while (start > 0 && in.p[start - 1] == in.p[in.n - 1])
		start--;
	return start;
}

/* What an EV_NO_ACTION event means for the container. */
static bool
read_no_action(struct eventlog *log, const struct eventlog_event *event,
    bool *locality, bool extended, struct fault *f)
{
	size_t n = sizeof(startup_locality);

	if (bytes_starts(event->data, SIGNATURE(spec_id)))
		return header(f, "a second Spec ID event");
	if (event->data.n != n + 1 ||
	    !bytes_starts(event->data, SIGNATURE(startup_locality)))
		return true;
	uint8_t value = event->data.p[n];

	if (*locality || extended || event->pcr != 0)
		return header(f, "StartupLocality twice, late or misplaced");
	if (value != 0 && value != 3 && value != 4)
		return header(f, "StartupLocality is none of 0, 3, 4");
	*locality = true;
	log->locality = value;
	return true;
}

static bool
check_event(const struct eventlog_event *event, struct fault *f)
{
	bool silent = event->type == EV_NO_ACTION && event->pcr == NO_PCR;

	if (event->pcr >= EVENTLOG_PCRS && !silent)
		return fail(f, FAULT_INPUT, "log.event",
		    "evidence 5: event %zu in PCR %u", event->index,
		    event->pcr);
	return true;
}

static bool
truncated(struct fault *f, size_t index)
{
	return fail(f, FAULT_INPUT, "log.truncated",
	    "evidence 5: event %zu is longer than the log", index);
}

/* What was seen of PCR 0. */
struct seen {
	bool locality, extended;
};

static bool
parse_event(
    struct eventlog *log, struct cursor *c, struct seen *seen, struct fault *f)
{
	struct eventlog_event event = { .index = log->count };
	bool ours = take_event(&event, log, c);

	if (!cursor_ok(c))
		return truncated(f, event.index);
	if (!ours)
		return fail(f, FAULT_INPUT, "log.event",
		    "evidence 5: digests of event %zu are not the header's",
		    event.index);
	if (++log->count > EVENTLOG_EVENTS_MAX)
		return fail(f, FAULT_LIMIT, "log.limit",
		    "evidence 5: more than %u events", EVENTLOG_EVENTS_MAX);
	if (!check_event(&event, f))
		return false;
	if (event.type != EV_NO_ACTION) {
		seen->extended |= event.pcr == 0;
		return true;
	}
	return read_no_action(log, &event, &seen->locality, seen->extended, f);
}

/* Walks the events behind the header; their sizes are in c. */
static bool
parse_events(struct eventlog *log, struct cursor *c, struct fault *f)
{
	struct bytes in = bytes_of(c->p, c->left);
	size_t end = padding_start(in);
	struct seen seen = { 0 };

	while (c->left != 0 && in.n - c->left < end) {
		size_t start = in.n - c->left;

		if (!parse_event(log, c, &seen, f))
			return fault_at(f, start);
	}
	log->padding = c->left;
	log->events = bytes_of(in.p, in.n - c->left);
	return true;
}

static void
set_legacy(struct eventlog *log)
{
	log->nalgs = 1;
	log->algs[0].id = TPM_ALG_SHA1;
	log->algs[0].size = SHA1_SIZE;
}

/* What the first event says about the form of the others. */
static bool
parse_header(struct eventlog *log, struct cursor *c, struct fault *f)
{
	struct cursor start = *c;
	struct eventlog_event first = { 0 };

	take_legacy(&first, c);
	if (!cursor_ok(c))
		return truncated(f, 0);
	struct cursor data = cursor_over(first.data);

	if (first.type != EV_NO_ACTION ||
	    !bytes_equal(
		cursor_take(&data, sizeof(spec_id)), SIGNATURE(spec_id))) {
		set_legacy(log);
		*c = start;
		return true;
	}
	log->agile = true;
	log->count = 1;
	return parse_spec_id(log, &data, f);
}

bool
eventlog_parse(struct eventlog *out, struct bytes in, struct fault *f)
{
	struct eventlog log = { 0 };
	struct cursor c = cursor_over(in);

	if (in.n > EVENTLOG_SIZE_MAX)
		return fail(f, FAULT_LIMIT, "log.limit",
		    "evidence 5: log of %zu bytes, at most %u", in.n,
		    EVENTLOG_SIZE_MAX);
	if (in.n == 0)
		return header(f, "nothing at all");
	if (in.n >= EVENT_SIZE_MIN && in.p[0] == 0 && padding_start(in) == 0) {
		set_legacy(&log);
		log.events = bytes_of(in.p, 0);
		log.padding = in.n;
		*out = log;
		return true;
	}
	if (!parse_header(&log, &c, f))
		return false;
	size_t before = in.n - c.left;

	if (!parse_events(&log, &c, f))
		return fault_at(f, before + f->offset);
	*out = log;
	return true;
}

bool
eventlog_bank(size_t *place, const struct eventlog *log, enum hash_alg alg)
{
	for (size_t i = 0; i < log->nalgs; i++)
		if (log->algs[i].id == tpm_alg_of_hash(alg)) {
			*place = i;
			return true;
		}
	return false;
}

struct eventlog_walk
eventlog_walk(const struct eventlog *log)
{
	return (struct eventlog_walk){ .log = log,
		.c = cursor_over(log->events),
		.index = log->agile ? 1 : 0 };
}

bool
eventlog_next(struct eventlog_walk *w, struct eventlog_event *out)
{
	struct eventlog_event event = { .index = w->index,
		.offset = w->log->events.n - w->c.left };

	if (w->c.left == 0 || !take_event(&event, w->log, &w->c))
		return false;
	w->index++;
	*out = event;
	return true;
}
