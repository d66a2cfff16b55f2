/* The state of following an ONNX graph from its inputs to its scores. Private to model/. */
#pragma once

#include "model/shs-feature-map.h"
#include "model/onnx/shs-onnx-value.h"

G_BEGIN_DECLS

/**
 * ShsOnnxTree: one tree of the file, checked and put together by the ensemble's builder later.
 * @nodes: features are those of the map; the sets of set splits are indices into the state's
 * @ranks: by node: which leaf it is, counted from 0; undefined at splits
 */
typedef struct
{
  ShsTreeNode *nodes;
  gsize n_nodes;
  gsize *ranks;
  gsize n_leaves;
} ShsOnnxTree;

/**
 * ShsOnnxSource: a column of the data.
 * @dictionary: (nullable): of texts: what the file speaks of, in order of first appearance
 * @codes: (nullable): text to index + 1
 */
typedef struct
{
  char *name;
  GPtrArray *dictionary;
  GHashTable *codes;
} ShsOnnxSource;

/**
 * ShsOnnx:
 * @values: (element-type ShsOnnxValue): by name
 * @sources: #ShsOnnxSource
 * @map: all features made so far
 * @source_of: #gssize by feature: the column that it is, untouched; -1 where it was prepared
 * @trees: #ShsOnnxTree
 * @sets: (element-type GArray): of gint32: members of the set splits
 * @classes: (element-type utf8) (nullable): names of the classes, of the last classifier
 * @is_double: whether any tree compares doubles
 * @has_assumed: whether one of several inputs, whose width the file does not tell, is taken as one
 *   column
 * @n_numbers: in values so far
 */
typedef struct
{
  const char *name;
  ShsProgress *progress;
  gsize file_size;
  ShsOnnxGraph *graph;
  GHashTable *values;
  GArray *sources;
  ShsFeatureMap *map;
  GArray *source_of;
  GArray *trees;
  GPtrArray *sets;
  GPtrArray *classes;
  gboolean is_double;
  gboolean has_assumed;
  gsize n_numbers;
} ShsOnnx;

/** shs_onnx_set_invalid: %SHS_ERROR_INVALID: the file, the operation, what is wrong, what to do. */
void shs_onnx_set_invalid (const ShsOnnx *self, const ShsOnnxNode *node, GError **error,
                           const char *format, ...) G_GNUC_PRINTF (4, 5);
/** shs_onnx_set_unsupported: likewise %SHS_ERROR_UNSUPPORTED; @format also says what to do. */
void shs_onnx_set_unsupported (const ShsOnnx *self, const ShsOnnxNode *node, GError **error,
                               const char *format, ...) G_GNUC_PRINTF (4, 5);

/** shs_onnx_get_input: (nullable): the value of the node's input @i. */
ShsOnnxValue *shs_onnx_get_input (const ShsOnnx *self, const ShsOnnxNode *node, guint i);
/** shs_onnx_set_output: @value: (transfer full); nothing where the node has no output @i. */
void shs_onnx_set_output (ShsOnnx *self, const ShsOnnxNode *node, guint i, ShsOnnxValue *value);

/** shs_onnx_check_columns: whether the node's first input is columns that can be followed. */
gboolean shs_onnx_check_columns (const ShsOnnx *self, const ShsOnnxNode *node, GError **error);

/** shs_onnx_add_feature: a new feature that is @feature so far. FALSE where the file asks for
 * absurdly many. */
gboolean shs_onnx_add_feature (ShsOnnx *self, const ShsOnnxNode *node, gsize feature,
                               GError **error);
/** shs_onnx_combine_features: a new feature that @function makes of the columns of @from; it is
 * given their number. */
gboolean shs_onnx_combine_features (ShsOnnx *self, const ShsOnnxNode *node,
                                    const ShsOnnxValue *from, ShsMapFunc function, GError **error);
/** shs_onnx_append: one more step for the feature that was added last. */
void shs_onnx_append (ShsOnnx *self, ShsMapKind kind, double a, double b);
/** ShsOnnxColumnFunc: appends the steps of column @k of the node's first input to its copy, which
 * was added last. */
typedef gboolean (*ShsOnnxColumnFunc) (ShsOnnx *self, const ShsOnnxNode *node, gsize k,
                                       gpointer data, GError **error);
/** shs_onnx_prepare: the node's first output is its first input with @function's steps. */
gboolean shs_onnx_prepare (ShsOnnx *self, const ShsOnnxNode *node, ShsOnnxColumnFunc function,
                           gpointer data, GError **error);

/** shs_onnx_get_code: the code of a text in the dictionary of the column that @feature is; -1 where
 * it is no untouched column. */
gssize shs_onnx_get_code (ShsOnnx *self, gsize feature, const char *text);

/**
 * ShsOnnxOperation: what follows one operation.
 *
 * Sets the node's outputs. Returns FALSE with an error for what is damaged or would be explained
 * wrongly; what merely cannot be followed becomes a value of kind %SHS_ONNX_OTHER.
 */
typedef gboolean (*ShsOnnxOperation) (ShsOnnx *self, const ShsOnnxNode *node, GError **error);

/** shs_onnx_find_column_operation: those that prepare columns (shs-onnx-columns.c); NULL. */
ShsOnnxOperation shs_onnx_find_column_operation (const char *op);
/** shs_onnx_find_score_operation: those that come after the trees (shs-onnx-scores.c); NULL. */
ShsOnnxOperation shs_onnx_find_score_operation (const char *op);
/** shs_onnx_find_model_operation: trees and linear models; NULL. */
ShsOnnxOperation shs_onnx_find_model_operation (const char *op);

