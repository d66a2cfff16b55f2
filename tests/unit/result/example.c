#include "example.h"

#include "core/shs-memory.h"
#include "core/shs-random.h"
#include "shs-test.h"

#include <math.h>
#include <string.h>

static ShsValues *
make_values (gsize n, gsize m, gsize k, gboolean in_double, ShsRandom *random)
{
  ShsValues *values
      = in_double ? shs_values_new_doubles (n, m, k, NULL) : shs_values_new_floats (n, m, k, NULL);
  g_autoptr (ShsMatrix) block = shs_matrix_new (n, m * k, NULL);

  for (gsize c = 0; c < m * k; c++)
    for (gsize i = 0; i < n; i++)
      shs_matrix_set (block, i, c, shs_random_normal (random));
  shs_values_write (values, 0, block, NULL);
  return values;
}

static ShsMatrix *
make_matrix (gsize n, gsize m, ShsRandom *random)
{
  ShsMatrix *matrix = shs_matrix_new (n, m, NULL);

  for (gsize j = 0; j < m; j++)
    for (gsize i = 0; i < n; i++)
      shs_matrix_set (matrix, i, j, shs_random_normal (random));
  return matrix;
}

static void
make_columns (ShsInput *input, const ExampleOptions *options)
{
  input->columns = g_new0 (ShsColumn, input->n_columns);
  for (gsize j = 0; j < input->n_columns; j++)
    {
      ShsColumn *column = &input->columns[j];

      column->name = g_strdup_printf ("näme, \"%" G_GSIZE_FORMAT "\"", j);
      if (!options->with_categories || j % 3 != 1)
        continue;
      column->type = SHS_COLUMN_CATEGORY;
      column->n_categories = 3;
      column->categories = g_new0 (char *, 3);
      column->categories[0] = g_strdup ("red");
      column->categories[1] = g_strdup ("grün");
      column->categories[2] = g_strdup ("12"); /* a category that looks like a number */
    }
}

static void
make_inputs (ShsExplanationParts *parts, const ExampleOptions *options)
{
  parts->n_inputs = options->with_two_inputs ? 2 : 1;
  parts->inputs = shs_dataset_inputs_new (parts->n_inputs);
  for (guint i = 0; i < parts->n_inputs; i++)
    {
      ShsInput *input = &parts->inputs[i];

      input->name = g_strdup (options->with_two_inputs ? (i == 0 ? "left" : "right") : "");
      input->n_columns
          = options->with_two_inputs ? (i == 0 ? 2 : options->n_features - 2) : options->n_features;
      input->n_dimensions = 1;
      input->shape[0] = input->n_columns;
      if (options->with_shape)
        {
          input->n_dimensions = 3;
          input->shape[0] = 2;
          input->shape[1] = 3;
          input->shape[2] = 2;
        }
      else
        make_columns (input, options);
    }
}

static void
make_data (ShsExplanationParts *parts, const ExampleOptions *options, ShsRandom *random)
{
  g_autoptr (ShsMatrix) block = shs_matrix_new (options->n_rows, options->n_features, NULL);
  gsize j = 0;

  for (guint input = 0; input < parts->n_inputs; input++)
    for (gsize c = 0; c < parts->inputs[input].n_columns; c++, j++)
      for (gsize i = 0; i < options->n_rows; i++)
        {
          const ShsColumn *columns = parts->inputs[input].columns;
          gboolean is_code = columns != NULL && columns[c].type == SHS_COLUMN_CATEGORY;
          gboolean is_missing = options->with_missing && shs_random_below (random, 5) == 0;

          shs_matrix_set (block, i, j,
                          is_missing ? NAN
                          : is_code  ? (double)shs_random_below (random, 3)
                                     : shs_random_normal (random));
        }
  parts->data = options->in_double
                    ? shs_values_new_doubles (options->n_rows, options->n_features, 1, NULL)
                    : shs_values_new_floats (options->n_rows, options->n_features, 1, NULL);
  shs_values_write (parts->data, 0, block, NULL);
}

