/* How ShsSkops keeps a schema. Private to the files shs-skops-document.c and shs-skops-value.c. */
#pragma once

#include "model/sklearn/shs-skops-document.h"

G_BEGIN_DECLS

/**
 * ShsSkopsNode: a value of the JSON.
 * @type: of #ShsDocumentType
 * @key, @text: places in the texts: its name in an object; what a string says
 * @first: the first child; @next: the next child of the same parent
 */
typedef struct
{
  guint8 type;
  guint32 key;
  guint32 text;
  ShsSkopsRef first;
  ShsSkopsRef next;
  double number;
} ShsSkopsNode;

struct _ShsSkops
{
  char *name;
  ShsNpz *archive;
  GError *failure;
  ShsSkopsNode *nodes;
  gsize n_nodes;
  gsize nodes_allocated;
  char *text;
  gsize n_text;
  gsize text_allocated;
};

G_END_DECLS