/** ShsOnnxLabels: what LabelEncoder turns into what; @otherwise: what is no key. */
typedef struct
{
  ShsOnnxArray keys;
  ShsOnnxArray values;
  double otherwise;
} ShsOnnxLabels;

void shs_onnx_labels_clear (ShsOnnxLabels *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ShsOnnxLabels, shs_onnx_labels_clear)

/* shs-onnx-encoders.c */
gboolean shs_onnx_read_labels (ShsOnnx *self, const ShsOnnxNode *node, ShsOnnxLabels *labels,
                               GError **error);
gboolean shs_onnx_follow_one_hot (ShsOnnx *self, const ShsOnnxNode *node, GError **error);
gboolean shs_onnx_follow_label_encoder (ShsOnnx *self, const ShsOnnxNode *node, GError **error);
/* shs-onnx-combine.c */
gboolean shs_onnx_follow_less (ShsOnnx *self, const ShsOnnxNode *node, GError **error);
gboolean shs_onnx_follow_argmax (ShsOnnx *self, const ShsOnnxNode *node, GError **error);
gboolean shs_onnx_follow_row_product (ShsOnnx *self, const ShsOnnxNode *node, GError **error);
/* shs-onnx-linear.c */
gboolean shs_onnx_follow_matrix (ShsOnnx *self, const ShsOnnxNode *node, GError **error);
/* shs-onnx-shape.c */
gboolean shs_onnx_follow_choice (ShsOnnx *self, const ShsOnnxNode *node, GError **error);
gboolean shs_onnx_follow_concat (ShsOnnx *self, const ShsOnnxNode *node, GError **error);
gboolean shs_onnx_follow_reshape (ShsOnnx *self, const ShsOnnxNode *node, GError **error);
gboolean shs_onnx_follow_identity (ShsOnnx *self, const ShsOnnxNode *node, GError **error);

/** TreeEnsembleRegressor and TreeEnsembleClassifier of ai.onnx.ml 1 to 4 (shs-onnx-trees.c). */
gboolean shs_onnx_read_trees (ShsOnnx *self, const ShsOnnxNode *node, GError **error);
/** LinearRegressor and LinearClassifier (shs-onnx-linear.c). */
gboolean shs_onnx_read_linear (ShsOnnx *self, const ShsOnnxNode *node, GError **error);
/** SVMRegressor and SVMClassifier with linear kernels (shs-onnx-support.c). */
gboolean shs_onnx_read_support (ShsOnnx *self, const ShsOnnxNode *node, GError **error);
/** shs_onnx_make_linear: (transfer full): a linear value of the columns of @columns.
 * @weights: n_columns x features, row by row; @constants: (nullable): n_columns numbers */
ShsOnnxValue *shs_onnx_make_linear (const ShsOnnxValue *columns, const double *weights,
                                    gsize n_columns, const double *constants, GError **error);
/** shs_onnx_read_classes: the names of a classifier's classes. */
gboolean shs_onnx_read_classes (ShsOnnx *self, const ShsOnnxNode *node, GError **error);
/** TreeEnsemble of ai.onnx.ml 5 (shs-onnx-trees5.c). */
gboolean shs_onnx_read_trees5 (ShsOnnx *self, const ShsOnnxNode *node, GError **error);

/** ShsOnnxMode: BRANCH_LEQ, ... as TreeEnsemble numbers them; 6 a set, 7 a leaf. */
typedef enum
{
  SHS_ONNX_MODE_LESS_EQUAL,
  SHS_ONNX_MODE_LESS,
  SHS_ONNX_MODE_GREATER_EQUAL,
  SHS_ONNX_MODE_GREATER,
  SHS_ONNX_MODE_EQUAL,
  SHS_ONNX_MODE_NOT_EQUAL,
  SHS_ONNX_MODE_MEMBER,
  SHS_ONNX_MODE_LEAF,
} ShsOnnxMode;

/** shs_onnx_get_split: the rule by which the true branch is taken, as the left child. */
ShsSplit shs_onnx_get_split (ShsOnnxMode mode);

/**
 * ShsOnnxEnding: what comes after the leaves of an operation with trees.
 * @aggregate: 0 sum, 1 mean, others are no sums; -1 unknown
 * @transform: 0 none, 1 softmax, 2 logistic, others are not followed; -1 unknown
 * @n_classes: 0 for a regression
 * @has_negative: whether any weight of a leaf is negative
 */
typedef struct
{
  gsize n_trees;
  int aggregate;
  int transform;
  guint n_classes;
  gboolean has_negative;
} ShsOnnxEnding;

/** shs_onnx_end_trees: replaces the sum of the leaves in @scores, whose constant is the file's base
 * value, by what the operation gives (shs-onnx-ending.c). */
gboolean shs_onnx_end_trees (const ShsOnnx *self, const ShsOnnxNode *node,
                             const ShsOnnxEnding *ending, ShsOnnxValue **scores, GError **error);

/** shs_onnx_finish: the model of the scores that the graph gives (shs-onnx-finish.c). */
gboolean shs_onnx_finish (ShsOnnx *self, ShsModelParts *parts, GError **error);

G_END_DECLS
