/* Explanations in files that others wrote. */
#include "shs-test.h"

#include "core/shs-error.h"
#include "io/npy/shs-npy.h"
#include "result/shs-explanation-file.h"

#include <math.h>
#include <string.h>

Suite *foreign_files_suite (void);

typedef struct
{
  const char *name;
  const char *descr;
  guint n_dimensions;
  gsize shape[4];
} ForeignArray;

/* Counting numbers, so that places can be told apart. */
static void
add_array (ShsNpzWriter *writer, const ForeignArray *array)
{
  gsize count = 1;

  for (guint d = 0; d < array->n_dimensions; d++)
    count *= array->shape[d];
  ck_assert (shs_npz_writer_begin (writer, array->name, array->descr, array->n_dimensions,
                                   array->shape, NULL));
  for (gsize i = 0; i < count; i++)
    {
      double wide = (double)i;
      float narrow = (float)i;

      ck_assert (g_str_equal (array->descr, "<f8")
                     ? shs_npz_writer_write (writer, &wide, sizeof wide, NULL)
                     : shs_npz_writer_write (writer, &narrow, sizeof narrow, NULL));
    }
}

static char *
write_foreign (const char *name, const ForeignArray *arrays, gsize n, const char *const *names,
               gsize n_names)
{
  char *path = shs_test_temporary (name);
  g_autoptr (ShsNpzWriter) writer = shs_npz_writer_new (path, NULL);

  for (gsize i = 0; i < n; i++)
    add_array (writer, &arrays[i]);
  if (names != NULL)
    ck_assert (shs_npz_writer_add_strings (writer, "feature_names", names, n_names, NULL));
  ck_assert (shs_npz_writer_commit (writer, NULL));
  return path;
}

START_TEST (the_least_file_of_anyone_loads)
{
  const ForeignArray arrays[] = { { "values", "<f4", 2, { 5, 3 } },
                                  { "base_values", "<f8", 1, { 1 } },
                                  { "data", "<f8", 2, { 5, 3 } } };
  const char *const names[] = { "a", "b", "a" };
  g_autofree char *path = write_foreign ("least.npz", arrays, 3, names, 3);
  g_autoptr (GError) error = NULL;
  g_autoptr (ShsExplanation) explanation = shs_explanation_load (path, NULL, &error);
  double row[3];

  shs_test_assert_no_error (error);
  ck_assert_uint_eq (shs_explanation_get_n_rows (explanation), 5);
  ck_assert_uint_eq (shs_explanation_get_n_outputs (explanation), 1);
  ck_assert_str_eq (shs_explanation_get_column (explanation, 2)->name, "a");
  ck_assert (!shs_values_is_double (shs_explanation_get_parts (explanation)->values));
  ck_assert (shs_values_is_double (shs_explanation_get_parts (explanation)->data));
  shs_values_read_row (shs_explanation_get_parts (explanation)->values, 0, 4, row, NULL);
  ck_assert (row[0] == 12 && row[2] == 14);
  ck_assert_double_nan (shs_explanation_get_prediction (explanation, 0, 0));
  ck_assert_str_eq (shs_explanation_get_parts (explanation)->provenance.method, "");
}
END_TEST