static void
make_predictions (ShsExplanationParts *parts, const ExampleOptions *options)
{
  g_autofree double *row = g_new (double, options->n_features);

  parts->predictions = shs_matrix_new (options->n_rows, options->n_outputs, NULL);
  for (gsize k = 0; k < options->n_outputs; k++)
    for (gsize i = 0; i < options->n_rows; i++)
      {
        double sum = parts->base_values[(parts->base_per_row ? i * options->n_outputs : 0) + k];

        shs_values_read_row (parts->values, k, i, row, NULL);
        for (gsize j = 0; j < options->n_features; j++)
          sum += row[j];
        shs_matrix_set (parts->predictions, i, k, sum);
      }
}

static void
make_background_values (ShsExplanationParts *parts, gsize n_features)
{
  parts->background_values = g_new0 (char *, n_features + 1);
  for (gsize j = 0; j < n_features; j++)
    parts->background_values[j] = g_strdup_printf ("value “%" G_GSIZE_FORMAT "”", j);
}

static void
make_rows (ShsExplanationParts *parts, gsize n)
{
  parts->row_index = shs_alloc (n, sizeof (gsize), NULL);
  parts->row_names = g_new0 (char *, n + 1);
  for (gsize i = 0; i < n; i++)
    {
      parts->row_index[i] = 10 * i + 3;
      parts->row_names[i] = g_strdup_printf ("person %c%" G_GSIZE_FORMAT, 'A' + (int)(i % 26), i);
    }
}

static void
make_provenance (ShsExplanationParts *parts)
{
  const char *notes[] = { "the background was reduced", "two\nlines \"quoted\"", NULL };
  ShsProvenance provenance = {
    g_strdup ("tree path-dependent"),
    g_strdup ("quadrature, baseline, single"),
    g_strdup ("{\"samples\":100,\"names\":[\"a\",null,true,-0.5]}"),
    g_strdup ("margin"),
    g_strdup ("row 17 of data.csv"),
    g_strdup ("row 17"),
    g_strdup ("model.json"),
    g_strdup ("ab12"),
    g_strdup ("XGBoost, 3 trees"),
    g_strdup ("data.csv"),
    g_strdup ("cd34"),
    g_strdup ("others.db#people"),
    g_strdup ("ef56"),
    g_strdup ("Shapscope 0.1.0"),
    18446744073709551615u,
    g_strdupv ((char **)notes),
  };

  parts->provenance = provenance;
  parts->output_unit = g_strdup ("log-odds");
  parts->target_name = g_strdup ("price");
  parts->seconds = 1.25;
}

ShsExplanationParts
example_parts (const ExampleOptions *options, guint64 seed)
{
  ShsRandom random = shs_random_init (seed, 0);
  ShsExplanationParts parts = { 0 };
  gsize n = options->n_rows, m = options->n_features, k = options->n_outputs;
  gsize n_base = options->with_base_per_row ? n * k : k;

  make_inputs (&parts, options);
  parts.values = make_values (n, m, k, options->in_double, &random);
  parts.base_per_row = options->with_base_per_row;
  parts.base_values = shs_alloc (n_base, sizeof (double), NULL);
  for (gsize i = 0; i < n_base; i++)
    parts.base_values[i] = shs_random_normal (&random);
  parts.output_names = g_new0 (char *, k + 1);
  for (gsize i = 0; i < k; i++)
    parts.output_names[i] = g_strdup_printf ("class %" G_GSIZE_FORMAT, i);
  if (options->with_predictions)
    make_predictions (&parts, options);
  if (options->with_data)
    make_data (&parts, options, &random);
  if (options->with_std_errors)
    parts.std_errors = make_values (n, m, k, options->in_double, &random);
  if (options->with_interactions)
    parts.interactions = make_values (n, m * m, k, options->in_double, &random);
  if (options->with_clustering)
    parts.clustering = make_matrix (m - 1, 4, &random);
  if (options->with_hierarchy)
    parts.hierarchical_values = make_values (2 * m - 1, 1, k, TRUE, &random);
  if (options->with_rows)
    {
      make_rows (&parts, n);
      make_background_values (&parts, m);
    }
  if (options->with_target)
    {
      parts.target = shs_alloc (n, sizeof (double), NULL);
      for (gsize i = 0; i < n; i++)
        parts.target[i] = options->with_missing && i == 2 ? NAN : shs_random_normal (&random);
    }
  if (options->with_provenance)
    make_provenance (&parts);
  return parts;
}

