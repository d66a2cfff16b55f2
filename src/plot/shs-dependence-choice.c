/* Which feature, and which other one colours its points. */
#include "core/shs-association.h"
#include "core/shs-error.h"
#include "core/shs-i18n.h"
#include "core/shs-memory.h"
#include "plot/shs-category-order.h"
#include "plot/shs-dependence-private.h"
#include "result/shs-interactions.h"

#include <math.h>
#include <string.h>

#define GROUP_BYTES ((gsize)96 << 20) /* of sums of the features that are measured in one pass */

gboolean
shs_is_categorical (const ShsColumn *column)
{
  return column->n_categories > 0;
}

static gboolean
choose_feature (ShsDependence *self, GError **error)
{
  ShsPlotFrame *frame = self->frame;
  SHS_AUTOFREE gsize *order = NULL;

  if (frame->options->feature >= 0)
    {
      self->feature = (gsize)frame->options->feature;
      return TRUE;
    }
  order = shs_alloc (frame->n_features, sizeof *order, error);
  if (order == NULL || !shs_explanation_order (frame->explanation, frame->output, order, error))
    return FALSE;
  self->feature = order[0];
  return TRUE;
}

/* Features @first .. @end, which are measured in one pass over the data. */
typedef struct
{
  ShsAssociations *associations;
  gsize first, end;
} Partners;

static gboolean
add_partners (gsize first_row, const ShsMatrix *block, gpointer data)
{
  Partners *partners = data;

  for (gsize j = partners->first; j < partners->end; j++)
    shs_associations_add (partners->associations, j - partners->first, first_row,
                          shs_matrix_column (block, j), block->n_rows);
  return TRUE;
}

static gboolean
measure_partners (ShsDependence *self, const guint32 *order, gsize first, gsize end,
                  double *strengths, GError **error)
{
  gsize n = self->frame->n_rows;
  g_autoptr (ShsAssociations) associations = shs_associations_new (
      order, self->values, n, shs_association_bin_size (n), end - first, error);
  Partners partners = { associations, first, end };

  if (associations == NULL
      || !shs_values_foreach (self->frame->parts->data, 0, add_partners, &partners, error))
    return FALSE;
  for (gsize j = first; j < end; j++)
    strengths[j] = shs_associations_get (associations, j - first);
  return TRUE;
}

/* What may interact with the feature: nothing that never meets it in the model. */
static gboolean
may_meet (const ShsDependence *self, gsize partner)
{
  const ShsExplanation *explanation = self->frame->explanation;

  return partner != self->feature
         && (!shs_explanation_has_interactions (explanation)
             || shs_explanation_lacks_pair (explanation, self->feature, partner));
}

/* Where the explanation does not say: the one whose values go most with the SHAP values of rows
 * that are alike in the feature. */
static gboolean
estimate_partner (ShsDependence *self, GError **error)
{
  ShsPlotFrame *frame = self->frame;
  gsize m = frame->n_features;
  SHS_AUTOFREE guint32 *order = shs_alloc (frame->n_rows, sizeof *order, error);
  SHS_AUTOFREE double *strengths = order != NULL ? shs_alloc (m, sizeof *strengths, error) : NULL;
  gsize bytes
      = shs_associations_count_bytes (frame->n_rows, shs_association_bin_size (frame->n_rows));
  gsize n_group = CLAMP (shs_memory_fit_block (GROUP_BYTES) / bytes, 1, m);
  double best = 0;

  if (strengths == NULL)
    return FALSE;
  shs_order_by (self->x, frame->n_rows, order);
  for (gsize first = 0; first < m; first += n_group)
    if (!measure_partners (self, order, first, MIN (m, first + n_group), strengths, error))
      return FALSE;
  for (gsize j = 0; j < m; j++)
    if (may_meet (self, j) && strengths[j] > best)
      {
        best = strengths[j];
        self->partner = (gssize)j;
      }
  return TRUE;
}

/* The feature that interacts most, as the explanation says: -1 where it knows of none. */
static gboolean
look_up_partner (ShsDependence *self, GError **error)
{
  ShsPlotFrame *frame = self->frame;
  gsize n_pairs = shs_explanation_get_n_pairs (frame->explanation);
  SHS_AUTOFREE double *means = shs_alloc (MAX (1, n_pairs), sizeof *means, error);
  double best = 0;

  if (means == NULL
      || !shs_explanation_summarise_interactions (frame->explanation, frame->output, means, error))
    return FALSE;
  for (gsize p = 0; p < n_pairs; p++)
    {
      gsize a, b;

      shs_explanation_get_pair (frame->explanation, p, &a, &b);
      if (a == b || (a != self->feature && b != self->feature) || !(means[p] > best))
        continue;
      best = means[p];
      self->partner = (gssize)(a == self->feature ? b : a);
    }
  return TRUE;
}

