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
#include "services/keyring/keyring.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define ANSWER_MAX (256u << 10)
#define WORK_SIZE  (4u << 20)

const char *__lsan_default_suppressions(void);

struct fixture fixture;

static struct rsa_key *key;
static struct gateway *g;

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
} sky = { .lock = PTHREAD_MUTEX_INITIALIZER,
	.some = PTHREAD_COND_INITIALIZER,
	.last = &sky.first };

/* What libcrypto keeps for each thread hangs on the locked heap, where the
 * sanitizer does not look for references. */
const char *
__lsan_default_suppressions(void)
{
	return "leak:CRYPTO_malloc\n";
}

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
	static uint8_t log[60000];

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
	struct message *m = message_new(a), *inner = message_new(a), *seen;

	message_set_text(m, "name", name);
	message_set_text(inner, "deep", name);
	message_set_message(m, "inner", inner);
	seen = message_list(m, "seen");
	message_append_text(seen, name);
	message_append(
	    seen, (struct value){ .kind = VALUE_INTEGER, .integer = 7 });
	if (fixture.splits)
		message_set_text(m, "bad", "a\r\nset-cookie: b");
	return m;
}

static struct message *
node(struct arena *a)
{
	struct message_id address = fixture_address();
	struct message *m = plain("node", a);

	message_set_bytes(m, "address", message_id_text(&address, a));
	message_set_text(m, "initialized", "permanent");
	if (fixture.operator[0] != '\0')
		message_set_text(m, "operator", fixture.operator);
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
	fixture.policy = in->policy.n;
	fixture.collateral = in->collateral.n;
	fixture.challenge = in->challenge.n;
	fixture.gives_up = in->gives_up;
	fixture.at = in->at;
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
		return node(a);
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
	struct message_id address = fixture_address();

	return message_unpack(&m, request->message, a, f) &&
	       statement_check(m, STATEMENT_NONE, &address, f) &&
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

bool
flight_start(struct flight **out, struct link *link,
    const struct flight_plan *plan, struct fault *f)
{
	struct flight *flight = calloc(1, sizeof(*flight));

	(void)f;
	if (flight == NULL)
		abort();
	atomic_fetch_add(&fixture.calls[link->callee], 1);
	atomic_fetch_add(&fixture.flights, 1);
	flight->done = plan->done;
	flight->arg = plan->arg;
	if (fixture.down[link->callee])
		(void)fail(&flight->fault, FAULT_BUSY, "ipc.unavailable",
		    "ipc 7: %s is down", wires[link->callee].name);
	else if (fixture.refusal != NULL && link->callee == PROCESS_MEASUREMENT)
		(void)fail(
		    &flight->fault, fixture.code, fixture.refusal, "tpm 1: no");
	else
		make_answer(flight, plan->method, plan->in);
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
__attribute__((noreturn)) static void *
land(void *arg)
{
	(void)arg;
	for (;;) {
		(void)pthread_mutex_lock(&sky.lock);
		while (sky.first == NULL)
			(void)pthread_cond_wait(&sky.some, &sky.lock);
		struct flight *flights = sky.first;

		sky.first = NULL;
		sky.last = &sky.first;
		(void)pthread_mutex_unlock(&sky.lock);
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

struct gateway *
fixture_start(int listener)
{
	pthread_t thread;
	struct fault f;

	must(crypto_start(1u << 20, &f), &f);
	must(rsa_new(&key, &f), &f);
	g = gateway_prepare();
	g->listener = listener;
	metrics_open(&g->metrics);
	must(http_open(g, &f), &f);
	for (unsigned p = 0; p < PROCESS_COUNT; p++)
		must(link_open(&g->links[p], PROCESS_GATEWAY, p, &f), &f);
	if (pthread_create(&thread, NULL, land, NULL) != 0 ||
	    pthread_create(&thread, NULL, serve, g) != 0)
		abort();
	return g;
}

void
fixture_settle(void)
{
	while (atomic_load(&fixture.flights) != 0)
		pause_ms(10);
	rsa_free(key);
}

struct message_id
fixture_address(void)
{
	uint8_t modulus[RSA_WALLET_BYTES];

	rsa_modulus(key, modulus);
	return message_address(bytes_of(modulus, sizeof(modulus)));
}
