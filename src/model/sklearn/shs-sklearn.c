#include "model/sklearn/shs-sklearn.h"

#include "core/shs-error.h"
#include "core/shs-memory.h"
#include "core/shs-number.h"

#include <math.h>
#include <string.h>

void
shs_sklearn_refuse (ShsSklearn *self, const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  g_autofree char *what = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  shs_skops_fail (
      self->file, SHS_ERROR_UNSUPPORTED,
      "%s cannot be opened from a skops file; the script that shapscope-cli "
      "export-script prints may export it: python3 shapscope.py model.pkl -o model.json",
      what);
}

gboolean
shs_sklearn_start_trees (ShsSklearn *self, gsize n_outputs, gboolean has_vectors, ShsTreeCast cast,
                         const double *base)
{
  gsize n_features = shs_feature_map_get_n_features (self->map);
  GError *error = NULL;

  if (n_outputs > SHS_SKLEARN_MAX_OUTPUTS)
    shs_skops_fail (self->file, SHS_ERROR_INVALID, "it has an impossible number of outputs");
  if (!shs_skops_check (self->file, NULL))
    return FALSE;
  self->parts.n_outputs = n_outputs;
  self->leaf_size = has_vectors ? n_outputs : 1;
  self->builder = shs_tree_builder_new (n_features, n_outputs, self->leaf_size, cast);
  shs_tree_builder_set_file_size (self->builder, self->file_size);
  if (base != NULL)
    shs_tree_builder_set_base (self->builder, base);
  if (!shs_feature_map_is_identity (self->map))
    shs_feature_map_set_players (self->map, self->builder, &error);
  shs_skops_take_error (self->file, error);
  return shs_skops_check (self->file, NULL);
}

void
shs_sklearn_add_tree (ShsSklearn *self, const ShsTreeNode *nodes, gsize n, const double *vectors,
                      gsize output, double weight)
{
  GError *error = NULL;

  if (!shs_tree_builder_add_tree (self->builder, nodes, n, self->leaf_size > 1 ? vectors : NULL,
                                  output, weight, &error))
    shs_skops_fail (self->file, error->code, "%s", error->message);
  g_clear_error (&error);
  shs_progress_check (self->progress, &error);
  shs_skops_take_error (self->file, error);
}

static char *
class_name (const ShsSkopsValue *value)
{
  char text[SHS_NUMBER_LENGTH];

  return g_strdup (value->text != NULL ? value->text : shs_number_print (text, value->number));
}

static void
name_classes (ShsSklearn *self, ShsSkopsRef estimator)
{
  gsize n = 0;
  ShsSkopsValue *classes
      = shs_skops_read_values (self->file, shs_skops_need (self->file, estimator, "classes_"), &n);
  ShsModelParts *parts = &self->parts;

  if (n != MAX (2, parts->n_outputs))
    shs_skops_fail (self->file, SHS_ERROR_INVALID,
                    "classes_ has not one class per output; save the model again");
  else
    {
      parts->class_names = g_new0 (char *, n + 1);
      for (gsize c = 0; c < n; c++)
        parts->class_names[c] = class_name (&classes[c]);
      parts->output_names = parts->n_outputs == 1
                                ? g_strdupv ((char *[]){ parts->class_names[1], NULL })
                                : g_strdupv (parts->class_names);
    }
  shs_skops_values_free (classes, n);
}

static void
set_link (ShsModelParts *parts, ShsLink link, double scale, const char *unit)
{
  parts->link = link;
  parts->link_scale = scale;
  parts->margin_unit = unit;
}

static void
mean_shares (ShsSklearn *self, ShsSkopsRef estimator)
{
  set_link (&self->parts, SHS_LINK_IDENTITY, 1, "probability");
}

static void
mean_boosted (ShsSklearn *self, ShsSkopsRef estimator)
{
  if (shs_skops_has_text (self->file, shs_skops_find (self->file, estimator, "loss"),
                          "exponential"))
    set_link (&self->parts, SHS_LINK_LOGISTIC, 2, "");
  else if (self->parts.n_outputs == 1)
    set_link (&self->parts, SHS_LINK_LOGISTIC, 1, "log-odds");
  else
    set_link (&self->parts, SHS_LINK_SOFTMAX, 1, "score");
}

