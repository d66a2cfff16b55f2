/* Memory that only grows. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** ShsTreeBuffer: @n elements, room for @capacity; all zero is an empty one. */
typedef struct
{
  gpointer memory;
  gsize n;
  gsize capacity;
} ShsTreeBuffer;

/** shs_tree_buffer_extend: room for @count more elements of @size bytes: the first of them. */
gpointer shs_tree_buffer_extend (ShsTreeBuffer *self, gsize count, gsize size, GError **error);
void shs_tree_buffer_clear (ShsTreeBuffer *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ShsTreeBuffer, shs_tree_buffer_clear)

G_END_DECLS
