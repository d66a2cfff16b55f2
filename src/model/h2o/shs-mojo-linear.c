/* Generalized linear models: a coefficient for each category, then for each number, then the
 * intercept; the categories' columns stand before the numbers'. */

#include "model/h2o/shs-mojo-document.h"

#include "core/shs-i18n.h"
#include "core/shs-memory.h"
#include "core/shs-shown.h"

#include <math.h>

/* @offsets: n_categories + 1: where the coefficients of each column begin
 * @modes, @means: what missing values become; NULL where they stay missing */
typedef struct
{
  gsize n_categories;
  gsize n_numbers;
  gsize first_level; /* that has a coefficient: 0, or 1 */
  double *offsets;
  double *modes;
  double *means;
  double *beta;
  gsize n_beta;
} Coefficients;

static void
coefficients_clear (Coefficients *self)
{
  shs_free (self->offsets);
  shs_free (self->modes);
  shs_free (self->means);
  shs_free (self->beta);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Coefficients, coefficients_clear)

static gboolean
fail_counts (const ShsMojo *self, GError **error)
{
  return shs_mojo_fail (self, error, SHS_ERROR_UNSUPPORTED,
                        "the coefficients do not stand for its columns one by one, as those of "
                        "interactions do; train the model without interactions");
}

/* Offsets go up from 0 and no column has more coefficients than categories. */
static gboolean
check_offsets (const ShsMojo *self, const Coefficients *of, gsize n_offsets, GError **error)
{
  if (n_offsets != of->n_categories + 1 || of->offsets[0] != 0)
    return fail_counts (self, error);
  for (gsize j = 0; j < of->n_categories; j++)
    {
      double n = of->offsets[j + 1] - of->offsets[j];

      if (!(n >= 0 && n + (double)of->first_level <= (double)self->columns[j].n_categories)
          || n != floor (n))
        return fail_counts (self, error);
    }
  return TRUE;
}

static gboolean
read_imputation (const ShsMojo *self, Coefficients *of, GError **error)
{
  gsize n_modes = 0;
  gsize n_means = 0;

  if (of->n_categories > 0)
    of->modes = shs_mojo_get_numbers (self, "cat_modes", &n_modes, error);
  if (of->n_categories > 0 && of->modes == NULL)
    return FALSE;
  if (of->n_numbers > 0)
    of->means = shs_mojo_get_numbers (self, "num_means", &n_means, error);
  if (of->n_numbers > 0 && of->means == NULL)
    return FALSE;
  return (n_modes == of->n_categories && n_means == of->n_numbers) || fail_counts (self, error);
}

static gboolean
read_coefficients (ShsMojo *self, Coefficients *of, GError **error)
{
  gsize n_offsets = 0;

  if (!shs_mojo_get_count (self, "cats", self->n_features, &of->n_categories, error)
      || !shs_mojo_get_count (self, "nums", self->n_features, &of->n_numbers, error))
    return FALSE;
  of->first_level = shs_mojo_is (self, "use_all_factor_levels", "true") ? 0 : 1;
  if (of->n_categories > 0)
    of->offsets = shs_mojo_get_numbers (self, "cat_offsets", &n_offsets, error);
  else
    of->offsets = shs_alloc0 (n_offsets = 1, sizeof *of->offsets, error);
  if (of->offsets == NULL || !check_offsets (self, of, n_offsets, error))
    return FALSE;
  of->beta = shs_mojo_get_numbers (self, "beta", &of->n_beta, error);
  if (of->beta == NULL)
    return FALSE;
  if (of->n_categories + of->n_numbers != self->n_features)
    return fail_counts (self, error);
  if (shs_mojo_is (self, "mean_imputation", "true"))
    return read_imputation (self, of, error);
  g_strv_builder_add (self->notes, _ ("H2O skips rows with a missing value; here a missing value "
                                      "adds nothing"));
  return TRUE;
}

/* A category that is missing, or that training never saw, becomes the most frequent one. */
static ShsMapTable *
make_imputation (const ShsMojo *self, const Coefficients *of, gsize column, GError **error)
{
  gsize n = self->columns[column].n_categories;
  SHS_AUTOFREE double *codes = shs_alloc (n, sizeof *codes, error);

  for (gsize c = 0; codes != NULL && c < n; c++)
    codes[c] = (double)c;
  return codes != NULL
             ? shs_map_table_new (codes, codes, n, of->modes[column], of->modes[column], error)
             : NULL;
}

