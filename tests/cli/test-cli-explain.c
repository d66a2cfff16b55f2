#include "shs-command.h"
#include "shs-test.h"

#include "core/shs-memory.h"
#include "io/npy/shs-npy.h"
#include "result/shs-explanation-file.h"

#include <math.h>
#include <string.h>

Suite *cli_explain_suite (void);

/* With the endings of their models. */
static const struct
{
  const char *name;
  const char *ending;
} examples[]
    = { { "penguins", "json" },      { "penguins-small", "json" }, { "seattle-rain", "json" },
        { "doctor-visits", "json" }, { "penguin-sex", "json" },    { "election-1996", "cbm" },
        { "penguin-bill", "txt" } };

static char *
example_file (const char *name, const char *ending)
{
  g_autofree char *relative = g_strdup_printf ("data/examples/%s.%s", name, ending);

  return shs_test_source (relative);
}

/* Some examples ask different questions of the same table. */
static const char *
table_of (const char *name)
{
  return g_str_equal (name, "penguin-sex") || g_str_equal (name, "penguin-bill") ? "penguins"
                                                                                 : name;
}

static const char *
ending_of (const char *name)
{
  gsize i = 0;

  while (!g_str_equal (examples[i].name, name))
    i++;
  return examples[i].ending;
}

static ShsExplanation *
explain_example (const char *name, const char *ending)
{
  g_autofree char *model = example_file (name, ending_of (name));
  g_autofree char *data = example_file (table_of (name), "csv");
  g_autofree char *file = g_strdup_printf ("%s.%s", name, ending);
  g_autofree char *path = shs_test_temporary (file);
  g_autoptr (GError) error = NULL;
  g_auto (ShsCommandResult) result = shs_command ("explain", model, data, "-o", path, NULL);
  ShsExplanation *explanation;

  shs_command_assert (&result, 0);
  explanation = shs_explanation_load (path, NULL, &error);
  shs_test_assert_no_error (error);
  return explanation;
}

START_TEST (examples_are_explained_as_their_library_predicts)
{
  const char *name = examples[_i].name;
  g_autoptr (ShsExplanation) explanation = explain_example (name, "npz");
  g_autofree char *relative = g_strdup_printf ("examples/%s.npz", name);
  g_autofree char *oracle_path = shs_test_fixture (relative);
  g_autoptr (ShsNpz) oracle = shs_npz_open (oracle_path, NULL);
  g_autoptr (ShsNpyArray) rows = shs_npz_read (oracle, "row_index", NULL);
  g_autoptr (ShsNpyArray) contribs = shs_npz_read (oracle, "contribs", NULL);
  gsize n_features = shs_explanation_get_n_features (explanation);
  gsize n_outputs = shs_explanation_get_n_outputs (explanation);
  SHS_AUTOFREE double *values = shs_alloc (n_features, sizeof *values, NULL);
  SHS_AUTOFREE double *library = shs_alloc (contribs->n_items, sizeof *library, NULL);

  ck_assert_uint_eq (contribs->n_items, rows->n_items * n_outputs * (n_features + 1));
  shs_npy_array_read_doubles (contribs, 0, 0, contribs->n_items, library);
  for (gsize i = 0; i < rows->n_items; i++)
    for (gsize k = 0; k < n_outputs; k++)
      {
        const double *expected = library + (i * n_outputs + k) * (n_features + 1);
        double row;

        shs_npy_array_read_doubles (rows, 0, i, 1, &row);
        ck_assert (shs_values_read_row (shs_explanation_get_parts (explanation)->values, k,
                                        (gsize)row, values, NULL));
        for (gsize j = 0; j < n_features; j++)
          ck_assert_double_eq_tol (values[j], expected[j],
                                   1e-5 * MAX (1, fabs (expected[n_features])));
      }
}
END_TEST