START_TEST (base_values_tell_the_outputs_in_every_way)
{
  const struct
  {
    ForeignArray values;
    ForeignArray base;
    gsize n_features;
    gsize n_outputs;
    gboolean per_row;
  } cases[] = {
    { { "values", "<f8", 2, { 5, 3 } }, { "base_values", "<f8", 0, { 0 } }, 3, 1, FALSE },
    { { "values", "<f8", 2, { 5, 3 } }, { "base_values", "<f8", 1, { 5 } }, 3, 1, TRUE },
    { { "values", "<f8", 2, { 5, 3 } }, { "base_values", "<f8", 2, { 5, 1 } }, 3, 1, TRUE },
    { { "values", "<f8", 3, { 5, 3, 2 } }, { "base_values", "<f8", 1, { 2 } }, 3, 2, FALSE },
    { { "values", "<f8", 3, { 5, 3, 2 } }, { "base_values", "<f8", 2, { 5, 2 } }, 3, 2, TRUE },
    { { "values", "<f8", 3, { 5, 3, 2 } }, { "base_values", "<f8", 2, { 1, 2 } }, 3, 2, FALSE },
    { { "values", "<f8", 3, { 5, 3, 1 } }, { "base_values", "<f8", 1, { 1 } }, 3, 1, FALSE },
    { { "values", "<f8", 3, { 5, 3, 2 } }, { "base_values", "<f8", 1, { 1 } }, 6, 1, FALSE },
    { { "values", "<f8", 4, { 5, 3, 2, 4 } }, { "base_values", "<f8", 1, { 4 } }, 6, 4, FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const ForeignArray arrays[] = { cases[i].values, cases[i].base };
      g_autofree char *name = g_strdup_printf ("base-%zu.npz", i);
      g_autofree char *path = write_foreign (name, arrays, 2, NULL, 0);
      g_autoptr (GError) error = NULL;
      g_autoptr (ShsExplanation) explanation = shs_explanation_load (path, NULL, &error);

      shs_test_assert_no_error (error);
      ck_assert_uint_eq (shs_explanation_get_n_features (explanation), cases[i].n_features);
      ck_assert_uint_eq (shs_explanation_get_n_outputs (explanation), cases[i].n_outputs);
      ck_assert_int_eq (shs_explanation_get_parts (explanation)->base_per_row, cases[i].per_row);
    }
}
END_TEST

START_TEST (what_is_missing_or_wrong_is_named)
{
  const ForeignArray values = { "values", "<f8", 2, { 5, 3 } };
  const ForeignArray base = { "base_values", "<f8", 1, { 1 } };
  const struct
  {
    const char *says;
    ForeignArray arrays[3];
  } cases[] = {
    { "no array `base_values`", { values } },
    { "no array `values`", { base } },
    { "`base_values` has shape (4,)", { values, { "base_values", "<f8", 1, { 4 } } } },
    { "`data` has shape (5, 2)", { values, base, { "data", "<f8", 2, { 5, 2 } } } },
    { "`predictions` has shape (4, 1)", { values, base, { "predictions", "<f8", 2, { 4, 1 } } } },
    { "`interactions` has shape", { values, base, { "interactions", "<f8", 3, { 5, 3, 2 } } } },
    { "`std_errors` has shape", { values, base, { "std_errors", "<f8", 2, { 5, 4 } } } },
    { "`clustering` has shape", { values, base, { "clustering", "<f8", 2, { 3, 4 } } } },
    { "`shape`", { values, base, { "shape", "<f8", 1, { 2 } } } },
    { "`target` has", { values, base, { "target", "<f8", 1, { 3 } } } },
    { "`values` has shape (5,)", { { "values", "<f8", 1, { 5 } }, base } },
    { "0 features", { { "values", "<f8", 2, { 5, 0 } }, base } },
    { "0 features", { { "values", "<f8", 2, { 5, 0 } }, base, { "shape", "<f8", 1, { 3 } } } },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      gsize n = 0;
      g_autofree char *path = NULL;
      g_autoptr (GError) error = NULL;

      while (n < 3 && cases[i].arrays[n].name != NULL)
        n++;
      path = write_foreign ("wrong.npz", cases[i].arrays, n, NULL, 0);
      ck_assert_ptr_null (shs_explanation_load (path, NULL, &error));
      shs_test_assert_error (error, SHS_ERROR_INVALID);
      ck_assert_msg (strstr (error->message, cases[i].says) != NULL, "'%s' not in: %s",
                     cases[i].says, error->message);
      ck_assert_msg (strstr (error->message, path) != NULL, "no path in: %s", error->message);
    }
}
END_TEST

START_TEST (display_data_give_the_categories_of_codes)
{
  g_autofree char *path = shs_test_temporary ("display.json");
  g_autoptr (GError) error = NULL;
  g_autoptr (ShsExplanation) explanation = NULL;
  const ShsColumn *column;
  const char *text = "{\"values\": [[1, 2, 3], [4, 5, 6], [7, 8, 9]], \"base_values\": [0.5],"
                     "\"data\": [[2, 1.5, 0.5], [0, null, 1], [null, 3, 2]],"
                     "\"display_data\": [[\"blue\", \"1.5\", \"x\"], [\"red\", \"\", \"y\"],"
                     " [\"\", \"3.0\", \"z\"]],"
                     "\"feature_names\": [\"colour\", \"height\", \"odd\"]}";

  ck_assert (g_file_set_contents (path, text, -1, NULL));
  explanation = shs_explanation_load (path, NULL, &error);
  shs_test_assert_no_error (error);
  column = shs_explanation_get_column (explanation, 0);
  ck_assert_int_eq (column->type, SHS_COLUMN_CATEGORY);
  ck_assert_uint_eq (column->n_categories, 3);
  ck_assert_str_eq (column->categories[0], "red");
  ck_assert_str_eq (column->categories[1], "1"); /* no row has it */
  ck_assert_str_eq (column->categories[2], "blue");
  ck_assert_int_eq (shs_explanation_get_column (explanation, 1)->type, SHS_COLUMN_NUMBER);
  ck_assert_int_eq (shs_explanation_get_column (explanation, 2)->type, SHS_COLUMN_NUMBER);
  ck_assert_ptr_nonnull (
      strstr (shs_explanation_get_parts (explanation)->provenance.notes[0], "odd"));
}
END_TEST

START_TEST (truths_of_anyone_are_read_as_such)
{
  static const char *const texts[] = {
    "{\"values\": [[1, 2], [3, 4]], \"base_values\": [0],"
    "\"data\": [[1, 0.5], [0, 1]], \"display_data\": [[\"True\", \"0.5\"], [\"False\", \"1\"]]}",
    "{\"values\": [[1, 2], [3, 4]], \"base_values\": [0],"
    "\"data\": [[\"True\", \"x\"], [\"False\", \"y\"]]}",
    "{\"values\": [[1, 2], [3, 4]], \"base_values\": [0],"
    "\"data\": [[1, 5], [null, 6]], \"display_data\": [[\"True\", \"5\"], [\"\", \"6\"]]}"
  };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autofree char *path = shs_test_temporary ("truths.json");
      g_autoptr (GError) error = NULL;
      g_autoptr (ShsExplanation) explanation = NULL;
      double row[2];

      ck_assert (g_file_set_contents (path, texts[i], -1, NULL));
      explanation = shs_explanation_load (path, NULL, &error);
      shs_test_assert_no_error (error);
      shs_values_read_row (shs_explanation_get_parts (explanation)->data, 0, 0, row, NULL);
      ck_assert (shs_column_is_truth (shs_explanation_get_column (explanation, 0)));
      ck_assert (!shs_column_is_truth (shs_explanation_get_column (explanation, 1)));
      ck_assert_double_eq (row[0], 1);
      ck_assert_str_eq (shs_column_get_text (shs_explanation_get_column (explanation, 0), 0),
                        "False");
    }
}
END_TEST

