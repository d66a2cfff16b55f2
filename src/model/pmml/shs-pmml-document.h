/* The state of reading one PMML document. Private to model/. */
#pragma once

#include "model/shs-feature-map.h"
#include "model/shs-model.h"
#include "model/pmml/shs-pmml-xml.h"

G_BEGIN_DECLS

/**
 * ShsPmmlField: a name that expressions and predicates may use.
 * @feature: of the map; -1 for a field that belongs to scores
 * @column: the source column that it is, untouched; -1 for derived ones
 * @is_float: whether values are compared in single precision
 */
typedef struct
{
  gint32 feature;
  gint32 column;
  gboolean is_float;
} ShsPmmlField;

/** ShsPmmlTree: @vectors: n_nodes x n_outputs, or NULL; then the tree adds to @output. */
typedef struct
{
  ShsTreeNode *nodes;
  gsize n_nodes;
  double *vectors;
  gsize output;
  double weight;
} ShsPmmlTree;

/**
 * ShsPmmlScores: a sum of trees, or a linear model, per output.
 * @base: n_outputs; @trees: #ShsPmmlTree
 * @weights: (nullable): of a linear model: n_outputs x as many features as @n_weights says
 */
typedef struct
{
  gsize n_outputs;
  double *base;
  GArray *trees;
  double *weights;
  gsize n_weights;
  ShsLink link;
} ShsPmmlScores;

/**
 * ShsPmml:
 * @columns: #ShsColumn: what the model takes
 * @fields: (element-type ShsPmmlField): by name
 * @classes: (element-type utf8) (nullable): values of the target
 * @outputs: (element-type ShsPmmlScores): scores by the name of an output field
 * @sets: (element-type GArray): of gint32: members of the set splits
 * @notes: (element-type utf8): what was taken how
 * @target: (nullable): name of the target field
 */
typedef struct
{
  const char *name;
  ShsProgress *progress;
  gsize file_size;
  GArray *columns;
  ShsFeatureMap *map;
  GHashTable *fields;
  GPtrArray *classes;
  GHashTable *outputs;
  GPtrArray *sets;
  GPtrArray *notes;
  char *target;
} ShsPmml;

/** shs_pmml_fail: @element: where; @code: %SHS_ERROR_INVALID or %SHS_ERROR_UNSUPPORTED; @format
 * ends with what to do. Returns: FALSE */
gboolean shs_pmml_fail (const ShsPmml *self, const ShsPmmlElement *element, int code,
                        GError **error, const char *format, ...) G_GNUC_PRINTF (5, 6);

/** shs_pmml_note: keeps a line for the model's notes, once. */
void shs_pmml_note (ShsPmml *self, const char *note);

/** shs_pmml_get_number: an attribute that is a number; @fallback where it is absent; NAN is
 * refused.
 */
gboolean shs_pmml_get_number (const ShsPmml *self, const ShsPmmlElement *element, const char *name,
                              double fallback, double *number, GError **error);

/** shs_pmml_read_fields: data dictionary, mining schema, derived fields (shs-pmml-fields.c). */
gboolean shs_pmml_read_fields (ShsPmml *self, const ShsPmmlElement *document,
                               const ShsPmmlElement *model, GError **error);
/** shs_pmml_read_derived: the derived fields inside @element (nullable). */
gboolean shs_pmml_read_derived (ShsPmml *self, const ShsPmmlElement *element, GError **error);
/** shs_pmml_get_code: code of @value of a field that takes categories; -1 for none. */
gssize shs_pmml_get_code (const ShsPmml *self, const ShsPmmlField *field, const char *value);

/** shs_pmml_read_tree: a TreeModel (shs-pmml-tree.c); @n_outputs: classes, or 1. */
gboolean shs_pmml_read_tree (ShsPmml *self, const ShsPmmlElement *model, gsize n_outputs,
                             ShsPmmlTree *tree, GError **error);
void shs_pmml_tree_clear (gpointer tree);

/** shs_pmml_refuse: %SHS_ERROR_UNSUPPORTED: "@what cannot be followed exactly", and what to do.
 * Returns: FALSE */
gboolean shs_pmml_refuse (const ShsPmml *self, const ShsPmmlElement *element, const char *what,
                          GError **error);

/** shs_pmml_read_regression: (transfer full): a RegressionModel (shs-pmml-regression.c). */
ShsPmmlScores *shs_pmml_read_regression (ShsPmml *self, const ShsPmmlElement *model,
                                         GError **error);

/** shs_pmml_read_scores: (transfer full): any model element (shs-pmml-scores.c). */
ShsPmmlScores *shs_pmml_read_scores (ShsPmml *self, const ShsPmmlElement *model, GError **error);
ShsPmmlScores *shs_pmml_scores_new (gsize n_outputs);
void shs_pmml_scores_free (ShsPmmlScores *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ShsPmmlScores, shs_pmml_scores_free)

G_END_DECLS
