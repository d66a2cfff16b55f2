#include "tree/shs-tree-background-private.h"

#include "core/shs-error.h"
#include "core/shs-memory.h"

#include <math.h>
#include <string.h>

#define NODES_PER_GROUP 8192
/* Patterns are made narrower until all counts are no larger. */
#define LARGEST_COUNTS ((gsize)256 << 20)
#define NARROWEST 8
/* Most memory of the tables that stay with a background. */
#define KEPT_BYTES ((gsize)256 << 20)

static void
free_patterns (ShsTreeBackground *self)
{
  for (gsize group = 0; self->patterns != NULL && group < self->groups.n; group++)
    g_clear_pointer (&self->patterns[group], shs_tree_patterns_free);
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
  shs_free (self->first_count);
  shs_free (self->counts);
  shs_free (self->frequencies);
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
compile (ShsTreeBackground *self, guint most_bits, ShsProgress *progress, GError **error)
{
  free_patterns (self);
  for (gsize group = 0; group < self->groups.n; group++)
    {
      self->patterns[group]
          = shs_tree_patterns_compile (self->ensemble, &self->groups, group,
                                       (ShsUnitLimits){ .most_bits = most_bits }, progress, error);
      if (self->patterns[group] == NULL)
        return FALSE;
      self->first_count[group + 1] = self->first_count[group] + self->patterns[group]->n_counts;
      self->first_reached[group + 1] = self->first_reached[group] + self->patterns[group]->deep.n;
      self->first_portion[group + 1]
          = self->first_portion[group] + self->patterns[group]->portions.n;
    }
  return TRUE;
}

static gboolean
is_too_large (const ShsTreeBackground *self)
{
  return self->first_count[self->groups.n] > LARGEST_COUNTS / sizeof (guint64);
}

static gboolean
compile_groups (ShsTreeBackground *self, const ShsTreeOptions *options, GError **error)
{
  guint most_bits = SHS_PATTERN_BITS;

  if (!shs_tree_groups_init (&self->groups, self->ensemble, NODES_PER_GROUP, error))
    return FALSE;
  self->patterns = shs_alloc0 (self->groups.n, sizeof *self->patterns, error);
  if (self->patterns == NULL)
    return FALSE;
  self->first_count = shs_alloc0 (self->groups.n + 1, sizeof (gsize), error);
  if (self->first_count == NULL)
    return FALSE;
  self->first_reached = shs_alloc0 (self->groups.n + 1, sizeof (gsize), error);
  if (self->first_reached == NULL)
    return FALSE;
  self->first_portion = shs_alloc0 (self->groups.n + 1, sizeof (gsize), error);
  if (self->first_portion == NULL || !compile (self, most_bits, options->progress, error))
    return FALSE;
  while (most_bits > NARROWEST && is_too_large (self))
    if (!compile (self, --most_bits, options->progress, error))
      return FALSE;
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
  self->counts = shs_alloc0 (self->first_count[self->groups.n], sizeof (guint64), error);
  if (self->counts == NULL)
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
  g_return_val_if_fail (self != NULL && rows != NULL && self->counts != NULL, FALSE);
  if (!shs_tree_check_width (self->ensemble, rows, error))
    return FALSE;
  if (rows->n_rows == 0)
    return TRUE;
  if (self->first_reached[self->groups.n] > 0 && !keep_rows (self, rows, error))
    return FALSE;
  if (!shs_tree_background_count (self, rows, options, error)
      || (self->linear != NULL
          && !shs_tree_linear_background_add (self->linear, rows, options, error)))
    return FALSE;
  self->n_rows += rows->n_rows;
  return TRUE;
}

/* From rows with at least the bits of a set to shares of rows with just these bits. */
static void
find_frequencies (ShsTreeBackground *self, const ShsPatternUnit *unit, gsize first)
{
  guint64 *counts = self->counts + first + unit->first_count;
  double *frequencies = self->frequencies + first + unit->first_count;
  gsize n = (gsize)1 << unit->n_bits;

  for (gsize bit = 1; bit < n; bit *= 2)
    for (gsize set = 0; set < n; set++)
      if (!(set & bit))
        counts[set] -= counts[set | bit];
  for (gsize set = 0; set < n; set++)
    frequencies[set] = (double)counts[set] / (double)self->n_rows;
}

static void
add_expected (ShsTreeBackground *self, gsize tree, gsize node, double share)
{
  const ShsTreeEnsemble *ensemble = self->ensemble;

  for (gsize k = 0; k < ensemble->leaf_size; k++)
    self->expected[ensemble->tree_output[tree] + k]
        += ensemble->tree_weight[tree] * share * shs_tree_ensemble_get_leaf (ensemble, node)[k];
}

/* Share of the rows that meet all conditions of a leaf. */
static double
find_leaf_share (const ShsPatternUnit *unit, const ShsPatternLeaf *leaf,
                 const ShsPatternCondition *conditions, const double *frequencies)
{
  double share = 0;

  conditions += leaf->first_condition;
  for (gsize pattern = 0; pattern < (gsize)1 << unit->n_bits; pattern++)
    {
      gboolean met = TRUE;

      for (guint32 i = 0; i < leaf->n_conditions; i++)
        met = met && (pattern & conditions[i].mask) == conditions[i].wanted;
      share += met ? frequencies[pattern] : 0;
    }
  return share;
}

static gboolean
finish_tree (ShsTreeBackground *self, gsize group, const ShsPatternTree *tree,
             ShsProgress *progress, GError **error)
{
  const ShsTreePatterns *patterns = self->patterns[group];
  const ShsPatternUnit *units = patterns->units.memory;
  const ShsPatternLeaf *leaves = patterns->leaves.memory;
  const ShsPatternDeep *deep = patterns->deep.memory;
  const guint64 *reached = self->reached + self->first_reached[group];

  for (gsize i = tree->first_unit; i < tree->first_unit + tree->n_units; i++)
    {
      const ShsPatternUnit *unit = &units[i];
      const double *frequencies = self->frequencies + self->first_count[group] + unit->first_count;

      if (!shs_progress_check (progress, error))
        return FALSE;
      find_frequencies (self, unit, self->first_count[group]);
      for (gsize j = unit->first_leaf; j < unit->first_leaf + unit->n_leaves; j++)
        add_expected (self, tree->tree, leaves[j].node,
                      find_leaf_share (unit, &leaves[j], patterns->conditions.memory, frequencies));
    }
  for (gsize i = tree->first_deep; i < tree->first_deep + tree->n_deep; i++)
    add_expected (self, tree->tree, deep[i].node, (double)reached[i] / (double)self->n_rows);
  return TRUE;
}

gboolean
shs_tree_background_finish (ShsTreeBackground *self, const ShsTreeOptions *options, GError **error)
{
  const ShsTreeEnsemble *ensemble;

  g_return_val_if_fail (self != NULL && self->counts != NULL, FALSE);
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
  self->frequencies = shs_alloc (self->first_count[self->groups.n], sizeof (double), error);
  if (self->frequencies == NULL)
    return FALSE;
  memcpy (self->expected, ensemble->base, ensemble->n_outputs * sizeof (double));
  for (gsize tree = 0; tree < ensemble->n_trees; tree++)
    if (ensemble->tree_depth[tree] == 0)
      add_expected (self, tree, ensemble->tree_first[tree], 1);
  for (gsize group = 0; group < self->groups.n; group++)
    for (gsize i = 0; i < self->patterns[group]->trees.n; i++)
      if (!finish_tree (self, group,
                        (const ShsPatternTree *)self->patterns[group]->trees.memory + i,
                        options->progress, error))
        return FALSE;
  if (self->linear != NULL)
    shs_tree_linear_background_finish (self->linear, self->n_rows, self->expected);
  g_clear_pointer (&self->counts, shs_free);
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
