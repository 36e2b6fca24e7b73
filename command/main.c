/* SPDX-License-Identifier: Apache-2.0 */
/* pwos-verify: the verifier as a command. Reads files, uses no network. */
#include "command/command.h"
#include "core/crypto/crypto.h"

#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#define ARENA_SIZE (64u << 20)

static const char usage[] =
    "usage: pwos-verify [OPTION]... FILE\n"
    "       pwos-verify challenge FILE CREDENTIAL REQUEST\n"
    "\n"
    "FILE is a measurement as JSON, as GET /~measurement@1.0/boot answers "
    "with\n"
    "accept: application/json. No network is used.\n"
    "\n"
    "  --purpose boot|fresh    what it must have been made for (boot)\n"
    "  --nonce BASE64URL       the nonce that was asked for\n"
    "  --earlier FILE          a boot measurement of the same boot, that was\n"
    "                          accepted by itself before\n"
    "  --roots FILE            PEM of the TPM vendors' roots that are trusted\n"
    "  --manifest FILE         a release manifest: its PCRs must be quoted\n"
    "  --at SECONDS            Unix time to judge certificates at (now)\n"
    "  --credential FILE --request FILE --answer FILE\n"
    "                          a challenge made with `challenge`, and the "
    "node's\n"
    "                          answer to it as JSON\n"
    "  --without-activation    do not demand that challenge\n"
    "  --json                  the verdict tree as JSON instead of sentences\n"
    "\n"
    "challenge writes a secret CREDENTIAL and the REQUEST to POST to\n"
    "/~measurement@1.0/unwrap-secret.\n"
    "\n"
    "exit: 0 accepted, 1 refused, 2 could not tell, 100 usage, 111 a file "
    "that\n"
    "cannot be read or written\n";

int
main_exit_code(const struct fault *f)
{
	return f->code == FAULT_DEVICE ? EXIT_SYSTEM : EXIT_UNKNOWN;
}

int
main(int argc, char **argv)
{
	struct arena arena;
	struct options options = { 0 };
	struct fault f = { 0 };

	if (argc > 1 && strcmp(argv[1], "--help") == 0) {
		(void)fputs(usage, stdout);
		return EXIT_ACCEPTED;
	}
	void *block = mmap(NULL, ARENA_SIZE, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (block == MAP_FAILED || !crypto_start(0, &f)) {
		(void)fprintf(stderr, "pwos-verify: cannot start: %s\n", f.why);
		return EXIT_SYSTEM;
	}
	arena_init(&arena, block, ARENA_SIZE);
	int code = EXIT_USAGE;

	if (argc == 5 && strcmp(argv[1], "challenge") == 0)
		code = challenge_run(argv + 2, &arena, &f);
	else if (options_parse(&options, argc, argv, &arena, &f))
		code = verify_run(&options, &arena, &f);
	if (f.code != FAULT_NONE)
		(void)fprintf(
		    stderr, "pwos-verify: %s [%s]\n", f.why, f.reason);
	if (code == EXIT_USAGE)
		(void)fputs("pwos-verify: see pwos-verify --help\n", stderr);
	return code;
}