static gboolean
can_meet_any (const ShsDependence *self)
{
  for (gsize j = 0; j < self->frame->n_features; j++)
    if (may_meet (self, j))
      return TRUE;
  return FALSE;
}

static gboolean
find_partner (ShsDependence *self, GError **error)
{
  if (shs_explanation_has_interactions (self->frame->explanation) && !look_up_partner (self, error))
    return FALSE;
  return self->partner >= 0 || !can_meet_any (self) || estimate_partner (self, error);
}

static gboolean
choose_partner (ShsDependence *self, GError **error)
{
  ShsPlotFrame *frame = self->frame;
  const char *color = frame->options->color;

  self->partner = -1;
  if (g_strcmp0 (color, "none") == 0)
    return TRUE;
  if ((color == NULL || strcmp (color, "auto") == 0) && self->with >= 0)
    self->partner = (gsize)self->with != self->feature ? self->with : -1;
  else if (color == NULL || strcmp (color, "auto") == 0)
    {
      if (!find_partner (self, error))
        return FALSE;
    }
  else
    {
      self->partner = shs_explanation_find_feature (frame->explanation, color);
      if (self->partner < 0)
        {
          g_set_error (error, SHS_ERROR, SHS_ERROR_CHOICE,
                       "No feature is called \"%s\": give the name of a feature, its number as "
                       "#0, \"auto\" or \"none\" as colour",
                       color);
          return FALSE;
        }
    }
  if (self->partner < 0)
    return TRUE;
  self->partner_column = shs_explanation_get_column (frame->explanation, (gsize)self->partner);
  return shs_values_read_feature (frame->parts->data, 0, (gsize)self->partner, self->color_data,
                                  error);
}

/* The whole SHAP value, or the part of it that one other feature has a share in: both halves. */
static gboolean
read_values (ShsDependence *self, GError **error)
{
  ShsPlotFrame *frame = self->frame;
  const char *name = frame->options->interaction;

  self->with = -1;
  if (name == NULL)
    return shs_values_read_feature (frame->parts->values, frame->output, self->feature,
                                    self->values, error);
  self->with = shs_explanation_find_feature (frame->explanation, name);
  if (self->with < 0)
    {
      g_set_error (error, SHS_ERROR, SHS_ERROR_CHOICE,
                   "No feature is called \"%s\": give the name of the feature whose interaction is "
                   "to be shown, or none",
                   name);
      return FALSE;
    }
  if (shs_explanation_lacks_pair (frame->explanation, self->feature, (gsize)self->with))
    {
      g_set_error (error, SHS_ERROR, SHS_ERROR_CHOICE,
                   "The interaction with \"%s\" was not computed, it is not among the strongest "
                   "pairs; choose another feature, or explain with more pairs",
                   name);
      return FALSE;
    }
  if (!shs_explanation_read_interaction (frame->explanation, frame->output, self->feature,
                                         (gsize)self->with, self->values, error))
    return FALSE;
  for (gsize i = 0; i < frame->n_rows && (gsize)self->with != self->feature; i++)
    self->values[i] *= 2;
  return TRUE;
}

/* Once all that asks for codes is done. */
static gboolean
order_categories (ShsDependence *self, GError **error)
{
  gsize n = self->frame->n_rows;

  shs_column_copy (self->column, &self->columns[0]);
  self->column = &self->columns[0];
  if (!shs_category_order_sort (&self->columns[0], self->x, n, error))
    return FALSE;
  if (self->partner < 0)
    return TRUE;
  shs_column_copy (self->partner_column, &self->columns[1]);
  self->partner_column = &self->columns[1];
  return shs_category_order_sort (&self->columns[1], self->color_data, n, error);
}

gboolean
shs_dependence_choose (ShsDependence *self, GError **error)
{
  ShsPlotFrame *frame = self->frame;
  gsize n = frame->n_rows;

  if (!choose_feature (self, error))
    return FALSE;
  self->column = shs_explanation_get_column (frame->explanation, self->feature);
  return (self->values = shs_alloc (n, sizeof (double), error))
         && (self->x = shs_alloc (n, sizeof (double), error))
         && (self->color_data = shs_alloc (n, sizeof (double), error))
         && (self->scratch = shs_alloc (n, sizeof (double), error)) && read_values (self, error)
         && shs_values_read_feature (frame->parts->data, 0, self->feature, self->x, error)
         && choose_partner (self, error) && order_categories (self, error);
}
