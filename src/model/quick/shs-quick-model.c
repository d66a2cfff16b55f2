#include "model/quick/shs-quick-model.h"

#include "core/shs-error.h"
#include "core/shs-memory.h"
#include "core/shs-number.h"
#include "core/shs-pool.h"
#include "io/shs-file-writer.h"
#include "io/json/shs-json-writer.h"
#include "model/quick/shs-quick-plan.h"
#include "model/xgboost/shs-xgboost-library.h"

#include <float.h>
#include <math.h>
#include <string.h>

#define BLOCK_ROWS 4096
/* Beginning of the library's messages. */
#define WHAT "The quick model cannot be trained (change its target, data or options)"

typedef struct
{
  ShsDataset *dataset;
  const ShsQuickModelOptions *options;
  ShsQuickPlan plan;
  DMatrixHandle matrices[SHS_N_ROW_PARTS];
  BoosterHandle booster;
} Training;

static void
training_clear (Training *self)
{
  if (self->booster != NULL)
    XGBoosterFree (self->booster);
  for (int part = 0; part < SHS_N_ROW_PARTS; part++)
    if (self->matrices[part] != NULL)
      XGDMatrixFree (self->matrices[part]);
  shs_quick_plan_clear (&self->plan);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Training, training_clear)

static gboolean
check_options (const ShsQuickModelOptions *options, GError **error)
{
  const char *wrong = NULL;

  if (options->n_rounds < 1 || options->n_rounds > 10000)
    wrong = "the number of rounds must lie between 1 and 10000";
  else if (options->max_depth < 1 || options->max_depth > 16)
    wrong = "the depth must lie between 1 and 16";
  else if (!(options->learning_rate > 0 && options->learning_rate <= 1))
    wrong = "the learning rate must lie above 0 and be at most 1";
  else if (!(options->hold_out >= 0 && options->hold_out <= 0.9))
    wrong = "the hold-out share must lie between 0 and 0.9";
  if (wrong != NULL)
    g_set_error (error, SHS_ERROR, SHS_ERROR_CHOICE, "%s; choose another value", wrong);
  return wrong == NULL;
}

static const ShsColumn *
get_feature (const Training *self, gsize j)
{
  return &shs_dataset_get_table (self->dataset)->columns[self->plan.features[j]];
}

/* libxgboost takes rows of float32 and refuses infinities. */
static void
copy_row (const ShsMatrix *block, gsize row, float *out)
{
  for (gsize j = 0; j < block->n_columns; j++)
    {
      double value = shs_matrix_get (block, row, j);

      out[j] = isnan (value) ? NAN : (float)CLAMP (value, -FLT_MAX, FLT_MAX);
    }
}

static gboolean
copy_part (const Training *self, ShsRowPart part, float *rows, float *labels, ShsProgress *progress,
           GError **error)
{
  const ShsQuickPlan *plan = &self->plan;
  gsize n_rows = shs_dataset_get_n_rows (self->dataset);
  g_autoptr (ShsMatrix) block = shs_matrix_new (BLOCK_ROWS, plan->n_features, error);
  gsize n = 0;

  for (gsize first = 0; block != NULL && first < n_rows; first += BLOCK_ROWS)
    {
      ShsMatrix view = shs_matrix_rows (block, 0, MIN (BLOCK_ROWS, n_rows - first));

      if (!shs_progress_check (progress, error)
          || !shs_dataset_read (self->dataset, 0, first, plan->features, &view, error))
        return FALSE;
      for (gsize i = 0; i < view.n_rows; i++)
        if (plan->parts[first + i] == part)
          {
            copy_row (&view, i, rows + n * plan->n_features);
            labels[n++] = (float)CLAMP (plan->labels[first + i], -FLT_MAX, FLT_MAX);
          }
    }
  return block != NULL;
}

/* Matrix and booster are told of names and types by functions of the same shape. */
typedef int (*SetStrings) (void *handle, const char *field, const char **strings, bst_ulong n);

