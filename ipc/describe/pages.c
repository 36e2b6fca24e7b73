/* SPDX-License-Identifier: Apache-2.0 */
/* The generated pages of spec/. */
#include "core/verdict/reasons.h"
#include "core/verdict/verdict.h"
#include "ipc/describe/describe.h"
#include "services/init/init.h"

static void
put_wires(struct buf *to)
{
	buf_text(
	    to, "## Wires\n\n| process | uid | may dial |\n|---|---|---|\n");
	for (unsigned p = 0; p < PROCESS_COUNT; p++) {
		buf_print(to, "| %s | %u | ", wires[p].name, wires[p].uid);
		describe_peers(to, wires[p].may_dial);
		buf_text(to, " |\n");
	}
}

static void
put_call(struct buf *to, const struct call *call)
{
	buf_print(to, "| `%s` | ", call->method->name);
	describe_peers(to, call->callers);
	buf_text(to, " | ");
	describe_shape(to, call->method->takes);
	buf_text(to, " | ");
	describe_shape(to, call->method->gives);
	buf_print(to, " | %u ms |\n", call->method->deadline_ms);
}

void
describe_calls(struct buf *to)
{
	buf_text(to, "# Calls\n\nWritten by `pwos-describe calls` from the "
		     "tables that the services run with; do not edit.\n\n");
	put_wires(to);
	for (unsigned p = 0; p < PROCESS_COUNT; p++) {
		const struct service *s = describe_services[p];

		if (s == NULL || s->ncalls == 0)
			continue;
		buf_print(to,
		    "\n## %s\n\nUp to %u at once.\n\n"
		    "| call | by | takes | gives | deadline |\n"
		    "|---|---|---|---|---|\n",
		    wires[p].name, s->workers);
		for (size_t i = 0; i < s->ncalls; i++)
			put_call(to, &s->calls[i]);
	}
}

static void
put_rules(struct buf *to, const struct sandbox_rule *rules, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		buf_text(to, "- `");
		describe_rule(to, &rules[i]);
		buf_text(to, "`\n");
	}
}

static void
put_child(struct buf *to, const struct child *row)
{
	buf_print(to, "| %s | %u | ", child_name(row), child_uid(row));
	describe_capabilities(to, row->capabilities);
	buf_text(to, " | ");
	describe_grants(to, row->grants);
	buf_print(to, " | %s | %llu | %llu KiB | %llu MiB | %s |\n",
	    row->network ? "the node's" : "none",
	    (unsigned long long)row->nofile,
	    (unsigned long long)row->memlock / 1024,
	    (unsigned long long)row->memory / 1048576,
	    row->rule == CHILD_FATAL ? "ends the node" : "is restarted");
}

static void
put_children(struct buf *to)
{
	buf_text(to,
	    "## What init gives\n\n"
	    "| process | uid | capabilities | descriptors | network | files "
	    "| locked | memory | when it dies |\n"
	    "|---|---|---|---|---|---|---|---|---|\n");
	for (size_t i = 0; i < children_count; i++)
		put_child(to, &children[i]);
}

static void
put_paths(struct buf *to, const struct sandbox *walls)
{
	for (size_t i = 0; i < walls->npaths; i++) {
		buf_print(to, "- path `%s`: ", walls->paths[i].path);
		describe_access(to, walls->paths[i].access);
		buf_text(to, "\n");
	}
}

/* A program that is not ours. */
static void
put_fence(struct buf *to, const struct child *row)
{
	if (row->walls == NULL)
		return;
	buf_print(to,
	    "\n## %s\n\nFenced by init; its system calls are not "
	    "filtered.\n\n",
	    child_name(row));
	put_paths(to, row->walls);
}

static void
put_walls(struct buf *to, const struct service *s)
{
	const struct sandbox *walls = s->sandbox;

	buf_print(to,
	    "\n## %s\n\nThe base set%s. Capabilities until the fence: ",
	    wires[s->self].name, walls->dials ? " and the dial set" : "");
	describe_capabilities(to, s->caps_open);
	buf_text(to, ".\n");
	if (walls->nrules + walls->npaths != 0)
		buf_text(to, "\n");
	put_rules(to, walls->rules, walls->nrules);
	put_paths(to, walls);
}

void
describe_sandbox(struct buf *to)
{
	buf_text(to,
	    "# Sandboxes\n\nWritten by `pwos-describe sandbox` from the tables "
	    "that the services run with; do not edit.\n\nA system call that is "
	    "not listed ends the process with SIGSYS. A path that is not "
	    "listed "
	    "is\nout of reach, except for making sockets in the folders of a "
	    "service's own wires.\nNo service binds or connects TCP.\n\n");
	put_children(to);
	buf_text(to, "\n## Base set\n\n");
	put_rules(to, sandbox_base, sandbox_base_count);
	buf_text(to, "\n## Dial set\n\n");
	put_rules(to, sandbox_dial, sandbox_dial_count);
	for (unsigned p = 0; p < PROCESS_COUNT; p++) {
		if (describe_services[p] != NULL)
			put_walls(to, describe_services[p]);
	}
	for (size_t i = 0; i < children_count; i++)
		put_fence(to, &children[i]);
}

static void
put_checks(struct buf *to)
{
	static const char *const needs[] = {
		[NEED_NEEDED] = "always",
		[NEED_ASKED] = "when asked",
		[NEED_ENVELOPE] = "in an envelope",
		[NEED_ENVELOPE_ASKED] = "in an envelope, when asked",
	};

	buf_text(to, "| check | of | needed | holds when passed | rule | where "
		     "|\n|---|---|---|---|---|---|\n");
	for (size_t i = 0; i < CHECK_COUNT; i++) {
		enum check c = (enum check)i;

		buf_print(to, "| `%s` | %s | %s | %s | %s | %s |\n",
		    verdict_code(c), verdict_engine(verdict_engine_of(c)),
		    needs[verdict_need(c)], verdict_holds(c), verdict_rule(c),
		    verdict_where(c));
	}
}

void
describe_reasons(struct buf *to)
{
	buf_text(to,
	    "# Checks and reasons\n\nWritten by `pwos-describe reasons` from "
	    "core/verdict/checks.h and core/verdict/reasons_*.h; do not "
	    "edit.\n\n");
	put_checks(to);
	for (const struct reasons_section *s = reasons_sections;
	    s->title != NULL; s++) {
		if (s->rows->code == NULL)
			continue;
		buf_print(to,
		    "\n## %s\n\n| reason | rule | means | what to do |\n"
		    "|---|---|---|---|\n",
		    s->title);
		for (const struct reason *r = s->rows; r->code != NULL; r++)
			buf_print(to, "| `%s` | %s | %s | %s |\n", r->code,
			    r->rules, r->means, r->advice);
	}
}
