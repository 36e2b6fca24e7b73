/* SPDX-License-Identifier: Apache-2.0 */
/* What Android evidence says, for templates and people. */
#ifndef CORE_VERDICT_ANDROIDFACTS_H
#define CORE_VERDICT_ANDROIDFACTS_H

#include "core/evidence/keychain.h"
#include "core/evidence/keydesc.h"
#include "core/verdict/verdict.h"

/* "VERIFIED" and so on, as Android names them. */
const char *androidfacts_boot_state(enum boot_state state);

/* "SOFTWARE", "TEE" or "STRONGBOX". */
const char *androidfacts_level(enum key_level level);

/* Puts the facts of a chain that was verified under "android". */
void androidfacts_put(struct verdict *v, const struct keychain *chain,
    const struct keydesc *desc);

#endif
