/* SPDX-License-Identifier: Apache-2.0 */
/* The parts that pages are made of. */
#ifndef GATEWAY_HTML_TEXT_H
#define GATEWAY_HTML_TEXT_H

#include "gateway/html.h"

#define HTML_SHOWN ((size_t)2048) /* bytes of a value */

void html_text_begin(struct buf *b, const char *heading);
void html_text_end(struct buf *b);

/* Text escaped for the place between two tags, at most HTML_SHOWN bytes of it.
 * What is not plain UTF-8 is shown in base64url. */
void html_text_put(struct buf *b, struct bytes text);

/* The most that html_text_put writes. */
size_t html_text_room(struct bytes text);

#endif
