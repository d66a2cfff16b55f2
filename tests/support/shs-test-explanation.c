#include "shs-test-explanation.h"

#include "core/shs-memory.h"
#include "core/shs-random.h"

#include <check.h>
#include <math.h>

typedef struct
{
  gsize n, m, k, n_categories;
  double scale, base;
} Shape;

static const char *const case_names[]
    = { "ordinary", "one row",  "one feature", "many features",  "long names",
        "all zero", "constant", "missing",     "nan values",     "huge",
        "tiny",     "offset",   "no data",     "no predictions", "many categories" };

G_STATIC_ASSERT (G_N_ELEMENTS (case_names) == SHS_TEST_N_CASES);

const char *
shs_test_case_get_name (ShsTestCase which)
{
  return case_names[which];
}

static char *
make_name (ShsTestCase which, gsize j)
{
  static const char *const names[]
      = { "carat", "clarity", "depth (mm)", "colour", "serum creatinine (mg/dL)", "y = width" };
  GString *name;

  if (which != SHS_TEST_LONG_NAMES)
    return j < G_N_ELEMENTS (names) ? g_strdup (names[j])
                                    : g_strdup_printf ("feature %" G_GSIZE_FORMAT, j);
  name = g_string_new (NULL);
  g_string_append_printf (name, "%" G_GSIZE_FORMAT " ", j);
  while (g_utf8_strlen (name->str, -1) < 200)
    g_string_append (name, j % 3 == 0   ? "serum free light chain "
                           : j % 3 == 1 ? "Größe & <Maß> "
                                        : "中文名称é́ ");
  return g_string_free (name, FALSE);
}

static ShsInput *
make_input (ShsTestCase which, const Shape *shape)
{
  ShsInput *input = shs_dataset_inputs_new (1);

  input->name = g_strdup ("");
  input->n_dimensions = 1;
  input->shape[0] = input->n_columns = shape->m;
  input->columns = g_new0 (ShsColumn, shape->m);
  for (gsize j = 0; j < shape->m; j++)
    {
      ShsColumn *column = &input->columns[j];

      column->name = make_name (which, j);
      if (j != 1)
        continue;
      column->type = SHS_COLUMN_CATEGORY;
      column->n_categories = shape->n_categories;
      column->categories = g_new0 (char *, shape->n_categories + 1);
      for (gsize c = 0; c < shape->n_categories; c++)
        column->categories[c]
            = g_strdup_printf ("grade %c%" G_GSIZE_FORMAT, (char)('A' + c % 26), c);
    }
  return input;
}

static double
make_datum (ShsTestCase which, const Shape *shape, gsize j, ShsRandom *random)
{
  double x = shs_random_uniform (random);

  if (which == SHS_TEST_MISSING || (j == 2 && x < 0.2))
    return NAN;
  if (which == SHS_TEST_CONSTANT)
    return j == 1 ? 0 : 3;
  if (j == 1)
    return floor (x * (double)shape->n_categories);
  return j == 3 ? floor (x * 5) : round (x * 1000) / 100;
}

static double
make_value (ShsTestCase which, const Shape *shape, gsize j, double datum, ShsRandom *random)
{
  double noise = shs_random_uniform (random) - 0.5;

  if (which == SHS_TEST_ALL_ZERO)
    return 0;
  if (which == SHS_TEST_CONSTANT)
    return 0.25;
  if (which == SHS_TEST_NAN_VALUES)
    return NAN;
  if (isnan (datum))
    return shape->scale * 0.3 * noise;
  return shape->scale * (noise + (datum - 4) * 0.3) / (1 + (double)j);
}

#define MAX_PARTNERS 12

/* Which pairs meet: the first feature with the next ones, and neighbours. */
static gboolean
meets (gsize a, gsize b)
{
  return a == b || (a == 0 && b < MAX_PARTNERS) || b == a + 1;
}

static void
add_interactions (ShsExplanationParts *parts, ShsTestCase which, const Shape *shape)
{
  ShsRandom random = shs_random_init (18, (guint64)which);
  g_autoptr (ShsMatrix) block = NULL;

  parts->pairs = shs_alloc (2 * shape->m + MAX_PARTNERS, 2 * sizeof *parts->pairs, NULL);
  for (gsize a = 0; a < shape->m; a++)
    for (gsize b = a; b < MIN (shape->m, MAX (a + 2, MAX_PARTNERS)); b++)
      if (meets (a, b))
        {
          parts->pairs[2 * parts->n_pairs] = (guint32)a;
          parts->pairs[2 * parts->n_pairs++ + 1] = (guint32)b;
        }
  parts->interactions = shs_values_new_doubles (shape->n, parts->n_pairs, shape->k, NULL);
  block = shs_matrix_new (shape->n, parts->n_pairs * shape->k, NULL);
  for (gsize c = 0; c < block->n_columns; c++)
    for (gsize i = 0; i < shape->n; i++)
      {
        const guint32 *pair = &parts->pairs[2 * (c % parts->n_pairs)];
        double value = make_value (which, shape, pair[1], 4, &random);

        shs_matrix_set (block, i, c, value / (pair[0] == pair[1] ? 1 : 3));
      }
  shs_values_write (parts->interactions, 0, block, NULL);
}

