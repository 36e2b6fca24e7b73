/* SPDX-License-Identifier: Apache-2.0 */
/* Quotes and certificates of TPMs: which class is run by what. */
#include "harness/vectors/tpm.h"

#include "harness/vectors/engines.h"

static const char *const words[] = { "valid", "invalid", "parse-only",
	"incomplete", "judgement", "trust-anchor", "intermediate", NULL };

/* clang-format off */
static const struct evidence_class classes[] = {
	{ "quote-swtpm",             quotes_signed },
	{ "quote-gce-vtpm",          quotes_signed },
	{ "quote-azure-vtpm",        quotes_signed },
	{ "quote-ecc",               quotes_signed },
	{ "quote-other-rsa",         quotes_signed },
	{ "derived-quote",           quotes_signed },
	{ "synthetic-quote-valid",   quotes_signed },
	{ "synthetic-quote-invalid", quotes_signed },
	{ "quote-unsigned",          quotes_unsigned },
	{ "ek-cert-chain",           certs_chain },
	{ "ek-cert-incomplete",      certs_chain },
	{ "ek-synthetic-valid",      certs_chain },
	{ "ek-synthetic-invalid",    certs_chain },
	{ "ek-synthetic-judgement",  certs_chain },
	{ "ak-cert-chain",           certs_chain },
	{ "ak-cert-incomplete",      certs_chain },
	{ "ak-test-cert-chain",      certs_chain },
	{ "gce-cert-chain",          certs_chain },
	{ "gce-cert-incomplete",     certs_chain },
	{ "ca-root",                 certs_ca },
	{ "ca-intermediate",         certs_ca },
	{ "platform-attribute-cert", certs_platform },
	{ NULL,                      NULL },
};
/* clang-format on */

const struct evidence_engine tpm_engine = { "tpm", words, classes };
