/* SPDX-License-Identifier: Apache-2.0 */
/* pwos-measured FOLDER: writes one machine's measurements, and all that a
 * verifier of them may have, as files. */
#include "core/base/hex.h"
#include "core/message/json.h"
#include "harness/fakes/measured.h"

#include <stdio.h>
#include <stdlib.h>

static const char *folder;

static void
write_bytes(const char *name, struct bytes bytes)
{
	char path[4096];

	(void)snprintf(path, sizeof(path), "%s/%s", folder, name);
	FILE *file = fopen(path, "wbe");

	if (file == NULL || fwrite(bytes.p, 1, bytes.n, file) != bytes.n ||
	    fclose(file) != 0) {
		perror(path);
		exit(111);
	}
}

static void
write_json(const char *name, const struct message *m)
{
	struct fault f = { 0 };
	struct bytes text;

	if (!json_encode(&text, m, m->arena, &f)) {
		(void)fprintf(stderr, "%s: %s\n", name, f.why);
		exit(111);
	}
	write_bytes(name, text);
}

static void
write_claim(const struct measured *m)
{
	const struct activation_claim *claim = &m->claim;
	struct message *request = message_new(m->a);
	struct message *credential = message_new(m->a);
	struct buf kept = buf_in(m->a, 256);

	message_set_base64(credential, "credential-blob", claim->blob);
	message_set_base64(credential, "secret", claim->secret);
	message_set_message(request, "credential", credential);
	buf_put(&kept, claim->credential);
	buf_put(&kept, claim->ek_name);
	write_bytes("credential", buf_bytes(&kept));
	write_json("request.json", request);
	write_json("answer.json", claim->answer);
}

static void
write_manifest(const struct measured *m)
{
	struct message *manifest = message_new(m->a);

	message_set_bytes(manifest, "pcr4", hex_encode(m->a, m->want.pcr4));
	message_set_bytes(manifest, "pcr11", hex_encode(m->a, m->want.pcr11));
	message_set_bytes(
	    manifest, "confinement", hex_encode(m->a, m->want.confinement));
	write_json("manifest.json", manifest);
}

/* A CA between the root and the EK. */
static void
add_issuer(struct measured *m)
{
	struct measured_certificate issuer = { .of = MEASURED_OTHER_CA,
		.by = MEASURED_CA,
		.is_ca = true,
		.from = MEASURED_AT - 1000,
		.to = MEASURED_AT + 1000,
		.usage = "critical,keyCertSign" };
	struct measured_certificate ek = { .of = MEASURED_EK_ECC,
		.by = MEASURED_OTHER_CA,
		.from = MEASURED_AT - 1000,
		.to = MEASURED_AT + 1000,
		.usage = "critical,keyAgreement",
		.purposes = "2.23.133.8.1" };
	struct bytes der = measured_certify(&issuer, m->a);

	write_bytes("issuer.pem", measured_pem(der, m->a));
	write_bytes("issuer.der", der);
	m->certificate = measured_certify(&ek, m->a);
}

static void
write_issued(struct measured *m, struct arena *a)
{
	static const struct measured_change change = { MEASURED_KEYED,
		add_issuer };
	struct measured_plan plan = { .ek = MEASURED_EK_ECC,
		.purpose = "boot",
		.changes = &change,
		.nchanges = 1 };

	measured_make(m, &plan, a);
	write_json("issued.json", m->envelope);
}

int
main(int argc, char **argv)
{
	static uint8_t block[16u << 20];
	static struct measured m;
	struct arena a;
	struct measured_plan plan = { .ek = MEASURED_EK_ECC,
		.purpose = "boot" };

	if (argc != 2)
		return 100;
	folder = argv[1];
	arena_init(&a, block, sizeof(block));
	measured_open();
	measured_make(&m, &plan, &a);
	write_json("boot.json", m.envelope);
	write_bytes("roots.pem", m.roots);
	write_claim(&m);
	write_manifest(&m);
	plan.purpose = "fresh";
	measured_make(&m, &plan, &a);
	write_json("fresh.json", m.envelope);
	plan.purpose = "boot";
	plan.ek = MEASURED_OTHER_EK;
	measured_make(&m, &plan, &a);
	write_json("other-ek.json", m.envelope);
	write_issued(&m, &a);
	measured_close();
	return 0;
}
