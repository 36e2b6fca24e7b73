/* SPDX-License-Identifier: Apache-2.0 */
/* The canonical text of all tables: what PCR 15 binds (rule ipc 12). */
#include "ipc/describe/describe.h"
#include "ipc/iface/methods.h"
#include "services/init/init.h"

static void
put_wires(struct buf *to)
{
	for (unsigned p = 0; p < PROCESS_COUNT; p++) {
		buf_print(
		    to, "wire %s uid %u dials ", wires[p].name, wires[p].uid);
		describe_peers(to, wires[p].may_dial);
		buf_text(to, "\n");
	}
}

static void
put_methods(struct buf *to)
{
	for (size_t i = 0; i < methods_count; i++) {
		buf_print(to, "method %s deadline %u takes ", methods[i]->name,
		    methods[i]->deadline_ms);
		describe_shape(to, methods[i]->takes);
		buf_text(to, " gives ");
		describe_shape(to, methods[i]->gives);
		buf_text(to, "\n");
	}
}

static void
put_rules(
    struct buf *to, const char *of, const struct sandbox_rule *rules, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		buf_print(to, "allow %s ", of);
		describe_rule(to, &rules[i]);
		buf_text(to, "\n");
	}
}

static void
put_walls(struct buf *to, const struct sandbox *s)
{
	buf_print(to, "sandbox %s dials %d\n", s->name, s->dials);
	put_rules(to, s->name, s->rules, s->nrules);
	for (size_t i = 0; i < s->npaths; i++) {
		buf_print(to, "path %s %s ", s->name, s->paths[i].path);
		describe_access(to, s->paths[i].access);
		buf_text(to, "\n");
	}
}

static void
put_service(struct buf *to, const struct service *s)
{
	buf_print(to, "service %s workers %u arena %zu caps-in-open ",
	    wires[s->self].name, s->workers, s->arena_size);
	describe_capabilities(to, s->caps_open);
	buf_text(to, "\n");
	for (size_t i = 0; i < s->ncalls; i++) {
		buf_print(to, "call %s by ", s->calls[i].method->name);
		describe_peers(to, s->calls[i].callers);
		buf_text(to, "\n");
	}
	put_walls(to, s->sandbox);
}

static void
put_child(struct buf *to, const struct child *row)
{
	buf_print(to, "child %s uid %u program %s", child_name(row),
	    child_uid(row), row->path == NULL ? "-" : row->path);
	for (size_t i = 0; i < CHILD_ARGS && row->args[i][0] != '\0'; i++)
		buf_print(to, " '%s'", row->args[i]);
	buf_text(to, " needs ");
	describe_peers(to, row->needs);
	buf_text(to, " grants ");
	describe_grants(to, row->grants);
	buf_text(to, " capabilities ");
	describe_capabilities(to, row->capabilities);
	buf_print(to, " nofile %llu nproc %llu memlock %llu memory %llu",
	    (unsigned long long)row->nofile, (unsigned long long)row->nproc,
	    (unsigned long long)row->memlock, (unsigned long long)row->memory);
	buf_print(to, " fatal %d network %d image-only %d ready-ms %u",
	    row->rule == CHILD_FATAL, row->network, row->image_only,
	    row->ready_ms);
	for (size_t i = 0; i < 2 && row->folders[i] != NULL; i++)
		buf_print(to, " folder %s", row->folders[i]);
	buf_text(to, "\n");
	if (row->walls != NULL)
		put_walls(to, row->walls);
}

void
describe_tables(struct buf *to)
{
	buf_text(to, "permawebos-confinement-v1\n");
	put_wires(to);
	put_methods(to);
	put_rules(to, "base", sandbox_base, sandbox_base_count);
	put_rules(to, "dial", sandbox_dial, sandbox_dial_count);
	for (unsigned p = 0; p < PROCESS_COUNT; p++) {
		if (describe_services[p] != NULL)
			put_service(to, describe_services[p]);
	}
	for (size_t i = 0; i < children_count; i++)
		put_child(to, &children[i]);
}
