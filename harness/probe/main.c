/* SPDX-License-Identifier: Apache-2.0 */
/* pwos-probe: asks on the console which services to try, tries them, and ends
 * the machine. harness/qemu/probe.py is the other end of the line. */
#include "core/crypto/crypto.h"
#include "harness/probe/probe.h"

#include <stdio.h>
#include <unistd.h>

#define EXIT_SYSTEM 111

/* The console is at 2, open for reading as well. */
static void
hear(char *out, size_t size)
{
	ssize_t n = read(STDERR_FILENO, out, size - 1);

	out[n < 0 ? 0 : n] = '\0';
	out[strcspn(out, "\r\n")] = '\0';
}

static bool
chosen(const char *wanted, enum process p)
{
	return describe_services[p] != NULL &&
	       (strcmp(wanted, "all") == 0 ||
		   strcmp(wanted, wires[p].name) == 0);
}

static void
try_room(enum process p)
{
	say_note("%s", wires[p].name);
	answers_room(p);
	callers_room(p);
	room_walls(p);
	/* The keyring's death is the last act. */
	if (p != PROCESS_KEYRING)
		death_room(p);
}

int
main(void)
{
	struct fault f = { 0 };
	char wanted[32], word[8];

	if (!crypto_start(0, &f) || !act_open(&f) || !good_learn(&f)) {
		say_row(false, "probe: %s: %s", f.reason, f.why);
		return EXIT_SYSTEM;
	}
	say_word("which?");
	hear(wanted, sizeof(wanted));
	facts_image();
	for (unsigned p = 0; p < PROCESS_COUNT; p++) {
		if (chosen(wanted, p))
			try_room(p);
	}
	say_plan();
	/* The other end looks at the node from outside, then says so. */
	hear(word, sizeof(word));
	if (chosen(wanted, PROCESS_KEYRING)) {
		death_last(PROCESS_KEYRING);
		(void)pause();
	}
	return 0;
}
