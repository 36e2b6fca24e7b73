/* SPDX-License-Identifier: Apache-2.0 */
/* The whole door over a core that is made up here: first byte the caller,
 * second how the core behaves, the rest a frame. Symbols defined here take the
 * place of the room's own core files when this links with them. */
#include "ipc/door.h"
#include "services/tpm/tpm.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint8_t mood;

static bool
in_the_mood(unsigned bit, struct fault *f)
{
	return (mood & 1u << bit) == 0 ||
	       fail(f, FAULT_DEVICE, "tpm.unavailable", "tpm 2: fuzz");
}

/* What shapes promise to the core holds whatever came in. */
static void
must(bool good)
{
	if (!good)
		abort();
}

bool
tpm_open(struct tpm *t, int device, int log, unsigned limit_ms, struct fault *f)
{
	(void)t;
	(void)device;
	(void)log;
	(void)limit_ms;
	return in_the_mood(0, f);
}

bool
tpm_ready(struct tpm *t, unsigned limit_ms, struct fault *f)
{
	(void)t;
	must(limit_ms >= 1000);
	return in_the_mood(0, f);
}

bool
tpm_counts(uint64_t *resets, uint64_t *restarts, struct tpm *t, struct fault *f)
{
	(void)t;
	*resets = *restarts = UINT32_MAX;
	return in_the_mood(1, f);
}

bool
begin_boot(struct tpm *t, struct bytes subject, struct bytes confinement,
    struct fault *f)
{
	(void)t;
	must(subject.n == 32 && confinement.n == 32);
	return in_the_mood(2, f);
}

bool
begin_recipient(
    struct bytes *packed, const struct tpm *t, struct arena *a, struct fault *f)
{
	(void)t;
	*packed = arena_copy(a, BYTES("recipient"));
	return in_the_mood(3, f);
}

bool
quote_evidence(struct bytes *packed, struct tpm *t, struct bytes qualifying,
    struct arena *a, struct fault *f)
{
	size_t n = (mood & 0x80) != 0 ? MESSAGE_SIZE_MAX : 100;

	(void)t;
	must(qualifying.n == 32);
	*packed = bytes_of(arena_alloc(a, n), n);
	return in_the_mood(4, f) && arena_check(a, f);
}

bool
activate_credential(struct bytes *credential, struct tpm *t,
    const struct bytes sealed[2], struct arena *a, struct fault *f)
{
	(void)t;
	must(sealed[0].n >= 4 && sealed[0].n <= 132);
	must(sealed[1].n >= 4 && sealed[1].n <= 514);
	*credential = arena_copy(a, bytes_of(sealed[0].p, 1));
	return in_the_mood(5, f);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint8_t block[4u << 20], out[2u << 20];
	struct buf reply = buf_over(out, door_reply_max(&tpm_service));
	struct arena arena;

	if (size < 2)
		return 0;
	must(door_reply_max(&tpm_service) <= sizeof(out));
	arena_init(&arena, block, tpm_service.arena_size);
	mood = data[1];
	door_answer(&(struct door){ &tpm_service, NULL, &arena },
	    (enum process)(data[0] % PROCESS_COUNT),
	    bytes_of(data + 2, size - 2), &reply);
	must(!reply.full && reply.used > 0);
	return 0;
}