/* "Is it this category", for each that has a coefficient. */
static gboolean
map_category (ShsMojo *self, const Coefficients *of, gsize column, GError **error)
{
  gsize n = (gsize)(of->offsets[column + 1] - of->offsets[column]);
  g_autoptr (ShsMapTable) imputation = NULL;

  if (of->modes != NULL)
    imputation = make_imputation (self, of, column, error);
  if (of->modes != NULL && imputation == NULL)
    return FALSE;
  for (gsize level = 0; level < n; level++)
    {
      shs_feature_map_add_column (self->map, column);
      if (imputation != NULL)
        shs_feature_map_append (self->map,
                                &(ShsMapStep){ .kind = SHS_MAP_TABLE, .table = imputation });
      shs_feature_map_append (self->map, &(ShsMapStep){ .kind = SHS_MAP_EQUALS,
                                                        .a = (double)(level + of->first_level) });
    }
  return TRUE;
}

static gboolean
make_map (ShsMojo *self, const Coefficients *of, GError **error)
{
  self->map = shs_feature_map_new (self->n_features);
  for (gsize j = 0; j < of->n_categories; j++)
    if (!map_category (self, of, j, error))
      return FALSE;
  for (gsize j = 0; j < of->n_numbers; j++)
    {
      shs_feature_map_add_column (self->map, of->n_categories + j);
      if (of->means != NULL)
        shs_feature_map_append (self->map,
                                &(ShsMapStep){ .kind = SHS_MAP_IMPUTE, .a = of->means[j] });
    }
  return TRUE;
}

static const struct
{
  const char *name;
  ShsLink link;
  const char *unit;
} links[] = {
  { "identity", SHS_LINK_IDENTITY, "" },        { "family_default", SHS_LINK_IDENTITY, "" },
  { "logit", SHS_LINK_LOGISTIC, "log-odds" },   { "log", SHS_LINK_EXP, "log" },
  { "multinomial", SHS_LINK_SOFTMAX, "score" },
};

/* A link that is none of these is told; the sum before it can still be explained. */
static void
choose_link (ShsMojo *self)
{
  const char *name = shs_mojo_get (self, "link");
  g_autofree char *shown = shs_name_shown (name != NULL ? name : "");
  g_autofree char *note
      = g_strdup_printf (_ ("H2O passes the sum through the inverse of the link %s; the sum itself "
                            "is explained and predicted"),
                         shown);

  for (gsize i = 0; i < G_N_ELEMENTS (links); i++)
    if (g_strcmp0 (name, links[i].name) == 0)
      {
        self->parts.link = links[i].link;
        self->parts.margin_unit = links[i].unit;
        return;
      }
  g_strv_builder_add (self->notes, note);
}

static gboolean
choose_outputs (ShsMojo *self, gsize *n_outputs, GError **error)
{
  gboolean is_multinomial = shs_mojo_is (self, "family", "multinomial");

  if (shs_mojo_is (self, "family", "ordinal"))
    return shs_mojo_fail (self, error, SHS_ERROR_UNSUPPORTED,
                          "a generalized linear model of the family \"ordinal\" has thresholds "
                          "between its classes, which cannot be followed");
  if (self->n_classes > 2 ? !is_multinomial : is_multinomial && self->n_classes < 2)
    return shs_mojo_fail (self, error, SHS_ERROR_INVALID,
                          "its family does not fit the number of its classes" SHS_MOJO_AGAIN);
  *n_outputs = is_multinomial ? self->n_classes : 1;
  self->parts.task = self->n_classes > 2    ? SHS_TASK_MULTICLASS
                     : self->n_classes == 2 ? SHS_TASK_BINARY
                                            : SHS_TASK_REGRESSION;
  choose_link (self);
  if (is_multinomial)
    self->parts.link = SHS_LINK_SOFTMAX;
  return TRUE;
}

gboolean
shs_mojo_read_linear (ShsMojo *self, GError **error)
{
  g_auto (Coefficients) of = { 0 };
  gsize n_outputs = 1;
  gsize n;

  if (self->map != NULL)
    return shs_mojo_fail (self, error, SHS_ERROR_UNSUPPORTED,
                          "a linear model on columns that the encoding %s made cannot be followed; "
                          "train the model without categorical_encoding",
                          shs_mojo_get (self, "_genmodel_encoding"));
  if (!choose_outputs (self, &n_outputs, error) || !read_coefficients (self, &of, error))
    return FALSE;
  n = (gsize)of.offsets[of.n_categories] + of.n_numbers;
  if (of.n_beta / n_outputs != n + 1 || of.n_beta % n_outputs != 0)
    return fail_counts (self, error);
  if (!make_map (self, &of, error))
    return FALSE;
  self->parts.linear = shs_linear_new (n, n_outputs, error);
  if (self->parts.linear == NULL)
    return FALSE;
  for (gsize k = 0; k < n_outputs; k++)
    {
      for (gsize f = 0; f < n; f++)
        self->parts.linear->weight[k * n + f] = of.beta[k * (n + 1) + f];
      self->parts.linear->bias[k] = of.beta[k * (n + 1) + n];
    }
  self->parts.n_outputs = n_outputs;
  self->parts.n_rounds = 1;
  return TRUE;
}
