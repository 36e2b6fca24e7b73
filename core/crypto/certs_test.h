/* SPDX-License-Identifier: Apache-2.0 */
/* For the tests: the certificates among the vectors. */
#ifndef CORE_CRYPTO_CERTS_TEST_H
#define CORE_CRYPTO_CERTS_TEST_H

#include "core/base/arena.h"

/* spec/vectors/NAME; the test fails if it cannot be read. */
struct bytes certs_file(const char *name, struct arena *a);

/* spec/vectors/tpm/certs/NAME.der; the test fails if it cannot be read. */
struct bytes certs_load(const char *name, struct arena *a);

#endif
