/* SPDX-License-Identifier: Apache-2.0 */
/* The limit that the gateway is measured against: libh2o alone, answering
 * every request with SIZE bytes in the body and HEADERS bytes of headers. */
#include <h2o.h>
#include <h2o/http1.h>

#include <inttypes.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#define MOST (4u << 20)

static char body[MOST], filler[65536];
static size_t body_size, filler_size;
static h2o_globalconf_t config;
static h2o_context_t context;
static h2o_accept_ctx_t accepting;

static int
on_request(h2o_handler_t *self, h2o_req_t *req)
{
	static h2o_generator_t generator;
	h2o_iovec_t whole = h2o_iovec_init(body, body_size);

	(void)self;
	req->res.status = 200;
	req->res.reason = "OK";
	req->res.content_length = body_size;
	h2o_add_header_by_str(&req->pool, &req->res.headers,
	    H2O_STRLIT("x-filler"), 0, NULL, filler, filler_size);
	h2o_start_response(req, &generator);
	h2o_send(req, &whole, body_size == 0 ? 0 : 1, H2O_SEND_STATE_FINAL);
	return 0;
}

static void
on_accept(h2o_socket_t *listener, const char *err)
{
	h2o_socket_t *sock =
	    err == NULL ? h2o_evloop_socket_accept(listener) : NULL;

	if (sock != NULL)
		h2o_http1_accept(
		    &accepting, sock, *h2o_get_timestamp(&context, NULL, NULL));
}

static size_t
number(const char *text, size_t most)
{
	size_t n = 0;

	for (; *text >= '0' && *text <= '9' && n <= most; text++)
		n = n * 10 + (size_t)(*text - '0');
	return n > most ? most : n;
}

static int
listen_on(uint16_t port)
{
	const struct sockaddr_in at = { .sin_family = AF_INET,
		.sin_port = htons(port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	const int on = 1;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	if (fd < 0 ||
	    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) != 0 ||
	    bind(fd, (const struct sockaddr *)&at, sizeof(at)) != 0 ||
	    listen(fd, 128) != 0)
		return -1;
	return fd;
}

int
main(int argc, char **argv)
{
	if (argc != 4) {
		(void)fputs("usage: hello PORT SIZE HEADERS\n", stderr);
		return 100;
	}
	body_size = number(argv[2], sizeof(body));
	filler_size = number(argv[3], sizeof(filler));
	memset(body, 'b', body_size);
	memset(filler, 'h', filler_size);
	(void)signal(SIGPIPE, SIG_IGN);
	int fd = listen_on((uint16_t)number(argv[1], UINT16_MAX));

	if (fd < 0) {
		perror("hello");
		return 111;
	}
	h2o_config_init(&config);
	h2o_hostconf_t *host = h2o_config_register_host(
	    &config, h2o_iovec_init(H2O_STRLIT("default")), 65535);
	h2o_pathconf_t *path = h2o_config_register_path(host, "/", 0);

	h2o_create_handler(path, sizeof(h2o_handler_t))->on_req = on_request;
	h2o_context_init(&context, h2o_evloop_create(), &config);
	accepting.ctx = &context;
	accepting.hosts = config.hosts;
	h2o_socket_read_start(h2o_evloop_socket_create(
				  context.loop, fd, H2O_SOCKET_FLAG_DONT_READ),
	    on_accept);
	while (h2o_evloop_run(context.loop, INT32_MAX) == 0)
		continue;
	return 111;
}
