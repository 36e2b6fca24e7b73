/* SPDX-License-Identifier: Apache-2.0 */
/* Files of the probe's root: read whole, bounded, or not there. */
#ifndef SERVICES_SYSTEM_FILES_H
#define SERVICES_SYSTEM_FILES_H

#include "services/system/system.h"

#define FILES_NAMES_MAX 256u

/* "FOLDER/NAME" in the arena; "" if it does not fit. */
const char *files_join(struct probe *p, const char *folder, struct bytes name);

/* The whole file, a view into the scratch until the next read. False if it is
 * absent, unreadable or larger than the scratch. */
bool files_read(struct bytes *out, struct probe *p, const char *path);

/* A text file, cleaned (text.h), in the arena; n is 0 if there is none. */
struct bytes files_text(struct probe *p, const char *path);

/* The same as a value: null if there is no such file or it is empty. */
void files_set(
    struct message *m, const char *key, struct probe *p, const char *path);

/* Names in a folder in byte order, at most FILES_NAMES_MAX, as texts in the
 * arena. Zero if there is no such folder. */
size_t files_list(
    struct bytes names[FILES_NAMES_MAX], struct probe *p, const char *path);

bool files_exists(const struct probe *p, const char *path);

#endif
