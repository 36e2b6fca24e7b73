/* SPDX-License-Identifier: Apache-2.0 */
#include "services/tpm/tcti.h"

#include "core/base/cursor.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <time.h>
#include <tss2/tss2_tpm2_types.h>
#include <unistd.h>

#define HEADER_SIZE 10u /* tag, size, code */
#define TCTI_MAGIC  0x7077746d74637469u
#define DRAIN_READS 64u

static int64_t
now_ms(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * INT64_C(1000) + now.tv_nsec / 1000000;
}

/* True once the descriptor has the event; false at the deadline. */
static bool
wait_for(const struct tcti *t, short event)
{
	struct pollfd waiting = { .fd = t->fd, .events = event };

	for (;;) {
		int64_t left = t->deadline_ms - now_ms();

		if (left <= 0)
			return false;
		int n = poll(&waiting, 1, (int)left);

		if (n > 0)
			return true;
		if (n < 0 && errno != EINTR)
			return false;
	}
}

static bool
send_command(struct tcti *t)
{
	size_t sent = 0;

	t->nresponse = 0;
	while (sent < t->ncommand) {
		ssize_t n = write(t->fd, t->command + sent, t->ncommand - sent);

		if (n > 0) {
			sent += (size_t)n;
			t->owed = true;
		} else if (n == 0 || (errno != EAGAIN && errno != EINTR) ||
			   !wait_for(t, POLLOUT)) {
			return false;
		}
	}
	return true;
}

/* Goes on with the response until it holds n bytes. While a command runs, the
 * kernel's device gives an end of file: it is read only when it has something. */
static bool
read_up_to(struct tcti *t, size_t n)
{
	while (t->nresponse < n) {
		if (!wait_for(t, POLLIN))
			return false;
		ssize_t got =
		    read(t->fd, t->response + t->nresponse, n - t->nresponse);

		if (got > 0)
			t->nresponse += (size_t)got;
		else if (got == 0 || (errno != EAGAIN && errno != EINTR))
			return false;
	}
	return true;
}

/* The size that the response's header names; 0 if there can be no such frame. */
static size_t
frame_size(const struct tcti *t, uint32_t *code)
{
	struct cursor c = cursor_over(bytes_of(t->response, HEADER_SIZE));

	(void)cursor_be16(&c);
	size_t size = cursor_be32(&c);

	*code = cursor_be32(&c);
	return size < HEADER_SIZE || size > sizeof(t->response) ? 0 : size;
}

/* The whole response, or what is left of it; code is its TPM_RC. */
static bool
read_response(struct tcti *t, uint32_t *code)
{
	if (!read_up_to(t, HEADER_SIZE))
		return false;
	size_t size = frame_size(t, code);

	if (size == 0 || !read_up_to(t, size))
		return false;
	t->owed = false;
	return true;
}

/* A response whose length is out of range has no end that could be read to. */
static bool
is_endless(const struct tcti *t)
{
	uint32_t code;

	return t->nresponse >= HEADER_SIZE && frame_size(t, &code) == 0;
}

static bool
again_later(uint32_t code)
{
	return code == TPM2_RC_RETRY || code == TPM2_RC_YIELDED ||
	       code == TPM2_RC_TESTING;
}

/* Waits without looking at the descriptor; false if the deadline comes first. */
static bool
pause_ms(const struct tcti *t, int ms)
{
	if (t->deadline_ms - now_ms() <= ms)
		return false;
	(void)poll(NULL, 0, ms);
	return true;
}

static TSS2_RC
transmit(TSS2_TCTI_CONTEXT *context, size_t size, const uint8_t *command)
{
	struct tcti *t = (struct tcti *)context;

	if (size > sizeof(t->command))
		return TSS2_TCTI_RC_BAD_VALUE;
	if (t->owed)
		return TSS2_TCTI_RC_BAD_SEQUENCE;
	memcpy(t->command, command, size);
	t->ncommand = size;
	if (now_ms() >= t->deadline_ms || !send_command(t))
		return TSS2_TCTI_RC_IO_ERROR;
	return TSS2_RC_SUCCESS;
}

/* The TSS's own timeout is not used: the deadline bounds the whole call, of
 * which this command is one of many. */
static TSS2_RC
receive(TSS2_TCTI_CONTEXT *context, size_t *size, uint8_t *response,
    int32_t timeout)
{
	struct tcti *t = (struct tcti *)context;
	uint32_t code;

	(void)timeout;
	for (int ms = 1; t->owed; ms = ms < 128 ? ms * 2 : ms) {
		if (!read_response(t, &code))
			return is_endless(t) ? TSS2_TCTI_RC_MALFORMED_RESPONSE
					     : TSS2_TCTI_RC_IO_ERROR;
		if (again_later(code) && pause_ms(t, ms) && !send_command(t))
			return TSS2_TCTI_RC_IO_ERROR;
	}
	if (response == NULL) {
		*size = t->nresponse;
		return TSS2_RC_SUCCESS;
	}
	if (*size < t->nresponse)
		return TSS2_TCTI_RC_INSUFFICIENT_BUFFER;
	/* The TSS reads as far as it likes into this buffer, which still holds
	 * the command behind a short answer. */
	memset(response, 0, *size);
	memcpy(response, t->response, t->nresponse);
	*size = t->nresponse;
	return TSS2_RC_SUCCESS;
}

bool
tcti_init(struct tcti *t, int fd, struct fault *f)
{
	int flags = fcntl(fd, F_GETFL);

	memset(t, 0, sizeof(*t));
	if (flags < 0 || fcntl(fd, F_SETFL, flags | O_NONBLOCK) != 0)
		return fail(f, FAULT_DEVICE, "tpm.unavailable",
		    "tpm 1: descriptor %d: %s", fd, strerror(errno));
	t->fd = fd;
	t->common = (TSS2_TCTI_CONTEXT_COMMON_V1){
		.magic = TCTI_MAGIC,
		.version = 1,
		.transmit = transmit,
		.receive = receive,
	};
	return true;
}

void
tcti_arm(struct tcti *t, unsigned limit_ms)
{
	t->deadline_ms = now_ms() + limit_ms;
}

bool
tcti_settle(struct tcti *t, struct fault *f)
{
	uint32_t code;

	if (!t->owed || read_response(t, &code))
		return true;
	if (!is_endless(t))
		return fail(f, FAULT_DEVICE, "tpm.unavailable",
		    "tpm 2: the answer to an earlier command is still due");
	for (unsigned i = 0; i < DRAIN_READS; i++) {
		if (read(t->fd, t->response, sizeof(t->response)) <= 0)
			break;
	}
	t->owed = false;
	return true;
}
