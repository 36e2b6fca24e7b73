/* SPDX-License-Identifier: Apache-2.0 */
#include "ipc/shape.h"

/* The longest head of an item: a byte and a 64-bit number. */
#define ITEM_HEAD 9u

size_t
shape_wire_size(const struct shape *shape)
{
	size_t size = ITEM_HEAD;

	for (size_t i = 0; i < shape->count; i++) {
		size += ITEM_HEAD;
		if (shape->fields[i].type == FIELD_BYTES)
			size += shape->fields[i].max;
	}
	return size;
}
