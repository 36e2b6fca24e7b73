/* SPDX-License-Identifier: Apache-2.0 */
/* Runs a fuzz target once on every file of the folders named: seeds on every
 * build, without libFuzzer. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define SEED_MAX (4u << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static unsigned seeds;

static void
replay_file(const char *path)
{
	static uint8_t data[SEED_MAX];
	FILE *file = fopen(path, "rb");

	if (file == NULL) {
		perror(path);
		exit(111);
	}
	size_t n = fread(data, 1, sizeof(data), file);

	(void)fclose(file);
	/* An exact-size block, so that the sanitizer sees a read past it. */
	uint8_t *exact = malloc(n == 0 ? 1 : n);

	if (exact == NULL)
		abort();
	memcpy(exact, data, n);
	(void)LLVMFuzzerTestOneInput(exact, n);
	free(exact);
	seeds++;
}

static void
replay(const char *path)
{
	struct dirent **names;
	struct stat is;

	if (stat(path, &is) == 0 && S_ISREG(is.st_mode)) {
		replay_file(path);
		return;
	}
	int n = scandir(path, &names, NULL, alphasort);

	if (n < 0) {
		perror(path);
		exit(111);
	}
	for (int i = 0; i < n; i++) {
		char inner[4096];

		(void)snprintf(
		    inner, sizeof(inner), "%s/%s", path, names[i]->d_name);
		if (stat(inner, &is) == 0 && S_ISREG(is.st_mode))
			replay_file(inner);
		free(names[i]);
	}
	free(names);
}

int
main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		replay(argv[i]);
	printf("%u seeds\n", seeds);
	return seeds == 0 ? 1 : 0;
}
