/* The one model interface: what an explainer and the window may ask, whatever library made it. */
#pragma once

#include "core/shs-dataset.h"
#include "core/shs-progress.h"
#include "io/shs-file.h"
#include "model/shs-feature-map.h"
#include "model/match/shs-hashed-categories.h"
#include "tree/shs-tree-ensemble.h"

G_BEGIN_DECLS

/** ShsCapabilities: what a model offers; explainers ask for these, never for a library. */
typedef enum
{
  SHS_CAPABILITY_ENSEMBLE = 1 << 0,        /* shs_model_get_ensemble() */
  SHS_CAPABILITY_COVERS = 1 << 1,          /* its ensemble has a cover at every node */
  SHS_CAPABILITY_LINEAR = 1 << 2,          /* shs_model_get_linear() */
  SHS_CAPABILITY_CONSTANT_LEAVES = 1 << 3, /* no leaf is a linear function of features */
} ShsCapabilities;

/** ShsTask: what the model was trained for. */
typedef enum
{
  SHS_TASK_REGRESSION,
  SHS_TASK_BINARY,
  SHS_TASK_MULTICLASS,
  SHS_TASK_RANKING,
  SHS_TASK_SURVIVAL,
  SHS_TASK_OTHER,
} ShsTask;

/**
 * ShsLink: how margins become the library's predictions.
 * @SHS_LINK_IDENTITY: prediction = margin
 * @SHS_LINK_LOGISTIC: 1 / (1 + exp (-margin)), output by output
 * @SHS_LINK_SOFTMAX: exp (margin_k) / sum
 * @SHS_LINK_ARGMAX: index of the largest margin (one output; XGBoost's multi:softmax)
 * @SHS_LINK_EXP: exp (margin)
 * @SHS_LINK_STEP: 1 where margin > 0, else 0 (hinge)
 * @SHS_LINK_SORTED: the margins in ascending order (XGBoost's quantiles from 3.4 on)
 * @SHS_LINK_RISING: margin_0, then each output adds log (1 + exp (margin_k)) and
 *   %SHS_RISING_STEP to the one before (XGBoost's expectiles; measured on 3.3 and 3.4)
 * @SHS_LINK_SOFTPLUS: log (1 + exp (margin)) (LightGBM's cross_entropy_lambda)
 * @SHS_LINK_SIGNED_SQUARE: margin x |margin| (LightGBM's reg_sqrt)
 * @SHS_LINK_SHARES: margin_k / sum, where that is positive (H2O's forests of several classes)
 * @SHS_LINK_ISOLATION: -2 to the power of -margin (scikit-learn's score_samples of an isolation
 *   forest)
 */
typedef enum
{
  SHS_LINK_IDENTITY,
  SHS_LINK_LOGISTIC,
  SHS_LINK_SOFTMAX,
  SHS_LINK_ARGMAX,
  SHS_LINK_EXP,
  SHS_LINK_STEP,
  SHS_LINK_SORTED,
  SHS_LINK_RISING,
  SHS_LINK_SOFTPLUS,
  SHS_LINK_SIGNED_SQUARE,
  SHS_LINK_SHARES,
  SHS_LINK_ISOLATION,
} ShsLink;

/** SHS_RISING_STEP: what neighbouring outputs of %SHS_LINK_RISING differ by at least. */
#define SHS_RISING_STEP 1e-6

/** shs_link_count_outputs: numbers per row after the link, for @n_margins margins. */
gsize shs_link_count_outputs (ShsLink link, gsize n_margins);
/** shs_link_apply: @margins (n x K), times @scale where the link is softmax or goes number by
 * number, to @predictions (n x shs_link_count_outputs()). */
void shs_link_apply (ShsLink link, double scale, const ShsMatrix *margins, ShsMatrix *predictions);

/**
 * ShsLinear: a linear model: margin_k = bias_k + sum_j weight[k * n_features + j] * x_j; a missing
 * value contributes nothing (XGBoost's gblinear).
 */
typedef struct
{
  gsize n_features;
  gsize n_outputs;
  double *weight;
  double *bias;
} ShsLinear;

/** shs_linear_new: all weights 0; %SHS_ERROR_MEMORY. */
ShsLinear *shs_linear_new (gsize n_features, gsize n_outputs, GError **error);
void shs_linear_free (ShsLinear *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ShsLinear, shs_linear_free)

/** ShsModel: immutable, reference counted, readable from any thread. */
typedef struct _ShsModel ShsModel;

/**
 * ShsModelParts: what a loader knows; everything is taken over by shs_model_new().
 * @library: "XGBoost"; @version: "3.2.0"; @objective: the library's own word
 * @link_scale: factor of the margin before the link (LightGBM's sigmoid); 0 stands for 1
 * @features: n_features names and types in memory of shs_alloc0(); a category feature with
 *   n_categories 0 takes codes only. Where the file has no names, "f0", "f1", ...
 * @has_feature_names: whether the names are the file's own, so that columns are matched by name
 * @output_names: NULL-ended; NULL for made ones ("prediction", or "class 0",
 *   "class 1", ...)
 * @class_names: (nullable): NULL-ended names of the classes where the file has them: one per
 * output, or two for a binary model of one output (the second is the one whose margin is given)
 * @map: (nullable): how the features of @ensemble or @linear come from the model's @features; NULL
 *   where they are the same. Its columns are @features; an ensemble's players are the map's
 *   (shs_feature_map_set_players())
 * @hashed_categories: (nullable): set where the codes of category features without a dictionary are
 *   hashes
 * @ensemble, @linear: exactly one is set
 * @n_rounds: boosting rounds in the file; @trees_per_round: trees of one round (of the first, where
 *   rounds differ)
 * @round_first: (nullable): n_rounds + 1 first trees where rounds differ in size, by g_new()
 * @best_round: last round of the best iteration, counted from 0; -1 when the file tells none
 * @notes: (nullable): NULL-ended lines: what the file leaves in doubt, and how it was taken
 * @is_unfinished: whether the library makes more of the margin than @link says, in a way that is
 * not known, so that there are margins but no predictions
 * @margin_unit: what a margin means: "log-odds", "score" (before the softmax), "log", or "" for the
 * target's own unit
 */
