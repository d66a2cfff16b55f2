#include "tree/shs-tree-buffer.h"

#include "core/shs-memory.h"

gpointer
shs_tree_buffer_extend (ShsTreeBuffer *self, gsize count, gsize size, GError **error)
{
  gsize needed;

  if (!shs_size_add (self->n, count, &needed))
    needed = G_MAXSIZE;
  if (needed > self->capacity || self->memory == NULL)
    {
      gsize capacity = MAX (needed, self->capacity + self->capacity / 2);
      gpointer grown = shs_realloc (self->memory, self->n, capacity, size, error);

      if (grown == NULL)
        return NULL;
      self->memory = grown;
      self->capacity = capacity;
    }
  self->n = needed;
  return (char *)self->memory + (needed - count) * size;
}

void
shs_tree_buffer_clear (ShsTreeBuffer *self)
{
  g_clear_pointer (&self->memory, shs_free);
  *self = (ShsTreeBuffer){ 0 };
}
