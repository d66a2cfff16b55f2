/* Gradient boosting, forests, isolation forests: trees by class and round, and what their sums
 * become. */

#include "model/h2o/shs-mojo-document.h"

#include "core/shs-i18n.h"
#include "core/shs-memory.h"
#include "core/shs-shown.h"

#include <math.h>

#define NEWEST_TREE_FORMAT 140
#define ALWAYS_FEATURES 100000
#define SMALLEST_MEMBER 76 /* bytes that a file of an archive costs with its two headers */

/* How the sum of the trees of a class becomes an output: base + weight x sum. Both outputs of a
 * balanced forest come from the trees of one class. */
typedef struct
{
  gsize n_groups; /* classes that have trees */
  gsize n_trees;  /* of each */
  gsize n_outputs;
  double *base;   /* by output */
  double *weight; /* by output */
  gboolean is_boosted;
} Plan;

static void
plan_clear (Plan *self)
{
  shs_free (self->base);
  shs_free (self->weight);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Plan, plan_clear)

static gboolean
fail_combination (const ShsMojo *self, const char *key, GError **error)
{
  const char *value = shs_mojo_get (self, key);
  g_autofree char *shown = shs_name_shown (value != NULL ? value : "");

  return shs_mojo_fail (self, error, SHS_ERROR_UNSUPPORTED,
                        "a model of %" G_GSIZE_FORMAT " classes with \"%s\" %s cannot be followed; "
                        "train it with one of H2O's own distributions",
                        self->n_classes, key, shown);
}

static gboolean
plan_outputs (Plan *plan, gsize n_outputs, double base, double weight, GError **error)
{
  plan->n_outputs = n_outputs;
  plan->base = shs_alloc (n_outputs, sizeof *plan->base, error);
  plan->weight = plan->base != NULL ? shs_alloc (n_outputs, sizeof *plan->weight, error) : NULL;
  for (gsize k = 0; plan->weight != NULL && k < n_outputs; k++)
    {
      plan->base[k] = base;
      plan->weight[k] = weight;
    }
  return plan->weight != NULL;
}

/* ---- classes that were balanced before training ---- */

/* By class, what H2O multiplies probabilities with before they are made to add up to 1. */
static double *
read_corrections (const ShsMojo *self, GError **error)
{
  gsize n_prior;
  gsize n_trained;
  SHS_AUTOFREE double *prior = shs_mojo_get_numbers (self, "prior_class_distrib", &n_prior, error);
  SHS_AUTOFREE double *trained
      = prior != NULL ? shs_mojo_get_numbers (self, "model_class_distrib", &n_trained, error)
                      : NULL;

  if (trained == NULL)
    return NULL;
  if (n_prior != self->n_classes || n_trained != self->n_classes)
    {
      shs_mojo_fail (self, error, SHS_ERROR_INVALID,
                     "the shares of classes are not as many as the classes" SHS_MOJO_AGAIN);
      return NULL;
    }
  for (gsize k = 0; k < n_prior; k++)
    {
      if (prior[k] < 0 || trained[k] < 0)
        {
          shs_mojo_fail (self, error, SHS_ERROR_INVALID,
                         "a share of a class is negative" SHS_MOJO_AGAIN);
          return NULL;
        }
      prior[k] = prior[k] > 0 && trained[k] > 0 ? prior[k] / trained[k] : 1;
    }
  return g_steal_pointer (&prior);
}

static gboolean
is_balanced (const ShsMojo *self)
{
  return shs_mojo_is (self, "balance_classes", "true") && self->n_classes > 1;
}

/* Before a logistic link or a softmax the correction is a number added to the margin. */
static gboolean
correct_margins (const ShsMojo *self, Plan *plan, GError **error)
{
  SHS_AUTOFREE double *correction = NULL;

  if (!is_balanced (self))
    return TRUE;
  correction = read_corrections (self, error);
  if (correction == NULL)
    return FALSE;
  if (plan->n_outputs == 1)
    plan->base[0] += log (correction[1]) - log (correction[0]);
  for (gsize k = 0; plan->n_outputs > 1 && k < plan->n_outputs; k++)
    plan->base[k] += log (correction[k]);
  return TRUE;
}