static ShsExplanation *
make (ShsTestCase which, const Shape *shape)
{
  g_auto (ShsExplanationParts) parts = { 0 };
  g_autoptr (ShsMatrix) data = shs_matrix_new (shape->n, shape->m, NULL);
  g_autoptr (ShsMatrix) values = shs_matrix_new (shape->n, shape->m * shape->k, NULL);
  ShsRandom random = shs_random_init (17, (guint64)which);
  GError *error = NULL;
  ShsExplanation *explanation;

  parts.inputs = make_input (which, shape);
  parts.n_inputs = 1;
  parts.output_names = g_new0 (char *, shape->k + 1);
  parts.values = shs_values_new_doubles (shape->n, shape->m, shape->k, NULL);
  parts.base_values = shs_alloc (shape->k, sizeof (double), NULL);
  parts.predictions = shs_matrix_new0 (shape->n, shape->k, NULL);
  parts.output_unit = g_strdup ("dollars");
  parts.provenance.method = g_strdup ("tree path-dependent");
  parts.provenance.background = g_strdup ("in the model");
  for (gsize j = 0; j < shape->m; j++)
    for (gsize i = 0; i < shape->n; i++)
      shs_matrix_set (data, i, j, make_datum (which, shape, j, &random));
  for (gsize k = 0; k < shape->k; k++)
    {
      parts.output_names[k]
          = k == 0 ? g_strdup ("price") : g_strdup_printf ("class %" G_GSIZE_FORMAT, k);
      parts.base_values[k] = shape->base;
      for (gsize i = 0; i < shape->n; i++)
        shs_matrix_set (parts.predictions, i, k, shape->base);
      for (gsize j = 0; j < shape->m; j++)
        for (gsize i = 0; i < shape->n; i++)
          {
            double value = make_value (which, shape, j, shs_matrix_get (data, i, j), &random);

            shs_matrix_set (values, i, k * shape->m + j, value);
            shs_matrix_set (parts.predictions, i, k,
                            shs_matrix_get (parts.predictions, i, k) + value);
          }
    }
  shs_values_write (parts.values, 0, values, NULL);
  if (which == SHS_TEST_NO_PREDICTIONS)
    g_clear_pointer (&parts.predictions, shs_matrix_free);
  if (which != SHS_TEST_NO_DATA)
    {
      parts.data = shs_values_new_doubles (shape->n, shape->m, 1, NULL);
      shs_values_write (parts.data, 0, data, NULL);
      add_interactions (&parts, which, shape);
    }
  explanation = shs_explanation_new (&parts, &error);
  ck_assert_msg (explanation != NULL, "%s", error != NULL ? error->message : "");
  return explanation;
}

ShsExplanation *
shs_test_explanation_new (ShsTestCase which)
{
  Shape shape = { .n = 60, .m = 6, .k = 2, .n_categories = 4, .scale = 1000, .base = 3831.2 };

  if (which == SHS_TEST_ONE_ROW)
    shape.n = 1;
  if (which == SHS_TEST_ONE_FEATURE)
    shape.m = 1;
  if (which == SHS_TEST_MANY_FEATURES)
    shape.m = 10000;
  if (which == SHS_TEST_MANY_CATEGORIES)
    shape.n_categories = 300;
  if (which == SHS_TEST_LONG_NAMES || which == SHS_TEST_ONE_FEATURE)
    shape.k = 1;
  if (which == SHS_TEST_HUGE)
    shape.scale = shape.base = 1e300;
  if (which == SHS_TEST_TINY)
    shape.scale = shape.base = 1e-300;
  if (which == SHS_TEST_OFFSET)
    {
      shape.scale = 1e-3;
      shape.base = 1e9;
    }
  return make (which, &shape);
}

ShsExplanation *
shs_test_explanation_new_large (gsize n_rows, gsize n_features)
{
  return make (
      SHS_TEST_ORDINARY,
      &(Shape){
          .n = n_rows, .m = n_features, .k = 1, .n_categories = 4, .scale = 1000, .base = 3831.2 });
}
