#include "model/shs-nested-nodes.h"

#include "core/shs-error.h"
#include "core/shs-memory.h"

#include <string.h>

typedef struct
{
  ShsNestedNodes *nodes;
  const ShsNestedKind *kind;
  ShsDocumentReader *reader;
  gpointer data;
} Walk;

gpointer
shs_nested_nodes_get (const ShsNestedNodes *self, const ShsNestedKind *kind, gsize i)
{
  return (guint8 *)self->nodes + i * kind->size;
}

/* The index of a new node; the reader fails where there is no memory. */
static gsize
append_node (const Walk *self)
{
  ShsNestedNodes *nodes = self->nodes;
  GError *error = NULL;

  if (nodes->n == nodes->n_allocated)
    {
      gsize n = MAX (64, nodes->n_allocated * 2);
      gpointer more = shs_realloc (nodes->nodes, nodes->n, n, self->kind->size, &error);

      shs_document_reader_pass_error (self->reader, error);
      if (more == NULL)
        return 0;
      nodes->nodes = more;
      nodes->n_allocated = n;
    }
  memcpy (shs_nested_nodes_get (nodes, self->kind, nodes->n), self->kind->blank, self->kind->size);
  return nodes->n++;
}

static gsize
append_child (const Walk *self, gsize parent, gboolean is_right)
{
  gsize child = append_node (self);
  ShsTreeNode *node;
  gint32 *place;

  if (!shs_document_reader_check (self->reader, NULL))
    return 0;
  node = shs_nested_nodes_get (self->nodes, self->kind, parent);
  place = is_right ? &node->right : &node->left;
  if (*place >= 0)
    shs_document_reader_fail (self->reader, SHS_ERROR_INVALID,
                              "this child stands here a second time; %s", self->kind->advice);
  *place = (gint32)child;
  return child;
}

static void
walk (const Walk *self)
{
  gsize path[SHS_DOCUMENT_MAX_DEPTH + 1];
  gsize depth = 0;

  path[0] = append_node (self);
  shs_document_reader_begin_object (self->reader);
  while (shs_document_reader_check (self->reader, NULL))
    {
      const char *key = shs_document_reader_next_key (self->reader);
      gboolean is_right = key != NULL && g_str_equal (key, self->kind->right);

      if (key == NULL && depth-- == 0)
        return;
      if (key != NULL && (is_right || g_str_equal (key, self->kind->left)))
        {
          path[depth + 1] = append_child (self, path[depth], is_right);
          if (shs_document_reader_begin_object (self->reader)
              && depth + 1 < G_N_ELEMENTS (path) - 1)
            depth++;
        }
      else if (key != NULL)
        self->kind->read_field (self->data,
                                shs_nested_nodes_get (self->nodes, self->kind, path[depth]), key);
    }
}

void
shs_nested_nodes_read (ShsNestedNodes *self, const ShsNestedKind *kind, ShsDocumentReader *reader,
                       gpointer data)
{
  walk (&(Walk){ self, kind, reader, data });
}

void
shs_nested_nodes_clear (ShsNestedNodes *self)
{
  shs_free (self->nodes);
}
