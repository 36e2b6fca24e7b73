/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/http_gate.h"

#include "gateway/exchange.h"

#include <sys/socket.h>

#define REST_MAX 65536u

/* What libh2o gets to parse in place of a request that is refused. */
static const char stand_in[] =
    "GET / HTTP/1.1\r\nhost: -\r\nconnection: close\r\n\r\n";

static void on_read(h2o_socket_t *sock, const char *err);

/* The bytes of sock->input become exactly these. */
static void
replace_input(h2o_socket_t *sock, const void *p, size_t n)
{
	h2o_buffer_consume(&sock->input, sock->input->size);
	h2o_iovec_t room = h2o_buffer_reserve(&sock->input, n);

	if (room.base == NULL)
		return;
	memcpy(room.base, p, n);
	sock->input->size = n;
}

/* Lets libh2o read what is in sock->input. It may close the connection, and
 * with it the gate, before this returns. */
static void
feed(struct gate *gate)
{
	gate->feed(gate->sock, NULL);
}

static void
refuse(struct gate *gate)
{
	gate->refused = true;
	gate->framing = (struct framing){ .head = sizeof(stand_in) - 1 };
	gate->step = GATE_BODY;
	replace_input(gate->sock, stand_in, sizeof(stand_in) - 1);
	feed(gate);
}

/* All bodies under way share one budget, so that memory is bounded. */
static bool
charge(struct gate *gate)
{
	struct http *http = gate->http;

	if (gate->framing.body > HTTP_BODIES_MAX - http->bodies)
		return fail(&gate->why, FAULT_BUSY, "gateway.busy",
		    "http 4: too many bodies are under way");
	gate->charged = gate->framing.body;
	http->bodies += gate->charged;
	return true;
}

static void
on_head(struct gate *gate)
{
	const h2o_buffer_t *input = gate->sock->input;

	switch (framing_check(
	    &gate->framing, bytes_of(input->bytes, input->size), &gate->why)) {
	case FRAMING_MORE:
		return;
	case FRAMING_REFUSED:
		refuse(gate);
		return;
	case FRAMING_DONE:
		break;
	}
	if (!charge(gate)) {
		refuse(gate);
		return;
	}
	gate->step = GATE_BODY;
	feed(gate);
}

static void
on_read(h2o_socket_t *sock, const char *err)
{
	struct gate *gate = sock->on_close.data;

	if (err != NULL)
		gate->feed(sock, err);
	else if (gate->step == GATE_HEAD)
		on_head(gate);
	else
		feed(gate);
}

/* libh2o waits for a request again: the next one is checked first. */
static void
rearm(struct gate *gate)
{
	h2o_socket_t *sock = gate->sock;

	gate->step = GATE_HEAD;
	gate->framing = (struct framing){ 0 };
	gate->feed = sock->_cb.read;
	sock->_cb.read = on_read;
	if (gate->rest->size == 0)
		return;
	replace_input(sock, gate->rest->bytes, gate->rest->size);
	h2o_buffer_consume(&gate->rest, gate->rest->size);
	on_read(sock, NULL);
}

static void
release_body(struct gate *gate)
{
	gate->http->bodies -= gate->charged;
	gate->charged = 0;
}

static void
on_closed(void *arg)
{
	struct gate *gate = arg;
	struct http *http = gate->http;

	h2o_timeout_unlink(&gate->deadline);
	if (gate->job != NULL)
		exchange_abandon(gate->job);
	release_body(gate);
	h2o_buffer_dispose(&gate->rest);
	*gate = (struct gate){ .step = GATE_FREE };
	http->open--;
	if (http->paused)
		http_listen(http);
}

/* What a refused client still sends is dropped until it has read the answer
 * and closes: closing on unread bytes would reset the connection and take the
 * answer with it. */
static void
on_linger(h2o_socket_t *sock, const char *err)
{
	struct gate *gate = sock->on_close.data;

	h2o_buffer_consume(&sock->input, sock->input->size);
	if (err != NULL) {
		h2o_socket_read_stop(sock);
		gate->written(sock, err);
	}
}

static void
linger(struct gate *gate)
{
	gate->step = GATE_LINGER;
	(void)shutdown(h2o_socket_get_fd(gate->sock), SHUT_WR);
	h2o_timeout_link(gate->http->context.loop, &gate->http->linger_timeout,
	    &gate->deadline);
	h2o_socket_read_start(gate->sock, on_linger);
}

static void
on_deadline(h2o_timeout_entry_t *entry)
{
	struct gate *gate =
	    H2O_STRUCT_FROM_MEMBER(struct gate, deadline, entry);

	/* The write, or the read of what lingers, fails now and ends it. */
	(void)shutdown(h2o_socket_get_fd(gate->sock), SHUT_RDWR);
}

static void
on_written(h2o_socket_t *sock, const char *err)
{
	struct gate *gate = sock->on_close.data;
	struct http *http = gate->http;
	size_t open = http->open;

	h2o_timeout_unlink(&gate->deadline);
	release_body(gate);
	gate->req = NULL;
	if (gate->refused && err == NULL) {
		linger(gate);
		return;
	}
	if (err != NULL)
		gate->refused = true;
	gate->written(sock, err);
	if (http->open == open)
		rearm(gate);
}