static gboolean
describe_columns (const Training *self, SetStrings set_strings, void *handle, GError **error)
{
  gsize n = self->plan.n_features;
  g_autofree const char **names = g_new (const char *, n);
  g_autofree const char **types = g_new (const char *, n);

  for (gsize j = 0; j < n; j++)
    {
      names[j] = get_feature (self, j)->name;
      types[j] = get_feature (self, j)->type == SHS_COLUMN_CATEGORY ? "c" : "float";
    }
  return shs_xgboost_call (set_strings (handle, "feature_name", names, n), WHAT, error)
         && shs_xgboost_call (set_strings (handle, "feature_type", types, n), WHAT, error);
}

static gboolean
make_matrix (Training *self, ShsRowPart part, ShsProgress *progress, GError **error)
{
  gsize n = self->plan.n_rows[part];
  gsize n_values;
  SHS_AUTOFREE float *rows = NULL;
  SHS_AUTOFREE float *labels = NULL;

  if (n == 0)
    return TRUE;
  if (!shs_size_multiply (n, self->plan.n_features, &n_values))
    n_values = G_MAXSIZE;
  rows = shs_alloc (n_values, sizeof *rows, error);
  labels = rows != NULL ? shs_alloc (n, sizeof *labels, error) : NULL;
  if (labels == NULL || !copy_part (self, part, rows, labels, progress, error))
    return FALSE;
  return shs_xgboost_call (
             XGDMatrixCreateFromMat (rows, n, self->plan.n_features, NAN, &self->matrices[part]),
             WHAT, error)
         && shs_xgboost_call (XGDMatrixSetFloatInfo (self->matrices[part], "label", labels, n),
                              WHAT, error)
         && describe_columns (self, XGDMatrixSetStrFeatureInfo, self->matrices[part], error);
}

static gboolean
set_parameter (Training *self, const char *name, const char *value, GError **error)
{
  return shs_xgboost_call (XGBoosterSetParam (self->booster, name, value), WHAT, error);
}

static gboolean
set_number (Training *self, const char *name, double value, GError **error)
{
  char text[SHS_NUMBER_LENGTH];

  return set_parameter (self, name, shs_number_print (text, value), error);
}

static const char *
get_objective (const Training *self)
{
  if (self->plan.task == SHS_TASK_REGRESSION)
    return "reg:squarederror";
  return self->plan.task == SHS_TASK_BINARY ? "binary:logistic" : "multi:softprob";
}

static const char *
get_metric (const Training *self)
{
  if (self->plan.task == SHS_TASK_REGRESSION)
    return "rmse";
  return self->plan.task == SHS_TASK_BINARY ? "logloss" : "mlogloss";
}

/* Where boosting starts: the mean, so that the first rounds need not climb to it. */
static gboolean
set_start (Training *self, GError **error)
{
  double start = self->plan.start;

  if (self->plan.task == SHS_TASK_MULTICLASS)
    return set_number (self, "num_class", (double)self->plan.n_classes, error);
  if (self->plan.task == SHS_TASK_BINARY)
    start = CLAMP (start, 0.001, 0.999);
  return set_number (self, "base_score", (float)start, error);
}

static gboolean
make_booster (Training *self, GError **error)
{
  const ShsQuickModelOptions *options = self->options;
  guint n_threads = options->n_threads > 0 ? options->n_threads : shs_pool_get_n_threads ();

  return shs_xgboost_call (XGBSetGlobalConfig ("{\"verbosity\": 0}"), WHAT, error)
         && shs_xgboost_call (
             XGBoosterCreate (&self->matrices[SHS_ROW_TRAINING], 1, &self->booster), WHAT, error)
         && set_parameter (self, "booster", "gbtree", error)
         && set_parameter (self, "tree_method", "hist", error)
         && set_parameter (self, "objective", get_objective (self), error)
         && set_parameter (self, "eval_metric", get_metric (self), error)
         && set_number (self, "max_depth", options->max_depth, error)
         && set_number (self, "eta", options->learning_rate, error)
         && set_number (self, "nthread", n_threads, error)
         && set_number (self, "seed", (double)(options->seed % G_MAXINT32), error)
         && set_start (self, error);
}

