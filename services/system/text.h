/* SPDX-License-Identifier: Apache-2.0 */
/* Texts of firmware and kernel made fit for a message (rule system 3). */
#ifndef SERVICES_SYSTEM_TEXT_H
#define SERVICES_SYSTEM_TEXT_H

#include "core/message/message.h"

#define TEXT_MAX 4096u

/* A copy without white space at the ends, at most TEXT_MAX bytes; white space
 * becomes a blank, every byte that is not printable UTF-8 a question mark. */
struct bytes text_clean(struct arena *a, struct bytes raw);

/* A key: ASCII letters in lower case, blank and "_" as "-", other bytes that
 * no key has as "-xHH". Empty for an empty name. */
struct bytes text_key(struct arena *a, struct bytes name);

/* Sets the text, or null when it is empty. */
void text_set(struct message *m, const char *key, struct bytes text);

/* The next line without its end; false when there is none left. */
bool text_line(struct bytes *out, struct bytes *rest);

/* Splits "name : value"; false if there is no separator. */
bool text_split(
    struct bytes *name, struct bytes *value, struct bytes line, char separator);

/* The next word, by white space; false when there is none left. */
bool text_word(struct bytes *out, struct bytes *rest);

/* A decimal number of up to 15 digits and nothing else. */
bool text_number(int64_t *out, struct bytes text);

#endif
