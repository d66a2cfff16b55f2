#include "shs-test.h"

#include "core/shs-error.h"
#include "core/shs-memory.h"
#include "core/shs-random.h"
#include "example.h"
#include "io/shs-bytes.h"
#include "io/shs-npy.h"
#include "result/shs-explanation-file.h"

#include <math.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

Suite *explanation_file_suite (void);

static const char *const whole_formats[] = { ".npz", ".json", ".h5" };

/* Everything at once, and every part alone, for one and for several outputs. */
static ExampleOptions
make_options (gsize kind)
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

#define N_KINDS 18

START_TEST (every_kind_goes_through_every_whole_format_and_back)
{
  for (gsize f = 0; f < G_N_ELEMENTS (whole_formats); f++)
    for (gsize kind = 0; kind < N_KINDS; kind++)
      {
        ExampleOptions options = make_options (kind);
        g_autoptr (ShsExplanation) explanation = example_new (&options, kind);
        g_autofree char *name = g_strdup_printf ("whole-%zu%s", kind, whole_formats[f]);
        g_autofree char *path = shs_test_temporary (name);
        g_autoptr (ShsExplanation) back = NULL;
        g_autoptr (GError) error = NULL;

        ck_assert (shs_explanation_save (explanation, path, NULL, &error));
        shs_test_assert_no_error (error);
        back = shs_explanation_load (path, NULL, &error);
        shs_test_assert_no_error (error);
        example_assert_equal (explanation, back);
      }
}
END_TEST

START_TEST (what_was_loaded_is_saved_as_the_same_bytes)
{
  static const char *const formats[] = { ".npz", ".json", ".h5", ".csv" };

  for (gsize f = 0; f < G_N_ELEMENTS (formats); f++)
    for (gsize kind = 0; kind < N_KINDS - 4; kind++) /* two inputs share names, a table not */
      {
        ExampleOptions options = make_options (kind);
        g_autoptr (ShsExplanation) explanation = example_new (&options, kind);
        g_autofree char *a = g_strdup_printf ("first-%zu%s", kind, formats[f]);
        g_autofree char *b = g_strdup_printf ("second-%zu%s", kind, formats[f]);
        g_autofree char *first = shs_test_temporary (a);
        g_autofree char *second = shs_test_temporary (b);
        g_autoptr (ShsExplanation) back = NULL;
        g_autoptr (GError) error = NULL;

        ck_assert (shs_explanation_save (explanation, first, NULL, &error));
        back = shs_explanation_load (first, NULL, &error);
        shs_test_assert_no_error (error);
        ck_assert (shs_explanation_save (back, second, NULL, &error));
        g_autoptr (GBytes) bytes = shs_test_bytes (first);
        g_autoptr (GBytes) again = shs_test_bytes (second);
        ck_assert_msg (g_bytes_equal (bytes, again), "%s and %s differ", first, second);
      }
}
END_TEST

START_TEST (a_table_keeps_values_base_values_and_predictions)
{
  ExampleOptions options = make_options (9); /* base values per row, three outputs */
  g_autoptr (ShsExplanation) explanation = NULL;
  g_autoptr (ShsExplanation) back = NULL;
  g_autofree char *path = shs_test_temporary ("table.csv");
  g_autoptr (GError) error = NULL;
  gsize n, m, k;

  options.in_double = TRUE;
  explanation = example_new (&options, 3);
  ck_assert (shs_explanation_save (explanation, path, NULL, &error));
  back = shs_explanation_load (path, NULL, &error);
  shs_test_assert_no_error (error);
  n = shs_explanation_get_n_rows (explanation);
  m = shs_explanation_get_n_features (explanation);
  k = shs_explanation_get_n_outputs (explanation);
  ck_assert_uint_eq (shs_explanation_get_n_rows (back), n);
  ck_assert_uint_eq (shs_explanation_get_n_features (back), m);
  ck_assert_uint_eq (shs_explanation_get_n_outputs (back), k);
  for (gsize j = 0; j < m; j++)
    ck_assert_str_eq (shs_explanation_get_column (back, j)->name,
                      shs_explanation_get_column (explanation, j)->name);
  for (gsize output = 0; output < k; output++)
    for (gsize i = 0; i < n; i++)
      {
        double a[8], b[8];

        shs_values_read_row (shs_explanation_get_parts (explanation)->values, output, i, a, NULL);
        shs_values_read_row (shs_explanation_get_parts (back)->values, output, i, b, NULL);
        ck_assert_int_eq (memcmp (a, b, m * sizeof *a), 0);
        ck_assert (shs_explanation_get_base_value (back, i, output)
                   == shs_explanation_get_base_value (explanation, i, output));
        ck_assert (shs_explanation_get_prediction (back, i, output)
                   == shs_explanation_get_prediction (explanation, i, output));
      }
}
END_TEST

