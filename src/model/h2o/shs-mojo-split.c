/* The rules of H2O's splits in the words of the ensemble. Categories that training never saw have
 * codes behind the domain. */

#include "model/h2o/shs-mojo-document.h"

#include "core/shs-memory.h"

#include <math.h>

#define RANGE_FORMAT 110  /* from here on, categories outside a node's range count as missing */
#define DOMAIN_FORMAT 120 /* from here on, those behind the domain do, at every split */

static gsize
count_levels (const ShsMojo *mojo, const ShsTreeNode *node)
{
  return mojo->columns[node->feature].n_categories;
}

static gboolean
take_set (const ShsMojo *mojo, ShsTreeNode *node, ShsSplit split, const gint32 *codes, gsize n,
          GError **error)
{
  node->split = split;
  node->set = shs_tree_builder_add_set (mojo->builder, codes, n, error);
  if (node->set < 0)
    g_prefix_error (error, "%s: ", mojo->name);
  return node->set >= 0;
}

/* What is in no list goes with the missing ones: so the list is of those that go right where
 * missing ones go left, and of those that go left otherwise. */
gboolean
shs_mojo_split_categories (const ShsMojo *mojo, const ShsMojoCategories *right,
                           gboolean missing_left, ShsTreeNode *node, GError **error)
{
  gboolean lists_right = missing_left || mojo->format < RANGE_FORMAT;
  SHS_AUTOFREE gint32 *codes = shs_alloc (right->n_bits, sizeof *codes, error);
  gsize n_levels = count_levels (mojo, node);
  gsize n = 0;

  if (codes == NULL)
    return FALSE;
  if (n_levels == 0)
    return shs_mojo_fail (mojo, error, SHS_ERROR_INVALID,
                          "a tree asks for categories of %s, which has none" SHS_MOJO_AGAIN,
                          mojo->columns[node->feature].name);
  for (gsize i = 0; i < right->n_bits; i++)
    {
      gsize code = right->first + i;

      if (mojo->format >= DOMAIN_FORMAT && code >= n_levels)
        break;
      if ((right->bits[i / 8] >> i % 8 & 1) == lists_right)
        codes[n++] = (gint32)code;
    }
  node->missing = SHS_MISSING_NAN | (missing_left ? SHS_MISSING_LEFT : 0);
  return take_set (mojo, node, lists_right ? SHS_SPLIT_NOT_IN_SET : SHS_SPLIT_IN_SET, codes, n,
                   error);
}

/* A threshold may also part categories in their order. */
static gboolean
list_above (const ShsMojo *mojo, double threshold, ShsTreeNode *node, GError **error)
{
  gsize n_levels = count_levels (mojo, node);
  gsize first = (gsize)ceil (CLAMP (threshold, 0, (double)n_levels));
  SHS_AUTOFREE gint32 *codes = shs_alloc (n_levels - first, sizeof *codes, error);

  for (gsize i = 0; codes != NULL && i < n_levels - first; i++)
    codes[i] = (gint32)(first + i);
  return codes != NULL
         && take_set (mojo, node, SHS_SPLIT_NOT_IN_SET, codes, n_levels - first, error);
}

gboolean
shs_mojo_split_number (const ShsMojo *mojo, double threshold, gboolean missing_left,
                       ShsTreeNode *node, GError **error)
{
  gsize n_levels = mojo->format >= DOMAIN_FORMAT ? count_levels (mojo, node) : 0;

  node->missing = SHS_MISSING_NAN | (missing_left ? SHS_MISSING_LEFT : 0);
  if (n_levels > 0 && missing_left && !isnan (threshold))
    return list_above (mojo, threshold, node, error);
  node->split = SHS_SPLIT_LESS;
  node->threshold = n_levels > 0 ? fmin (threshold, (double)n_levels) : threshold;
  return TRUE;
}

void
shs_mojo_split_missing (const ShsMojo *mojo, ShsTreeNode *node)
{
  gsize n_levels = mojo->format >= DOMAIN_FORMAT ? count_levels (mojo, node) : 0;

  node->missing = SHS_MISSING_NAN;
  node->split = n_levels > 0 ? SHS_SPLIT_LESS : SHS_SPLIT_LESS_EQUAL;
  node->threshold = n_levels > 0 ? (double)n_levels : INFINITY;
}
