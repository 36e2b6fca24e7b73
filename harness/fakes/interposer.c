/* SPDX-License-Identifier: Apache-2.0 */
#include "harness/fakes/interposer.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define HEADER_SIZE 10u

static uint32_t
be32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
	       (uint32_t)p[2] << 8 | p[3];
}

static void
put_be32(uint8_t *p, uint32_t value)
{
	for (unsigned i = 0; i < 4; i++)
		p[i] = (uint8_t)(value >> (24 - 8 * i));
}

static bool
read_all(int fd, uint8_t *p, size_t n)
{
	while (n > 0) {
		ssize_t got = read(fd, p, n);

		if (got <= 0)
			return false;
		p += got;
		n -= (size_t)got;
	}
	return true;
}

static bool
read_frame(int fd, struct frame *f)
{
	if (!read_all(fd, f->b, HEADER_SIZE))
		return false;
	f->n = be32(f->b + 2);
	return f->n >= HEADER_SIZE && f->n <= sizeof(f->b) &&
	       read_all(fd, f->b + HEADER_SIZE, f->n - HEADER_SIZE);
}

static void
send_bytes(int fd, const uint8_t *p, size_t n)
{
	if (send(fd, p, n, MSG_NOSIGNAL) != (ssize_t)n)
		return;
}

static void
flip(struct frame *f, int64_t at)
{
	int64_t index = at < 0 ? (int64_t)f->n + at : at;

	if (index >= 0 && index < (int64_t)f->n)
		f->b[index] ^= 1;
}

static void
answer_code(struct frame *f, uint32_t size, uint32_t code)
{
	f->n = HEADER_SIZE;
	f->b[0] = 0x80;
	f->b[1] = 0x01;
	put_be32(f->b + 2, size);
	put_be32(f->b + 6, code);
}

/* The rule for this frame, if it is its turn; TAMPER_NOT otherwise. */
static struct rule
turn(struct interposer *i)
{
	struct rule now = i->rule, none = { 0 };

	if (now.tamper == TAMPER_NOT || now.times == 0 ||
	    (now.command != 0 && now.command != be32(i->command.b + 6)))
		return none;
	if (now.skip > 0) {
		i->rule.skip--;
		return none;
	}
	i->rule.times--;
	return now;
}

static bool
ask(struct interposer *i)
{
	send_bytes(i->tpm, i->command.b, i->command.n);
	return read_frame(i->tpm, &i->answer);
}

/* Whether there is an answer for now. The lock is held. */
static bool
serve_frame(struct interposer *i)
{
	struct rule rule = turn(i);

	if (rule.tamper == TAMPER_CODE) {
		answer_code(&i->answer, HEADER_SIZE, (uint32_t)rule.value);
		return true;
	}
	if (rule.tamper == TAMPER_SIZE) {
		answer_code(&i->answer, (uint32_t)rule.value, 0);
		return true;
	}
	if (rule.tamper == TAMPER_COMMAND)
		flip(&i->command, rule.value);
	if (!ask(i))
		return false;
	if (rule.tamper == TAMPER_REPLAY)
		i->answer = i->last;
	else if (i->rule.command == be32(i->command.b + 6))
		i->last = i->answer;
	if (rule.tamper == TAMPER_ANSWER)
		flip(&i->answer, rule.value);
	if (rule.tamper == TAMPER_HALF)
		i->answer.n /= 2;
	i->held = rule.tamper == TAMPER_HOLD;
	return !i->held;
}

static void *
work(void *arg)
{
	struct interposer *i = arg;

	while (read_frame(i->inner, &i->command)) {
		(void)pthread_mutex_lock(&i->lock);
		if (serve_frame(i))
			send_bytes(i->inner, i->answer.b, i->answer.n);
		(void)pthread_mutex_unlock(&i->lock);
	}
	return NULL;
}

void
interposer_start(struct interposer *i, int tpm)
{
	int ends[2];

	memset(i, 0, sizeof(*i));
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0 ||
	    pthread_mutex_init(&i->lock, NULL) != 0)
		abort();
	i->fd = ends[0];
	i->inner = ends[1];
	i->tpm = tpm;
	if (pthread_create(&i->thread, NULL, work, i) != 0)
		abort();
}

void
interposer_stop(struct interposer *i)
{
	(void)close(i->fd);
	(void)shutdown(i->inner, SHUT_RDWR);
	(void)pthread_join(i->thread, NULL);
	(void)close(i->inner);
}

void
interposer_set(struct interposer *i, struct rule rule)
{
	(void)pthread_mutex_lock(&i->lock);
	i->rule = rule;
	(void)pthread_mutex_unlock(&i->lock);
}

bool
interposer_release(struct interposer *i)
{
	(void)pthread_mutex_lock(&i->lock);
	bool applied = i->rule.skip == 0 && i->rule.times == 0;

	i->rule = (struct rule){ 0 };
	if (i->held)
		send_bytes(i->inner, i->answer.b, i->answer.n);
	i->held = false;
	(void)pthread_mutex_unlock(&i->lock);
	return applied;
}
