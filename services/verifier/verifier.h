/* SPDX-License-Identifier: Apache-2.0 */
/* The verifier: the process that touches hostile evidence and nothing else. */
#ifndef SERVICES_VERIFIER_VERIFIER_H
#define SERVICES_VERIFIER_VERIFIER_H

#include "ipc/service.h"

extern const struct service verifier_service;
extern const struct sandbox verifier_sandbox;

#endif
