/* SPDX-License-Identifier: Apache-2.0 */
/* The children of init: data only. */
#include "services/init/init.h"

#include <linux/capability.h>

const struct child children[] = {
#include "services/init/rows.h"
};

const size_t children_count = sizeof(children) / sizeof(children[0]);