ShsExplanation *
example_new (const ExampleOptions *options, guint64 seed)
{
  ShsExplanationParts parts = example_parts (options, seed);
  g_autoptr (GError) error = NULL;
  ShsExplanation *explanation = shs_explanation_new (&parts, &error);

  shs_test_assert_no_error (error);
  return explanation;
}

/* No assertion of Check's: each writes a mark, which is slow a million times. */
static gboolean
is_same (double a, double b)
{
  return a == b || (isnan (a) && isnan (b));
}

static void
assert_values (const char *what, const ShsValues *a, const ShsValues *b)
{
  g_autofree double *row_a = NULL;
  g_autofree double *row_b = NULL;
  gsize m;

  ck_assert_msg ((a == NULL) == (b == NULL), "%s is in one of them only", what);
  if (a == NULL)
    return;
  m = shs_values_get_n_features (a);
  ck_assert_msg (shs_values_is_double (a) == shs_values_is_double (b), "precision of %s", what);
  ck_assert_uint_eq (shs_values_get_n_rows (a), shs_values_get_n_rows (b));
  ck_assert_uint_eq (m, shs_values_get_n_features (b));
  ck_assert_uint_eq (shs_values_get_n_outputs (a), shs_values_get_n_outputs (b));
  row_a = g_new (double, m);
  row_b = g_new (double, m);
  for (gsize k = 0; k < shs_values_get_n_outputs (a); k++)
    for (gsize i = 0; i < shs_values_get_n_rows (a); i++)
      {
        shs_values_read_row (a, k, i, row_a, NULL);
        shs_values_read_row (b, k, i, row_b, NULL);
        for (gsize j = 0; j < m; j++)
          if (!is_same (row_a[j], row_b[j]))
            ck_abort_msg ("%s of row %zu, feature %zu: %.17g and %.17g", what, i, j, row_a[j],
                          row_b[j]);
      }
}

static void
assert_numbers (const char *what, const double *a, const double *b, gsize n)
{
  ck_assert_msg ((a == NULL) == (b == NULL), "%s is in one of them only", what);
  for (gsize i = 0; a != NULL && i < n; i++)
    if (!is_same (a[i], b[i]))
      ck_abort_msg ("%s %zu: %.17g and %.17g", what, i, a[i], b[i]);
}

static void
assert_matrix (const char *what, const ShsMatrix *a, const ShsMatrix *b)
{
  ck_assert_msg ((a == NULL) == (b == NULL), "%s is in one of them only", what);
  if (a == NULL)
    return;
  ck_assert_uint_eq (a->n_columns, b->n_columns);
  ck_assert_uint_eq (a->n_rows, b->n_rows);
  for (gsize j = 0; j < a->n_columns; j++)
    assert_numbers (what, shs_matrix_column (a, j), shs_matrix_column (b, j), a->n_rows);
}

static void
assert_lists (const char *what, char *const *a, char *const *b)
{
  ck_assert_msg ((a == NULL) == (b == NULL), "%s is in one of them only", what);
  if (a != NULL)
    ck_assert_msg (g_strv_equal ((const char *const *)a, (const char *const *)b), "%s", what);
}

static void
assert_inputs (const ShsExplanationParts *a, const ShsExplanationParts *b)
{
  ck_assert_uint_eq (a->n_inputs, b->n_inputs);
  for (guint i = 0; i < a->n_inputs; i++)
    {
      ck_assert_str_eq (a->inputs[i].name, b->inputs[i].name);
      ck_assert_uint_eq (a->inputs[i].n_dimensions, b->inputs[i].n_dimensions);
      ck_assert_int_eq (memcmp (a->inputs[i].shape, b->inputs[i].shape,
                                a->inputs[i].n_dimensions * sizeof (gsize)),
                        0);
      ck_assert ((a->inputs[i].columns == NULL) == (b->inputs[i].columns == NULL));
    }
}

