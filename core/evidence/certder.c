/* SPDX-License-Identifier: Apache-2.0 */
#include "core/evidence/certder.h"

#include "core/base/der.h"

bool
certder_read(struct certder *out, struct bytes der)
{
	struct der outer = der_over(der);
	struct der whole = der_into(&outer, DER_SEQUENCE);
	struct der body = der_into(&whole, DER_SEQUENCE);

	if (der_peek(&body) == DER_EXPLICIT(0))
		(void)der_any(&body);
	out->serial = der_take(&body, DER_INTEGER);
	struct der algorithm = der_into(&body, DER_SEQUENCE);

	out->algorithm = der_oid(&algorithm);
	out->issuer = der_any(&body).whole;
	struct der validity = der_into(&body, DER_SEQUENCE);

	out->not_before = der_any(&validity).content;
	out->not_after = der_any(&validity).content;
	out->subject = der_any(&body).whole;
	out->key_info = der_any(&body).whole;
	out->self_issued = bytes_equal(out->issuer, out->subject);
	return outer.reason == NULL && whole.reason == NULL &&
	       body.reason == NULL && algorithm.reason == NULL &&
	       validity.reason == NULL && out->key_info.n != 0;
}
