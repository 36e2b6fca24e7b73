/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/fixture.h"

#include "core/crypto/crypto.h"
#include "core/message/commit.h"
#include "core/message/id.h"
#include "core/message/pack.h"
#include "gateway/exchange.h"
#include "gateway/http.h"
#include "ipc/iface/measurement.h"
#include "ipc/iface/system.h"
#include "ipc/iface/verifier.h"

#include <arpa/inet.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define ANSWER_MAX  (256u << 10)
#define WORK_SIZE   (4u << 20)
#define PATIENCE_MS 15000

struct fixture fixture;

static struct rsa_key *key;
static struct gateway *g;
static pthread_t server;

struct link {
	enum process callee;
};

/* A call under way: its answer is made at the start, and given later. */
struct flight {
	struct flight *next;
	void (*done)(void *arg);
	void *arg;
	bool good, cancelled;
	struct fault fault;
	size_t n;
	uint8_t answer[ANSWER_MAX];
};

static struct {
	pthread_mutex_t lock;
	pthread_cond_t some;
	struct flight *first, **last;
	pthread_t thread;
	bool stop;
} sky = { .lock = PTHREAD_MUTEX_INITIALIZER,
	.some = PTHREAD_COND_INITIALIZER,
	.last = &sky.first };

static void
must(bool good, const struct fault *f)
{
	if (good)
		return;
	(void)fprintf(stderr, "fixture: %s %s\n", f->reason, f->why);
	abort();
}

static void
sign_message(struct message *m, struct arena *a)
{
	uint8_t modulus[RSA_WALLET_BYTES], signature[RSA_WALLET_BYTES];
	struct bytes n = bytes_of(modulus, sizeof(modulus)), base;
	struct fault f;

	rsa_modulus(key, modulus);
	must(commit_base(&base, m, n, a, &f), &f);
	must(rsa_sign(signature, key, base, &f), &f);
	must(commit_attach(m, n, bytes_of(signature, sizeof(signature)), &f),
	    &f);
}

/* A measurement in shape and size; its evidence says nothing. */
static struct message *
measurement(const char *purpose, struct bytes nonce, struct arena *a)
{
	struct message *m = message_new(a), *body = message_new(a);
	struct message *evidence = message_new(a);
	static uint8_t log[24000];

	message_set_text(m, "type", "lapee-measurement");
	message_set_text(m, "purpose", purpose);
	message_set_base64(m, "nonce", nonce);
	message_set_integer(m, "issued-at-unix", 1700000000);
	message_set_text(body, "system", "a machine");
	message_set_base64(
	    evidence, "firmware-log", bytes_of(log, sizeof(log)));
	message_set_message(m, "body", body);
	message_set_message(m, "evidence", evidence);
	sign_message(m, a);
	return m;
}

static struct message *
plain(const char *name, struct arena *a)
{
	struct message *m = message_new(a), *inner = message_new(a);

	message_set_text(m, "name", name);
	message_set_text(inner, "deep", name);
	message_set_message(m, "inner", inner);
	if (fixture.splits)
		message_set_text(m, "bad", "a\r\nset-cookie: b");
	return m;
}

static struct message *
verdict(const struct verifier_verify_req *in, struct arena *a)
{
	struct message *asked;
	struct fault f;

	must(message_unpack(&asked, in->message, a, &f), &f);
	(void)snprintf(fixture.purpose, sizeof(fixture.purpose), "%.*s",
	    (int)in->purpose.n, (const char *)in->purpose.p);
	fixture.nonce = in->nonce.n;
	fixture.roots = in->roots.n;
	fixture.commitments = asked->ncommitments;
	return plain("verdict", a);
}

/* The message that a method gives, or NULL. */
static struct message *
answer_message(const struct method *method, const void *in, struct arena *a)
{
	static const uint8_t boot[24] = "permawebos-boot-nonce-v2";
	const struct measurement_fresh_req *fresh = in;

	if (method == &measurement_boot)
		return measurement("boot", bytes_of(boot, sizeof(boot)), a);
	if (method == &measurement_fresh)
		return measurement("fresh", fresh->nonce, a);
	if (method == &measurement_info)
		return plain("engines", a);
	if (method == &measurement_node)
		return plain("node", a);
	if (method == &measurement_unwrap)
		return plain("proof", a);
	if (method == &system_report)
		return plain("machine", a);
	if (method == &verifier_verify)
		return verdict(in, a);
	return NULL;
}

/* The keyring refuses what cannot be signed, as the true one does. */
static bool
keyring_answer(struct bytes *answer, const struct method *method,
    const void *in, struct arena *a, struct fault *f)
{
	const struct keyring_sign_response_req *request = in;
	uint8_t *out = arena_alloc(a, RSA_WALLET_BYTES);
	uint8_t modulus[RSA_WALLET_BYTES];
	struct message *m;
	struct bytes base;

	*answer = bytes_of(out, RSA_WALLET_BYTES);
	rsa_modulus(key, modulus);
	if (method == &keyring_identity) {
		memcpy(out, modulus, sizeof(modulus));
		return true;
	}
	return message_unpack(&m, request->message, a, f) &&
	       commit_base(
		   &base, m, bytes_of(modulus, sizeof(modulus)), a, f) &&
	       rsa_sign(out, key, base, f);
}