static void
assert_provenance (const ShsProvenance *a, const ShsProvenance *b)
{
  ck_assert_str_eq (a->method, b->method);
  ck_assert_str_eq (a->kernel, b->kernel);
  ck_assert_pstr_eq (a->options, b->options);
  ck_assert_str_eq (a->space, b->space);
  ck_assert_str_eq (a->background, b->background);
  ck_assert_str_eq (a->background_row, b->background_row);
  ck_assert_str_eq (a->model_name, b->model_name);
  ck_assert_str_eq (a->model_hash, b->model_hash);
  ck_assert_str_eq (a->model_text, b->model_text);
  ck_assert_str_eq (a->data_name, b->data_name);
  ck_assert_str_eq (a->data_hash, b->data_hash);
  ck_assert_str_eq (a->background_name, b->background_name);
  ck_assert_str_eq (a->background_hash, b->background_hash);
  ck_assert_str_eq (a->program, b->program);
  ck_assert_uint_eq (a->seed, b->seed);
  assert_lists ("notes", a->notes, b->notes);
}

void
example_assert_equal (ShsExplanation *a, ShsExplanation *b)
{
  const ShsExplanationParts *p = shs_explanation_get_parts (a);
  const ShsExplanationParts *q = shs_explanation_get_parts (b);
  gsize n = shs_explanation_get_n_rows (a), k = shs_explanation_get_n_outputs (a);

  assert_values ("values", p->values, q->values);
  assert_inputs (p, q);
  for (gsize j = 0; j < shs_explanation_get_n_features (a); j++)
    {
      const ShsColumn *c = shs_explanation_get_column (a, j);
      const ShsColumn *d = shs_explanation_get_column (b, j);

      ck_assert_str_eq (c->name, d->name);
      ck_assert_int_eq (c->type, d->type);
      ck_assert_uint_eq (c->n_categories, d->n_categories);
      for (gsize i = 0; i < c->n_categories; i++)
        ck_assert_str_eq (c->categories[i], d->categories[i]);
    }
  assert_lists ("output names", p->output_names, q->output_names);
  ck_assert_int_eq (p->base_per_row, q->base_per_row);
  assert_numbers ("base value", p->base_values, q->base_values, p->base_per_row ? n * k : k);
  assert_matrix ("predictions", p->predictions, q->predictions);
  assert_values ("std_errors", p->std_errors, q->std_errors);
  assert_values ("data", p->data, q->data);
  assert_values ("interactions", p->interactions, q->interactions);
  assert_values ("hierarchical_values", p->hierarchical_values, q->hierarchical_values);
  assert_matrix ("clustering", p->clustering, q->clustering);
  assert_numbers ("target", p->target, q->target, n);
  ck_assert_pstr_eq (p->target_name, q->target_name);
  ck_assert_pstr_eq (p->output_unit, q->output_unit);
  assert_lists ("row names", p->row_names, q->row_names);
  assert_lists ("background values", p->background_values, q->background_values);
  ck_assert ((p->row_index == NULL) == (q->row_index == NULL));
  ck_assert (p->row_index == NULL
             || memcmp (p->row_index, q->row_index, n * sizeof *p->row_index) == 0);
  ck_assert (p->seconds == q->seconds);
  assert_provenance (&p->provenance, &q->provenance);
}

ExampleOptions
example_kind (gsize kind)
{
  ExampleOptions o = {
    .n_rows = 7, .n_features = 4, .n_outputs = kind % 2 == 0 ? 1 : 3, .in_double = kind % 3 != 0
  };

  switch (kind / 2)
    {
    case 0: /* the least there is */
      break;
    case 1:
      o.with_predictions = o.with_data = o.with_provenance = TRUE;
      break;
    case 2:
      o.with_data = o.with_categories = o.with_missing = o.with_target = TRUE;
      break;
    case 3:
      o.with_rows = o.with_interactions = o.with_std_errors = TRUE;
      break;
    case 4:
      o.with_base_per_row = o.with_clustering = o.with_predictions = TRUE;
      break;
    case 5:
      o.n_rows = 1;
      o.with_hierarchy = o.with_clustering = o.with_base_per_row = TRUE;
      break;
    case 6:
      o.n_features = 12;
      o.with_shape = o.with_data = o.with_std_errors = TRUE;
      break;
    case 7:
      o.with_two_inputs = o.with_data = o.with_categories = o.with_interactions = TRUE;
      break;
    default: /* larger than a block, everything */
      o.n_rows = 5000;
      o.n_features = 30;
      o.with_predictions = o.with_data = o.with_categories = o.with_missing = TRUE;
      o.with_target = o.with_rows = o.with_std_errors = o.with_provenance = TRUE;
    }
  return o;
}