START_TEST (truths_survive_saving)
{
  static const char *const extensions[] = { "json", "npz" };
  g_autofree char *path = shs_test_temporary ("truth.json");
  g_autoptr (GError) error = NULL;
  g_autoptr (ShsExplanation) explanation = NULL;
  const char *text = "{\"values\": [[1], [3]], \"base_values\": [0], \"data\": [[1], [0]],"
                     "\"display_data\": [[\"True\"], [\"False\"]]}";

  ck_assert (g_file_set_contents (path, text, -1, NULL));
  explanation = shs_explanation_load (path, NULL, &error);
  shs_test_assert_no_error (error);
  for (gsize i = 0; i < G_N_ELEMENTS (extensions); i++)
    {
      g_autofree char *name = g_strconcat ("truth-saved.", extensions[i], NULL);
      g_autofree char *saved = shs_test_temporary (name);
      g_autoptr (ShsExplanation) again = NULL;

      ck_assert (shs_explanation_save (explanation, saved, NULL, &error));
      again = shs_explanation_load (saved, NULL, &error);
      shs_test_assert_no_error (error);
      ck_assert (shs_column_is_truth (shs_explanation_get_column (again, 0)));
      ck_assert_str_eq (shs_column_get_text (shs_explanation_get_column (again, 0), 1), "True");
    }
}
END_TEST