static void
mean_votes (ShsSklearn *self, ShsSkopsRef estimator)
{
  if (self->parts.n_outputs == 1)
    set_link (&self->parts, SHS_LINK_LOGISTIC, 1, "");
  else
    set_link (&self->parts, SHS_LINK_SOFTMAX, 1 / (double)(self->parts.n_outputs - 1), "");
}

/* Of other linear classifiers the decision function is all that there is. */
static void
mean_logistic (ShsSklearn *self, ShsSkopsRef estimator)
{
  ShsSkops *file = self->file;

  if (self->parts.n_outputs == 1)
    set_link (&self->parts, SHS_LINK_LOGISTIC, 1, "log-odds");
  else if (shs_skops_has_text (file, shs_skops_find (file, estimator, "solver"), "liblinear")
           || shs_skops_has_text (file, shs_skops_find (file, estimator, "multi_class"), "ovr"))
    shs_sklearn_refuse (self, "LogisticRegression of each class against the rest");
  else
    set_link (&self->parts, SHS_LINK_SOFTMAX, 1, "score");
}

static void
mean_logarithm (ShsSklearn *self, ShsSkopsRef estimator)
{
  set_link (&self->parts, SHS_LINK_EXP, 1, "log");
}

static void
mean_histogram (ShsSklearn *self, ShsSkopsRef estimator)
{
  ShsSkopsRef loss = shs_skops_find (self->file, estimator, "loss");

  if (shs_skops_has_text (self->file, loss, "poisson")
      || shs_skops_has_text (self->file, loss, "gamma"))
    mean_logarithm (self, estimator);
}

/* The score measures path lengths by that of the rows that each tree was given. */
static void
link_isolation (ShsSklearn *self, ShsSkopsRef estimator)
{
  static const char *const names[] = { "_max_samples", "max_samples_" };
  double n = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (names) && n == 0; i++)
    {
      ShsSkopsRef found = shs_skops_find (self->file, estimator, names[i]);

      if (!shs_skops_is_null (self->file, found))
        n = (double)shs_skops_read_count (self->file, found, G_MAXUINT32);
    }
  if (n > 1)
    set_link (&self->parts, SHS_LINK_ISOLATION, 1 / shs_sklearn_average_path_length (n),
              "path length");
  else
    self->parts.is_unfinished = TRUE;
}

static void
mean_length (ShsSklearn *self, ShsSkopsRef estimator)
{
  static const char *const notes[]
      = { "the output is the mean path length: the shorter, the more unusual is the row", NULL };

  self->parts.task = SHS_TASK_OTHER;
  self->parts.margin_unit = "path length";
  link_isolation (self, estimator);
  self->parts.notes = g_strdupv ((char **)notes);
}

