/* From the columns that a person knows to the features that an ensemble or a linear model takes:
 * scaling, imputing, encoding. */
#pragma once

#include "core/shs-matrix.h"
#include "tree/shs-tree-ensemble.h"

G_BEGIN_DECLS

/**
 * ShsMapKind: one small operation on one number. A missing value (NaN) stays missing unless it is
 * said otherwise.
 * @SHS_MAP_ADD, @SHS_MAP_SUBTRACT, @SHS_MAP_MULTIPLY, @SHS_MAP_DIVIDE: with @a, in double
 * @SHS_MAP_CLIP: to @a .. @b
 * @SHS_MAP_FLOAT: rounded to single precision
 * @SHS_MAP_IMPUTE: missing becomes @a
 * @SHS_MAP_MISSING_IF: @a becomes missing
 * @SHS_MAP_IS_MISSING: 1 where missing, else 0
 * @SHS_MAP_EQUALS: 1 where the value is @a, else 0; missing gives 0
 * @SHS_MAP_GREATER: 1 where the value is greater than @a, else 0
 * @SHS_MAP_TABLE: looked up in a #ShsMapTable
 */
typedef enum
{
  SHS_MAP_ADD,
  SHS_MAP_SUBTRACT,
  SHS_MAP_MULTIPLY,
  SHS_MAP_DIVIDE,
  SHS_MAP_CLIP,
  SHS_MAP_FLOAT,
  SHS_MAP_IMPUTE,
  SHS_MAP_MISSING_IF,
  SHS_MAP_IS_MISSING,
  SHS_MAP_EQUALS,
  SHS_MAP_GREATER,
  SHS_MAP_TABLE,
} ShsMapKind;

/** ShsMapTable: immutable, reference counted: numbers (often category codes) and what they become.
 */
typedef struct _ShsMapTable ShsMapTable;

/**
 * shs_map_table_new:
 * @keys, @values: @n of each, copied; of equal keys the first counts; NaN is no key
 * @otherwise: what numbers that are no key become; may be NaN
 * @missing: what missing becomes; may be NaN
 */
ShsMapTable *shs_map_table_new (const double *keys, const double *values, gsize n, double otherwise,
                                double missing, GError **error);
ShsMapTable *shs_map_table_ref (ShsMapTable *self);
void shs_map_table_unref (ShsMapTable *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ShsMapTable, shs_map_table_unref)
/** shs_map_table_look_up: cost: logarithmic in the number of keys. */
double shs_map_table_look_up (const ShsMapTable *self, double value);

/** ShsMapStep: an operation with its numbers; @table for %SHS_MAP_TABLE. */
typedef struct
{
  ShsMapKind kind;
  double a;
  double b;
  ShsMapTable *table;
} ShsMapStep;

/** shs_map_step_apply: one number. */
double shs_map_step_apply (const ShsMapStep *step, double value);

/**
 * ShsMapFunc: a feature made of one or several columns in a way that steps cannot say (CatBoost's
 * counters).
 * @columns: one array of @n_rows numbers per column, in the order that
 *   shs_feature_map_add_function() was given
 * @out: @n_rows numbers, to fill
 *
 * Called from any thread, several at once.
 */
typedef void (*ShsMapFunc) (gconstpointer data, const double *const *columns, gsize n_rows,
                            double *out);

/**
 * ShsFeatureMap: reference counted; built by one owner, then immutable and readable from any
 * thread.
 *
 * A map has a number of source columns and a growing list of features; each feature is a column
 * with a chain of steps, or a function of columns with a chain of steps. What an explanation deals
 * values to are players: one per column, numbered as the columns are, followed by one per set of
 * several columns that functions take together.
 */
typedef struct _ShsFeatureMap ShsFeatureMap;

ShsFeatureMap *shs_feature_map_new (gsize n_columns);
ShsFeatureMap *shs_feature_map_ref (ShsFeatureMap *self);
void shs_feature_map_unref (ShsFeatureMap *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ShsFeatureMap, shs_feature_map_unref)