START_TEST (every_format_holds_the_same_values)
{
  static const char *const endings[] = { "h5", "json" };
  g_autoptr (ShsExplanation) npz = explain_example ("doctor-visits", "npz");
  g_autoptr (ShsExplanation) other = explain_example ("doctor-visits", endings[_i]);
  gsize n_rows = shs_explanation_get_n_rows (npz);
  SHS_AUTOFREE double *a = shs_alloc (n_rows, sizeof *a, NULL);
  SHS_AUTOFREE double *b = shs_alloc (n_rows, sizeof *b, NULL);

  ck_assert_uint_eq (n_rows, shs_explanation_get_n_rows (other));
  for (gsize j = 0; j < shs_explanation_get_n_features (npz); j++)
    {
      ck_assert (shs_values_read_feature (shs_explanation_get_parts (npz)->values, 0, j, a, NULL));
      ck_assert (
          shs_values_read_feature (shs_explanation_get_parts (other)->values, 0, j, b, NULL));
      ck_assert_mem_eq (a, b, n_rows * sizeof *a);
    }
}
END_TEST

static GBytes *
get_content (const char *path)
{
  char *content;
  gsize length;

  ck_assert (g_file_get_contents (path, &content, &length, NULL));
  return g_bytes_new_take (content, length);
}

/* With @memory for the program: the table of values, or the figure of the native file. */
static GBytes *
explain_within (const char *memory, gboolean and_draw)
{
  g_autofree char *model = example_file ("doctor-visits", "json");
  g_autofree char *data = example_file ("doctor-visits", "csv");
  g_autofree char *path = shs_test_temporary (and_draw ? "within.h5" : "within.csv");
  g_autofree char *figure = shs_test_temporary ("within.svg");
  g_auto (ShsCommandResult) explained = { 0 };
  g_auto (ShsCommandResult) drawn = { 0 };

  g_setenv ("SHAPSCOPE_MEMORY", memory, TRUE);
  /* Each thread needs room of its own while tables of the trees are built. */
  explained = shs_command ("explain", model, data, "-o", path, "--threads", "1", NULL);
  shs_command_assert (&explained, 0);
  if (and_draw)
    {
      drawn = shs_command ("plot", path, "beeswarm", "-o", figure, NULL);
      shs_command_assert (&drawn, 0);
    }
  g_unsetenv ("SHAPSCOPE_MEMORY");
  return get_content (and_draw ? figure : path);
}

START_TEST (a_result_larger_than_memory_is_explained_and_drawn)
{
  for (int and_draw = 0; and_draw < 2; and_draw++)
    {
      g_autoptr (GBytes) small = explain_within ("1G", and_draw);
      g_autoptr (GBytes) large = explain_within ("1500K", and_draw);

      ck_assert (g_bytes_equal (small, large));
    }
}
END_TEST

START_TEST (the_summary_names_the_target_and_the_probability_is_an_output)
{
  g_autofree char *model = example_file ("penguins", "json");
  g_autofree char *data = example_file ("penguins", "csv");
  g_autofree char *path = shs_test_temporary ("target.npz");
  g_autofree char *one = shs_test_temporary ("output.csv");
  g_autofree char *other = shs_test_temporary ("probability.csv");
  g_autofree char *outputs = NULL;
  g_autofree char *probabilities = NULL;
  g_auto (ShsCommandResult) lines = shs_command ("explain", model, data, "-o", path, NULL);
  g_auto (ShsCommandResult) first
      = shs_command ("predict", model, data, "-o", one, "--space", "output", NULL);
  g_auto (ShsCommandResult) second
      = shs_command ("predict", model, data, "-o", other, "--space", "probability", NULL);

  shs_command_assert (&lines, 0);
  ck_assert_ptr_nonnull (strstr (lines.output, "  target      species\n"));
  shs_command_assert (&first, 0);
  shs_command_assert (&second, 0);
  ck_assert (g_file_get_contents (one, &outputs, NULL, NULL));
  ck_assert (g_file_get_contents (other, &probabilities, NULL, NULL));
  ck_assert_str_eq (outputs, probabilities);
}
END_TEST

