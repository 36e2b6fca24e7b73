/* SPDX-License-Identifier: Apache-2.0 */
/* pwos-launch-digest: what an SEV-SNP guest of these files must measure. */
#include "command/command.h"
#include "core/base/cursor.h"
#include "core/base/hex.h"
#include "core/crypto/crypto.h"
#include "core/message/json.h"
#include "core/verdict/attlaunch.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define KERNEL_MAX  (128u << 20)
#define INITRD_MAX  (1024u << 20)
#define CMDLINE_MAX 4096u

static const char usage[] =
    "usage: pwos-launch-digest --ovmf FILE --vcpus N [OPTION]...\n"
    "\n"
    "Prints the measurement that the report of an SEV-SNP guest must have,\n"
    "as 96 hex digits, from the files that it is launched with.\n"
    "\n"
    "  --ovmf FILE          the firmware; OVMF's AmdSev build if a kernel is "
    "given\n"
    "  --kernel FILE        what -kernel names, with kernel-hashes=on\n"
    "  --initrd FILE        what -initrd names\n"
    "  --cmdline TEXT|@FILE what -append says; of a FILE without its last "
    "line end\n"
    "  --vcpus N            1 to 1024\n"
    "  --vcpu-type MODEL    EPYC-v4, EPYC-Milan, EPYC-Genoa, EPYC-Turin ..., "
    "or the\n"
    "                       signature as 0x00a00f11; where the host shows it\n"
    "  --host NAME          qemu (KVM since Linux 6.10), qemu-early, ec2, "
    "gce,\n"
    "                       gce-genoa; default qemu\n"
    "  --features NUMBER    SEV_FEATURES; default 0x1\n"
    "  --allow-debug-swap   let DebugSwap (0x20) be one of them\n"
    "  --policy             print a policy that asks for this launch instead, "
    "for\n"
    "                       pwos-verify --policy\n"
    "\n"
    "exit: 0 done, 2 no such launch is possible, 100 usage, 111 a file that\n"
    "cannot be read\n";

/* As given; NULL when not. */
struct arguments {
	const char *ovmf, *kernel, *initrd, *cmdline;
	const char *vcpus, *vcpu_type, *host, *features;
	bool allow_debug_swap, policy;
};

/* clang-format off */
static const struct {
	const char *name;
	size_t at;
} valued[] = {
	{ "--ovmf",      offsetof(struct arguments, ovmf)      },
	{ "--kernel",    offsetof(struct arguments, kernel)    },
	{ "--initrd",    offsetof(struct arguments, initrd)    },
	{ "--cmdline",   offsetof(struct arguments, cmdline)   },
	{ "--vcpus",     offsetof(struct arguments, vcpus)     },
	{ "--vcpu-type", offsetof(struct arguments, vcpu_type) },
	{ "--host",      offsetof(struct arguments, host)      },
	{ "--features",  offsetof(struct arguments, features)  },
};
/* clang-format on */

static bool
bad(struct fault *f, const char *name, const char *what)
{
	return fail(
	    f, FAULT_INPUT, "command.usage", "verdict 5: %s: %s", name, what);
}

static void *
place(struct arguments *a, size_t at)
{
	return (uint8_t *)a + at;
}

/* The argument and its value; *at moves past them. */
static bool
take(struct arguments *out, char ***at, struct fault *f)
{
	const char *name = *(*at)++;

	if (strcmp(name, "--allow-debug-swap") == 0)
		return out->allow_debug_swap = true;
	if (strcmp(name, "--policy") == 0)
		return out->policy = true;
	for (size_t i = 0; i < sizeof(valued) / sizeof(valued[0]); i++) {
		const char **into = (const char **)place(out, valued[i].at);

		if (strcmp(name, valued[i].name) != 0)
			continue;
		if (*into != NULL)
			return bad(f, name, "stands twice");
		if (**at == NULL)
			return bad(f, name, "needs a value");
		*into = *(*at)++;
		return true;
	}
	return bad(f, name, "no such option");
}

static bool
take_all(struct arguments *out, char **argv, struct fault *f)
{
	while (*argv != NULL)
		if (!take(out, &argv, f))
			return false;
	if (out->ovmf == NULL || out->vcpus == NULL)
		return bad(f, "--ovmf, --vcpus", "must be given");
	if (out->kernel == NULL &&
	    (out->initrd != NULL || out->cmdline != NULL))
		return bad(f, "--initrd, --cmdline", "go with --kernel");
	return true;
}

/* Decimal, or hexadecimal behind 0x. */
static bool
read_number(uint64_t *out, const char *name, const char *text, struct fault *f)
{
	struct cursor c = cursor_over(bytes_text(text));
	bool hex = bytes_starts(bytes_text(text), BYTES("0x"));
	unsigned base = hex ? 16 : 10;
	uint64_t value = 0;

	if (hex)
		(void)cursor_take(&c, 2);
	if (c.left == 0)
		return bad(f, name, "not a number");
	while (c.left != 0) {
		unsigned digit = cursor_u8(&c);

		digit -= digit >= 'a' ? 'a' - 10u : (unsigned)'0';
		if (digit >= base || value > (UINT64_MAX - digit) / base)
			return bad(f, name, "not a number");
		value = value * base + digit;
	}
	*out = value;
	return true;
}

static bool
unreadable(struct fault *f, const char *path, const char *what)
{
	return fail(
	    f, FAULT_DEVICE, "command.file", "verdict 5: %s: %s", path, what);
}

static bool
map_open(
    struct bytes *out, int fd, const char *path, size_t max, struct fault *f)
{
	struct stat of;