typedef struct
{
  const char *library;
  char *version;
  char *objective;
  ShsTask task;
  ShsLink link;
  double link_scale;
  gsize n_features;
  gsize n_outputs;
  ShsColumn *features;
  gboolean has_feature_names;
  char **output_names;
  char **class_names;
  char **notes;
  ShsFeatureMap *map;
  ShsHashedCategories *hashed_categories;
  ShsTreeEnsemble *ensemble;
  ShsLinear *linear;
  gsize n_rounds;
  gsize trees_per_round;
  gsize *round_first;
  gssize best_round;
  gboolean is_unfinished;
  const char *margin_unit;
} ShsModelParts;

/** shs_model_parts_clear: frees what parts own, for loaders that fail half way. */
void shs_model_parts_clear (ShsModelParts *parts);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ShsModelParts, shs_model_parts_clear)

/** shs_model_parts_add_note: adds a copy of a line to the notes. */
void shs_model_parts_add_note (ShsModelParts *parts, const char *note);

/** shs_model_new: @name: base name of the file; takes over what @parts own and zeroes it. */
ShsModel *shs_model_new (const char *name, ShsModelParts *parts);
ShsModel *shs_model_ref (ShsModel *self);
void shs_model_unref (ShsModel *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ShsModel, shs_model_unref)

const char *shs_model_get_name (const ShsModel *self);
/** shs_model_get_parts: everything the loader knew, read only. */
const ShsModelParts *shs_model_get_parts (const ShsModel *self);
ShsCapabilities shs_model_get_capabilities (const ShsModel *self);
const ShsColumn *shs_model_get_feature (const ShsModel *self, gsize feature);
/** shs_model_describe_rounds: (transfer full) (nullable): a line for a person where the model's
 * best iteration is not its last round, since all rounds are used. */
char *shs_model_describe_rounds (const ShsModel *self);
const char *shs_model_get_output_name (const ShsModel *self, gsize output);
/** shs_model_describe: (transfer full): one line: "XGBoost 3.2.0, 200 trees of depth 5, binary,
 * log-odds". */
char *shs_model_describe (const ShsModel *self);

/**
 * shs_model_limit:
 * @n_rounds: rounds to keep, 1 .. n_rounds
 *
 * Returns: (transfer full): the model cut to its first rounds; %SHS_ERROR_CHOICE out of range
 */
ShsModel *shs_model_limit (ShsModel *self, gsize n_rounds, GError **error);

/**
 * shs_model_map_rows:
 * @rows: n x n_features, in the model's own order and codes
 * @owned: (out) (nullable) (transfer full): memory of the result, where it needs any
 *
 * What the model's ensemble or linear model takes.
 *
 * Returns: (transfer none): @rows themselves when the model has no map, otherwise *@owned:
 *   n x features of the map
 */
const ShsMatrix *shs_model_map_rows (const ShsModel *self, const ShsMatrix *rows, guint n_threads,
                                     ShsMatrix **owned, GError **error);

/** shs_model_get_n_players: whom the ensemble's Shapley values belong to: n_features without a
 * map. */
gsize shs_model_get_n_players (const ShsModel *self);
/** shs_model_get_player: whom values of @feature of the ensemble or linear model belong to. */
gsize shs_model_get_player (const ShsModel *self, gsize feature);

/**
 * shs_model_fold_players:
 * @of_players: n x (n_players * n_outputs): column output * n_players + player
 * @values: n x (n_features * n_outputs), overwritten: column output * n_features + feature; may be
 *   @of_players itself when the model has no map
 *
 * From the ensemble's players to the model's features; see shs_feature_map_fold().
 */
void shs_model_fold_players (const ShsModel *self, const ShsMatrix *of_players, ShsMatrix *values);

/**
 * shs_model_predict_margin:
 * @rows: n x n_features, in the model's own order and codes (see ShsColumnMatch)
 * @margins: n x n_outputs, overwritten
 */
gboolean shs_model_predict_margin (const ShsModel *self, const ShsMatrix *rows, guint n_threads,
                                   ShsProgress *progress, ShsMatrix *margins, GError **error);

/**
 * shs_model_open:
 *
 * Opens a model file of any supported format, found by content, or a folder in which Spark saved
 * one. What cannot be read is named, with
 * what to do ("this is a pickle: ... export it with ...").
 */
ShsModel *shs_model_open (const char *path, ShsProgress *progress, GError **error);
/** shs_model_read: the same of a file that is open. */
ShsModel *shs_model_read (const ShsFile *file, ShsProgress *progress, GError **error);

/** shs_model_sniff: whether these first bytes look like a model (rather than data). */
gboolean shs_model_sniff (const char *path, const guint8 *head, gsize length);

G_END_DECLS