START_TEST (the_loss_of_numbers_is_called_a_squared_error)
{
  g_autofree char *model = shs_test_fixture ("xgboost/3.4.1/regression.json");
  g_autofree char *data = shs_test_temporary ("numbers.csv");
  g_autofree char *path = shs_test_temporary ("loss.npz");
  g_autoptr (GError) error = NULL;

  ck_assert (g_file_set_contents (data, "f0,f1,f2,f3,f4,y\n1,2,3,4,5,6\n2,1,0,1,2,3\n0,0,1,1,2,2\n",
                                  -1, &error));
  g_auto (ShsCommandResult) lines
      = shs_command ("explain", model, data, "-o", path, "--target", "y", "--space", "log-loss",
                     "--background", "all", NULL);

  shs_command_assert (&lines, 0);
  ck_assert_ptr_nonnull (strstr (lines.output, "  space       squared error\n"));
}
END_TEST

START_TEST (the_target_is_found_and_kept)
{
  g_autoptr (ShsExplanation) penguins = explain_example ("penguins", "npz");
  g_autoptr (ShsExplanation) rain = explain_example ("seattle-rain", "npz");

  ck_assert_str_eq (shs_explanation_get_parts (penguins)->target_name, "species");
  ck_assert_str_eq (shs_explanation_get_parts (rain)->target_name, "rain tomorrow");
}
END_TEST

/* The penguins with a first column without a name: "bird-3", or 3 where @prefix is "". */
static char *
write_indexed (const char *prefix)
{
  g_autofree char *data = example_file ("penguins", "csv");
  char *path = shs_test_temporary ("indexed.csv");
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree char *content = NULL;
  g_auto (GStrv) lines = NULL;

  ck_assert (g_file_get_contents (data, &content, NULL, NULL));
  lines = g_strsplit (g_strchomp (content), "\n", -1);
  g_string_append_printf (text, ",%s\n", lines[0]);
  for (int i = 1; lines[i] != NULL; i++)
    g_string_append_printf (text, "%s%d,%s\n", prefix, i - 1, lines[i]);
  ck_assert (g_file_set_contents (path, text->str, -1, NULL));
  return path;
}

START_TEST (a_row_index_is_no_target_and_names_the_rows)
{
  g_autofree char *model = example_file ("penguins", "json");
  g_autofree char *path = shs_test_temporary ("indexed.npz");
  g_autofree char *figure = shs_test_temporary ("indexed.svg");
  g_autofree char *named = write_indexed ("bird-");
  g_auto (ShsCommandResult) explained = shs_command ("explain", model, named, "-o", path, NULL);
  g_auto (ShsCommandResult) plotted
      = shs_command ("plot", path, "waterfall", "--row", "bird-3", "-o", figure, NULL);
  g_autoptr (ShsExplanation) explanation = shs_explanation_load (path, NULL, NULL);

  shs_command_assert (&explained, 0);
  shs_command_assert (&plotted, 0);
  ck_assert_str_eq (shs_explanation_get_parts (explanation)->target_name, "species");
  ck_assert_str_eq (shs_explanation_get_parts (explanation)->row_names[3], "bird-3");
}
END_TEST

START_TEST (a_row_index_that_counts_names_nothing)
{
  g_autofree char *model = example_file ("penguins", "json");
  g_autofree char *path = shs_test_temporary ("counted.npz");
  g_autofree char *counted = write_indexed ("");
  g_auto (ShsCommandResult) explained
      = shs_command ("explain", model, counted, "-o", path, "--rows", "10:20", NULL);
  g_autoptr (ShsExplanation) explanation = shs_explanation_load (path, NULL, NULL);

  shs_command_assert (&explained, 0);
  ck_assert_str_eq (shs_explanation_get_parts (explanation)->target_name, "species");
  ck_assert_ptr_null (shs_explanation_get_parts (explanation)->row_names);
}
END_TEST

static GBytes *
explain_to_bytes (const char *threads, const char *rows)
{
  g_autofree char *model = example_file ("penguins", "json");
  g_autofree char *data = example_file ("penguins", "csv");
  g_autofree char *path = shs_test_temporary ("bytes.csv");
  g_auto (ShsCommandResult) result = shs_command ("explain", model, data, "-o", path, "--threads",
                                                  threads, "--rows", rows, NULL);

  shs_command_assert (&result, 0);
  return shs_test_bytes (path);
}

