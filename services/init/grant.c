/* SPDX-License-Identifier: Apache-2.0 */
/* What the descriptors of enum grant stand for. */
#include "services/init/init.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define TPM_DEVICE       "/dev/tpmrm0"
#define OPERATOR         "/etc/pwos/operator"
#define VERDICT_KEY_SIZE 32u
#define TPM_LOG          "/sys/kernel/security/tpm0/binary_bios_measurements"

/* A simulator serves one connection: it may be busy until the last child's
 * end of it is gone, so this must not wait. */
static int
dial_tpm(const char *path)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	size_t n = strlen(path);

	if (n >= sizeof(to.sun_path)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	memcpy(to.sun_path, path, n);
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd < 0)
		return -1;
	if (connect(fd, (const struct sockaddr *)&to, sizeof(to)) != 0 ||
	    fcntl(fd, F_SETFL, 0) != 0) {
		int error = errno;

		(void)close(fd);
		errno = error;
		return -1;
	}
	return fd;
}

/* A simulator has no firmware behind it, and the host's log is not its. */
static int
open_log(bool simulated)
{
	int fd = simulated ? -1 : open(TPM_LOG, O_RDONLY | O_CLOEXEC);

	return fd >= 0 ? fd : open("/dev/null", O_RDONLY | O_CLOEXEC);
}

/* The address as a file that nobody can write: of the image, or the one that
 * the supervisor was given; empty if there is none. */
static int
open_operator(const struct setup *setup)
{
	const char *text = setup->operator== NULL ? "" : setup->operator;
	int fd = -1;

	if (!setup->host)
		fd = open(OPERATOR, O_RDONLY | O_CLOEXEC);
	if (fd >= 0)
		return fd;
	fd = memfd_create("operator", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	if (fd >= 0 &&
	    pwrite(fd, text, strlen(text), 0) == (ssize_t)strlen(text) &&
	    fcntl(fd, F_ADD_SEALS,
		F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL) == 0)
		return fd;
	if (fd >= 0)
		(void)close(fd);
	return -1;
}

bool
grant_make_key(int *out, struct fault *f)
{
	uint8_t key[VERDICT_KEY_SIZE];
	char path[32];
	int fd = memfd_create("verdict-key", MFD_CLOEXEC | MFD_ALLOW_SEALING);

	*out = -1;
	if (fd >= 0 && getrandom(key, sizeof(key), 0) == (ssize_t)sizeof(key) &&
	    pwrite(fd, key, sizeof(key), 0) == (ssize_t)sizeof(key) &&
	    fcntl(fd, F_ADD_SEALS,
		F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL) ==
		0) {
		(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
		*out = open(path, O_RDONLY | O_CLOEXEC);
	}
	explicit_bzero(key, sizeof(key));
	if (fd >= 0)
		(void)close(fd);
	return *out >= 0 ||
	       fail(f, FAULT_DEVICE, "init.key",
		   "init 5: cannot make the verdict key: %s", strerror(errno));
}

bool
grant_open(
    int *out, enum grant grant, const struct setup *setup, struct fault *f)
{
	*out = -1;
	errno = EINVAL;
	if (grant == GRANT_TPM)
		*out = setup->tpm != NULL
			   ? dial_tpm(setup->tpm)
			   : open(TPM_DEVICE, O_RDWR | O_CLOEXEC);
	else if (grant == GRANT_LOG)
		*out = open_log(setup->tpm != NULL);
	else if (grant == GRANT_OPERATOR)
		*out = open_operator(setup);
	else if (grant == GRANT_COUNTS)
		*out = fcntl(setup->counts, F_DUPFD_CLOEXEC, 0);
	else if (grant == GRANT_VERDICT_KEY)
		*out = fcntl(setup->verdict_key, F_DUPFD_CLOEXEC, 0);
	else if (grant == GRANT_LISTEN && listener_renew(setup->listener))
		*out = fcntl(setup->listener, F_DUPFD_CLOEXEC, 0);
	return *out >= 0 || fail(f, FAULT_DEVICE, "init.grant",
				"init 5: cannot open grant %d: %s", (int)grant,
				strerror(errno));
}
