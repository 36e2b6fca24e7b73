/* SPDX-License-Identifier: Apache-2.0 */
/* Writes seeds of door fuzzers: for each row of a service's call table and each
 * caller that it allows, the caller's number and a frame that the row accepts.
 * pwos-doors spec/vectors/fuzz SERVICE makes its door-SERVICE. */
#include "core/message/pack.h"
#include "ipc/describe/describe.h"
#include "ipc/door.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static uint8_t arena_block[1u << 20], frame_block[1u << 20];

/* A message that a service can read: what most bytes fields hold. */
static struct bytes
some_message(struct arena *a)
{
	struct message *m = message_new(a);
	struct message *body = message_new(a);
	struct message *node = message_new(a);
	struct bytes packed;
	struct fault f;

	message_set_text(
	    node, "address", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
	message_set_message(body, "node", node);
	message_set_message(m, "body", body);
	message_set_text(m, "type", "lapee-measurement");
	message_set_integer(m, "status", 200);
	if (!message_pack(&packed, m, a, &f))
		abort();
	return packed;
}

/* Each field at a value its table allows. */
static void
fill(void *in, const struct shape *shape, struct arena *a)
{
	for (size_t i = 0; i < shape->count; i++) {
		const struct field *field = &shape->fields[i];
		uint8_t *at = (uint8_t *)in + field->offset;
		struct bytes value = some_message(a);

		if (field->type == FIELD_U64) {
			memcpy(at, &field->min, sizeof(field->min));
		} else if (field->type == FIELD_BYTES) {
			if (field->max < value.n || field->max == field->min)
				value.n = (size_t)field->min;
			memcpy(at, &value, sizeof(value));
		}
	}
}

static void
write_seed(const char *folder, const struct call *call, enum process peer,
    struct bytes frame)
{
	char path[512];

	(void)snprintf(path, sizeof(path), "%s/%s-%s", folder,
	    call->method->name, wires[peer].name);
	FILE *file = fopen(path, "wb");

	if (file == NULL) {
		perror(path);
		exit(111);
	}
	(void)fputc((int)peer, file);
	(void)fwrite(frame.p, 1, frame.n, file);
	(void)fclose(file);
}

static void
write_row(const char *folder, const struct call *call)
{
	uint64_t in[128] = { 0 };
	struct arena a;
	struct fault f;
	struct buf frame = buf_over(frame_block, sizeof(frame_block));

	arena_init(&a, arena_block, sizeof(arena_block));
	if (call->method->takes->size > sizeof(in))
		abort();
	fill(in, call->method->takes, &a);
	if (!door_request(&frame, call->method, in, &f)) {
		(void)fprintf(stderr, "%s: %s\n", call->method->name, f.why);
		exit(111);
	}
	for (unsigned p = 0; p < PROCESS_COUNT; p++) {
		if ((call->callers & 1u << p) != 0)
			write_seed(
			    folder, call, (enum process)p, buf_bytes(&frame));
	}
}

static void
write_service(const char *top, const char *name)
{
	char folder[256];

	(void)snprintf(folder, sizeof(folder), "%s/door-%s", top, name);
	(void)mkdir(folder, 0755);
	for (unsigned p = 0; p < PROCESS_COUNT; p++) {
		const struct service *s = describe_services[p];

		if (s == NULL || strcmp(wires[p].name, name) != 0)
			continue;
		for (size_t i = 0; i < s->ncalls; i++)
			write_row(folder, &s->calls[i]);
	}
}

int
main(int argc, char **argv)
{
	if (argc < 3) {
		(void)fputs("usage: pwos-doors FOLDER SERVICE...\n", stderr);
		return 100;
	}
	for (int i = 2; i < argc; i++)
		write_service(argv[1], argv[i]);
	return 0;
}
