/* SPDX-License-Identifier: Apache-2.0 */
/* What keys, certificates and revocation lists of bare evidence can be wrong
 * in. */
#include "core/evidence/certder.h"
#include "core/verdict/bare_test.h"

static void
no_ek(void)
{
	bare.rq.ek = (struct bytes){ 0 };
}

static void
no_certificate(void)
{
	bare.rq.ek_certificate = (struct bytes){ 0 };
}

static void
no_keys_wanted(void)
{
	no_ek();
	no_certificate();
	bare.rq.activation = NULL;
	bare.policy.without_keys = true;
}

static void
no_activation(void)
{
	bare.rq.activation = NULL;
}

static void
no_activation_wanted(void)
{
	no_activation();
	bare.policy.without_activation = true;
}

static void
another_ek(void)
{
	bare.rq.ek = measured_public(MEASURED_OTHER_EK, bare.m.ek_attributes,
	    bytes_of(bare.m.ek.p + 10, 32), &bare_arena);
}

static void
ek_cut(void)
{
	bare.rq.ek.n--;
}

static void
padded(uint8_t with)
{
	struct buf more = buf_in(&bare_arena, bare.rq.ek_certificate.n + 99);

	buf_put(&more, bare.rq.ek_certificate);
	for (size_t i = 0; i < 99; i++)
		buf_u8(&more, with);
	bare.rq.ek_certificate = buf_bytes(&more);
}

static void
zeros_behind(void)
{
	padded(0);
}

static void
ones_behind(void)
{
	padded(0xff);
}

static void
noise_behind(void)
{
	padded(0x20);
}

static void
no_roots(void)
{
	bare.rq.roots = BYTES("");
}

static void
ten_years_later(void)
{
	bare.rq.at += 10 * (int64_t)BARE_YEAR;
}

static struct bytes
certificate_of(enum measured_key of, enum measured_key by, bool is_ca,
    const char *usage, const char *purposes)
{
	const struct measured_certificate c = { of, by, is_ca,
		MEASURED_AT - BARE_YEAR, MEASURED_AT + BARE_YEAR, usage,
		purposes };

	return measured_certify(&c, &bare_arena);
}

/* MEASURED_OTHER_CA, certified by the CA that is trusted. */
static void
issued_below(void)
{
	bare.rq.ek_certificate = certificate_of(
	    MEASURED_EK_RSA, MEASURED_OTHER_CA, false, NULL, NULL);
	bare.chain[0] =
	    certificate_of(MEASURED_OTHER_CA, MEASURED_CA, true, NULL, NULL);
	bare.rq.nchain = 1;
}

/* Only the CA between is given as a root, which did not issue itself. */
static void
intermediate_as_root(void)
{
	issued_below();
	bare.rq.roots = measured_pem(bare.chain[0], &bare_arena);
	bare.rq.nchain = 0;
}

/* It is among the roots, and so is the one above it. */
static void
intermediate_among_roots(void)
{
	struct buf all = buf_in(&bare_arena, 16384);

	issued_below();
	buf_put(&all, measured_pem(bare.chain[0], &bare_arena));
	buf_put(&all, bare.rq.roots);
	bare.rq.roots = buf_bytes(&all);
	bare.rq.nchain = 0;
}

static void
endless_chain(void)
{
	bare.rq.nchain = X509_CHAIN_MAX + 1;
}

static void
certificate_for_mail(void)
{
	bare.rq.ek_certificate = certificate_of(MEASURED_EK_RSA, MEASURED_CA,
	    false, "critical,keyEncipherment", "emailProtection");
}

static void
certificate_of_google(void)
{
	bare.rq.ek_certificate = certificate_of(MEASURED_EK_RSA, MEASURED_CA,
	    false, "critical,digitalSignature", "2.23.133.8.1");
}

/* The AK by its own certificate. */
static void
certify_ak(
    enum measured_key of, bool is_ca, const char *usage, const char *purposes)
{
	no_ek();
	no_certificate();
	no_activation();
	bare.rq.ak_certificate =
	    certificate_of(of, MEASURED_CA, is_ca, usage, purposes);
}

static void
ak_certified(void)
{
	certify_ak(
	    MEASURED_AK, false, "critical,digitalSignature", "2.23.133.8.3");
}

static void
ak_certified_alone(void)
{
	ak_certified();
	bare.rq.ak = (struct bytes){ 0 };
}

static void
other_ak_certified(void)
{
	certify_ak(MEASURED_OTHER_AK, false, NULL, NULL);
}

/* The quote's key without its attributes, and a certificate. */
static void
certify_bare_key(enum measured_key of)
{
	struct certder frame;

	ak_certified();
	if (certder_read(&frame, bare.rq.ak_certificate))
		bare.rq.ak = frame.key_info;
	certify_ak(of, false, NULL, NULL);
}

static void
bare_key_certified(void)
{
	certify_bare_key(MEASURED_AK);
}

