/* SPDX-License-Identifier: Apache-2.0 */
/* A hostile TPM: the first byte chooses how far the session goes, the rest is
 * everything that the TPM will ever say, in order. */
#include "core/crypto/crypto.h"
#include "core/message/pack.h"
#include "services/tpm/tpm.h"

#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#define LIMIT_MS  50u
#define INPUT_MAX (64u * 1024)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct tpm tpm;
static struct arena arena;

/* The input as a socket's contents, and its end. The other end of it stays
 * open and unread, so that commands can be sent. */
static void
say(int ends[2], struct bytes input)
{
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0 ||
	    send(ends[1], input.p, input.n, MSG_DONTWAIT) != (ssize_t)input.n ||
	    shutdown(ends[1], SHUT_WR) != 0)
		abort();
}

static void
check_view(struct bytes view)
{
	if (view.n > 0 &&
	    (view.p < tpm.ek.room ||
		view.p + view.n > tpm.ek.room + sizeof(tpm.ek.room)))
		abort();
}

static void
check_texts(void)
{
	const struct properties *p = &tpm.properties;
	const char *texts[] = { p->manufacturer, p->vendor, p->firmware };

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		for (const char *c = texts[i]; *c != '\0'; c++) {
			if (*c < ' ' || *c > '~')
				abort();
		}
	}
}

/* Without a session, as no input can know its key: so all answers are read. */
static bool
open_plainly(int fd, struct fault *f)
{
	return device_open(&tpm.device, fd, LIMIT_MS, f) &&
	       ek_open(&tpm.ek, &tpm.device, f) &&
	       properties_read(&tpm.properties, &tpm.device, f);
}

static void
use(struct fault *f)
{
	static const uint8_t bytes[32] = { 0, 2, 1, 2 };
	const struct bytes word = bytes_of(bytes, sizeof(bytes));
	const struct bytes sealed[2] = { bytes_of(bytes, 4),
		bytes_of(bytes, 4) };
	struct bytes out;
	struct message *evidence;
	uint64_t resets, restarts;

	if (!tpm_counts(&resets, &restarts, &tpm, f) ||
	    !begin_boot(&tpm, word, word, f) ||
	    !begin_recipient(&out, &tpm, &arena, f))
		return;
	if (quote_evidence(&out, &tpm, word, &arena, f) &&
	    !message_unpack(&evidence, out, &arena, f))
		abort();
	if (activate_credential(&out, &tpm, sealed, &arena, f) &&
	    out.n > sizeof(TPMU_HA))
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint8_t block[4u << 20];
	struct fault f = { 0 };

	if (size == 0 || size > INPUT_MAX)
		return 0;
	if (arena.base == NULL) {
		arena_init(&arena, block, sizeof(block));
		if (!crypto_start(0, &f))
			abort();
	}
	memset(&tpm, 0, sizeof(tpm));
	int ends[2];

	say(ends, bytes_of(data + 1, size - 1));
	if ((data[0] & 1) != 0 ? open_plainly(ends[0], &f)
			       : tpm_open(&tpm, ends[0], -1, LIMIT_MS, &f))
		use(&f);
	if (f.code != FAULT_NONE && tpm_ready(&tpm, LIMIT_MS, &f))
		use(&f);
	check_view(tpm.ek.certificate);
	for (size_t i = 0; i < tpm.ek.nchain; i++)
		check_view(tpm.ek.chain[i]);
	check_texts();
	tpm_close(&tpm);
	(void)close(ends[0]);
	(void)close(ends[1]);
	arena_reset(&arena);
	return 0;
}
