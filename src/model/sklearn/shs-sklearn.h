/* scikit-learn's estimators and transformers as the objects of a skops file describe them. Private
 * to model/. What is not in the lists of these files is refused by name. */
#pragma once

#include "model/shs-model.h"
#include "model/sklearn/shs-skops-document.h"

G_BEGIN_DECLS

#define SHS_SKLEARN_MAX_FEATURES 1000000
#define SHS_SKLEARN_MAX_OUTPUTS 100000
#define SHS_SKLEARN_MAX_DEPTH 32 /* of pipelines within pipelines */

/**
 * ShsSklearn: the state of reading one model.
 * @file_size: the measure of what may be allocated
 * @columns: what the whole pipeline is given; dictionaries grow as encoders are met
 * @codes: by column: (nullable): from a text to its code + 1
 * @map: from @columns to what the estimator takes
 * @parts: what becomes the model
 * @leaf_size: values per leaf: 1, or parts.n_outputs
 * @depth: how many pipelines within pipelines are open
 * @n_chosen: features that all parts of ColumnTransformers have taken so far
 */
typedef struct
{
  ShsSkops *file;
  ShsProgress *progress;
  gsize file_size;
  ShsColumn *columns;
  gsize n_columns;
  GHashTable **codes;
  ShsFeatureMap *map;
  ShsModelParts parts;
  ShsTreeBuilder *builder;
  gsize leaf_size;
  guint depth;
  gsize n_chosen;
} ShsSklearn;

/** shs_sklearn_refuse: %SHS_ERROR_UNSUPPORTED: what cannot be opened, and that the script may. */
void shs_sklearn_refuse (ShsSklearn *self, const char *format, ...) G_GNUC_PRINTF (2, 3);

/** shs_sklearn_learn: the code of a value of a column: numbers stand for themselves, texts get the
 * next place in the dictionary. */
double shs_sklearn_learn (ShsSklearn *self, gsize column, const ShsSkopsValue *value);

/**
 * shs_sklearn_transform: what @step makes of the features of @map.
 *
 * Returns: (transfer full): the map behind it; NULL when the file has failed (which it does for
 *   steps that are not known)
 */
ShsFeatureMap *shs_sklearn_transform (ShsSklearn *self, ShsSkopsRef step, ShsFeatureMap *map);

/** shs_sklearn_new_map: (transfer full): an empty map of the model's columns. */
static inline ShsFeatureMap *
shs_sklearn_new_map (const ShsSklearn *self)
{
  return shs_feature_map_new (self->n_columns);
}

/** shs_sklearn_column_of: the column that a feature is made of. */
static inline gsize
shs_sklearn_column_of (const ShsFeatureMap *map, gsize feature)
{
  return shs_feature_map_get_player (map, feature);
}

/** shs_sklearn_append: gives the last feature a step with one number. */
static inline void
shs_sklearn_append (ShsFeatureMap *map, ShsMapKind kind, double a)
{
  shs_feature_map_append (map, &(ShsMapStep){ .kind = kind, .a = a });
}

/** shs_sklearn_read_numbers: (transfer full): an attribute that has @n numbers, by shs_alloc(). */
double *shs_sklearn_read_numbers (ShsSklearn *self, ShsSkopsRef step, const char *name, gsize n);

/* Encoders, as shs_sklearn_transform() (shs-sklearn-encode.c). */
ShsFeatureMap *shs_sklearn_one_hot (ShsSklearn *self, ShsSkopsRef step, ShsFeatureMap *map);
ShsFeatureMap *shs_sklearn_ordinal (ShsSklearn *self, ShsSkopsRef step, ShsFeatureMap *map);

/* Selections, as shs_sklearn_transform() (shs-sklearn-select.c). */
ShsFeatureMap *shs_sklearn_select_best (ShsSklearn *self, ShsSkopsRef step, ShsFeatureMap *map);
ShsFeatureMap *shs_sklearn_select_varying (ShsSklearn *self, ShsSkopsRef step, ShsFeatureMap *map);
ShsFeatureMap *shs_sklearn_select_supported (ShsSklearn *self, ShsSkopsRef step,
                                             ShsFeatureMap *map);

/** shs_sklearn_check_class: whether models of this class are read; refuses others by name. */
gboolean shs_sklearn_check_class (ShsSklearn *self, ShsSkopsRef estimator);
/** shs_sklearn_read_estimator: trees or weights, task, link and names, into @parts. */
void shs_sklearn_read_estimator (ShsSklearn *self, ShsSkopsRef estimator);

/** shs_sklearn_start_trees: before the first tree; @base: n_outputs numbers (nullable). */
gboolean shs_sklearn_start_trees (ShsSklearn *self, gsize n_outputs, gboolean has_vectors,
                                  ShsTreeCast cast, const double *base);
/** shs_sklearn_add_tree: to the builder, with its checks. */
void shs_sklearn_add_tree (ShsSklearn *self, const ShsTreeNode *nodes, gsize n,
                           const double *vectors, gsize output, double weight);

/* What kinds of estimators are; each reads trees or weights (shs-sklearn-forest.c, -boosting.c,
 * -histogram.c, -linear.c). */
void shs_sklearn_read_tree (ShsSklearn *self, ShsSkopsRef estimator);
void shs_sklearn_read_forest (ShsSklearn *self, ShsSkopsRef estimator);
void shs_sklearn_read_isolation (ShsSklearn *self, ShsSkopsRef estimator);
/** shs_sklearn_average_path_length: of an isolation tree that has seen @n rows. */
double shs_sklearn_average_path_length (double n);
void shs_sklearn_read_bagging (ShsSklearn *self, ShsSkopsRef estimator);
void shs_sklearn_read_ada (ShsSklearn *self, ShsSkopsRef estimator);
void shs_sklearn_read_boosting (ShsSklearn *self, ShsSkopsRef estimator);
void shs_sklearn_read_histogram (ShsSklearn *self, ShsSkopsRef estimator);
void shs_sklearn_read_linear (ShsSklearn *self, ShsSkopsRef estimator);

/** shs_sklearn_index: a number as the index of a child or a feature; -1 for what cannot be one,
 * which the builder refuses where it matters. */
static inline gint32
shs_sklearn_index (double number)
{
  return number >= 0 && number < G_MAXINT32 ? (gint32)number : -1;
}

/** ShsSklearnLeaf: what a leaf of a tree of scikit-learn is worth.
 * @SHS_SKLEARN_VALUE: its values, one per target
 * @SHS_SKLEARN_SHARE: the shares of its classes; of two the second's
 * @SHS_SKLEARN_VOTE: AdaBoost's SAMME: 1 for its largest class, -1 / (K - 1) for the others; of two
 *   classes the difference
 * @SHS_SKLEARN_PATH: the length of an isolation tree's path */
typedef enum
{
  SHS_SKLEARN_VALUE,
  SHS_SKLEARN_SHARE,
  SHS_SKLEARN_VOTE,
  SHS_SKLEARN_PATH,
} ShsSklearnLeaf;

/**
 * shs_sklearn_read_one_tree: (shs-sklearn-tree.c)
 * @selected: (nullable): the features that the tree was given, @n_selected of them
 *
 * Reads the attribute tree_ of @estimator; the first tree settles the number of outputs, unless
 * shs_sklearn_start_trees() was called.
 */
void shs_sklearn_read_one_tree (ShsSklearn *self, ShsSkopsRef estimator, ShsSklearnLeaf leaf,
                                gsize output, double weight, const double *selected,
                                gsize n_selected);

G_END_DECLS
