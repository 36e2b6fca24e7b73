/* SPDX-License-Identifier: Apache-2.0 */
/* A software TPM of one test: its own process, state and socket. */
#ifndef HARNESS_FAKES_SWTPM_H
#define HARNESS_FAKES_SWTPM_H

#include <stdbool.h>
#include <sys/types.h>

struct swtpm {
	char dir[64]; /* under /tmp; state, and the CA of its certificates */
	pid_t pid;
	int fd; /* raw TPM frames */
};

/* Makes state, with EK certificates from a CA of its own or without, and
 * starts the TPM. Aborts if it cannot: without it there is no test. */
void swtpm_start(struct swtpm *s, bool certificates);

/* Power off and on: another process on the same state, and another fd. */
void swtpm_reset(struct swtpm *s);

/* Ends the process and removes the state. */
void swtpm_stop(struct swtpm *s);

/* Runs a program in a folder, without its output; the wait status. */
int swtpm_run(char *const argv[], const char *dir);

#endif