START_TEST (the_same_run_gives_the_same_bytes_at_any_thread_count)
{
  g_autoptr (GBytes) one = explain_to_bytes ("1", "10:300");
  g_autoptr (GBytes) four = explain_to_bytes ("4", "10:300");

  ck_assert (g_bytes_equal (one, four));
}
END_TEST

typedef struct
{
  const char *option;
  const char *value;
  const char *method;
  const char *background;
} Mode;

static const Mode modes[] = {
  { "--background", "all", "tree interventional", "all 344 rows of penguins.csv" },
  { "--background", "50", "tree interventional", "50 of 344 rows of penguins.csv, drawn with" },
  { "--background", "row:17", "tree interventional", "row 17 of penguins.csv" },
  { "--background", "year = 2007", "tree interventional", "rows of penguins.csv: year = 2007" },
  { "--explainer", "saabas", "tree saabas", "in the model" },
  { "--explainer", "banzhaf", "tree banzhaf, path-dependent", "in the model" },
  { "--explainer", "path-dependent", "tree path-dependent", "in the model" },
  { "--background=20", "--space=probability", "tree interventional", "20 of 344 rows" },
  { "--background=20", "--space=log-loss", "tree interventional", "20 of 344 rows" },
};

START_TEST (every_mode_says_what_it_did)
{
  g_autofree char *model = example_file ("penguins", "json");
  g_autofree char *data = example_file ("penguins", "csv");
  g_autofree char *path = shs_test_temporary ("mode.npz");
  g_auto (ShsCommandResult) result
      = shs_command ("explain", model, data, "-o", path, modes[_i].option, modes[_i].value, NULL);
  g_autoptr (ShsExplanation) explanation = NULL;
  const ShsProvenance *provenance;

  shs_command_assert (&result, 0);
  ck_assert_ptr_nonnull (strstr (result.output, modes[_i].method));
  ck_assert_ptr_nonnull (strstr (result.output, modes[_i].background));
  explanation = shs_explanation_load (path, NULL, NULL);
  provenance = &shs_explanation_get_parts (explanation)->provenance;
  ck_assert_str_eq (provenance->method, modes[_i].method);
  ck_assert_ptr_nonnull (strstr (provenance->background, modes[_i].background));
}
END_TEST

START_TEST (a_cohort_is_compared_with_by_its_name)
{
  g_autofree char *model = example_file ("penguins", "json");
  g_autofree char *data = example_file ("penguins", "csv");
  g_autofree char *path = shs_test_temporary ("cohort.h5");
  g_auto (ShsCommandResult) result
      = shs_command ("explain", model, data, "-o", path, "--cohort", "Dreamers: island = Dream",
                     "--cohort", "First: year = 2007", "--background", "dreamers", NULL);
  g_autoptr (ShsExplanation) explanation = NULL;
  const ShsProvenance *provenance;

  shs_command_assert (&result, 0);
  explanation = shs_explanation_load (path, NULL, NULL);
  provenance = &shs_explanation_get_parts (explanation)->provenance;
  ck_assert_str_eq (provenance->background,
                    "Dreamers, 124 of 344 rows of penguins.csv: island = Dream");
  ck_assert_ptr_nonnull (
      strstr (provenance->options, "{\"Dreamers\":\"island = Dream\",\"First\":\"year = 2007\"}"));
}
END_TEST