/* Shares are divided by their sum afterwards, so they may be corrected one by one. */
static gboolean
correct_shares (const ShsMojo *self, Plan *plan, GError **error)
{
  SHS_AUTOFREE double *correction = NULL;

  if (!is_balanced (self))
    return TRUE;
  correction = read_corrections (self, error);
  for (gsize k = 0; correction != NULL && k < plan->n_outputs; k++)
    {
      plan->base[k] *= correction[k];
      plan->weight[k] *= correction[k];
    }
  return correction != NULL;
}

/* ---- what comes behind the sums ---- */

/* The links of boosted regressions, and the distributions that have them where the file, of an
 * older H2O, names none. */
static gboolean
choose_regression (ShsMojo *self, GError **error)
{
  static const char *const with_log[] = { "poisson", "gamma", "tweedie" };
  const char *link = shs_mojo_get (self, "link_function");

  self->parts.task = SHS_TASK_REGRESSION;
  for (gsize i = 0; link == NULL && i < G_N_ELEMENTS (with_log); i++)
    if (shs_mojo_is (self, "distribution", with_log[i]))
      link = "log";
  if (link == NULL || g_str_equal (link, "identity"))
    return TRUE;
  if (g_str_equal (link, "log"))
    {
      self->parts.link = SHS_LINK_EXP;
      self->parts.margin_unit = "log";
      return TRUE;
    }
  self->parts.link = SHS_LINK_LOGISTIC;
  self->parts.margin_unit = "log-odds";
  return g_str_equal (link, "logit") || fail_combination (self, "link_function", error);
}

static gboolean
is_binary_distribution (const ShsMojo *self)
{
  const char *link = shs_mojo_get (self, "link_function");

  return (shs_mojo_is (self, "distribution", "bernoulli")
          || shs_mojo_is (self, "distribution", "quasibinomial")
          || shs_mojo_is (self, "distribution", "modified_huber"))
         && (link == NULL || g_str_equal (link, "logit"));
}

/* A multinomial model of two classes has trees for the first: its margin is f, the other's -f. */
static gboolean
plan_boosted (ShsMojo *self, Plan *plan, GError **error)
{
  gboolean is_multinomial = shs_mojo_is (self, "distribution", "multinomial");
  double start;

  plan->is_boosted = TRUE;
  if (!shs_mojo_get_number (self, "init_f", &start, error))
    return FALSE;
  if (self->n_classes <= 1)
    return choose_regression (self, error) && plan_outputs (plan, 1, start, 1, error);
  self->parts.margin_unit = "log-odds";
  if (self->n_classes == 2)
    {
      double factor = is_multinomial ? -2 : 1;

      self->parts.task = SHS_TASK_BINARY;
      self->parts.link = SHS_LINK_LOGISTIC;
      return (is_multinomial || is_binary_distribution (self)
              || fail_combination (self, "distribution", error))
             && plan_outputs (plan, 1, factor * start, factor, error)
             && correct_margins (self, plan, error);
    }
  self->parts.task = SHS_TASK_MULTICLASS;
  self->parts.link = SHS_LINK_SOFTMAX;
  self->parts.margin_unit = "score";
  return (is_multinomial || fail_combination (self, "distribution", error))
         && plan_outputs (plan, self->n_classes, 0, 1, error)
         && correct_margins (self, plan, error);
}

