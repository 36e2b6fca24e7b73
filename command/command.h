/* SPDX-License-Identifier: Apache-2.0 */
/* The verifier command's parts: options, files, the two things it does. */
#ifndef COMMAND_COMMAND_H
#define COMMAND_COMMAND_H

#include "core/base/arena.h"

enum exit_code {
	EXIT_ACCEPTED = 0,
	EXIT_REFUSED = 1,
	EXIT_UNKNOWN = 2,
	EXIT_USAGE = 100,
	EXIT_SYSTEM = 111
};

/* Of a command that could not come to a verdict: a file that cannot be read or
 * written is the system's fault, all else its input's. */
int main_exit_code(const struct fault *f);

/* Bytes of a CREDENTIAL file: a credential and a Name. */
#define CREDENTIAL_FILE_MAX (32u + 66u)

/* File names are NULL when not given. */
struct options {
	const char *file, *earlier, *roots, *manifest;
	const char *credential, *request, *answer;
	struct bytes purpose, nonce;
	int64_t at;
	bool json, without_activation;
};

MUST_CHECK bool options_parse(struct options *out, int argc, char **argv,
    struct arena *a, struct fault *f);

/* The whole file, at most max bytes, into the arena. Fails with DEVICE
 * "command.file" or LIMIT "command.size". */
MUST_CHECK bool file_read(struct bytes *out, const char *path, size_t max,
    struct arena *a, struct fault *f);
MUST_CHECK bool file_write(
    const char *path, struct bytes bytes, unsigned mode, struct fault *f);

/* Print the verdict; the exit code. */
int verify_run(const struct options *o, struct arena *a, struct fault *f);

/* argv: FILE CREDENTIAL REQUEST. */
int challenge_run(char **argv, struct arena *a, struct fault *f);

#endif