static void
other_than_bare_key_certified(void)
{
	certify_bare_key(MEASURED_OTHER_AK);
}

static void
ca_as_ak(void)
{
	certify_ak(MEASURED_AK, true, NULL, NULL);
}

static void
ak_for_servers(void)
{
	certify_ak(MEASURED_AK, false, NULL, "serverAuth");
}

static void
ak_for_agreement(void)
{
	certify_ak(MEASURED_AK, false, "critical,keyAgreement", NULL);
}

static void
ak_of_unknown_ca(void)
{
	ak_certified();
	bare.rq.ak_certificate =
	    certificate_of(MEASURED_AK, MEASURED_OTHER_CA, false, NULL, NULL);
}

static void
ak_certificate_is_noise(void)
{
	ak_certified_alone();
	bare.rq.ak_certificate = BYTES("noise");
}

/* CRLs. */

static void
list_of(enum measured_key by, int64_t serial, int64_t from, int64_t to)
{
	const struct measured_list list = { by, serial, MEASURED_AT + from,
		MEASURED_AT + to };

	bare.crls[bare.rq.ncrls++] = measured_revoke(&list, &bare_arena);
}

static void
crl_good(void)
{
	list_of(MEASURED_CA, 7, -BARE_YEAR, BARE_YEAR);
	bare.policy.crls = true;
}

static void
crl_revokes_ek(void)
{
	list_of(MEASURED_CA, MEASURED_SERIAL, -BARE_YEAR, BARE_YEAR);
}

static void
crl_revokes_ca(void)
{
	issued_below();
	crl_revokes_ek();
}

/* By a CA that the AK's path does not need. */
static void
crl_revokes_ek_alone(void)
{
	issued_below();
	list_of(MEASURED_OTHER_CA, MEASURED_SERIAL, -BARE_YEAR, BARE_YEAR);
	bare.rq.ak_certificate = certificate_of(MEASURED_AK, MEASURED_CA, false,
	    "critical,digitalSignature", "2.23.133.8.3");
}

static void
crl_expired(void)
{
	list_of(MEASURED_CA, 0, -BARE_YEAR, -1);
}

static void
crl_of_its_last_second(void)
{
	list_of(MEASURED_CA, 0, -BARE_YEAR, 0);
}

static void
crl_of_tomorrow(void)
{
	list_of(MEASURED_CA, 0, 1, BARE_YEAR);
}

static void
crl_of_another(void)
{
	list_of(MEASURED_OTHER_CA, 0, -BARE_YEAR, BARE_YEAR);
}

static void
crl_forged(void)
{
	list_of(MEASURED_CA, 7, -BARE_YEAR, BARE_YEAR);
	((uint8_t *)(uintptr_t)bare.crls[0].p)[bare.crls[0].n - 1] ^= 1;
}

static void
crl_is_noise(void)
{
	bare.crls[0] = BYTES("noise");
	bare.rq.ncrls = 1;
}

static void
crl_missing(void)
{
	bare.policy.crls = true;
}

static void
crl_of_ca_missing(void)
{
	issued_below();
	list_of(MEASURED_OTHER_CA, 7, -BARE_YEAR, BARE_YEAR);
	bare.policy.crls = true;
}

static void
many_crls(void)
{
	bare.rq.ncrls = 1000;
}