/* Half of a pair's interaction in both cells: every line of the matrix sums to the SHAP value. */
START_TEST (interactions_are_written_as_shap_has_them)
{
  g_autofree char *model = example_file ("penguins", "json");
  g_autofree char *data = example_file ("penguins", "csv");
  g_autofree char *path = shs_test_temporary ("pairs.npz");
  g_autofree char *figure = shs_test_temporary ("pairs.svg");
  g_auto (ShsCommandResult) result
      = shs_command ("explain", model, data, "-o", path, "--interactions", "--rows", "0:20", NULL);
  g_auto (ShsCommandResult) plotted
      = shs_command ("plot", path, "interactions", "-o", figure, NULL);
  g_autoptr (ShsNpz) archive = shs_npz_open (path, NULL);
  g_autoptr (ShsNpyArray) pairs = shs_npz_read (archive, "interactions", NULL);
  g_autoptr (ShsNpyArray) values = shs_npz_read (archive, "values", NULL);

  shs_command_assert (&result, 0);
  shs_command_assert (&plotted, 0);
  ck_assert_uint_eq (pairs->n_dimensions, 4);
  gsize n = pairs->shape[0], m = pairs->shape[1], k = pairs->shape[3];
  SHS_AUTOFREE double *cells = shs_alloc (pairs->n_items, sizeof *cells, NULL);
  SHS_AUTOFREE double *phi = shs_alloc (values->n_items, sizeof *phi, NULL);
  ck_assert_uint_eq (pairs->shape[2], m);
  ck_assert_uint_eq (values->n_items, n * m * k);
  shs_npy_array_read_doubles (pairs, 0, 0, pairs->n_items, cells);
  shs_npy_array_read_doubles (values, 0, 0, values->n_items, phi);
  for (gsize i = 0; i < n; i++)
    for (gsize a = 0; a < m; a++)
      for (gsize o = 0; o < k; o++)
        {
          double sum = 0;

          for (gsize b = 0; b < m; b++)
            sum += cells[((i * m + a) * m + b) * k + o];
          ck_assert_double_eq_tol (sum, phi[(i * m + a) * k + o], 1e-5);
        }
}
END_TEST

START_TEST (predictions_are_the_library_s)
{
  g_autofree char *model = example_file ("doctor-visits", "json");
  g_autofree char *data = example_file ("doctor-visits", "csv");
  g_autofree char *path = shs_test_temporary ("predictions.npz");
  g_autofree char *oracle_path = shs_test_fixture ("examples/doctor-visits.npz");
  g_auto (ShsCommandResult) result
      = shs_command ("predict", model, data, "-o", path, "--space", "output", NULL);

  shs_command_assert (&result, 0);
  g_autoptr (ShsNpz) ours = shs_npz_open (path, NULL);
  g_autoptr (ShsNpz) oracle = shs_npz_open (oracle_path, NULL);
  g_autoptr (ShsNpyArray) predictions = shs_npz_read (ours, "predictions", NULL);
  g_autoptr (ShsNpyArray) rows = shs_npz_read (oracle, "row_index", NULL);
  g_autoptr (ShsNpyArray) expected = shs_npz_read (oracle, "prediction", NULL);

  ck_assert_uint_eq (predictions->n_dimensions, 2);
  ck_assert_uint_eq (predictions->shape[0], 20190);
  for (gsize i = 0; i < rows->n_items; i++)
    {
      double row;
      double a;
      double b;

      shs_npy_array_read_doubles (rows, 0, i, 1, &row);
      shs_npy_array_read_doubles (predictions, 0, (gsize)row, 1, &a);
      shs_npy_array_read_doubles (expected, 0, i, 1, &b);
      ck_assert_double_eq_tol (a, b, 1e-5 * MAX (1, fabs (b)));
    }
}
END_TEST

/* The rows of an oracle as a data file of their own. */
static char *
rows_of_oracle (ShsNpz *oracle)
{
  char *path = shs_test_temporary ("rows.npy");
  g_autoptr (ShsNpyArray) x = shs_npz_read (oracle, "x", NULL);
  g_autofree double *values = g_new (double, x->n_items);

  shs_npy_array_read_doubles (x, 0, 0, x->n_items, values);
  ck_assert (shs_npy_write (path, values, x->n_dimensions, x->shape, NULL));
  return path;
}

