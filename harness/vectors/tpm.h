/* SPDX-License-Identifier: Apache-2.0 */
/* What runs the classes of TPM vectors. */
#ifndef HARNESS_VECTORS_TPM_H
#define HARNESS_VECTORS_TPM_H

#include "harness/vectors/evidence.h"

void quotes_signed(struct entry *e);
void quotes_unsigned(struct entry *e);
void certs_chain(struct entry *e);
void certs_ca(struct entry *e);
void certs_platform(struct entry *e);

#endif