/* The trees of a binary forest give the share of the first class. */
static gboolean
plan_forest (ShsMojo *self, Plan *plan, GError **error)
{
  double share = 1.0 / (double)MAX (plan->n_trees, 1);

  self->parts.task = self->n_classes <= 1   ? SHS_TASK_REGRESSION
                     : self->n_classes == 2 ? SHS_TASK_BINARY
                                            : SHS_TASK_MULTICLASS;
  if (self->n_classes <= 1)
    return plan_outputs (plan, 1, 0, share, error);
  self->parts.margin_unit = "probability";
  if (plan->n_groups == 1 && !is_balanced (self))
    return plan_outputs (plan, 1, 1, -share, error);
  self->parts.margin_unit = "";
  self->parts.link = SHS_LINK_SHARES;
  if (!plan_outputs (plan, self->n_classes, 0, share, error))
    return FALSE;
  if (plan->n_groups == 1)
    {
      plan->base[1] = 1;
      plan->weight[1] = -share;
    }
  return correct_shares (self, plan, error);
}

/* The anomaly score goes down with the sum of the path lengths, between the shortest and the
 * longest that training saw. */
static gboolean
plan_isolation (ShsMojo *self, Plan *plan, GError **error)
{
  double shortest;
  double longest;

  self->parts.task = SHS_TASK_OTHER;
  if (!shs_mojo_get_number (self, "min_path_length", &shortest, error)
      || !shs_mojo_get_number (self, "max_path_length", &longest, error))
    return FALSE;
  if (longest > shortest)
    return plan_outputs (plan, 1, longest / (longest - shortest), -1 / (longest - shortest), error);
  g_strv_builder_add (self->notes, _ ("training saw paths of one length alone, so every row has "
                                      "the anomaly score 1"));
  return plan_outputs (plan, 1, 1, 0, error);
}

/* ---- trees ---- */

static gboolean
count_groups (const ShsMojo *self, Plan *plan, GError **error)
{
  gsize n_classes = MAX (self->n_classes, 1);
  gboolean is_double = shs_mojo_is (self, "binomial_double_trees", "true");
  gsize usual = n_classes == 2 && !is_double ? 1 : n_classes;

  plan->n_groups = usual;
  if (shs_mojo_get (self, "n_trees_per_class") != NULL
      && !shs_mojo_get_count (self, "n_trees_per_class", n_classes, &plan->n_groups, error))
    return FALSE;
  if (plan->n_groups != usual)
    return shs_mojo_fail (
        self, error, SHS_ERROR_INVALID,
        "the number of trees a round does not fit that of the classes" SHS_MOJO_AGAIN);
  return shs_mojo_get_count (self, "n_trees",
                             MIN (self->file_size / SMALLEST_MEMBER, self->file_size / usual),
                             &plan->n_trees, error);
}

static gboolean
start_builder (ShsMojo *self, const Plan *plan, GError **error)
{
  if (self->n_features > ALWAYS_FEATURES + self->file_size)
    return shs_mojo_fail (self, error, SHS_ERROR_INVALID,
                          "it has impossibly many features" SHS_MOJO_AGAIN);
  self->builder = shs_tree_builder_new (self->n_features, plan->n_outputs, 1, SHS_TREE_CAST_DOUBLE);
  shs_tree_builder_set_file_size (self->builder, self->file_size);
  shs_tree_builder_set_base (self->builder, plan->base);
  return self->map == NULL || shs_feature_map_set_players (self->map, self->builder, error);
}

/* Adds the tree of class @group in @round, where there is one: H2O leaves out those of classes
 * without rows. */
