/* SPDX-License-Identifier: Apache-2.0 */
/* What makes a process a service: its table, and one order of start-up. */
#ifndef IPC_SERVICE_H
#define IPC_SERVICE_H

#include "core/base/arena.h"
#include "ipc/sandbox.h"
#include "ipc/shape.h"
#include "ipc/wires.h"

/* A call under way. The handler reads in, fills out (views may lie in arena,
 * in `in`, or in the state) and returns; on false, *fault says why. */
struct request {
	const void *in;
	void *out;
	void *state;
	struct arena *arena;
	enum process peer;
	struct fault *fault;
};

struct call {
	const struct method *method;
	bool (*handler)(struct request *rq);
	uint32_t callers; /* PEER() bits */
};

struct service {
	enum process self;
	const struct call *calls;
	size_t ncalls;
	const struct sandbox *sandbox;
	unsigned workers;   /* requests handled at once; > 1: state is locked */
	size_t arena_size;  /* bytes of request memory per worker */
	uint64_t caps_open; /* 1 << CAP_x: init's grant, gone behind open */
	/* Devices, keys, link_open; warm-up of libraries. No threads, no calls:
	 * the fence does not bind a thread that is there already. */
	bool (*open)(void **state, struct fault *f);
	/* NULL: serve the calls. Otherwise the service's own loop (gateway). */
	bool (*run)(void *state, struct fault *f);
};

/*
 * harden, open, fence, dial, listen, confine, ready, serve: in this order,
 * once, here. Returns the exit code: 0 done, 111 a fault, which is on stderr.
 */
int service_main(const struct service *s);

/* File descriptors that init gives, beside 0 to 2. */
enum grant {
	GRANT_NOTIFY = 3, /* a newline here means ready */
	GRANT_TPM = 4,    /* tpm: /dev/tpmrm0, or a socket to swtpm */
	GRANT_LOG = 5,    /* tpm: firmware event log to its end, maybe empty */
	GRANT_COUNTS = 6, /* system: struct restart_counts, read-only memfd */
	GRANT_LISTEN = 7, /* gateway: the listening TCP socket, non-blocking */
	GRANT_OPERATOR = 8,    /* measurement: operator's address, or nothing */
	GRANT_VERDICT_KEY = 9, /* verifier: 32 bytes in a sealed memfd */
	GRANT_END              /* one above the last */
};

/* How often init started each process again; written by init only. */
struct restart_counts {
	uint64_t of[PROCESS_COUNT];
};

/* One line on stderr: "NAME: TEXT". Never key material. */
void service_log(enum process self, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
