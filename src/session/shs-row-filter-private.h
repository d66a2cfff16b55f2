/* The tree of questions behind a row filter: made by the parser, asked by the filter. */
#pragma once

#include "session/shs-row-filter.h"
#include "session/shs-row-table.h"

G_BEGIN_DECLS

typedef enum
{
  NODE_ALL,
  NODE_AND,
  NODE_OR,
  NODE_NOT,
  NODE_TEXT,
  NODE_COMPARE,
} ShsFilterNodeType;

typedef enum
{
  COMPARE_LESS,
  COMPARE_LESS_EQUAL,
  COMPARE_GREATER,
  COMPARE_GREATER_EQUAL,
  COMPARE_EQUAL,
  COMPARE_UNEQUAL,
  COMPARE_CONTAINS,
  COMPARE_MISSING,
  COMPARE_PRESENT,
  COMPARE_SPELLED, /* missing, and written as the text, in any case */
} ShsFilterComparison;

/**
 * ShsFilterNode:
 * @column: of the table that is asked
 * @text: folded
 * @number: NaN where the compared value is text
 */
typedef struct _ShsFilterNode ShsFilterNode;
struct _ShsFilterNode
{
  ShsFilterNodeType type;
  ShsFilterNode *left, *right;
  ShsFilterComparison comparison;
  gsize column;
  char *text;
  double number;
};

void shs_filter_node_free (ShsFilterNode *node);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ShsFilterNode, shs_filter_node_free)

/** shs_filter_parse: (transfer full): %SHS_ERROR_SYNTAX with the column where it fails. */
ShsFilterNode *shs_filter_parse (const ShsRowTable *table, const char *text, GError **error);

G_END_DECLS
