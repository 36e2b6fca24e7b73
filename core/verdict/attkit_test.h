/* SPDX-License-Identifier: Apache-2.0 */
/* For tests of bundles: one that is good, and the means to spoil it. */
#ifndef CORE_VERDICT_ATTKIT_TEST_H
#define CORE_VERDICT_ATTKIT_TEST_H

#include "core/verdict/attverdict.h"
#include "harness/fakes/measured.h"

/* Two measurements of one machine; for bundles, a memory that is reset. */
extern struct measured attkit_boot, attkit_fresh;
extern struct arena attkit_arena;

int attkit_open(void **state);
int attkit_close(void **state);
void attkit_reset(void);

/* Of both measurements, their challenge and policy; shares nothing with the
 * kit. */
struct message *attkit_bundle(void);

/* A reader who trusts the kit's root and made its challenge. */
struct att_reader attkit_reader(void);

/* The level at that path; must be there. */
struct message *attkit_at(struct message *m, const char *path);
void attkit_drop(struct message *m, const char *key);

#endif
