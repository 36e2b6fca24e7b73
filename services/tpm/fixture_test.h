/* SPDX-License-Identifier: Apache-2.0 */
/* What the room's tests share: a software TPM, and the room over it. */
#ifndef SERVICES_TPM_FIXTURE_TEST_H
#define SERVICES_TPM_FIXTURE_TEST_H

#include "harness/fakes/swtpm.h"
#include "services/tpm/tpm.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define LIMIT_MS    20000u
#define LOG_BYTES   BYTES("a firmware log, as raw bytes")
#define SUBJECT     BYTES("subject-subject-subject-subject-")
#define ANOTHER     BYTES("another-another-another-another-")
#define CONFINEMENT BYTES("confinement-confinement-confine-")
#define QUALIFYING  BYTES("0123456789abcdef0123456789abcdef")
#define QUALIFYING_HEX                       \
	"3031323334353637383961626364656630" \
	"313233343536373839616263646566"

extern struct tpm fixture_tpm;
extern struct fault fixture_fault;
extern struct arena fixture_arena;

#define GOOD(call)                                                         \
	do {                                                               \
		if (!(call))                                               \
			fail_msg("%s: %s %s", #call, fixture_fault.reason, \
			    fixture_fault.why);                            \
	} while (0)
#define REFUSED(call, with)                                                 \
	do {                                                                \
		assert_false(call);                                         \
		if (strcmp(fixture_fault.reason, with) != 0)                \
			fail_msg("%s: %s: %s", #call, fixture_fault.reason, \
			    fixture_fault.why);                             \
	} while (0)

int fixture_log(struct bytes content);
void fixture_open(const struct swtpm *s, struct bytes log);

/* What a service does that was killed and started again. */
void fixture_reopen(const struct swtpm *s);

/* Of SUBJECT and CONFINEMENT; the recipient. */
struct bytes fixture_begin(void);

/* By QUALIFYING. */
const struct message *fixture_evidence(void);
struct bytes fixture_raw(const struct message *m, const char *path);
TPMT_PUBLIC fixture_public(struct bytes raw_public);
struct sha256 fixture_pcr15(void);

/* Signature, qualifyingData and selection of evidence are good, or the test
 * fails; its attest. The second takes it packed. */
TPMS_ATTEST fixture_verify(const struct message *m);
void fixture_check(struct bytes packed);

/* MakeCredential for the recipient's public keys, by the TPM itself. */
void fixture_seal(
    struct bytes sealed[2], struct bytes packed, struct bytes credential);

/* PCR 15 as measurement 10 wants it. */
struct sha256 fixture_replay(struct bytes log);

/* Group tests over a fresh TPM each, with EK certificates or without. */
int fixture_on_certified(void **state);
int fixture_on(void **state);
int fixture_off(void **state);
int fixture_run(const char *name, const struct CMUnitTest *tests, size_t n);

#define CERTIFIED(test) \
	cmocka_unit_test_setup_teardown(test, fixture_on_certified, fixture_off)
#define BARE(test) \
	cmocka_unit_test_setup_teardown(test, fixture_on, fixture_off)

#endif
