/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/http.h"

#include "gateway/exchange.h"
#include "gateway/http_gate.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#define RECEIVE_SIZE 65536 /* of the kernel's buffer of a connection */
#define ACCEPTS_MAX  16    /* in one turn of the loop */

static bool
trouble(struct fault *f, const char *what)
{
	return fail(f, FAULT_DEVICE, "gateway.listen", "http 1: %s: %s", what,
	    strerror(errno));
}

/* Connections inherit the buffer's size and with it the most that one turn of
 * the loop reads from them. */
static bool
take_listener(int fd, struct fault *f)
{
	const int receive = RECEIVE_SIZE;

	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &receive, sizeof(receive)) !=
	    0)
		return trouble(f, "listening socket");
	return true;
}

static void
on_accept(h2o_socket_t *listener, const char *err)
{
	struct http *http = listener->data;

	if (err != NULL)
		return;
	for (int i = 0; i < ACCEPTS_MAX; i++) {
		/* Those that are over the limit wait in the kernel's queue. */
		if (http->open == CONNECTIONS_MAX) {
			http->paused = true;
			h2o_socket_read_stop(listener);
			return;
		}
		h2o_socket_t *sock = h2o_evloop_socket_accept(listener);

		if (sock == NULL)
			return;
		http_gate_accept(http, sock);
	}
}

void
http_listen(struct http *http)
{
	http->paused = false;
	h2o_socket_read_start(http->listener, on_accept);
}

static void
on_bell(h2o_socket_t *bell, const char *err)
{
	struct http *http = bell->data;

	(void)err;
	h2o_buffer_consume(&bell->input, bell->input->size);
	exchange_land(http->gateway);
}

static void
configure(struct http *http)
{
	h2o_globalconf_t *config = &http->config;

	h2o_config_init(config);
	config->server_name = (h2o_iovec_t){ 0 };
	config->max_request_entity_size = FRAMING_BODY_MAX;
	config->http1.req_timeout = HTTP_RECEIVE_MS;
	config->http1.upgrade_to_http2 = 0;
	h2o_hostconf_t *host = h2o_config_register_host(
	    config, h2o_iovec_init(H2O_STRLIT("default")), 65535);
	h2o_pathconf_t *path = h2o_config_register_path(host, "/", 0);
	h2o_handler_t *handler = h2o_create_handler(path, sizeof(*handler));

	handler->on_req = http_gate_request;
}

bool
http_open(struct gateway *g, struct fault *f)
{
	struct http *http = calloc(1, sizeof(*http));

	if (http == NULL)
		return fail(f, FAULT_LIMIT, "limit.memory",
		    "base 1: no room for the HTTP server");
	g->http = http;
	g->reply = http_gate_reply;
	http->gateway = g;
	/* libh2o prints dates; the zone's file is out of reach later. */
	if (setenv("TZ", "UTC0", 1) != 0)
		return trouble(f, "TZ");
	tzset();
	(void)signal(SIGPIPE, SIG_IGN);
	g->bell = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	if (g->bell < 0)
		return trouble(f, "eventfd");
	if (!take_listener(g->listener, f))
		return false;
	configure(http);
	h2o_loop_t *loop = h2o_evloop_create();

	h2o_context_init(&http->context, loop, &http->config);
	http->accept.ctx = &http->context;
	http->accept.hosts = http->config.hosts;
	h2o_timeout_init(loop, &http->write_timeout, HTTP_WRITE_MS);
	h2o_timeout_init(loop, &http->linger_timeout, HTTP_LINGER_MS);
	http->listener = h2o_evloop_socket_create(
	    loop, g->listener, H2O_SOCKET_FLAG_DONT_READ);
	http->listener->data = http;
	http->bell = h2o_evloop_socket_create(loop, g->bell, 0);
	http->bell->data = http;
	/* Dates and the pages of the loop are made once, before the walls. */
	(void)h2o_get_timestamp(&http->context, NULL, NULL);
	return true;
}

bool
http_run(struct gateway *g, struct fault *f)
{
	struct http *http = g->http;

	http_listen(http);
	h2o_socket_read_start(http->bell, on_bell);
	while (h2o_evloop_run(http->context.loop, INT32_MAX) == 0 ||
	       errno == EINTR)
		continue;
	return trouble(f, "the loop");
}
