/* Trees in JSON whose nodes hold their children: {"split": ..., "left": {...}, "right": {...}}.
 * Private to model/. */
#pragma once

#include "io/json/shs-document-reader.h"
#include "tree/shs-tree-ensemble.h"

G_BEGIN_DECLS

/**
 * ShsNestedKind: how a library writes them.
 * @left, @right: keys of the children
 * @size: of a node in memory, which begins with a #ShsTreeNode
 * @blank: a node of which nothing is known; its children are -1
 * @advice: what to do about a file that is damaged
 * @read_field: reads the value of any other key into @node, or skips it; tells of faults through
 *   the reader
 */
typedef struct
{
  const char *left;
  const char *right;
  gsize size;
  gconstpointer blank;
  const char *advice;
  void (*read_field) (gpointer data, gpointer node, const char *key);
} ShsNestedKind;

/** ShsNestedNodes: @nodes: @n of the kind's size, each child behind its parent. */
typedef struct
{
  gpointer nodes;
  gsize n;
  gsize n_allocated;
} ShsNestedNodes;

/**
 * shs_nested_nodes_read: the object that stands next, as the root, and all inside it.
 * @data: for @read_field
 *
 * Nothing recurses; the reader bounds how deep nodes are nested. Errors are the reader's.
 */
void shs_nested_nodes_read (ShsNestedNodes *self, const ShsNestedKind *kind,
                            ShsDocumentReader *reader, gpointer data);
void shs_nested_nodes_clear (ShsNestedNodes *self);

/** shs_nested_nodes_get: node @i of @kind. */
gpointer shs_nested_nodes_get (const ShsNestedNodes *self, const ShsNestedKind *kind, gsize i);

G_END_DECLS
