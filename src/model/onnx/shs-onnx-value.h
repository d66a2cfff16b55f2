/* What the values of an ONNX graph are, as far as they can be explained. Private to model/. */
#pragma once

#include "model/shs-model.h"
#include "model/onnx/shs-onnx-attribute.h"

G_BEGIN_DECLS

/**
 * ShsOnnxKind:
 * @SHS_ONNX_COLUMNS: columns of the data, prepared: features of the one feature map
 * @SHS_ONNX_SCORES: a constant plus what the leaf of each of some trees gives, per column
 * @SHS_ONNX_LINEAR: a constant plus weights times features, per column
 * @SHS_ONNX_CONSTANT: numbers or texts of the file
 * @SHS_ONNX_STACK: several scores one above the other, before they are averaged
 * @SHS_ONNX_SHAPE: the sizes of something, known while the model runs
 * @SHS_ONNX_NORMALISER: the row sums of exp (scores)
 * @SHS_ONNX_OTHER: what an operation makes that cannot be followed
 */
typedef enum
{
  SHS_ONNX_COLUMNS,
  SHS_ONNX_SCORES,
  SHS_ONNX_LINEAR,
  SHS_ONNX_CONSTANT,
  SHS_ONNX_STACK,
  SHS_ONNX_SHAPE,
  SHS_ONNX_NORMALISER,
  SHS_ONNX_OTHER,
} ShsOnnxKind;

/**
 * ShsOnnxTerm: what one tree adds to scores.
 * @tree: which of the model's trees
 * @leaves: n_leaves x n_columns numbers, leaf by leaf
 */
typedef struct
{
  gatomicrefcount references;
  gsize tree;
  gsize n_leaves;
  double *leaves;
} ShsOnnxTerm;

ShsOnnxTerm *shs_onnx_term_new (gsize tree, gsize n_leaves, gsize n_columns, GError **error);
void shs_onnx_term_unref (gpointer term);

/**
 * ShsOnnxValue: reference counted; immutable once it has a name.
 * @n_columns: numbers per row; a constant: of its last dimension
 * @features: of columns: n_columns features of the map; of a linear value: its @n_features inputs
 * @constant: of scores and linear values: n_columns numbers
 * @terms: of scores: (element-type ShsOnnxTerm), by tree, each once
 * @weights: of a linear value: n_features x n_columns
 * @link: what was applied to the scores in the end
 * @is_binary: scores of one column that stand for two classes
 * @array: of a constant
 * @parts: of a stack: (element-type ShsOnnxValue)
 * @op: of others: the operation that made it
 * @origin: (nullable): of others and normalisers: the scores that they were made of
 */
typedef struct _ShsOnnxValue ShsOnnxValue;
struct _ShsOnnxValue
{
  gatomicrefcount references;
  ShsOnnxKind kind;
  gsize n_columns;
  gsize n_features;
  gsize *features;
  double *constant;
  GPtrArray *terms;
  double *weights;
  ShsLink link;
  gboolean is_binary;
  ShsOnnxArray array;
  GPtrArray *parts;
  char *op;
  ShsOnnxValue *origin;
};

/** shs_onnx_value_new: with what its kind needs for @n_columns, zeros. */
ShsOnnxValue *shs_onnx_value_new (ShsOnnxKind kind, gsize n_columns, GError **error);
ShsOnnxValue *shs_onnx_value_ref (ShsOnnxValue *self);
void shs_onnx_value_unref (ShsOnnxValue *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ShsOnnxValue, shs_onnx_value_unref)

/** shs_onnx_value_new_other: made by @op out of @origin (nullable). */
ShsOnnxValue *shs_onnx_value_new_other (const char *op, ShsOnnxValue *origin);

/** shs_onnx_value_get_number: element @i of a constant, or its only one. */
double shs_onnx_value_get_number (const ShsOnnxValue *constant, gsize i);

/** ShsOnnxFunction: of one number or two; @b is 0 for functions of one. */
typedef double (*ShsOnnxFunction) (double a, double b);

/** shs_onnx_scores_scale: (transfer full): scores or a linear value, without the link, times
 * @factors: one, or @n_factors as there are columns; NULL for a copy. */
ShsOnnxValue *shs_onnx_scores_scale (const ShsOnnxValue *self, const double *factors,
                                     gsize n_factors, GError **error);

/** shs_onnx_scores_add: (transfer full): a + factor x b; of one column each, or as many. NULL
 * without an error where they cannot be added. */
ShsOnnxValue *shs_onnx_scores_add (const ShsOnnxValue *a, const ShsOnnxValue *b, double factor,
                                   GError **error);

/**
 * shs_onnx_scores_apply: (transfer full): @function of scores that at most one tree makes, so that
 * its leaves alone change.
 * @a, @b: (nullable): scores without a link or constants
 *
 * Returns: NULL without an error where more than one tree is in it
 */
ShsOnnxValue *shs_onnx_scores_apply (const ShsOnnxValue *a, const ShsOnnxValue *b,
                                     ShsOnnxFunction function, GError **error);

/** shs_onnx_scores_find_largest: (transfer full): the column of the largest score, where at most
 * one tree makes it; else NULL. */
ShsOnnxValue *shs_onnx_scores_find_largest (const ShsOnnxValue *self, GError **error);

/** shs_onnx_scores_take: (transfer full): columns first .. first + n of scores, with their link. */
ShsOnnxValue *shs_onnx_scores_take (const ShsOnnxValue *self, gsize first, gsize n, GError **error);

/** shs_onnx_scores_concatenate: (transfer full): columns of @parts side by side; all are scores,
 * or all linear values; links are left out. */
ShsOnnxValue *shs_onnx_scores_concatenate (GPtrArray *parts, GError **error);

G_END_DECLS