START_TEST (an_isolation_forest_predicts_the_score_of_its_library_and_says_what_it_explains)
{
  static const char *const endings[] = { ".skops", ".json" };
  g_autofree char *file = g_strconcat ("sklearn/1.9.1/isolation", endings[_i], NULL);
  g_autofree char *model = shs_test_fixture (file);
  g_autofree char *oracle_path = shs_test_fixture ("sklearn/1.9.1/isolation.npz");
  g_autofree char *path = shs_test_temporary ("scores.npz");
  g_autoptr (ShsNpz) oracle = shs_npz_open (oracle_path, NULL);
  g_autofree char *rows = rows_of_oracle (oracle);
  g_auto (ShsCommandResult) result
      = shs_command ("predict", model, rows, "-o", path, "--space", "output", NULL);

  shs_command_assert (&result, 0);
  ck_assert_ptr_nonnull (strstr (result.output, "path length"));
  g_autoptr (ShsNpz) ours = shs_npz_open (path, NULL);
  g_autoptr (ShsNpyArray) predictions = shs_npz_read (ours, "predictions", NULL);
  g_autoptr (ShsNpyArray) expected = shs_npz_read (oracle, "prediction", NULL);

  ck_assert_uint_gt (expected->n_items, 0);
  ck_assert_uint_eq (predictions->n_items, expected->n_items);
  for (gsize i = 0; i < expected->n_items; i++)
    {
      double a;
      double b;

      shs_npy_array_read_doubles (predictions, 0, i, 1, &a);
      shs_npy_array_read_doubles (expected, 0, i, 1, &b);
      ck_assert_double_eq_tol (a, b, 1e-12);
      ck_assert (b < 0 && b > -1);
    }
}
END_TEST

START_TEST (a_prediction_that_the_file_does_not_tell_is_refused_and_the_margin_given)
{
  static const struct
  {
    const char *model;
    const char *oracle;
  } cases[] = { { "exported/pyod-isolation.json", "exported/pyod-isolation.npz" },
                { "treelite/isolation.tl", "treelite/isolation.npz" },
                { "onnx/isolation.onnx", "onnx/isolation.npz" } };
  g_autofree char *model = shs_test_fixture (cases[_i].model);
  g_autofree char *oracle_path = shs_test_fixture (cases[_i].oracle);
  g_autofree char *path = shs_test_temporary ("refused.npz");
  g_autoptr (ShsNpz) oracle = shs_npz_open (oracle_path, NULL);
  g_autofree char *rows = rows_of_oracle (oracle);
  g_auto (ShsCommandResult) refused
      = shs_command ("predict", model, rows, "-o", path, "--space", "output", NULL);
  g_auto (ShsCommandResult) margin = shs_command ("predict", model, rows, "-o", path, NULL);

  shs_command_assert (&refused, 1);
  ck_assert_ptr_nonnull (strstr (refused.errors, "--space margin"));
  shs_command_assert (&margin, 0);
  ck_assert_ptr_nonnull (strstr (margin.output, "note"));
}
END_TEST

/* Its table spells categories as others spell missing values, and numbers with zeros before them.
 */
START_TEST (predictions_of_spelled_categories_are_the_library_s)
{
  g_autofree char *model = shs_test_fixture ("catboost/1.2.10/spellings.cbm");
  g_autofree char *data = shs_test_fixture ("catboost/1.2.10/spellings.csv");
  g_autofree char *oracle_path = shs_test_fixture ("catboost/1.2.10/spellings.npz");
  g_autofree char *path = shs_test_temporary ("spellings.npz");
  g_auto (ShsCommandResult) result = shs_command ("predict", model, data, "-o", path, NULL);

  shs_command_assert (&result, 0);
  g_autoptr (ShsNpz) ours = shs_npz_open (path, NULL);
  g_autoptr (ShsNpz) oracle = shs_npz_open (oracle_path, NULL);
  g_autoptr (ShsNpyArray) predictions = shs_npz_read (ours, "predictions", NULL);
  g_autoptr (ShsNpyArray) expected = shs_npz_read (oracle, "margin", NULL);

  ck_assert_uint_gt (expected->n_items, 0);
  ck_assert_uint_eq (predictions->n_items, expected->n_items);
  for (gsize i = 0; i < expected->n_items; i++)
    {
      double a;
      double b;

      shs_npy_array_read_doubles (predictions, 0, i, 1, &a);
      shs_npy_array_read_doubles (expected, 0, i, 1, &b);
      ck_assert_double_eq_tol (a, b, 1e-12);
    }
}
END_TEST