	if (fstat(fd, &of) != 0 || !S_ISREG(of.st_mode))
		return unreadable(f, path, "is no file");
	if (of.st_size == 0) {
		*out = (struct bytes){ 0 };
		return true;
	}
	if ((uintmax_t)of.st_size > max)
		return fail(f, FAULT_LIMIT, "command.size",
		    "verdict 5: %s: over %zu bytes", path, max);
	size_t n = (size_t)of.st_size;
	void *block = mmap(NULL, n, PROT_READ, MAP_PRIVATE, fd, 0);

	if (block == MAP_FAILED)
		return unreadable(f, path, strerror(errno));
	*out = bytes_of(block, n);
	return true;
}

/* Kernels and archives are larger than an arena; mapped until the end. */
static bool
map(struct bytes *out, const char *path, size_t max, struct fault *f)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

	if (fd < 0)
		return unreadable(f, path, strerror(errno));
	bool ok = map_open(out, fd, path, max, f);

	(void)close(fd);
	return ok;
}

static bool
read_cmdline(struct bytes *out, const char *text, struct fault *f)
{
	*out = bytes_text(text == NULL ? "" : text);
	if (text != NULL && text[0] == '@') {
		if (!map(out, text + 1, CMDLINE_MAX, f))
			return false;
		if (out->n != 0 && out->p[out->n - 1] == '\n')
			out->n--;
	}
	if (out->n != 0 && memchr(out->p, 0, out->n) != NULL)
		return bad(f, "--cmdline", "holds a NUL");
	return true;
}

static bool
read_kernel(
    struct kernelhashes *out, const struct arguments *a, struct fault *f)
{
	struct bytes kernel, initrd = { 0 }, cmdline;

	if (!map(&kernel, a->kernel, KERNEL_MAX, f) ||
	    (a->initrd != NULL && !map(&initrd, a->initrd, INITRD_MAX, f)) ||
	    !read_cmdline(&cmdline, a->cmdline, f))
		return false;
	*out = kernelhashes_of(kernel, initrd, cmdline);
	return true;
}

/* What stands in numbers and names. */
static bool
read_machine(struct launch *l, const struct arguments *a, struct fault *f)
{
	uint64_t vcpus;

	l->host = vmsa_host(bytes_text(a->host == NULL ? "qemu" : a->host));
	l->features = LAUNCH_SNP_ACTIVE;
	l->allowed = LAUNCH_FEATURES_DEFAULT |
		     (a->allow_debug_swap ? LAUNCH_DEBUG_SWAP : 0);
	if (l->host == NULL)
		return bad(f, "--host", "no host that is known");
	if (l->host->shows_cpu && a->vcpu_type == NULL)
		return bad(f, "--vcpu-type", "this host shows it: needed");
	if (a->vcpu_type != NULL &&
	    !vmsa_cpu(&l->cpu, bytes_text(a->vcpu_type), f))
		return false;
	if (a->features != NULL &&
	    !read_number(&l->features, "--features", a->features, f))
		return false;
	if (!read_number(&vcpus, "--vcpus", a->vcpus, f))
		return false;
	l->vcpus = vcpus > UINT32_MAX ? UINT32_MAX : (uint32_t)vcpus;
	return true;
}

static bool
print(struct bytes text, struct fault *f)
{
	(void)fwrite(text.p, 1, text.n, stdout);
	(void)fputc('\n', stdout);
	return fflush(stdout) == 0 || unreadable(f, "-", "cannot be printed");
}

static bool
print_digest(const struct sha384 *digest, struct fault *f)
{
	uint8_t text[2 * sizeof(*digest)];
	struct buf b = buf_over(text, sizeof(text));

	hex_put(&b, BYTES_OF(digest));
	return print(buf_bytes(&b), f);
}

static bool
print_policy(const struct launch *l, struct fault *f)
{
	static uint8_t memory[1 << 20];
	struct arena a;
	struct bytes text;

	arena_init(&a, memory, sizeof(memory));
	struct message *policy = message_new(&a);
	struct message *snp = message_new(&a);

	message_set_message(snp, "launch", attlaunch_message(l, &a));
	message_set_message(policy, "snp", snp);
	return json_encode(&text, policy, &a, f) && print(text, f);
}

static bool
run(char **argv, struct fault *f)
{
	struct arguments a = { 0 };
	struct kernelhashes kernel;
	struct launch l = { 0 };
	struct sha384 digest;
	struct bytes image;
	struct ovmf firmware;

	if (!take_all(&a, argv, f) || !read_machine(&l, &a, f) ||
	    !map(&image, a.ovmf, OVMF_SIZE_MAX, f) ||
	    !ovmf_parse(&firmware, image, f))
		return false;
	l.firmware = &firmware;
	if (a.kernel != NULL) {
		l.kernel = &kernel;
		if (!read_kernel(&kernel, &a, f))
			return false;
	}
	return launch_digest(&digest, &l, f) &&
	       (a.policy ? print_policy(&l, f) : print_digest(&digest, f));
}

static int
exit_code(const struct fault *f)
{
	if (f->code == FAULT_DEVICE)
		return EXIT_SYSTEM;
	return strcmp(f->reason, "command.usage") == 0 ? EXIT_USAGE
						       : EXIT_UNKNOWN;
}

int
main(int argc, char **argv)
{
	struct fault f = { 0 };

	if (argc > 1 && strcmp(argv[1], "--help") == 0) {
		(void)fputs(usage, stdout);
		return EXIT_ACCEPTED;
	}
	if (crypto_start(0, &f) && run(argv + (argc > 0), &f))
		return EXIT_ACCEPTED;
	(void)fprintf(stderr, "pwos-launch-digest: %s [%s]\n", f.why, f.reason);
	return exit_code(&f);
}