/* ---- anyone's files ---- */

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

START_TEST (a_category_that_the_model_has_never_seen_is_kept)
{
  ExampleOptions options = make_options (4);
  g_autoptr (ShsExplanation) explanation = example_new (&options, 1);

  for (gsize f = 0; f < G_N_ELEMENTS (whole_formats); f++)
    {
      g_autofree char *name = g_strconcat ("unseen", whole_formats[f], NULL);
      g_autofree char *path = shs_test_temporary (name);
      g_autoptr (GError) error = NULL;
      g_autoptr (ShsExplanation) back = NULL;
      ShsMatrix block = { 1, 4, 1, (double[]){ 1, 3, 1, 1 } }; /* of 3 categories */

      shs_values_write (shs_explanation_get_parts (explanation)->data, 0, 0, &block);
      ck_assert (shs_explanation_save (explanation, path, NULL, &error));
      back = shs_explanation_load (path, NULL, &error);
      shs_test_assert_no_error (error);
      example_assert_equal (explanation, back);
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

START_TEST (explanations_are_told_from_other_files)
{
  static const char *const formats[] = { ".npz", ".json", ".h5", ".csv" };
  static const char *const others[]
      = { "data/plain.h5", "data/stored.npz", "data/plain.csv", "data/expected.json" };
  ExampleOptions options = make_options (16);
  g_autoptr (ShsExplanation) explanation = example_new (&options, 1);

  for (gsize f = 0; f < G_N_ELEMENTS (formats); f++)
    {
      g_autofree char *name = g_strconcat ("told", formats[f], NULL);
      g_autofree char *path = shs_test_temporary (name);
      g_autofree char *other = shs_test_fixture (others[f]);

      ck_assert (shs_explanation_save (explanation, path, NULL, NULL));
      g_autoptr (GBytes) bytes = shs_test_bytes (path);
      g_autoptr (GBytes) other_bytes = shs_test_bytes (other);
      gsize length = MIN (g_bytes_get_size (bytes), 1u << 16);
      gsize other_length = g_bytes_get_size (other_bytes);

      ck_assert_msg (shs_explanation_sniff (path, g_bytes_get_data (bytes, NULL), length), "%s",
                     path);
      ck_assert_msg (!shs_explanation_sniff (other, g_bytes_get_data (other_bytes, NULL),
                                             MIN (other_length, 1u << 16)),
                     "%s", other);
    }
}
END_TEST

/* ---- failures ---- */

START_TEST (an_unknown_extension_is_refused)
{
  ExampleOptions options = make_options (0);
  g_autoptr (ShsExplanation) explanation = example_new (&options, 1);
  static const char *const names[] = { "x.txt", "x", "folder.npz/x", ".json.bak" };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr (GError) error = NULL;

      ck_assert (!shs_explanation_save (explanation, names[i], NULL, &error));
      shs_test_assert_error (error, SHS_ERROR_CHOICE);
    }
}
END_TEST

START_TEST (what_is_no_explanation_is_refused)
{
  g_autofree char *path = shs_test_temporary ("other");
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree char *missing = shs_test_temporary ("not-there.npz");
  static const char *const contents[] = { "", "a,b\n1,2\n", "[1, 2]", "{\"a\": 1}", "PK\003\004" };

  for (gsize i = 0; i < G_N_ELEMENTS (contents); i++)
    {
      g_autoptr (GError) error = NULL;

      ck_assert (g_file_set_contents (path, contents[i], -1, NULL));
      ck_assert_ptr_null (shs_explanation_load (path, NULL, &error));
      ck_assert_ptr_nonnull (error);
      ck_assert_msg (strstr (error->message, path) != NULL, "no path in: %s", error->message);
    }
  for (int i = 0; i < 2; i++)
    {
      g_autoptr (GError) error = NULL;

      ck_assert_ptr_null (shs_explanation_load (i == 0 ? folder : missing, NULL, &error));
      shs_test_assert_error (error, SHS_ERROR_FILE);
    }
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

START_TEST (a_pipe_is_refused_without_waiting)
{
  g_autofree char *path = shs_test_temporary ("pipe.npz");
  g_autoptr (GError) error = NULL;

  ck_assert_int_eq (mkfifo (path, 0600), 0);
  ck_assert_ptr_null (shs_explanation_load (path, NULL, &error));
  shs_test_assert_error (error, SHS_ERROR_FILE);
  ck_assert_msg (strstr (error->message, "not a regular file") != NULL, "%s", error->message);
}
END_TEST

/* Any step of a save may run out of memory; what was there before stays. */
START_TEST (a_save_that_fails_leaves_the_old_file_whole)
{
  ExampleOptions options = make_options (4);
  g_autoptr (ShsExplanation) explanation = example_new (&options, 1);

  for (gsize f = 0; f < G_N_ELEMENTS (whole_formats); f++)
    {
      g_autofree char *name = g_strconcat ("kept", whole_formats[f], NULL);
      g_autofree char *path = shs_test_temporary (name);

      ck_assert (g_file_set_contents (path, "old", -1, NULL));
      for (guint64 n = 1;; n++)
        {
          g_autoptr (GError) error = NULL;
          g_autofree char *content = NULL;
          gboolean saved;

          shs_alloc_fail_at (n);
          saved = shs_explanation_save (explanation, path, NULL, &error);
          shs_alloc_fail_at (0);
          if (saved)
            {
              ck_assert_uint_ge (n, 3);
              break;
            }
          shs_test_assert_error (error, SHS_ERROR_MEMORY);
          ck_assert (g_file_get_contents (path, &content, NULL, NULL));
          ck_assert_str_eq (content, "old");
        }
    }
}
END_TEST

START_TEST (a_cancelled_save_leaves_the_old_file_whole)
{
  ExampleOptions options = make_options (4);
  g_autoptr (ShsExplanation) explanation = example_new (&options, 1);
  g_autoptr (ShsProgress) progress = shs_progress_new ();
  g_autofree char *path = shs_test_temporary ("cancelled.npz");
  g_autofree char *content = NULL;
  g_autoptr (GError) error = NULL;

  ck_assert (g_file_set_contents (path, "old", -1, NULL));
  shs_progress_cancel (progress);
  ck_assert (!shs_explanation_save (explanation, path, progress, &error));
  shs_test_assert_error (error, SHS_ERROR_CANCELLED);
  ck_assert (g_file_get_contents (path, &content, NULL, NULL));
  ck_assert_str_eq (content, "old");
}
END_TEST

START_TEST (every_failing_allocation_of_a_load_is_an_error)
{
  ExampleOptions options = make_options (14);
  g_autoptr (ShsExplanation) explanation = NULL;

  options.with_rows = options.with_target = options.with_predictions = TRUE;
  explanation = example_new (&options, 1);
  for (gsize f = 0; f < G_N_ELEMENTS (whole_formats); f++)
    {
      g_autofree char *name = g_strconcat ("memory", whole_formats[f], NULL);
      g_autofree char *path = shs_test_temporary (name);

      ck_assert (shs_explanation_save (explanation, path, NULL, NULL));
      for (guint64 n = 1;; n++)
        {
          g_autoptr (GError) error = NULL;
          g_autoptr (ShsExplanation) back = NULL;

          shs_alloc_fail_at (n);
          back = shs_explanation_load (path, NULL, &error);
          shs_alloc_fail_at (0);
          if (back != NULL)
            break;
          ck_assert_msg (error->code == SHS_ERROR_MEMORY, "%" G_GUINT64_FORMAT ": %s", n,
                         error->message);
          ck_assert_uint_lt (n, 1000);
        }
    }
}
END_TEST

/* ---- hostile files ---- */

typedef struct
{
  int fd;
  char *path; /* of the descriptor: memory is faster than any disk */
} Victim;

static void
load_hostile (GBytes *bytes, gpointer data)
{
  Victim *victim = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ShsExplanation) explanation = NULL;
  gsize length;
  const char *content = g_bytes_get_data (bytes, &length);

  ck_assert_int_eq (ftruncate (victim->fd, 0), 0);
  ck_assert_int_eq (pwrite (victim->fd, content, length, 0), (ssize_t)length);
  explanation = shs_explanation_load (victim->path, NULL, &error);
  ck_assert ((explanation == NULL) == (error != NULL));
  if (explanation == NULL)
    ck_assert_msg (strchr (error->message, '\n') == NULL, "more than a line: %s", error->message);
}

static void
attack (const char *extension, gsize n)
{
  ExampleOptions options = { .n_rows = 2,
                             .n_features = 3,
                             .n_outputs = 2,
                             .with_data = TRUE,
                             .with_categories = TRUE,
                             .with_rows = TRUE,
                             .with_target = TRUE,
                             .with_interactions = TRUE,
                             .with_provenance = TRUE };
  g_autoptr (ShsExplanation) explanation = example_new (&options, 1);
  g_autofree char *name = g_strconcat ("victim", extension, NULL);
  g_autofree char *path = shs_test_temporary (name);
  g_autoptr (GBytes) bytes = NULL;
  Victim victim = { .fd = memfd_create ("victim", 0) };

  victim.path = g_strdup_printf ("/proc/self/fd/%d", victim.fd);
  ck_assert (shs_explanation_save (explanation, path, NULL, NULL));
  bytes = shs_test_bytes (path);
  shs_test_truncate (bytes, load_hostile, &victim);
  shs_test_mutate (bytes, n, 7, load_hostile, &victim);
  close (victim.fd);
  g_free (victim.path);
}

START_TEST (damaged_json_is_an_error_or_an_explanation)
{
  attack (".json", 20000);
}
END_TEST

START_TEST (damaged_archives_are_an_error_or_an_explanation)
{
  attack (".npz", 20000);
}
END_TEST

START_TEST (damaged_tables_are_an_error_or_an_explanation)
{
  attack (".csv", 5000);
}
END_TEST

Suite *
explanation_file_suite (void)
{
  Suite *suite = suite_create ("explanation files");
  TCase *cases = tcase_create ("explanation files");

  tcase_set_timeout (cases, 120);
  tcase_add_test (cases, every_kind_goes_through_every_whole_format_and_back);
  tcase_add_test (cases, what_was_loaded_is_saved_as_the_same_bytes);
  tcase_add_test (cases, a_table_keeps_values_base_values_and_predictions);
  tcase_add_test (cases, the_least_file_of_anyone_loads);
  tcase_add_test (cases, base_values_tell_the_outputs_in_every_way);
  tcase_add_test (cases, what_is_missing_or_wrong_is_named);
  tcase_add_test (cases, display_data_give_the_categories_of_codes);
  tcase_add_test (cases, a_category_that_the_model_has_never_seen_is_kept);
  tcase_add_test (cases, text_as_data_becomes_categories);
  tcase_add_test (cases, explanations_are_told_from_other_files);
  tcase_add_test (cases, an_unknown_extension_is_refused);
  tcase_add_test (cases, what_is_no_explanation_is_refused);
  tcase_add_test (cases, long_names_in_a_refusal_are_cut_between_characters);
  tcase_add_test (cases, a_damaged_seed_is_refused_without_a_complaint);
  tcase_add_test (cases, a_pipe_is_refused_without_waiting);
  tcase_add_test (cases, a_save_that_fails_leaves_the_old_file_whole);
  tcase_add_test (cases, a_cancelled_save_leaves_the_old_file_whole);
  tcase_add_test (cases, every_failing_allocation_of_a_load_is_an_error);
  tcase_add_test (cases, damaged_json_is_an_error_or_an_explanation);
  tcase_add_test (cases, damaged_archives_are_an_error_or_an_explanation);
  tcase_add_test (cases, damaged_tables_are_an_error_or_an_explanation);
  suite_add_tcase (suite, cases);
  return suite;
}