/* Keeps what follows the request from libh2o, which would parse it unseen. */
static void
set_aside(struct gate *gate, h2o_req_t *req)
{
	h2o_buffer_t *input = gate->sock->input;
	size_t size = gate->framing.head + gate->framing.body;
	size_t more = input->size > size ? input->size - size : 0;

	if (more == 0)
		return;
	h2o_iovec_t room = { 0 };

	if (more <= REST_MAX)
		room = h2o_buffer_reserve(&gate->rest, more);
	if (room.base == NULL) {
		req->http1_is_persistent = 0;
	} else {
		memcpy(room.base, input->bytes + size, more);
		gate->rest->size = more;
	}
	input->size = size;
}

static struct bytes
view(h2o_iovec_t v)
{
	return bytes_of(v.base, v.len);
}

static void
read_request(struct incoming *out, const h2o_req_t *req)
{
	out->method = view(req->input.method);
	out->target = view(req->input.path);
	out->message.nheaders = 0;
	out->message.body = view(req->entity);
	for (size_t i = 0; i < req->headers.size; i++) {
		if (i == HTTP_HEADERS_MAX)
			break;
		out->message.headers[i] =
		    (struct http_header){ view(*req->headers.entries[i].name),
			    view(req->headers.entries[i].value) };
		out->message.nheaders++;
	}
}

static void
reply_metrics(struct gate *gate)
{
	struct http *http = gate->http;
	struct metrics *m = &http->gateway->metrics;
	struct arena *a = &http->gateway->memory.scratch;
	struct response r;
	struct bytes text;
	struct fault f;

	m->connections_open = http->open;
	m->bodies_open = http->bodies;
	if (!metrics_print(&text, m, a, &f) ||
	    !respond_raw(&r, text, METRICS_TYPE, a, &f))
		r = respond_broken;
	http_gate_reply(gate, &r);
	arena_reset(a);
}

static struct job *
begin(struct gate *gate, h2o_req_t *req)
{
	struct gateway *g = gate->http->gateway;
	struct incoming in;
	struct http_request rq;
	struct fault f;

	if (gate->refused)
		return exchange_refuse(g, gate, &gate->why, CODEC_LINK);
	read_request(&in, req);
	if (!request_read(&rq, &in, &f))
		return exchange_refuse(g, gate, &f, rq.codec);
	if (rq.endpoint != NULL && rq.endpoint->kind == ENDPOINT_METRICS) {
		reply_metrics(gate);
		return NULL;
	}
	return exchange_begin(g, gate, &rq);
}

int
http_gate_request(h2o_handler_t *self, h2o_req_t *req)
{
	struct gate *gate =
	    req->conn->callbacks->get_socket(req->conn)->on_close.data;

	(void)self;
	gate->step = GATE_ANSWER;
	gate->req = req;
	gate->began = metrics_now();
	set_aside(gate, req);
	gate->job = begin(gate, req);
	return 0;
}

/* libh2o writes later what the socket does not take at once. */
static h2o_iovec_t
body_for(h2o_req_t *req, const struct response *r)
{
	h2o_iovec_t body = h2o_iovec_init(r->body.p, r->body.n);

	if (r->kept || r->body.n == 0)
		return body;
	return h2o_strdup(&req->pool, body.base, body.len);
}

void
http_gate_reply(void *client, const struct response *r)
{
	static h2o_generator_t generator;
	struct gate *gate = client;
	h2o_req_t *req = gate->req;
	bool head = h2o_memis(
	    req->input.method.base, req->input.method.len, H2O_STRLIT("HEAD"));

	gate->job = NULL;
	metrics_answer(&gate->http->gateway->metrics, r->status, gate->began);
	req->res.status = (int)r->status;
	req->res.reason = respond_phrase(r->status);
	/* 204 has no length (RFC 9110 8.6). */
	req->res.content_length = r->status == 204 ? SIZE_MAX : r->body.n;
	h2o_add_header_by_str(&req->pool, &req->res.headers,
	    H2O_STRLIT(RESPONSE_HEADER), 0, NULL, (const char *)r->headers.p,
	    r->headers.n);
	h2o_iovec_t body = body_for(req, r);

	h2o_start_response(req, &generator);
	h2o_send(
	    req, &body, head || r->body.n == 0 ? 0 : 1, H2O_SEND_STATE_FINAL);
	gate->written = gate->sock->_cb.write;
	gate->sock->_cb.write = on_written;
	h2o_timeout_link(gate->http->context.loop, &gate->http->write_timeout,
	    &gate->deadline);
}

void
http_gate_accept(struct http *http, h2o_socket_t *sock)
{
	struct gate *gate = http->gates;
	struct timeval now = *h2o_get_timestamp(&http->context, NULL, NULL);

	while (gate->step != GATE_FREE)
		gate++;
	*gate = (struct gate){ .http = http, .sock = sock };
	gate->deadline.cb = on_deadline;
	h2o_buffer_init(&gate->rest, &h2o_socket_buffer_prototype);
	sock->on_close.cb = on_closed;
	sock->on_close.data = gate;
	http->open++;
	http->gateway->metrics.connections++;
	h2o_http1_accept(&http->accept, sock, now);
	rearm(gate);
}