/* @mean: (nullable): sets link and unit, which are otherwise those of a regression */
static const struct
{
  const char *name;
  void (*read) (ShsSklearn *self, ShsSkopsRef estimator);
  void (*mean) (ShsSklearn *self, ShsSkopsRef estimator);
  gboolean has_classes;
} kinds[] = {
  { "DecisionTreeRegressor", shs_sklearn_read_tree, NULL, FALSE },
  { "ExtraTreeRegressor", shs_sklearn_read_tree, NULL, FALSE },
  { "RandomForestRegressor", shs_sklearn_read_forest, NULL, FALSE },
  { "ExtraTreesRegressor", shs_sklearn_read_forest, NULL, FALSE },
  { "BaggingRegressor", shs_sklearn_read_bagging, NULL, FALSE },
  { "GradientBoostingRegressor", shs_sklearn_read_boosting, NULL, FALSE },
  { "HistGradientBoostingRegressor", shs_sklearn_read_histogram, mean_histogram, FALSE },
  { "IsolationForest", shs_sklearn_read_isolation, mean_length, FALSE },
  { "DecisionTreeClassifier", shs_sklearn_read_tree, mean_shares, TRUE },
  { "ExtraTreeClassifier", shs_sklearn_read_tree, mean_shares, TRUE },
  { "RandomForestClassifier", shs_sklearn_read_forest, mean_shares, TRUE },
  { "ExtraTreesClassifier", shs_sklearn_read_forest, mean_shares, TRUE },
  { "BaggingClassifier", shs_sklearn_read_bagging, mean_shares, TRUE },
  { "GradientBoostingClassifier", shs_sklearn_read_boosting, mean_boosted, TRUE },
  { "HistGradientBoostingClassifier", shs_sklearn_read_histogram, mean_boosted, TRUE },
  { "AdaBoostClassifier", shs_sklearn_read_ada, mean_votes, TRUE },
  { "LinearRegression", shs_sklearn_read_linear, NULL, FALSE },
  { "Ridge", shs_sklearn_read_linear, NULL, FALSE },
  { "RidgeCV", shs_sklearn_read_linear, NULL, FALSE },
  { "Lasso", shs_sklearn_read_linear, NULL, FALSE },
  { "LassoCV", shs_sklearn_read_linear, NULL, FALSE },
  { "ElasticNet", shs_sklearn_read_linear, NULL, FALSE },
  { "ElasticNetCV", shs_sklearn_read_linear, NULL, FALSE },
  { "HuberRegressor", shs_sklearn_read_linear, NULL, FALSE },
  { "QuantileRegressor", shs_sklearn_read_linear, NULL, FALSE },
  { "SGDRegressor", shs_sklearn_read_linear, NULL, FALSE },
  { "BayesianRidge", shs_sklearn_read_linear, NULL, FALSE },
  { "ARDRegression", shs_sklearn_read_linear, NULL, FALSE },
  { "Lars", shs_sklearn_read_linear, NULL, FALSE },
  { "LarsCV", shs_sklearn_read_linear, NULL, FALSE },
  { "LassoLars", shs_sklearn_read_linear, NULL, FALSE },
  { "LassoLarsCV", shs_sklearn_read_linear, NULL, FALSE },
  { "LassoLarsIC", shs_sklearn_read_linear, NULL, FALSE },
  { "OrthogonalMatchingPursuit", shs_sklearn_read_linear, NULL, FALSE },
  { "OrthogonalMatchingPursuitCV", shs_sklearn_read_linear, NULL, FALSE },
  { "TheilSenRegressor", shs_sklearn_read_linear, NULL, FALSE },
  { "LinearSVR", shs_sklearn_read_linear, NULL, FALSE },
  { "MultiTaskLasso", shs_sklearn_read_linear, NULL, FALSE },
  { "MultiTaskLassoCV", shs_sklearn_read_linear, NULL, FALSE },
  { "MultiTaskElasticNet", shs_sklearn_read_linear, NULL, FALSE },
  { "MultiTaskElasticNetCV", shs_sklearn_read_linear, NULL, FALSE },
  { "PoissonRegressor", shs_sklearn_read_linear, mean_logarithm, FALSE },
  { "GammaRegressor", shs_sklearn_read_linear, mean_logarithm, FALSE },
  { "LogisticRegression", shs_sklearn_read_linear, mean_logistic, TRUE },
  { "LogisticRegressionCV", shs_sklearn_read_linear, mean_logistic, TRUE },
};

static void
find_task (ShsSklearn *self, gboolean has_classes)
{
  if (has_classes)
    self->parts.task = self->parts.n_outputs == 1 ? SHS_TASK_BINARY : SHS_TASK_MULTICLASS;
}

static gsize
find_kind (const ShsSklearn *self, ShsSkopsRef estimator)
{
  gsize kind = 0;

  while (kind < G_N_ELEMENTS (kinds) && !shs_skops_is (self->file, estimator, kinds[kind].name))
    kind++;
  return kind;
}

gboolean
shs_sklearn_check_class (ShsSklearn *self, ShsSkopsRef estimator)
{
  const char *name = shs_skops_get_class (self->file, estimator);

  if (find_kind (self, estimator) < G_N_ELEMENTS (kinds))
    return TRUE;
  shs_sklearn_refuse (self, "%s", *name != '\0' ? name : "what this is");
  return FALSE;
}

void
shs_sklearn_read_estimator (ShsSklearn *self, ShsSkopsRef estimator)
{
  gsize kind = find_kind (self, estimator);

  if (!shs_sklearn_check_class (self, estimator))
    return;
  kinds[kind].read (self, estimator);
  if (!shs_skops_check (self->file, NULL))
    return;
  self->parts.objective = g_strdup (kinds[kind].name);
  find_task (self, kinds[kind].has_classes);
  if (kinds[kind].mean != NULL)
    kinds[kind].mean (self, estimator);
  if (kinds[kind].has_classes)
    name_classes (self, estimator);
}
