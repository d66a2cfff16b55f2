#include "tree/shs-tree-background-private.h"

#include "core/shs-error.h"
#include "core/shs-memory.h"

#include <math.h>
#include <string.h>

#define NODES_PER_GROUP 8192
/* Patterns of a group are made narrower until its counts are no larger. */
#define LARGEST_GROUP ((gsize)256 << 20)
#define NARROWEST 8
/* Of the groups whose counts are held; the others are counted when they are asked for. */
#define HELD_BYTES ((gsize)512 << 20)
/* Most memory of the tables that stay with a background. */
#define KEPT_BYTES ((gsize)256 << 20)

static void
free_patterns (ShsTreeBackground *self)
{
  for (gsize group = 0; self->patterns != NULL && group < self->groups.n; group++)
    g_clear_pointer (&self->patterns[group], shs_tree_patterns_free);
}

static void
free_counts (ShsTreeBackground *self)
{
  for (gsize group = 0; self->counts != NULL && group < self->groups.n; group++)
    shs_free (self->counts[group]);
  for (gsize group = 0; self->shares != NULL && group < self->groups.n; group++)
    shs_free (self->shares[group]);
  shs_free (self->counts);
  shs_free (self->shares);
}

static void
free_tables (ShsTreeBackground *self)
{
  gsize n_tables
      = self->tables != NULL ? SHS_TREE_VARIANTS * 2 * self->first_portion[self->groups.n] : 0;

  for (gsize i = 0; i < n_tables; i++)
    shs_tree_tables_free (self->tables[i]);
  for (gsize i = 0; self->pair_tables != NULL && i < SHS_TREE_VARIANTS * self->groups.n; i++)
    shs_tree_pair_tables_free (self->pair_tables[i]);
  shs_free (self->tables);
  shs_free (self->pair_tables);
}

static void
free_background (ShsTreeBackground *self)
{
  free_tables (self);
  free_patterns (self);
  shs_free (self->patterns);
  free_counts (self);
  shs_free (self->first_reached);
  shs_free (self->reached);
  g_clear_pointer (&self->kept, g_ptr_array_unref);
  shs_tree_linear_background_free (self->linear);
  shs_free (self->expected);
  shs_free (self->first_portion);
  shs_tree_groups_clear (&self->groups);
  shs_tree_ensemble_unref (self->ensemble);
  g_mutex_clear (&self->lock);
  g_free (self);
}

static gboolean
compile_group (ShsTreeBackground *self, gsize group, ShsProgress *progress, GError **error)
{
  ShsUnitLimits limits = { .most_bits = SHS_PATTERN_BITS };
  ShsTreePatterns **patterns = &self->patterns[group];

  *patterns
      = shs_tree_patterns_compile (self->ensemble, &self->groups, group, limits, progress, error);
  while (*patterns != NULL && limits.most_bits-- > NARROWEST
         && (*patterns)->n_counts > LARGEST_GROUP / sizeof (guint64))
    {
      shs_tree_patterns_free (*patterns);
      *patterns = shs_tree_patterns_compile (self->ensemble, &self->groups, group, limits, progress,
                                             error);
    }
  return *patterns != NULL;
}

static gboolean
compile_groups (ShsTreeBackground *self, const ShsTreeOptions *options, GError **error)
{
  if (!shs_tree_groups_init (&self->groups, self->ensemble, NODES_PER_GROUP, error))
    return FALSE;
  self->patterns = shs_alloc0 (self->groups.n, sizeof *self->patterns, error);
  if (self->patterns == NULL)
    return FALSE;
  self->first_reached = shs_alloc0 (self->groups.n + 1, sizeof (gsize), error);
  if (self->first_reached == NULL)
    return FALSE;
  self->first_portion = shs_alloc0 (self->groups.n + 1, sizeof (gsize), error);
  if (self->first_portion == NULL)
    return FALSE;
  for (gsize group = 0; group < self->groups.n; group++)
    {
      if (!compile_group (self, group, options->progress, error))
        return FALSE;
      self->first_reached[group + 1] = self->first_reached[group] + self->patterns[group]->deep.n;
      self->first_portion[group + 1]
          = self->first_portion[group] + self->patterns[group]->portions.n;
    }
  return TRUE;
}