/* clang-format off */
const struct bare_row bare_keys_rows[] = {
	{ "certificate, zeros behind it",  ACCEPT, CHECK_EK_BINDING,  "", BARE_NONE, zeros_behind },
	{ "certificate, ones behind it",   ACCEPT, CHECK_EK_BINDING,  "", BARE_NONE, ones_behind },
	{ "certificate for signatures",    ACCEPT, CHECK_EK_BINDING,  "", BARE_NONE, certificate_of_google },
	{ "a CA between",                  ACCEPT, CHECK_EK_CHAIN,    "", BARE_NONE, issued_below },
	{ "a CA between, among the roots", ACCEPT, CHECK_EK_CHAIN,    "", BARE_NONE, intermediate_among_roots },
	{ "AK certified",                  ACCEPT, CHECK_AK_CHAIN,    "", BARE_NONE, ak_certified },
	{ "AK by its certificate alone",   ACCEPT, CHECK_AK_CHAIN,    "", BARE_NONE, ak_certified_alone },
	{ "a bare key certified",          ACCEPT, CHECK_AK_CHAIN,    "", BARE_NONE, bare_key_certified },
	{ "revocation list",               ACCEPT, CHECK_EK_CRL,      "", BARE_NONE, crl_good },
	{ "list in its last second",       ACCEPT, CHECK_EK_CRL,      "", BARE_NONE, crl_of_its_last_second },
	{ "no keys, none wanted",          ACCEPT, CHECK_EK_CHAIN,    "tpm.ek.absent", BARE_NONE, no_keys_wanted },
	{ "not challenged, not wanted",    ACCEPT, CHECK_ACTIVATION,  "tpm.activation.not-asked", BARE_NONE, no_activation_wanted },
	{ "no EK",                         OPEN, CHECK_EK_TEMPLATE,   "tpm.public.absent", BARE_NONE, no_ek },
	{ "no EK to activate with",        OPEN, CHECK_ACTIVATION,    "tpm.public.absent", BARE_NONE, no_ek },
	{ "no certificate",                OPEN, CHECK_EK_BINDING,    "tpm.ek.absent", BARE_NONE, no_certificate },
	{ "not challenged",                OPEN, CHECK_ACTIVATION,    "tpm.activation.not-asked", BARE_NONE, no_activation },
	{ "no roots",                      OPEN, CHECK_EK_CHAIN,      "tpm.ek.no-roots", BARE_NONE, no_roots },
	{ "EK cut",                        REJECT, CHECK_EK_TEMPLATE, "tpm.public.syntax", BARE_NONE, ek_cut },
	{ "another EK",                    REJECT, CHECK_EK_BINDING,  "tpm.ek.binding", BARE_NONE, another_ek },
	{ "EK of another challenge",       REJECT, CHECK_ACTIVATION,  "tpm.ek.binding", BARE_NONE, another_ek },
	{ "certificate, noise behind it",  REJECT, CHECK_EK_BINDING,  "tpm.ek.padding", BARE_NONE, noise_behind },
	{ "certificate for mail",          REJECT, CHECK_EK_BINDING,  "tpm.ek.usage", BARE_NONE, certificate_for_mail },
	{ "intermediate as root",          REJECT, CHECK_EK_CHAIN,    "tpm.ek.chain", BARE_NONE, intermediate_as_root },
	{ "endless chain",                 REJECT, CHECK_EK_CHAIN,    "tpm.ek.chain", BARE_NONE, endless_chain },
	{ "ten years later",               REJECT, CHECK_EK_CHAIN,    "tpm.ek.chain", BARE_NONE, ten_years_later },
	{ "another AK certified",          REJECT, CHECK_AK_CHAIN,    "tpm.ak.binding", BARE_NONE, other_ak_certified },
	{ "other than the bare key",       REJECT, CHECK_AK_CHAIN,    "tpm.ak.binding", BARE_NONE, other_than_bare_key_certified },
	{ "a CA's key as AK",              REJECT, CHECK_AK_CHAIN,    "tpm.ak.ca", BARE_NONE, ca_as_ak },
	{ "AK certified for servers",      REJECT, CHECK_AK_CHAIN,    "tpm.ak.usage", BARE_NONE, ak_for_servers },
	{ "AK certified for agreement",    REJECT, CHECK_AK_CHAIN,    "tpm.ak.usage", BARE_NONE, ak_for_agreement },
	{ "AK certified by nobody known",  REJECT, CHECK_AK_CHAIN,    "tpm.ak.chain", BARE_NONE, ak_of_unknown_ca },
	{ "AK's certificate is noise",     REJECT, CHECK_AK_CHAIN,    "x509.der", BARE_NONE, ak_certificate_is_noise },
	{ "EK revoked",                    REJECT, CHECK_EK_CRL,      "tpm.ek.crl.revoked", BARE_NONE, crl_revokes_ek },
	{ "EK revoked, AK certified",      REJECT, CHECK_EK_CRL,      "tpm.ek.crl.revoked", BARE_NONE, crl_revokes_ek_alone },
	{ "CA revoked",                    REJECT, CHECK_EK_CRL,      "tpm.ek.crl.revoked", BARE_NONE, crl_revokes_ca },
	{ "list expired",                  REJECT, CHECK_EK_CRL,      "tpm.ek.crl.expired", BARE_NONE, crl_expired },
	{ "list of tomorrow",              REJECT, CHECK_EK_CRL,      "tpm.ek.crl.future", BARE_NONE, crl_of_tomorrow },
	{ "list of another CA",            REJECT, CHECK_EK_CRL,      "tpm.ek.crl.issuer", BARE_NONE, crl_of_another },
	{ "list forged",                   REJECT, CHECK_EK_CRL,      "tpm.ek.crl.issuer", BARE_NONE, crl_forged },
	{ "list is noise",                 REJECT, CHECK_EK_CRL,      "tpm.ek.crl.syntax", BARE_NONE, crl_is_noise },
	{ "no list",                       REJECT, CHECK_EK_CRL,      "tpm.ek.crl.missing", BARE_NONE, crl_missing },
	{ "no list of the CA",             REJECT, CHECK_EK_CRL,      "tpm.ek.crl.missing", BARE_NONE, crl_of_ca_missing },
	{ "1,000 lists",                   REJECT, CHECK_EK_CRL,      "tpm.ek.crl.syntax", BARE_NONE, many_crls },
};
/* clang-format on */

const size_t bare_keys_count =
    sizeof(bare_keys_rows) / sizeof(bare_keys_rows[0]);
