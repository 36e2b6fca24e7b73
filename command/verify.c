/* SPDX-License-Identifier: Apache-2.0 */
/* Reads the files, has the core judge them, prints what it says. */
#include "core/verdict/verify.h"
#include "command/command.h"
#include "core/base/cursor.h"
#include "core/base/hex.h"
#include "core/evidence/credential.h"
#include "core/message/json.h"

#include <stdio.h>

#define JSON_MAX  (4u << 20)
#define ROOTS_MAX (1u << 20)

static bool
read_json(const struct message **out, const char *path, struct arena *a,
    struct fault *f)
{
	struct bytes text;
	struct message *m;

	if (!file_read(&text, path, JSON_MAX, a, f) ||
	    !json_decode(&m, text, a, f))
		return false;
	*out = m;
	return true;
}

static bool
read_digest(struct bytes *out, const struct message *manifest, const char *key,
    struct arena *a, struct fault *f)
{
	struct bytes text, digest;

	if (!message_find_bytes(&text, manifest, key) ||
	    !hex_decode(&digest, text, a, f) ||
	    digest.n != sizeof(struct sha256))
		return fail(f, FAULT_INPUT, "command.manifest",
		    "verdict 5: the manifest has no %s of 64 hex digits", key);
	*out = digest;
	return true;
}

static bool
read_manifest(struct expectations *want, const char *path, struct arena *a,
    struct fault *f)
{
	const struct message *manifest;

	want->secure_boot = true;
	want->nothing_added = true;
	return read_json(&manifest, path, a, f) &&
	       read_digest(&want->pcr4, manifest, "pcr4", a, f) &&
	       read_digest(&want->pcr11, manifest, "pcr11", a, f) &&
	       (message_find(manifest, "confinement") == NULL ||
		   read_digest(
		       &want->confinement, manifest, "confinement", a, f));
}

static bool
read_claim(struct activation_claim *claim, const struct options *o,
    struct arena *a, struct fault *f)
{
	const struct message *request;
	struct bytes kept;

	if (!file_read(&kept, o->credential, CREDENTIAL_FILE_MAX, a, f))
		return false;
	struct cursor c = cursor_over(kept);

	claim->credential = cursor_take(&c, CREDENTIAL_SIZE);
	claim->ek_name = cursor_rest(&c);
	return read_json(&request, o->request, a, f) &&
	       message_find_base64(
		   &claim->blob, request, "credential/credential-blob", a, f) &&
	       message_find_base64(
		   &claim->secret, request, "credential/secret", a, f) &&
	       read_json(&claim->answer, o->answer, a, f);
}

/* What the options name, read. */
struct inputs {
	struct verify_request request;
	struct expectations want;
	struct activation_claim claim;
};

static bool
read_inputs(struct inputs *in, const struct options *o, struct arena *a,
    struct fault *f)
{
	struct verify_request *rq = &in->request;

	rq->purpose = o->purpose;
	rq->nonce = o->nonce;
	rq->at = o->at;
	rq->without_activation = o->without_activation;
	if (!read_json(&rq->envelope, o->file, a, f))
		return false;
	if (o->earlier != NULL && !read_json(&rq->earlier, o->earlier, a, f))
		return false;
	if (o->roots != NULL &&
	    !file_read(&rq->roots, o->roots, ROOTS_MAX, a, f))
		return false;
	if (o->manifest != NULL) {
		rq->want = &in->want;
		if (!read_manifest(&in->want, o->manifest, a, f))
			return false;
	}
	if (o->answer == NULL)
		return true;
	rq->activation = &in->claim;
	return read_claim(&in->claim, o, a, f);
}

static bool
print(const struct options *o, const struct message *verdict, struct arena *a,
    struct fault *f)
{
	struct bytes text;

	if (o->json ? !json_encode(&text, verdict, a, f)
		    : !verdict_explain(&text, verdict, a, f))
		return false;
	(void)fwrite(text.p, 1, text.n, stdout);
	if (o->json)
		(void)fputc('\n', stdout);
	return fflush(stdout) == 0 ||
	       fail(f, FAULT_DEVICE, "command.file",
		   "verdict 5: the verdict cannot be printed");
}

int
verify_run(const struct options *o, struct arena *a, struct fault *f)
{
	static struct inputs in;
	static struct verdict v;

	if (!read_inputs(&in, o, a, f) ||
	    !verify_measurement(&v, &in.request, a, f) ||
	    !print(o, verdict_message(&v), a, f))
		return main_exit_code(f);
	const char *word = verdict_word(&v);

	if (bytes_is(BYTES("accepted"), word))
		return EXIT_ACCEPTED;
	return bytes_is(BYTES("rejected"), word) ? EXIT_REFUSED : EXIT_UNKNOWN;
}