static void
make_answer(struct flight *flight, const struct method *method, const void *in)
{
	static uint8_t work[WORK_SIZE];
	struct bytes out = { 0 };
	struct arena a;

	arena_init(&a, work, sizeof(work));
	struct message *m = answer_message(method, in, &a);

	flight->good = true;
	if (m != NULL)
		must(message_pack(&out, m, &a, &flight->fault), &flight->fault);
	else
		flight->good =
		    keyring_answer(&out, method, in, &a, &flight->fault);
	if (out.n > sizeof(flight->answer))
		abort();
	memcpy(flight->answer, out.p, out.n);
	flight->n = out.n;
}

bool
link_open(
    struct link **out, enum process self, enum process callee, struct fault *f)
{
	static struct link links[PROCESS_COUNT];

	(void)self;
	(void)f;
	links[callee].callee = callee;
	*out = &links[callee];
	return true;
}

void
link_close(struct link *link)
{
	(void)link;
}

bool
dial_start(struct fault *f)
{
	(void)f;
	return true;
}

bool
link_call(struct link *link, const struct method *method, const void *in,
    void *out, struct arena *a, struct fault *f)
{
	struct flight *flight;

	return flight_start(&flight, link, method, in, NULL, NULL, f) &&
	       flight_finish(flight, out, a, f);
}

bool
flight_start(struct flight **out, struct link *link,
    const struct method *method, const void *in, void (*done)(void *arg),
    void *arg, struct fault *f)
{
	struct flight *flight = calloc(1, sizeof(*flight));

	(void)f;
	if (flight == NULL)
		abort();
	atomic_fetch_add(&fixture.calls[link->callee], 1);
	atomic_fetch_add(&fixture.flights, 1);
	flight->done = done;
	flight->arg = arg;
	if (fixture.down[link->callee])
		(void)fail(&flight->fault, FAULT_BUSY, "ipc.unavailable",
		    "ipc 7: %s is down", wires[link->callee].name);
	else if (fixture.refusal != NULL && link->callee == PROCESS_MEASUREMENT)
		(void)fail(
		    &flight->fault, FAULT_DEVICE, fixture.refusal, "tpm 1: no");
	else
		make_answer(flight, method, in);
	*out = flight;
	(void)pthread_mutex_lock(&sky.lock);
	*sky.last = flight;
	sky.last = &flight->next;
	(void)pthread_cond_signal(&sky.some);
	(void)pthread_mutex_unlock(&sky.lock);
	return true;
}

static void
pause_ms(unsigned ms)
{
	struct timespec t = { ms / 1000, (long)(ms % 1000) * 1000000 };

	(void)nanosleep(&t, NULL);
}

/* Lands every flight after the delay, on a thread that is not the loop's. */
static void *
land(void *arg)
{
	(void)arg;
	for (;;) {
		(void)pthread_mutex_lock(&sky.lock);
		while (sky.first == NULL && !sky.stop)
			(void)pthread_cond_wait(&sky.some, &sky.lock);
		struct flight *flights = sky.first;

		sky.first = NULL;
		sky.last = &sky.first;
		(void)pthread_mutex_unlock(&sky.lock);
		if (flights == NULL)
			return NULL;
		pause_ms(fixture.delay_ms);
		while (flights != NULL) {
			struct flight *next = flights->next;

			flights->done(flights->arg);
			flights = next;
		}
	}
}

bool
flight_finish(
    struct flight *flight, void *out, struct arena *a, struct fault *f)
{
	struct bytes *only = out;
	bool good = flight->good;

	if (good)
		*only = arena_copy(a, bytes_of(flight->answer, flight->n));
	else
		*f = flight->fault;
	atomic_fetch_sub(&fixture.flights, 1);
	free(flight);
	return good;
}

void
flight_cancel(struct flight *flight)
{
	/* The tests stop when nothing is under way. */
	(void)flight;
	abort();
}

static void *
serve(void *arg)
{
	struct fault f;

	must(http_run(arg, &f), &f);
	return NULL;
}

static in_port_t port; /* of the server, network order */

static int
listen_somewhere(void)
{
	struct sockaddr_in at = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t size = sizeof(at);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	if (fd < 0 || bind(fd, (struct sockaddr *)&at, sizeof(at)) != 0 ||
	    listen(fd, 128) != 0 ||
	    getsockname(fd, (struct sockaddr *)&at, &size) != 0) {
		perror("listen");
		abort();
	}
	port = at.sin_port;
	return fd;
}