static gboolean
add_tree (ShsMojo *self, const Plan *plan, gsize group, gsize round, gsize *n_added, GError **error)
{
  g_autofree char *stem
      = g_strdup_printf ("trees/t%02" G_GSIZE_FORMAT "_%03" G_GSIZE_FORMAT, group, round);
  g_autofree char *name = g_strconcat (stem, ".bin", NULL);
  g_autofree char *weights_name = g_strconcat (stem, "_aux.bin", NULL);
  g_autoptr (GBytes) weights = NULL;
  GError *problem = NULL;
  g_autoptr (GBytes) bytes = shs_mojo_read_optional (self, name, &problem);
  g_auto (ShsMojoTree) tree = { .place = name };

  if (bytes != NULL)
    weights = shs_mojo_read_optional (self, weights_name, &problem);
  if (problem != NULL)
    {
      g_propagate_error (error, problem);
      return FALSE;
    }
  if (bytes == NULL)
    return TRUE;
  if (!shs_mojo_tree_parse (&tree, self, bytes, weights, error))
    return FALSE;
  for (gsize k = plan->n_groups == 1 ? 0 : group;
       k < (plan->n_groups == 1 ? plan->n_outputs : group + 1); k++, ++*n_added)
    if (!shs_tree_builder_add_tree (self->builder, tree.nodes, tree.n_nodes, NULL, k,
                                    plan->weight[k], error))
      {
        g_prefix_error (error, "%s: ", self->name);
        return FALSE;
      }
  return TRUE;
}

static gboolean
add_round (ShsMojo *self, const Plan *plan, gsize round, gsize *n_added, GError **error)
{
  gsize before = *n_added;

  for (gsize group = 0; group < plan->n_groups; group++)
    if (!add_tree (self, plan, group, round, n_added, error))
      return FALSE;
  if (*n_added == before)
    return shs_mojo_fail (self, error, SHS_ERROR_INVALID,
                          "the trees of round %" G_GSIZE_FORMAT " are missing" SHS_MOJO_AGAIN,
                          round);
  shs_progress_add (self->progress, 1);
  return shs_progress_check (self->progress, error);
}

/* Only boosted models can be cut to their first rounds: a mean of all trees is of all trees. */
static gboolean
add_trees (ShsMojo *self, const Plan *plan, GError **error)
{
  SHS_AUTOFREE gsize *first = shs_alloc0 (plan->n_trees + 1, sizeof *first, error);
  gsize n_added = 0;

  if (first == NULL)
    return FALSE;
  shs_progress_start (self->progress, plan->n_trees);
  for (gsize round = 0; round < plan->n_trees; round++)
    {
      if (!add_round (self, plan, round, &n_added, error))
        return FALSE;
      first[round + 1] = n_added;
    }
  self->parts.n_rounds = plan->is_boosted ? plan->n_trees : 1;
  self->parts.trees_per_round = plan->is_boosted && plan->n_trees > 0 ? first[1] : n_added;
  if (plan->is_boosted && n_added != plan->n_trees * plan->n_groups)
    self->parts.round_first = g_memdup2 (first, (plan->n_trees + 1) * sizeof *first);
  return TRUE;
}

gboolean
shs_mojo_read_forest (ShsMojo *self, GError **error)
{
  g_auto (Plan) plan = { 0 };
  gboolean is_planned;

  if (self->format > NEWEST_TREE_FORMAT)
    return shs_mojo_fail (self, error, SHS_ERROR_UNSUPPORTED,
                          "its trees have format %u.%02u; up to 1.40 they can be opened: save the "
                          "model with H2O 3.46",
                          self->format / 100, self->format % 100);
  if (!count_groups (self, &plan, error))
    return FALSE;
  if (shs_mojo_is (self, "algo", "gbm"))
    is_planned = plan_boosted (self, &plan, error);
  else if (shs_mojo_is (self, "algo", "drf"))
    is_planned = plan_forest (self, &plan, error);
  else
    is_planned = plan_isolation (self, &plan, error);
  if (!is_planned || !start_builder (self, &plan, error) || !add_trees (self, &plan, error))
    return FALSE;
  self->parts.n_outputs = plan.n_outputs;
  self->parts.ensemble = shs_tree_builder_finish (g_steal_pointer (&self->builder), error);
  if (self->parts.ensemble == NULL)
    {
      g_prefix_error (error, "%s: ", self->name);
      return FALSE;
    }
  return TRUE;
}
