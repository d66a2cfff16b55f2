/* What one XGBoost document says, shared by the files that read its parts. Private to model/. */
#pragma once

#include "io/json/shs-document-reader.h"
#include "model/shs-model.h"

G_BEGIN_DECLS

#define SHS_XGBOOST_MAX_FEATURES 1000000
#define SHS_XGBOOST_MAX_OUTPUTS 100000

/** ShsXgboostEncoding: one entry of `cats.enc`: UTF-8 bytes (as numbers) cut by offsets, or
 * numbers.
 */
typedef struct
{
  gint32 *offsets;
  gsize n_offsets;
  gboolean has_offsets;
  double *values;
  gsize n_values;
} ShsXgboostEncoding;

/**
 * ShsXgboost: the state of reading one document.
 * @name: what messages call the file
 * @file_size: bytes of the document: the measure of what may be allocated
 * @version: major, minor, patch; 0.0.0 when the file tells none
 * @has_model: whether learner.gradient_booster.model was there
 * @base_score, @n_base_scores: as written, in output space
 * @alphas, @n_alphas: quantiles or expectiles
 * @weight_drop, @n_weight_drop: DART's factors; trees beyond have 1, which is noted
 * @weights, @n_weights: gblinear's
 * @encodings: (nullable): n_encodings dictionaries of `cats`, kept as they are until the version,
 *   which stands behind them, is known
 * @class_names: (nullable): from the attributes
 * @own_categories: (nullable): category names by feature name, from the attributes
 * @map: (nullable): see shs_xgboost_parse_parts()
 * @problem: (nullable): why the trees were not read to their end
 * @builder: made with the first tree; open until shs_xgboost_finish_trees()
 */
typedef struct
{
  const char *name;
  ShsDocumentReader *reader;
  ShsProgress *progress;
  gsize file_size;
  gint version[3];
  char *booster;
  gboolean has_learner;
  gboolean has_model;
  char *objective;
  gsize n_features;
  gsize n_outputs;
  gint64 num_class;
  gint64 num_target;
  double *base_score;
  gsize n_base_scores;
  double *alphas;
  gsize n_alphas;
  char **feature_names;
  gsize n_feature_names;
  char **feature_types;
  gsize n_feature_types;
  gint32 *tree_info;
  gsize n_trees;
  gint32 *iteration_first;
  gsize n_iterations;
  gsize n_parallel;
  float *weight_drop;
  gsize n_weight_drop;
  float *weights;
  gsize n_weights;
  ShsXgboostEncoding *encodings;
  gsize n_encodings;
  gint64 best_iteration;
  char **class_names;
  char *target_name;
  GHashTable *own_categories;
  const ShsFeatureMap *map;
  gboolean has_trees;
  GError *problem;
  ShsTreeBuilder *builder;
  gsize leaf_size;
  gsize n_trees_read;
} ShsXgboost;

void shs_xgboost_clear (ShsXgboost *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ShsXgboost, shs_xgboost_clear)

/** shs_xgboost_read_document: everything, front to back. */
void shs_xgboost_read_document (ShsXgboost *self);

/** ShsXgboostField: one key of an object and what reads its value. */
typedef struct
{
  const char *key;
  void (*read) (ShsXgboost *self);
} ShsXgboostField;

/** shs_xgboost_read_object: reads an object; keys that are not among @fields are skipped. */
void shs_xgboost_read_object (ShsXgboost *self, const ShsXgboostField *fields, gsize n_fields);

/** shs_xgboost_set_invalid: %SHS_ERROR_INVALID: the file, what is wrong, what to do. */
void shs_xgboost_set_invalid (const ShsXgboost *self, GError **error, const char *format, ...)
    G_GNUC_PRINTF (3, 4);

/* Parameters: objects whose values are all strings (shs-xgboost-param.c). */
void shs_xgboost_read_learner_param (ShsXgboost *self);
void shs_xgboost_read_objective (ShsXgboost *self);
void shs_xgboost_read_booster_param (ShsXgboost *self);
/** shs_xgboost_parse_list: "5E-1", "[1,2]" or "(1,2)" to numbers of shs_alloc(), each a float32. */
double *shs_xgboost_parse_list (const char *text, gsize *count);

/* The strings a person or a wrapper attached (shs-xgboost-attributes.c). */
void shs_xgboost_read_attributes (ShsXgboost *self);

/* Category dictionaries of 3.1 and later (shs-xgboost-category.c). */
void shs_xgboost_read_categories (ShsXgboost *self);
/** shs_xgboost_decode_categories: fills the dictionary of a feature. */
gboolean shs_xgboost_decode_categories (const ShsXgboost *self, gsize feature, ShsColumn *column,
                                        GError **error);

/* Trees (shs-xgboost-tree.c). They stand before what tells features, outputs and weights. */
/** shs_xgboost_read_trees: reads all trees into the builder, up to a @problem. */
void shs_xgboost_read_trees (ShsXgboost *self);
/** shs_xgboost_finish_trees: when the document was read: tells the builder what it lacks. */
gboolean shs_xgboost_finish_trees (ShsXgboost *self, GError **error);

/* What an objective means (shs-xgboost-objective.c). */
gboolean shs_xgboost_apply_objective (const ShsXgboost *self, ShsModelParts *parts, GError **error);
/** shs_xgboost_make_base: (transfer full): n_outputs margins of the base score, by shs_alloc(). */
double *shs_xgboost_make_base (const ShsXgboost *self, GError **error);

/* Features and outputs as the model shows them (shs-xgboost-names.c). */
gboolean shs_xgboost_apply_features (ShsXgboost *self, ShsModelParts *parts, GError **error);
void shs_xgboost_apply_outputs (const ShsXgboost *self, ShsModelParts *parts);

/* gblinear (shs-xgboost-linear.c). */
ShsLinear *shs_xgboost_make_linear (const ShsXgboost *self, GError **error);

G_END_DECLS
