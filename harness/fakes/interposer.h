/* SPDX-License-Identifier: Apache-2.0 */
/* Somebody on the wire between a service and its TPM, who passes frames on
 * and, told so, tampers with one of them. */
#ifndef HARNESS_FAKES_INTERPOSER_H
#define HARNESS_FAKES_INTERPOSER_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define INTERPOSER_FRAME_MAX 4096u

enum tamper {
	TAMPER_NOT,
	TAMPER_CODE,    /* answer with the response code value */
	TAMPER_SIZE,    /* answer with a header that names value bytes */
	TAMPER_HALF,    /* answer with half a frame, then nothing */
	TAMPER_HOLD,    /* keep the answer until interposer_release */
	TAMPER_ANSWER,  /* flip a bit of the answer's byte value */
	TAMPER_COMMAND, /* flip a bit of the command's byte value */
	TAMPER_REPLAY   /* answer as the last time */
};

/* Which frame: the skip-th with that command code (0: any), and as many after
 * it as times says. A value below zero counts from the end. */
struct rule {
	enum tamper tamper;
	uint32_t command;
	unsigned skip, times;
	int64_t value;
};

struct frame {
	size_t n;
	uint8_t b[INTERPOSER_FRAME_MAX];
};

struct interposer {
	int fd; /* the service's end */
	int inner, tpm;
	pthread_t thread;
	pthread_mutex_t lock;
	struct rule rule;
	bool held;
	struct frame command, answer, last;
};

/* Between a new fd and the TPM's; the latter stays the caller's. */
void interposer_start(struct interposer *i, int tpm);
void interposer_stop(struct interposer *i);

/* From the next frame on. */
void interposer_set(struct interposer *i, struct rule rule);

/* Ends the rule; true if it was applied at all, and sends what it holds. */
bool interposer_release(struct interposer *i);

#endif
