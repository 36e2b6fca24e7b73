/* SPDX-License-Identifier: Apache-2.0 */
/* Makes a credential challenge for the TPM that a measurement names. */
#include "command/command.h"
#include "core/base/base64.h"
#include "core/crypto/crypto.h"
#include "core/evidence/credential.h"
#include "core/message/json.h"

static bool
read_keys(struct public_area *ek, struct public_area *ak, const char *path,
    struct arena *a, struct fault *f)
{
	struct bytes ek_bytes, ak_bytes;
	const struct message *m;

	return file_read_message(&m, path, a, f) &&
	       message_find_base64(&ek_bytes, m, "evidence/ek-public", a, f) &&
	       message_find_base64(&ak_bytes, m, "evidence/ak-public", a, f) &&
	       public_parse_2b(ek, ek_bytes, f) &&
	       public_parse_2b(ak, ak_bytes, f) && public_check_ek(ek, f);
}

static bool
write_request(const struct credential *made, const char *path, struct arena *a,
    struct fault *f)
{
	struct message *request = message_new(a);
	struct message *credential = message_new(a);
	struct bytes text;

	message_set_base64(
	    credential, "credential-blob", bytes_of(made->blob, made->nblob));
	message_set_base64(
	    credential, "secret", bytes_of(made->secret, made->nsecret));
	message_set_message(request, "credential", credential);
	return json_encode(&text, request, a, f) &&
	       file_write(path, text, 0644, f);
}

/* The secret, and the Name of the EK that it is for: an answer says nothing
 * about any other EK. */
static bool
write_credential(const char *path, const uint8_t credential[CREDENTIAL_SIZE],
    const struct public_area *ek, struct fault *f)
{
	uint8_t block[CREDENTIAL_FILE_MAX];
	struct buf b = buf_over(block, sizeof(block));
	struct public_name name = public_name(ek);

	buf_put(&b, bytes_of(credential, CREDENTIAL_SIZE));
	buf_put(&b, public_name_bytes(&name));
	return buf_check(&b, f) && file_write(path, buf_bytes(&b), 0600, f);
}

int
challenge_run(char **argv, struct arena *a, struct fault *f)
{
	static struct public_area ek, ak;
	struct credential made;
	uint8_t credential[CREDENTIAL_SIZE];

	if (!read_keys(&ek, &ak, argv[0], a, f))
		return main_exit_code(f);
	struct public_name name = public_name(&ak);

	crypto_random(credential, sizeof(credential));
	if (!credential_make(&made, &ek, &name, credential, f) ||
	    !write_credential(argv[1], credential, &ek, f) ||
	    !write_request(&made, argv[2], a, f))
		return main_exit_code(f);
	return EXIT_ACCEPTED;
}