START_TEST (predictions_as_text_tell_their_rows_and_outputs)
{
  g_autofree char *model = example_file ("penguins", "json");
  g_autofree char *data = example_file ("penguins", "csv");
  g_autofree char *path = shs_test_temporary ("predictions.csv");
  g_autofree char *text = NULL;
  g_auto (ShsCommandResult) result
      = shs_command ("predict", model, data, "-o", path, "--rows", "7:9", NULL);

  shs_command_assert (&result, 0);
  ck_assert (g_file_get_contents (path, &text, NULL, NULL));
  ck_assert_msg (g_str_has_prefix (text, "row,Adelie,Chinstrap,Gentoo\n7,"), "%s", text);
  ck_assert_ptr_nonnull (strstr (text, "\n8,"));
}
END_TEST

START_TEST (info_tells_of_model_data_and_match)
{
  g_autofree char *model = example_file ("penguins", "json");
  g_autofree char *data = example_file ("penguins", "csv");
  g_auto (ShsCommandResult) text = shs_command ("info", model, data, NULL);
  g_auto (ShsCommandResult) json = shs_command ("info", model, data, "--json", NULL);

  shs_command_assert (&text, 0);
  ck_assert_ptr_nonnull (strstr (text.output, "XGBoost 3.4"));
  ck_assert_ptr_nonnull (strstr (text.output, "344 rows"));
  ck_assert_ptr_nonnull (strstr (text.output, "target: species"));
  shs_command_assert (&json, 0);
  ck_assert_ptr_nonnull (strstr (json.output, "\"library\": \"XGBoost\""));
  ck_assert_ptr_nonnull (strstr (json.output, "\"target\": \"species\""));
}
END_TEST

START_TEST (the_export_script_is_printed_whole)
{
  g_autofree char *path = shs_test_source ("data/export/shapscope.py");
  g_autoptr (GBytes) script = shs_test_bytes (path);
  g_auto (ShsCommandResult) result = shs_command ("export-script", NULL);

  shs_command_assert (&result, 0);
  ck_assert_uint_eq (strlen (result.output), g_bytes_get_size (script));
  ck_assert_mem_eq (result.output, g_bytes_get_data (script, NULL), g_bytes_get_size (script));
}
END_TEST

Suite *
cli_explain_suite (void)
{
  Suite *suite = suite_create ("explain");
  TCase *cases = tcase_create ("explain");

  tcase_set_timeout (cases, 60);
  tcase_add_loop_test (cases, examples_are_explained_as_their_library_predicts, 0,
                       G_N_ELEMENTS (examples));
  tcase_add_loop_test (cases, every_format_holds_the_same_values, 0, 2);
  tcase_add_test (cases, a_result_larger_than_memory_is_explained_and_drawn);
  tcase_add_test (cases, the_summary_names_the_target_and_the_probability_is_an_output);
  tcase_add_test (cases, the_loss_of_numbers_is_called_a_squared_error);
  tcase_add_test (cases, the_target_is_found_and_kept);
  tcase_add_test (cases, a_row_index_is_no_target_and_names_the_rows);
  tcase_add_test (cases, a_row_index_that_counts_names_nothing);
  tcase_add_test (cases, the_same_run_gives_the_same_bytes_at_any_thread_count);
  tcase_add_loop_test (cases, every_mode_says_what_it_did, 0, G_N_ELEMENTS (modes));
  tcase_add_test (cases, a_cohort_is_compared_with_by_its_name);
  tcase_add_test (cases, interactions_are_written_as_shap_has_them);
  tcase_add_test (cases, predictions_are_the_library_s);
  tcase_add_loop_test (
      cases, an_isolation_forest_predicts_the_score_of_its_library_and_says_what_it_explains, 0, 2);
  tcase_add_loop_test (
      cases, a_prediction_that_the_file_does_not_tell_is_refused_and_the_margin_given, 0, 3);
  tcase_add_test (cases, predictions_of_spelled_categories_are_the_library_s);
  tcase_add_test (cases, predictions_as_text_tell_their_rows_and_outputs);
  tcase_add_test (cases, info_tells_of_model_data_and_match);
  tcase_add_test (cases, the_export_script_is_printed_whole);
  suite_add_tcase (suite, cases);
  return suite;
}
