/* SPDX-License-Identifier: Apache-2.0 */
/* PCR 15, order of calls, restarts, firmware log. */
#include "services/tpm/fixture_test.h"

#include <unistd.h>

static void
test_begin_extends_once(void **state)
{
	struct sha256 want = fixture_replay(LOG_BYTES), is;

	fixture_open(*state, LOG_BYTES);
	struct bytes first = fixture_begin();

	is = fixture_pcr15();
	assert_memory_equal(is.b, want.b, 32);
	struct bytes second = fixture_begin();

	is = fixture_pcr15();
	assert_memory_equal(is.b, want.b, 32);
	assert_true(bytes_equal(first, second));
}

static void
test_empty_log_is_left_out(void **state)
{
	struct sha256 want = fixture_replay((struct bytes){ 0 }), is;

	fixture_open(*state, (struct bytes){ 0 });
	(void)fixture_begin();
	is = fixture_pcr15();
	assert_memory_equal(is.b, want.b, 32);
	const struct message *m = fixture_evidence(), *log;

	assert_int_equal(fixture_raw(m, "firmware-log").n, 0);
	assert_true(message_find_list(&log, m, "runtime-log"));
	assert_int_equal(log->count, 2);
}

static void
test_restart_goes_on(void **state)
{
	fixture_open(*state, LOG_BYTES);
	struct bytes first = fixture_begin();

	fixture_reopen(*state);
	assert_true(bytes_equal(first, fixture_begin()));
	(void)fixture_evidence();
}

/* Died between two extends. */
static void
test_restart_finishes(void **state)
{
	struct sha256 event, want = fixture_replay(LOG_BYTES), is;

	fixture_open(*state, LOG_BYTES);
	memcpy(event.b, SUBJECT.p, sizeof(event.b));
	GOOD(pcr_extend(&fixture_tpm.device, 15, &event, &fixture_fault));
	fixture_reopen(*state);
	(void)fixture_begin();
	is = fixture_pcr15();
	assert_memory_equal(is.b, want.b, 32);
}

static void
test_another_subject_is_refused(void **state)
{
	fixture_open(*state, LOG_BYTES);
	(void)fixture_begin();
	REFUSED(begin_boot(&fixture_tpm, ANOTHER, CONFINEMENT, &fixture_fault),
	    "tpm.pcr15.taken");
	assert_int_equal(fixture_fault.code, FAULT_STATE);
	REFUSED(begin_boot(&fixture_tpm, SUBJECT, ANOTHER, &fixture_fault),
	    "tpm.pcr15.taken");
	fixture_reopen(*state);
	REFUSED(begin_boot(&fixture_tpm, ANOTHER, CONFINEMENT, &fixture_fault),
	    "tpm.pcr15.taken");
	REFUSED(begin_boot(&fixture_tpm, SUBJECT, ANOTHER, &fixture_fault),
	    "tpm.pcr15.taken");
	(void)fixture_begin();
}

static void
test_foreign_pcr15_is_refused(void **state)
{
	struct sha256 foreign = { { 1 } };

	fixture_open(*state, LOG_BYTES);
	GOOD(pcr_extend(&fixture_tpm.device, 15, &foreign, &fixture_fault));
	REFUSED(begin_boot(&fixture_tpm, SUBJECT, CONFINEMENT, &fixture_fault),
	    "tpm.pcr15.taken");
}

static void
test_nothing_before_begin(void **state)
{
	const struct bytes sealed[2] = { BYTES("blob"), BYTES("secret") };
	struct bytes out;

	fixture_open(*state, LOG_BYTES);
	REFUSED(quote_evidence(&out, &fixture_tpm, QUALIFYING, &fixture_arena,
		    &fixture_fault),
	    "tpm.not-begun");
	assert_int_equal(fixture_fault.code, FAULT_STATE);
	REFUSED(activate_credential(
		    &out, &fixture_tpm, sealed, &fixture_arena, &fixture_fault),
	    "tpm.not-begun");
}

static void
test_little_stays_loaded(void **state)
{
	static const UINT32 kinds[] = { TPM2_TRANSIENT_FIRST,
		TPM2_LOADED_SESSION_FIRST };
	static const UINT32 want[] = { 1, 2 };

	fixture_open(*state, LOG_BYTES);
	(void)fixture_begin();
	for (unsigned i = 0; i < 5; i++)
		(void)fixture_evidence();
	for (unsigned i = 0; i < 2; i++) {
		TPMS_CAPABILITY_DATA *data;

		assert_int_equal(
		    Esys_GetCapability(fixture_tpm.device.esys, ESYS_TR_NONE,
			ESYS_TR_NONE, ESYS_TR_NONE, TPM2_CAP_HANDLES, kinds[i],
			16, NULL, &data),
		    0);
		assert_int_equal(data->data.handles.count, want[i]);
		Esys_Free(data);
	}
}

static void
test_log_size_is_bounded(void **state)
{
	const struct swtpm *s = *state;
	static uint8_t zeros[TPM_LOG_MAX + 1];
	int most = fixture_log(bytes_of(zeros, TPM_LOG_MAX));
	int more = fixture_log(bytes_of(zeros, TPM_LOG_MAX + 1));

	GOOD(tpm_open(&fixture_tpm, s->fd, most, LIMIT_MS, &fixture_fault));
	(void)fixture_begin();
	assert_int_equal(
	    fixture_raw(fixture_evidence(), "firmware-log").n, TPM_LOG_MAX);
	tpm_close(&fixture_tpm);
	REFUSED(tpm_open(&fixture_tpm, s->fd, more, LIMIT_MS, &fixture_fault),
	    "tpm.log.size");
	REFUSED(tpm_open(&fixture_tpm, s->fd, 1000, LIMIT_MS, &fixture_fault),
	    "tpm.log.read");
	(void)close(most);
	(void)close(more);
}

static void
test_reboot_is_another_boot(void **state)
{
	struct swtpm *s = *state;
	uint64_t before, after, restarts;

	fixture_open(s, LOG_BYTES);
	struct bytes first = fixture_begin();

	GOOD(tpm_counts(&before, &restarts, &fixture_tpm, &fixture_fault));
	swtpm_reset(s);
	fixture_reopen(s);
	GOOD(tpm_counts(&after, &restarts, &fixture_tpm, &fixture_fault));
	assert_int_equal(after, before + 1);
	GOOD(begin_boot(&fixture_tpm, ANOTHER, CONFINEMENT, &fixture_fault));
	struct bytes second;

	GOOD(begin_recipient(
	    &second, &fixture_tpm, &fixture_arena, &fixture_fault));
	assert_false(bytes_equal(first, second));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		CERTIFIED(test_begin_extends_once),
		BARE(test_empty_log_is_left_out),
		BARE(test_restart_goes_on),
		BARE(test_restart_finishes),
		BARE(test_another_subject_is_refused),
		BARE(test_foreign_pcr15_is_refused),
		BARE(test_nothing_before_begin),
		BARE(test_little_stays_loaded),
		BARE(test_log_size_is_bounded),
		BARE(test_reboot_is_another_boot),
	};

	return fixture_run("begin", tests, sizeof(tests) / sizeof(tests[0]));
}