START_TEST (text_as_data_becomes_categories)
{
  g_autofree char *path = shs_test_temporary ("tokens.json");
  g_autoptr (GError) error = NULL;
  g_autoptr (ShsExplanation) explanation = NULL;
  g_autofree char *described = NULL;
  double row[3];
  const char *text = "{\"values\": [[1, 2, 3]], \"base_values\": [0],"
                     "\"data\": [[\"a \", \"1993\", \"\"]], \"hierarchical_values\":"
                     "[[1], [2], [3], [4], [5]], \"target\": [\"none\"]}";

  ck_assert (g_file_set_contents (path, text, -1, NULL));
  explanation = shs_explanation_load (path, NULL, &error);
  shs_test_assert_no_error (error);
  shs_values_read_row (shs_explanation_get_parts (explanation)->data, 0, 0, row, NULL);
  described = shs_explanation_describe_value (explanation, 1, row[1]);
  ck_assert_str_eq (described, "1993");
  ck_assert_str_eq (shs_explanation_get_column (explanation, 0)->categories[0], "a ");
  ck_assert_double_nan (row[2]);
  ck_assert_double_nan (shs_explanation_get_parts (explanation)->target[0]);
}
END_TEST

/* Names of every length around the one at which the message is cut, in one and in two bytes. */
START_TEST (long_names_in_a_refusal_are_cut_between_characters)
{
  for (gsize length = 190; length < 220; length++)
    for (int wide = 0; wide < 2; wide++)
      {
        g_autoptr (GString) name = g_string_new (length % 2 == 0 ? "" : "x");
        ForeignArray array = { .descr = "<f8", .n_dimensions = 1, .shape = { 1 } };
        g_autofree char *path = NULL;
        g_autoptr (GError) error = NULL;

        while (name->len < length)
          g_string_append (name, wide ? "é" : "yz");
        array.name = name->str;
        path = write_foreign ("long-names.npz", &array, 1, NULL, 0);
        ck_assert_ptr_null (shs_explanation_load (path, NULL, &error));
        shs_test_assert_error (error, SHS_ERROR_INVALID);
        ck_assert (g_utf8_validate (error->message, -1, NULL));
        ck_assert_msg (g_str_has_suffix (error->message, "...") == (name->len > 200), "%s",
                       error->message);
      }
}
END_TEST

START_TEST (a_damaged_seed_is_refused_without_a_complaint)
{
  static const char *const seeds[] = { "\"12\\q\"", "\"\\ud800\"", "\"12", "-", "\"\x01\"" };

  for (gsize i = 0; i < G_N_ELEMENTS (seeds); i++)
    {
      const ForeignArray values = { "values", "<f8", 2, { 1, 1 } };
      const ForeignArray base = { "base_values", "<f8", 1, { 1 } };
      g_autofree char *path = shs_test_temporary ("seed.npz");
      g_autofree char *meta = g_strdup_printf ("{\"seed\": %s}", seeds[i]);
      g_autoptr (ShsNpzWriter) writer = shs_npz_writer_new (path, NULL);
      g_autoptr (GError) error = NULL;

      add_array (writer, &values);
      add_array (writer, &base);
      ck_assert (shs_npz_writer_add_text (writer, "meta", meta, NULL));
      ck_assert (shs_npz_writer_commit (writer, NULL));
      ck_assert_ptr_null (shs_explanation_load (path, NULL, &error));
      shs_test_assert_error (error, SHS_ERROR_SYNTAX);
    }
}
END_TEST

Suite *
foreign_files_suite (void)
{
  Suite *suite = suite_create ("foreign files");
  TCase *cases = tcase_create ("foreign files");

  tcase_set_timeout (cases, 60);
  tcase_add_test (cases, the_least_file_of_anyone_loads);
  tcase_add_test (cases, base_values_tell_the_outputs_in_every_way);
  tcase_add_test (cases, what_is_missing_or_wrong_is_named);
  tcase_add_test (cases, display_data_give_the_categories_of_codes);
  tcase_add_test (cases, text_as_data_becomes_categories);
  tcase_add_test (cases, truths_of_anyone_are_read_as_such);
  tcase_add_test (cases, truths_survive_saving);
  tcase_add_test (cases, long_names_in_a_refusal_are_cut_between_characters);
  tcase_add_test (cases, a_damaged_seed_is_refused_without_a_complaint);
  suite_add_tcase (suite, cases);
  return suite;
}