/* "[3]\thold-out-rmse:0.42" */
static gboolean
read_score (Training *self, guint round, double *score, GError **error)
{
  const char *name = "hold-out";
  const char *line;

  *score = NAN;
  if (self->matrices[SHS_ROW_HOLD_OUT] == NULL)
    return TRUE;
  if (!shs_xgboost_call (XGBoosterEvalOneIter (self->booster, (int)round,
                                               &self->matrices[SHS_ROW_HOLD_OUT], &name, 1, &line),
                         WHAT, error))
    return FALSE;
  line = strrchr (line, ':');
  if (line != NULL && !shs_number_parse (line + 1, line + strlen (line), score))
    *score = NAN;
  return TRUE;
}

static gboolean
train (Training *self, ShsQuickModelScoreFunc score_func, gpointer score_data,
       ShsProgress *progress, GError **error)
{
  shs_progress_start (progress, self->options->n_rounds);
  for (guint round = 0; round < self->options->n_rounds; round++)
    {
      double score;

      if (!shs_progress_check (progress, error)
          || !shs_xgboost_call (
              XGBoosterUpdateOneIter (self->booster, (int)round, self->matrices[SHS_ROW_TRAINING]),
              WHAT, error)
          || !read_score (self, round, &score, error))
        return FALSE;
      if (score_func != NULL)
        score_func (round, get_metric (self), score, score_data);
      shs_progress_add (progress, 1);
    }
  return shs_progress_check (progress, error);
}

static void
write_strings (ShsJsonWriter *json, const char *key, char *const *strings, gsize n)
{
  shs_json_writer_key (json, key);
  shs_json_writer_begin_array (json);
  for (gsize i = 0; i < n; i++)
    shs_json_writer_string (json, strings[i]);
  shs_json_writer_end_array (json);
}

/* What XGBoost's own format of 1.7 has no place for goes into an attribute of the model. */
static char *
describe_data (const Training *self)
{
  g_autoptr (ShsJsonWriter) json = shs_json_writer_new (0);

  shs_json_writer_begin_object (json);
  shs_json_writer_key (json, "target");
  shs_json_writer_string (json,
                          shs_dataset_get_table (self->dataset)->columns[self->plan.target].name);
  if (self->plan.class_names != NULL)
    write_strings (json, "classes", self->plan.class_names, self->plan.n_classes);
  shs_json_writer_key (json, "categories");
  shs_json_writer_begin_object (json);
  for (gsize j = 0; j < self->plan.n_features; j++)
    {
      const ShsColumn *feature = get_feature (self, j);

      if (feature->type == SHS_COLUMN_CATEGORY)
        write_strings (json, feature->name, feature->categories, feature->n_categories);
    }
  shs_json_writer_end_object (json);
  shs_json_writer_end_object (json);
  return shs_json_writer_take_text (json);
}

static gboolean
save (Training *self, const char *path, GError **error)
{
  g_autofree char *description = describe_data (self);
  bst_ulong length;
  const char *text;

  return describe_columns (self, XGBoosterSetStrFeatureInfo, self->booster, error)
         && shs_xgboost_call (XGBoosterSetAttr (self->booster, "shapscope", description), WHAT,
                              error)
         && shs_xgboost_call (
             XGBoosterSaveModelToBuffer (self->booster, "{\"format\": \"json\"}", &length, &text),
             WHAT, error)
         && shs_file_write (path, text, length, error);
}

ShsModel *
shs_quick_model_train (ShsDataset *dataset, const ShsQuickModelOptions *options, const char *path,
                       ShsQuickModelScoreFunc score, gpointer score_data, ShsProgress *progress,
                       GError **error)
{
  g_auto (Training) training = { .dataset = dataset, .options = options };

  if (!check_options (options, error)
      || !shs_quick_plan_init (&training.plan, dataset, options, error)
      || !make_matrix (&training, SHS_ROW_TRAINING, progress, error)
      || !make_matrix (&training, SHS_ROW_HOLD_OUT, progress, error)
      || !make_booster (&training, error) || !train (&training, score, score_data, progress, error)
      || !save (&training, path, error))
    return NULL;
  return shs_model_open (path, NULL, error);
}