struct gateway *
fixture_start(void)
{
	struct fault f;

	must(crypto_start(1u << 20, &f), &f);
	must(rsa_new(&key, &f), &f);
	g = gateway_state();
	g->listener = listen_somewhere();
	must(http_open(g, &f), &f);
	for (unsigned p = 0; p < PROCESS_COUNT; p++)
		must(link_open(&g->links[p], PROCESS_GATEWAY, p, &f), &f);
	if (pthread_create(&sky.thread, NULL, land, NULL) != 0 ||
	    pthread_create(&server, NULL, serve, g) != 0)
		abort();
	return g;
}

void
fixture_stop(void)
{
	while (atomic_load(&fixture.flights) != 0)
		pause_ms(10);
	http_stop(g);
	(void)pthread_join(server, NULL);
	(void)pthread_mutex_lock(&sky.lock);
	sky.stop = true;
	(void)pthread_cond_signal(&sky.some);
	(void)pthread_mutex_unlock(&sky.lock);
	(void)pthread_join(sky.thread, NULL);
	http_close(g);
	rsa_free(key);
}

struct message_id
fixture_address(void)
{
	uint8_t modulus[RSA_WALLET_BYTES];

	rsa_modulus(key, modulus);
	return message_address(bytes_of(modulus, sizeof(modulus)));
}

int
fixture_connect(void)
{
	struct sockaddr_in at = { .sin_family = AF_INET,
		.sin_port = port,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || connect(fd, (struct sockaddr *)&at, sizeof(at)) != 0) {
		perror("connect");
		abort();
	}
	return fd;
}

bool
fixture_send(int fd, const void *p, size_t n)
{
	const uint8_t *from = p;

	while (n > 0) {
		ssize_t sent = send(fd, from, n, MSG_NOSIGNAL);

		if (sent <= 0)
			return false;
		from += sent;
		n -= (size_t)sent;
	}
	return true;
}

/* Up to n bytes; 0 at the end or when patience is over. */
static size_t
receive(int fd, void *p, size_t n)
{
	struct pollfd ready = { .fd = fd, .events = POLLIN };

	if (poll(&ready, 1, PATIENCE_MS) != 1)
		return 0;
	ssize_t got = recv(fd, p, n, 0);

	return got <= 0 ? 0 : (size_t)got;
}

static size_t
number_behind(const char *text, const char *name)
{
	const char *at = strcasestr(text, name);
	size_t n = 0;

	if (at == NULL)
		return 0;
	for (at += strlen(name); *at >= '0' && *at <= '9'; at++)
		n = n * 10 + (size_t)(*at - '0');
	return n;
}

bool
fixture_receive(struct reply_text *out, int fd, bool bodiless)
{
	out->n = 0;
	for (;;) {
		/* Byte by byte, so that what follows stays in the socket. */
		size_t got = receive(fd, out->text + out->n, 1);

		if (got == 0)
			return false;
		out->n += got;
		out->text[out->n] = '\0';
		if (out->n >= 4 &&
		    memcmp(out->text + out->n - 4, "\r\n\r\n", 4) == 0)
			break;
	}
	out->head = out->n;
	out->status = (unsigned)number_behind(out->text, "HTTP/1.1 ");
	size_t body =
	    bodiless ? 0 : number_behind(out->text, "content-length: ");

	if (body > sizeof(out->text) - 1 - out->head)
		abort();
	while (out->n < out->head + body) {
		size_t got =
		    receive(fd, out->text + out->n, out->head + body - out->n);

		if (got == 0)
			return false;
		out->n += got;
	}
	out->text[out->n] = '\0';
	return true;
}

bool
fixture_is_closed(int fd)
{
	char byte;

	return receive(fd, &byte, 1) == 0;
}

bool
fixture_ask(struct reply_text *out, struct bytes request)
{
	int fd = fixture_connect();
	bool good =
	    fixture_send(fd, request.p, request.n) &&
	    fixture_receive(out, fd, bytes_starts(request, BYTES("HEAD")));

	(void)close(fd);
	return good;
}

void
fixture_fields(
    struct http_message *out, const struct reply_text *reply, struct arena *a)
{
	const char *line = strstr(reply->text, "\r\n") + 2;

	*out =
	    (struct http_message){ .body = bytes_of(reply->text + reply->head,
				       reply->n - reply->head) };
	while (line < reply->text + reply->head - 2) {
		const char *end = strstr(line, "\r\n");
		const char *colon = strstr(line, ": ");
		struct bytes name =
		    arena_copy(a, bytes_of(line, (size_t)(colon - line)));
		uint8_t *lower = a->base + (name.p - a->base);

		for (size_t i = 0; i < name.n; i++) {
			if (lower[i] >= 'A' && lower[i] <= 'Z')
				lower[i] |= 0x20;
		}
		out->headers[out->nheaders++] = (struct http_header){ name,
			bytes_of(colon + 2, (size_t)(end - colon - 2)) };
		line = end + 2;
	}
}