/* How much is held changes no number. */
static gboolean
prepare_counts (ShsTreeBackground *self, GError **error)
{
  gsize left = shs_memory_fit_block (HELD_BYTES) / sizeof (guint64);

  self->counts = shs_alloc0 (self->groups.n, sizeof *self->counts, error);
  if (self->counts == NULL)
    return FALSE;
  self->shares = shs_alloc0 (self->groups.n, sizeof *self->shares, error);
  if (self->shares == NULL)
    return FALSE;
  self->keeps_rows = self->first_reached[self->groups.n] > 0;
  for (gsize group = 0; group < self->groups.n; group++)
    {
      gsize n = self->patterns[group]->n_counts;

      self->keeps_rows |= n > left;
      if (n > left)
        continue;
      self->counts[group] = shs_alloc0 (n, sizeof (guint64), error);
      if (self->counts[group] == NULL)
        return FALSE;
      left -= n;
    }
  return TRUE;
}

static gboolean
prepare (ShsTreeBackground *self, const ShsTreeOptions *options, GError **error)
{
  if (!compile_groups (self, options, error))
    return FALSE;
  self->pair_tables = shs_alloc0 (self->groups.n, SHS_TREE_VARIANTS * sizeof (gpointer), error);
  if (self->pair_tables == NULL)
    return FALSE;
  self->tables = shs_alloc0 (self->first_portion[self->groups.n],
                             2 * SHS_TREE_VARIANTS * sizeof (gpointer), error);
  if (self->tables == NULL)
    return FALSE;
  if (!prepare_counts (self, error))
    return FALSE;
  self->reached = shs_alloc0 (self->first_reached[self->groups.n], sizeof (guint64), error);
  if (self->reached == NULL)
    return FALSE;
  if (self->ensemble->linear != NULL)
    self->linear = shs_tree_linear_background_new (self->ensemble, error);
  return (self->linear != NULL) == (self->ensemble->linear != NULL);
}

ShsTreeBackground *
shs_tree_background_new (ShsTreeEnsemble *ensemble, const ShsTreeOptions *options, GError **error)
{
  g_autoptr (ShsTreeBackground) self = NULL;

  g_return_val_if_fail (ensemble != NULL && options != NULL, NULL);
  self = g_new0 (ShsTreeBackground, 1);
  self->references = 1;
  self->ensemble = shs_tree_ensemble_ref (ensemble);
  self->kept = g_ptr_array_new_with_free_func ((GDestroyNotify)shs_matrix_free);
  g_mutex_init (&self->lock);
  return prepare (self, options, error) ? g_steal_pointer (&self) : NULL;
}

ShsTreeBackground *
shs_tree_background_ref (ShsTreeBackground *self)
{
  g_return_val_if_fail (self != NULL, NULL);
  g_atomic_int_inc (&self->references);
  return self;
}

void
shs_tree_background_unref (ShsTreeBackground *self)
{
  if (self != NULL && g_atomic_int_dec_and_test (&self->references))
    free_background (self);
}

static gboolean
keep_rows (ShsTreeBackground *self, const ShsMatrix *rows, GError **error)
{
  ShsMatrix *copy = shs_matrix_new (rows->n_rows, rows->n_columns, error);

  if (copy == NULL)
    return FALSE;
  for (gsize j = 0; j < rows->n_columns; j++)
    memcpy (shs_matrix_column (copy, j), shs_matrix_column (rows, j),
            rows->n_rows * sizeof (double));
  g_ptr_array_add (self->kept, copy);
  return TRUE;
}

gboolean
shs_tree_background_add (ShsTreeBackground *self, const ShsMatrix *rows,
                         const ShsTreeOptions *options, GError **error)
{
  g_return_val_if_fail (self != NULL && rows != NULL && self->expected == NULL, FALSE);
  if (!shs_tree_check_width (self->ensemble, rows, error))
    return FALSE;
  if (rows->n_rows == 0)
    return TRUE;
  if (self->keeps_rows && !keep_rows (self, rows, error))
    return FALSE;
  for (gsize group = 0; group < self->groups.n; group++)
    if (self->counts[group] != NULL
        && !shs_tree_background_count (self, group, rows, self->counts[group],
                                       self->reached + self->first_reached[group], options, error))
      return FALSE;
  if (self->linear != NULL && !shs_tree_linear_background_add (self->linear, rows, options, error))
    return FALSE;
  self->n_rows += rows->n_rows;
  return TRUE;
}

