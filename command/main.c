/* SPDX-License-Identifier: Apache-2.0 */
/* pwos-verify: the verifier as a command. Reads files, uses no network. */
#include "command/command.h"
#include "core/crypto/crypto.h"

#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#define ARENA_SIZE (96u << 20)

static const char usage[] =
    "usage: pwos-verify [OPTION]... FILE\n"
    "       pwos-verify explain [OPTION]... FILE\n"
    "       pwos-verify bundle [OPTION]... FILE.att\n"
    "       pwos-verify challenge FILE CREDENTIAL REQUEST\n"
    "\n"
    "FILE is a measurement as JSON, as GET /~measurement@1.0/boot answers "
    "with\n"
    "accept: application/json, or an evidence bundle (.att). No network is "
    "used.\n"
    "\n"
    "  --at TIME               when certificates must be valid: RFC 3339 or "
    "Unix\n"
    "                          seconds (now)\n"
    "  --roots FILE|DIR        PEM or DER of the roots that are trusted, "
    "instead of the\n"
    "                          TPM vendors' that are installed, AMD's and "
    "Google's; may\n"
    "                          be repeated\n"
    "  --certificates FILE|DIR further issuers, trusted in nothing; may be "
    "repeated\n"
    "  --crls FILE             a CRL in DER; may be repeated\n"
    "  --revocation FILE       Google's revocation list of Android keys, "
    "fetched at\n"
    "  --revocation-date TIME  that time\n"
    "  --without-revocation    do not demand that list\n"
    "  --manifest FILE         a release manifest: its PCRs must be quoted\n"
    "  --release-key FILE      certificate (PEM) that must have signed the "
    "manifest:\n"
    "                          FILE.sig beside it, or the bundle's own\n"
    "  --policy FILE           what is asked for, as JSON like a bundle's "
    "policy\n"
    "                          (spec/verdict.md, 12 and 16); it wins over the "
    "bundle's\n"
    "  --purpose boot|fresh    what it must have been made for (boot; of a "
    "bundle all)\n"
    "  --nonce BASE64URL       the nonce that was asked for\n"
    "  --earlier FILE          a boot measurement of the same boot, that was\n"
    "                          accepted by itself before\n"
    "  --credential FILE --request FILE --answer FILE\n"
    "                          a challenge made with `challenge`, and the "
    "node's\n"
    "                          answer to it as JSON; of a bundle --credential "
    "alone\n"
    "  --without-activation    do not demand that challenge\n"
    "  --json                  the verdict tree as JSON instead of sentences\n"
    "\n"
    "explain takes a verdict as JSON too, and says it in sentences.\n"
    "\n"
    "bundle writes FILE.att, made --at TIME, of evidence of one kind:\n"
    "  --boot FILE --fresh FILE --nonce NONCE  measurements; --request, "
    "--answer\n"
    "  --snp-report FILE --snp-vek FILE        SEV-SNP; --snp-table\n"
    "  --android-chain FILE                    the key's certificates, PEM\n"
    "  --tpm-attest FILE --tpm-signature FILE  a quote; --tpm-pcrs (JSON), "
    "--tpm-log,\n"
    "      --tpm-ak, --tpm-ek, --tpm-ak-certificate, --tpm-ek-certificate\n"
    "with --manifest (and its .sig), --policy, --certificates, --crls, "
    "--revocation.\n"
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
	if (f->code == FAULT_DEVICE)
		return EXIT_SYSTEM;
	return strcmp(f->reason, "command.usage") == 0 ? EXIT_USAGE
						       : EXIT_UNKNOWN;
}

static int
run(char **argv, struct arena *a, struct fault *f)
{
	/* clang-format off */
	static const struct {
		const char *name; /* NULL: none is given */
		enum action action;
		int (*run)(const struct options *, struct arena *, struct fault *);
	} actions[] = {
		{ "explain", ACTION_EXPLAIN, verify_run },
		{ "bundle",  ACTION_BUNDLE,  bundle_run },
		{ NULL,      ACTION_VERIFY,  verify_run },
	};
	/* clang-format on */
	static struct options options;
	size_t i = 0;

	while (actions[i].name != NULL &&
	       (argv[0] == NULL || strcmp(argv[0], actions[i].name) != 0))
		i++;
	if (actions[i].name != NULL)
		argv++;
	if (!options_parse(&options, actions[i].action, argv, a, f))
		return EXIT_USAGE;
	return actions[i].run(&options, a, f);
}

static bool
asks_help(char **argv)
{
	for (; *argv != NULL; argv++) {
		if (strcmp(*argv, "--help") == 0)
			return true;
	}
	return false;
}

int
main(int argc, char **argv)
{
	struct arena arena;
	struct fault f = { 0 };

	if (asks_help(argv)) {
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
	int code = argc == 5 && strcmp(argv[1], "challenge") == 0
		       ? challenge_run(argv + 2, &arena, &f)
		       : run(argv + (argc > 0), &arena, &f);

	if (f.code != FAULT_NONE)
		(void)fprintf(
		    stderr, "pwos-verify: %s [%s]\n", f.why, f.reason);
	if (code == EXIT_USAGE)
		(void)fputs("pwos-verify: see pwos-verify --help\n", stderr);
	return code;
}
