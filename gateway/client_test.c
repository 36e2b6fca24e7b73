/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/client.h"

#include <arpa/inet.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#define PATIENCE_MS 15000

static struct sockaddr_in server = { .sin_family = AF_INET };

int
client_listen(void)
{
	socklen_t size = sizeof(server);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	server.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (fd < 0 ||
	    bind(fd, (struct sockaddr *)&server, sizeof(server)) != 0 ||
	    listen(fd, 128) != 0 ||
	    getsockname(fd, (struct sockaddr *)&server, &size) != 0) {
		perror("listen");
		abort();
	}
	return fd;
}

int
client_connect(void)
{
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0 ||
	    connect(fd, (struct sockaddr *)&server, sizeof(server)) != 0) {
		perror("connect");
		abort();
	}
	return fd;
}

bool
client_send(int fd, const void *p, size_t n)
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
client_receive(struct reply_text *out, int fd, bool bodiless)
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
client_is_closed(int fd)
{
	char byte;

	return receive(fd, &byte, 1) == 0;
}

bool
client_ask(struct reply_text *out, struct bytes request)
{
	int fd = client_connect();
	bool good =
	    client_send(fd, request.p, request.n) &&
	    client_receive(out, fd, bytes_starts(request, BYTES("HEAD")));

	(void)close(fd);
	return good;
}

void
client_fields(
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

bool
client_post(struct reply_text *out, const char *target, const char *headers,
    const char *body)
{
	static char request[1 << 20];
	int n = snprintf(request, sizeof(request),
	    "POST %s HTTP/1.1\r\nhost: node\r\n%scontent-length: %zu\r\n\r\n"
	    "%s",
	    target, headers, strlen(body), body);

	return n > 0 && (size_t)n < sizeof(request) &&
	       client_ask(out, bytes_of(request, (size_t)n));
}