static gboolean
finish_held (ShsTreeBackground *self, gsize group, ShsProgress *progress, GError **error)
{
  shs_tree_background_add_expected (self, group, self->counts[group]);
  if (!shs_tree_background_find_shares (self, group, self->counts[group], progress, error))
    return FALSE;
  self->shares[group] = (double *)g_steal_pointer (&self->counts[group]);
  return TRUE;
}

/* Its first count; when it is asked for it is counted again. */
static gboolean
finish_other (ShsTreeBackground *self, gsize group, const ShsTreeOptions *options, GError **error)
{
  SHS_AUTOFREE guint64 *counts
      = shs_alloc0 (self->patterns[group]->n_counts, sizeof *counts, error);

  if (counts == NULL
      || !shs_tree_background_count_kept (
          self, group, counts, self->reached + self->first_reached[group], options, error))
    return FALSE;
  shs_tree_background_add_expected (self, group, counts);
  return TRUE;
}

gboolean
shs_tree_background_finish (ShsTreeBackground *self, const ShsTreeOptions *options, GError **error)
{
  const ShsTreeEnsemble *ensemble;

  g_return_val_if_fail (self != NULL && self->expected == NULL, FALSE);
  ensemble = self->ensemble;
  if (self->n_rows == 0)
    {
      g_set_error_literal (error, SHS_ERROR, SHS_ERROR_INVALID,
                           "The background has no rows; choose at least one");
      return FALSE;
    }
  self->expected = shs_alloc (ensemble->n_outputs, sizeof (double), error);
  if (self->expected == NULL)
    return FALSE;
  memcpy (self->expected, ensemble->base, ensemble->n_outputs * sizeof (double));
  for (gsize tree = 0; tree < ensemble->n_trees; tree++)
    if (ensemble->tree_depth[tree] == 0)
      for (gsize k = 0; k < ensemble->leaf_size; k++)
        self->expected[ensemble->tree_output[tree] + k]
            += ensemble->tree_weight[tree]
               * shs_tree_ensemble_get_leaf (ensemble, ensemble->tree_first[tree])[k];
  for (gsize group = 0; group < self->groups.n; group++)
    if (!(self->counts[group] != NULL ? finish_held (self, group, options->progress, error)
                                      : finish_other (self, group, options, error)))
      return FALSE;
  if (self->linear != NULL
      && !shs_tree_linear_background_finish (self->linear, self->n_rows, self->expected,
                                             options->progress, error))
    return FALSE;
  return TRUE;
}

double
shs_tree_background_get_expected_value (const ShsTreeBackground *self, gsize output)
{
  g_return_val_if_fail (self != NULL && self->expected != NULL, NAN);
  g_return_val_if_fail (output < self->ensemble->n_outputs, NAN);
  return self->expected[output];
}

guint64
shs_tree_background_get_n_rows (const ShsTreeBackground *self)
{
  g_return_val_if_fail (self != NULL, 0);
  return self->n_rows;
}

guint64
shs_tree_background_count_adding (const ShsTreeBackground *self, gsize n_rows)
{
  g_return_val_if_fail (self != NULL, 0);
  return (guint64)n_rows
         * (self->ensemble->n_trees + (self->linear != NULL ? self->linear->terms.places.n : 0));
}

guint64
shs_tree_background_count_explaining (const ShsTreeBackground *self, gsize n_rows)
{
  g_return_val_if_fail (self != NULL, 0);
  return (guint64)n_rows
         * (self->ensemble->n_trees
            + (self->linear != NULL ? shs_tree_linear_background_count_patterns (self->linear)
                                    : 0));
}

gconstpointer
shs_tree_background_get_kept (ShsTreeBackground *self, gpointer *place)
{
  gconstpointer there;

  g_mutex_lock (&self->lock);
  there = *place;
  g_mutex_unlock (&self->lock);
  return there;
}

gboolean
shs_tree_background_keep (ShsTreeBackground *self, gpointer *place, gpointer tables, gsize n_bytes)
{
  gboolean is_kept;

  g_mutex_lock (&self->lock);
  is_kept = *place == NULL && self->n_table_bytes + n_bytes <= KEPT_BYTES;
  if (is_kept)
    {
      self->n_table_bytes += n_bytes;
      *place = tables;
    }
  g_mutex_unlock (&self->lock);
  return is_kept;
}
