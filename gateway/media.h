/* SPDX-License-Identifier: Apache-2.0 */
/* How media types name a codec's device. */
#ifndef GATEWAY_MEDIA_H
#define GATEWAY_MEDIA_H

#include "core/base/bytes.h"

/* True if a type, whatever its parameters, is the device's name ("json@1.0"),
 * or that behind "application/" or "device/", where "@1.0" may be left out. */
bool media_is(struct bytes type, const char *device);

#endif