/** shs_feature_map_add_column: adds the feature that is @column as it stands. */
void shs_feature_map_add_column (ShsFeatureMap *self, gsize column);

/**
 * shs_feature_map_add_function:
 * @columns: @n_columns different columns, at least one
 * @data: (transfer full): given to @function; @free_data: (nullable)
 *
 * Adds the feature that @function computes of @columns.
 */
void shs_feature_map_add_function (ShsFeatureMap *self, const gsize *columns, gsize n_columns,
                                   ShsMapFunc function, gpointer data, GDestroyNotify free_data);

/**
 * shs_feature_map_add_combined:
 * @features: @n of this map, at least one
 * @function: as above, but its columns are the features as they are so far
 *
 * Adds the feature that @function computes of other features.
 */
void shs_feature_map_add_combined (ShsFeatureMap *self, const gsize *features, gsize n,
                                   ShsMapFunc function, gpointer data, GDestroyNotify free_data);

/** shs_feature_map_add_feature: adds a feature of another map of as many columns (or of this one)
 * with all its steps, so that a pipeline's stage can begin where the one before ended. */
void shs_feature_map_add_feature (ShsFeatureMap *self, const ShsFeatureMap *from, gsize feature);

/**
 * shs_feature_map_add_moved: as shs_feature_map_add_feature(), for a feature of one column without
 * a function, from a map whose columns have other numbers: it becomes one of @column.
 */
void shs_feature_map_add_moved (ShsFeatureMap *self, const ShsFeatureMap *from, gsize feature,
                                gsize column);

/** shs_feature_map_append: gives the feature that was added last one more step; a table in it is
 * taken a reference of. */
void shs_feature_map_append (ShsFeatureMap *self, const ShsMapStep *step);

gsize shs_feature_map_get_n_columns (const ShsFeatureMap *self);
gsize shs_feature_map_get_n_features (const ShsFeatureMap *self);

/** shs_feature_map_is_identity: whether the features are the columns, one by one. */
gboolean shs_feature_map_is_identity (const ShsFeatureMap *self);

/** shs_feature_map_uses_column: whether any feature is made of @column. */
gboolean shs_feature_map_uses_column (const ShsFeatureMap *self, gsize column);

/** shs_feature_map_get_n_players: columns and sets of several columns. */
gsize shs_feature_map_get_n_players (const ShsFeatureMap *self);
/** shs_feature_map_get_player: whom values of @feature belong to. */
guint32 shs_feature_map_get_player (const ShsFeatureMap *self, gsize feature);
/** shs_feature_map_get_player_columns: the columns of @player, ascending. */
const gsize *shs_feature_map_get_player_columns (const ShsFeatureMap *self, gsize player, gsize *n);

/** shs_feature_map_set_players: gives @builder, of as many features, the map's players. */
gboolean shs_feature_map_set_players (const ShsFeatureMap *self, ShsTreeBuilder *builder,
                                      GError **error);

/**
 * shs_feature_map_apply:
 * @rows: n x n_columns
 * @features: n x n_features, overwritten
 * @n_threads: most threads; 0 for all. The result does not depend on them
 *
 * Cost: one pass over a column per step.
 */
gboolean shs_feature_map_apply (const ShsFeatureMap *self, const ShsMatrix *rows, guint n_threads,
                                ShsMatrix *features, GError **error);

/**
 * shs_feature_map_fold:
 * @of_players: n x (n_players * n_outputs): column output * n_players + player
 * @of_columns: n x (n_columns * n_outputs), overwritten: column output * n_columns + column
 *
 * The value of a player of several columns is split evenly among them.
 */
void shs_feature_map_fold (const ShsFeatureMap *self, gsize n_outputs, const ShsMatrix *of_players,
                           ShsMatrix *of_columns);

G_END_DECLS
