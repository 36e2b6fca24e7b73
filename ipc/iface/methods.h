/* SPDX-License-Identifier: Apache-2.0 */
/* Every method there is: what a caller may have to receive. */
#ifndef IPC_IFACE_METHODS_H
#define IPC_IFACE_METHODS_H

#include "ipc/shape.h"
#include "ipc/wires.h"

extern const struct method *const methods[];
extern const size_t methods_count;

/* Whether "SERVICE.CALL" is the name of one of callee's. */
bool methods_is_of(const struct method *method, enum process callee);

/* Bytes of the largest body that callee may answer with. */
size_t methods_reply_max(enum process callee);

#endif
