/* How many training rows reached each node, where the file counts them. */

#include "model/pmml/shs-pmml-draft.h"

#include <math.h>

/* Counts may be weights: sums of them differ by so much. */
#define ROUNDING 1e-9

static double
get_count (const ShsPmmlElement *element)
{
  const char *text = shs_pmml_get (element, "recordCount");
  double count;

  return shs_pmml_parse_number (text, &count) && count >= 0 ? count : NAN;
}

/* Rows that no child takes: so many. */
static double
count_rest (const ShsPmmlElement *element)
{
  double all = get_count (element);
  double rest = all;
  const ShsPmmlElement *child;

  for (guint i = 0; (child = shs_pmml_child (element, i)) != NULL; i++)
    if (shs_pmml_is (child, "Node"))
      rest -= get_count (child);
  if (fabs (rest) <= ROUNDING * all)
    return 0;
  return rest > 0 ? rest : NAN;
}

/* Rows that the file counts at one place are known to be there; where that place became several
 * leaves, nobody knows how they are shared out, unless there are none. */
static double
get_cover (const ShsPmmlDraft *self, guint leaf)
{
  const ShsPmmlElement *element = self->leaves->pdata[leaf];
  gboolean stops = element != NULL && shs_pmml_has_children (element);
  double count;

  if (element == NULL)
    return NAN;
  count = stops ? count_rest (element) : get_count (element);
  if (GPOINTER_TO_UINT (g_hash_table_lookup (stops ? self->stops : self->visits, element)) == 1)
    return count;
  return count == 0 ? 0 : NAN;
}

/* Children stand behind their parents. Counts of 1 at all leaves are shares, not counts. */
void
shs_pmml_draft_add_covers (ShsPmmlDraft *self)
{
  gboolean are_counts = FALSE;

  for (guint v = 0; v < self->nodes->len; v++)
    if (shs_pmml_draft_get_node (self, v)->split == SHS_LEAF)
      {
        shs_pmml_draft_get_node (self, v)->cover = get_cover (self, v);
        are_counts = are_counts || shs_pmml_draft_get_node (self, v)->cover != 1;
      }
  for (guint v = self->nodes->len; v-- > 0;)
    {
      ShsTreeNode *node = shs_pmml_draft_get_node (self, v);

      if (!are_counts)
        node->cover = NAN;
      else if (node->split != SHS_LEAF)
        node->cover = shs_pmml_draft_get_node (self, (guint)node->left)->cover
                      + shs_pmml_draft_get_node (self, (guint)node->right)->cover;
    }
}
