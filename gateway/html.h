/* SPDX-License-Identifier: Apache-2.0 */
/* A message as a page for people. The page is not signed; it says where the
 * signed message is. Bytes of the message stand between tags only, escaped. */
#ifndef GATEWAY_HTML_H
#define GATEWAY_HTML_H

#include "core/base/buf.h"
#include "core/message/message.h"

/* No script, no request, no frame: only the one style sheet in the page, by
 * its hash. */
#define HTML_POLICY                                                         \
	"default-src 'none'; "                                              \
	"style-src 'sha256-44uKdp1fa59kO0dWmtubsHIFQF8ijWSXLJhG0Dj52s0='; " \
	"base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
#define HTML_STYLE                                                          \
	"body{font:16px/1.5 system-ui,sans-serif;max-width:64rem;"          \
	"margin:2rem auto;padding:0 1rem;color:#1b1f24;background:#fff}"    \
	"h1{font-size:1.5rem}h2{font-size:1.15rem;margin-top:2rem}"         \
	"table{border-collapse:collapse;width:100%}"                        \
	"th,td{text-align:left;vertical-align:top;padding:.25rem .75rem "   \
	".25rem 0;border-top:1px solid #d8dee4}"                            \
	"th{font-weight:600}th code{overflow-wrap:break-word}"              \
	"code,pre{font:.9em/1.5 ui-monospace,monospace;"                    \
	"unicode-bidi:isolate;white-space:pre-wrap;overflow-wrap:anywhere}" \
	"pre{background:#f6f8fa;padding:.75rem 1rem}"                       \
	"summary{cursor:pointer}i,aside{color:#57606a}"                     \
	"aside{background:#f6f8fa;padding:.5rem 1rem;margin:1rem 0}"        \
	"@media(prefers-color-scheme:dark){"                                \
	"body{color:#e6edf3;background:#0d1117}i,aside{color:#9198a1}"      \
	"pre,aside{background:#161b22}th,td{border-color:#30363d}"          \
	"a{color:#58a6ff}}"

/* The page of any message; values that are long are shown in part. */
MUST_CHECK bool html_encode(struct bytes *out, const struct message *m,
    struct arena *a, struct fault *f);

/* The status page of the node whose boot measurement this is (http 16). */
MUST_CHECK bool html_index(struct bytes *out, const struct message *boot,
    struct arena *a, struct fault *f);

#endif
