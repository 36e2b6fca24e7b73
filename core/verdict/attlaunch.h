/* SPDX-License-Identifier: Apache-2.0 */
/* The level `launch` of a policy: how an SNP guest must have been launched. */
#ifndef CORE_VERDICT_ATTLAUNCH_H
#define CORE_VERDICT_ATTLAUNCH_H

#include "core/evidence/launch.h"
#include "core/message/message.h"

/*
 * *out and what it points to are in the arena. DebugSwap is the reader's to
 * allow. Fails with "bundle.key" or "bundle.shape", for a model of vCPU that
 * is not known with "snp.launch.cpu".
 */
MUST_CHECK bool attlaunch_read(const struct launch **out,
    const struct message *level, bool reader, struct arena *a, struct fault *f);

/* That level for a launch; what it allows beyond the default is not said. */
struct message *attlaunch_message(const struct launch *l, struct arena *a);

#endif
