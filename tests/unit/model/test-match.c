#include "shs-test.h"

#include "core/shs-error.h"
#include "io/csv/shs-csv.h"
#include "model-text.h"
#include "model/match/shs-column-match.h"

#include <math.h>
#include <string.h>

Suite *match_suite (void);

#define CATS                                                                                       \
  "\"cats\":{\"enc\":[{\"offsets\":[],\"values\":[]},"                                             \
  "{\"offsets\":[0,3,6,10,13],\"values\":[114,101,100,116,97,110,98,108,117,101,115,107,121]}],"   \
  "\"feature_segments\":[0,0,4],\"sorted_idx\":[]},"
#define NUMBERED                                                                                   \
  "\"cats\":{\"enc\":[{\"offsets\":[],\"values\":[]},"                                             \
  "{\"type\":15,\"values\":[2007,2009,2008,1999]}],\"feature_segments\":[0,0,4],"                  \
  "\"sorted_idx\":[]},"
#define NAMES "\"feature_names\":[\"body mass\",\"colour\"],\"feature_types\":[\"float\",\"c\"]"
#define NO_NAMES "\"feature_names\":[],\"feature_types\":[]"

/* Two features; the second is a category (red, tan, blue, sky, or what @cats says). */
static ShsModel *
make_model (const char *names, const char *cats, const char *objective)
{
  g_autofree char *plain = model_text (PLAIN, "5E-1", objective);
  g_autofree char *named = replaced (plain, NO_NAMES, names);
  g_autofree char *start = g_strconcat ("\"model\":{", cats, NULL);
  g_autofree char *text = replaced (named, "\"model\":{", start);
  g_autoptr (GError) error = NULL;
  ShsModel *model = parse_text (text, &error);

  shs_test_assert_no_error (error);
  return model;
}

static ShsDataset *
make_data (const char *csv)
{
  g_autoptr (GBytes) bytes = g_bytes_new (csv, strlen (csv));
  g_autoptr (GError) error = NULL;
  ShsDataset *dataset = shs_csv_parse ("data.csv", bytes, NULL, 1, NULL, &error);

  shs_test_assert_no_error (error);
  return dataset;
}

static ShsColumnMatch *
match_data (ShsModel *model, const char *csv, const char *target, GError **error)
{
  g_autoptr (ShsDataset) dataset = make_data (csv);

  return shs_column_match_new (model, dataset, target, error);
}

static void
assert_rows (const ShsColumnMatch *match, const double (*expected)[2], gsize n)
{
  g_autoptr (ShsMatrix) block = shs_matrix_new (n, 2, NULL);
  g_autoptr (GError) error = NULL;

  ck_assert (shs_column_match_read (match, 0, block, &error));
  for (gsize i = 0; i < n; i++)
    for (gsize j = 0; j < 2; j++)
      {
        double value = shs_matrix_get (block, i, j);

        ck_assert_msg (value == expected[i][j] || (isnan (value) && isnan (expected[i][j])),
                       "row %zu, feature %zu: %g", i, j, value);
      }
}

static gboolean
has_note (const ShsColumnMatch *match, const char *part)
{
  for (const char *const *note = shs_column_match_get_notes (match); *note != NULL; note++)
    if (strstr (*note, part) != NULL)
      return TRUE;
  return FALSE;
}

static void
assert_mismatch (ShsModel *model, const char *csv, const char *target, int code,
                 const char *const *parts)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ShsColumnMatch) match = match_data (model, csv, target, &error);

  ck_assert_ptr_null (match);
  shs_test_assert_error (error, code);
  for (; *parts != NULL; parts++)
    ck_assert_msg (strstr (error->message, *parts) != NULL, "no %s in: %s", *parts, error->message);
}

START_TEST (columns_are_found_by_name_in_any_order)
{
  static const double expected[][2] = { { 1.5, 2 }, { 2.5, 0 }, { NAN, NAN } };
  g_autoptr (ShsModel) model = make_model (NAMES, CATS, "reg:squarederror");
  g_autoptr (GError) error = NULL;
  g_autoptr (ShsColumnMatch) match = match_data (
      model, "id,colour,other,body mass\n1,blue,7,1.5\n2,red,8,2.5\n3,,9,\n", NULL, &error);

  shs_test_assert_no_error (error);
  assert_rows (match, expected, 3);
  ck_assert_uint_eq (shs_column_match_get_column (match, 0), 3);
  ck_assert_uint_eq (shs_column_match_get_column (match, 1), 1);
  ck_assert_int_eq (shs_column_match_get_target (match), -1);
  ck_assert_ptr_null (shs_column_match_get_notes (match)[0]);
}
END_TEST

START_TEST (names_are_found_without_case_blanks_and_underscores)
{
  static const double expected[][2] = { { 1.5, 2 } };
  g_autoptr (ShsModel) model = make_model (NAMES, CATS, "reg:squarederror");
  g_autoptr (GError) error = NULL;
  g_autoptr (ShsColumnMatch) match
      = match_data (model, "Body_Mass,COLOUR\n1.5,blue\n", NULL, &error);

  shs_test_assert_no_error (error);
  assert_rows (match, expected, 1);
  ck_assert (has_note (match, "\"Body_Mass\" feeds the feature \"body mass\""));
}
END_TEST

/* Exporters write underscores for what their format does not allow. */
START_TEST (names_are_found_without_signs_that_an_exporter_replaced)
{
  static const double expected[][2] = { { 1.5, 2 } };
  g_autoptr (ShsModel) model = make_model (
      "\"feature_names\":[\"income__EUR_\",\"colour\"],\"feature_types\":[\"float\",\"c\"]", CATS,
      "reg:squarederror");
  g_autoptr (GError) error = NULL;
  g_autoptr (ShsColumnMatch) match
      = match_data (model, "income (EUR),colour\n1.5,blue\n", NULL, &error);

  shs_test_assert_no_error (error);
  assert_rows (match, expected, 1);
  ck_assert (has_note (match, "\"income (EUR)\" feeds the feature \"income__EUR_\""));
  assert_mismatch (model, "income (EUR),income [EUR],colour\n1.5,2,blue\n", NULL,
                   SHS_ERROR_MISMATCH, (const char *[]){ "\"income__EUR_\"", NULL });
}
END_TEST

START_TEST (many_names_written_otherwise_are_one_note)
{
  g_autofree char *plain = model_text (PLAIN, "5E-1", "reg:squarederror");
  g_autofree char *wide = replaced (plain, "\"num_feature\":\"2\",\"num_target\"",
                                    "\"num_feature\":\"5\",\"num_target\"");
  g_autofree char *text = replaced (
      wide, NO_NAMES,
      "\"feature_names\":[\"a b\",\"c d\",\"e f\",\"g h\",\"i j\"],\"feature_types\":[]");
  g_autoptr (GError) error = NULL;
  g_autoptr (ShsModel) model = parse_text (text, &error);

  shs_test_assert_no_error (error);
  g_autoptr (ShsColumnMatch) match
      = match_data (model, "A_B,C_D,E_F,G_H,I_J\n1,2,3,4,5\n", NULL, &error);

  shs_test_assert_no_error (error);
  ck_assert (has_note (match, "5 features are fed"));
  ck_assert (has_note (match, "\"E_F\" feeds the feature \"e f\" ..."));
  ck_assert (!has_note (match, "I_J"));
}
END_TEST

START_TEST (a_name_that_two_columns_could_mean_is_not_guessed)
{
  g_autoptr (ShsModel) model = make_model (NAMES, CATS, "reg:squarederror");

  assert_mismatch (model, "Body_Mass,BODY MASS,colour\n1.5,2,blue\n", NULL, SHS_ERROR_MISMATCH,
                   (const char *[]){ "\"body mass\"", "nearest", NULL });
}
END_TEST

START_TEST (missing_features_are_listed_with_the_nearest_columns)
{
  g_autoptr (ShsModel) model = make_model (NAMES, CATS, "reg:squarederror");

  assert_mismatch (model, "body mas,color,weight\n1,red,2\n", NULL, SHS_ERROR_MISMATCH,
                   (const char *[]){ "needs 2 columns", "\"body mass\" (nearest: \"body mas\")",
                                     "\"colour\" (nearest: \"color\")", "rename", NULL });
}
END_TEST

START_TEST (the_target_is_never_a_feature)
{
  g_autoptr (ShsModel) model = make_model (NAMES, CATS, "reg:squarederror");

  assert_mismatch (
      model, "body mass,colour\n1,red\n", "colour", SHS_ERROR_MISMATCH,
      (const char *[]){ "\"colour\" cannot be the target", "it is a feature of", NULL });
  assert_mismatch (model, "body mass,colour\n1,red\n", "color", SHS_ERROR_CHOICE,
                   (const char *[]){ "\"color\"", "did you mean \"colour\"", NULL });
}
END_TEST

START_TEST (columns_are_taken_in_order_when_the_model_has_no_names)
{
  static const double expected[][2] = { { 1.5, 2 }, { 2.5, 0 } };
  g_autoptr (ShsModel) model = make_model (NO_NAMES, "", "reg:squarederror");
  static const char *const texts[] = {
    "a,b\n1.5,2\n2.5,0\n",
    "a,y,b\n1.5,7,2\n2.5,8,0\n",
    "Unnamed: 0,a,b,y\n5,1.5,2,7\n9,2.5,0,8\n",
    ",a,b,y\n0,1.5,2,7\n1,2.5,0,8\n",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (ShsColumnMatch) match = match_data (model, texts[i], i > 0 ? "y" : NULL, &error);

      shs_test_assert_no_error (error);
      assert_rows (match, expected, 2);
      ck_assert (has_note (match, "in their order"));
      ck_assert (has_note (match, "left out") == (i >= 2));
    }
}
END_TEST

START_TEST (a_wrong_number_of_columns_is_told)
{
  g_autoptr (ShsModel) model = make_model (NO_NAMES, "", "reg:squarederror");

  assert_mismatch (model, "a,b,c\n1,2,5\n1,2,3\n", NULL, SHS_ERROR_MISMATCH,
                   (const char *[]){ "2 features without names", "3 columns", "the target", NULL });
  assert_mismatch (model, "a\n1\n", NULL, SHS_ERROR_MISMATCH,
                   (const char *[]){ "1 column;", NULL });
}
END_TEST

START_TEST (made_names_count_as_none)
{
  static const double expected[][2] = { { 1.5, 2 } };
  g_autoptr (ShsModel) model
      = make_model ("\"feature_names\":[\"f0\",\"f1\"],\"feature_types\":[\"float\",\"c\"]", "",
                    "reg:squarederror");
  g_autoptr (ShsColumnMatch) match = match_data (model, "a,b\n1.5,2\n", NULL, NULL);

  ck_assert_ptr_nonnull (match);
  assert_rows (match, expected, 1);
}
END_TEST

START_TEST (unseen_categories_get_codes_beyond_the_dictionary)
{
  static const double expected[][2] = { { 1, 4 }, { 2, 1 }, { 3, 5 }, { 4, 4 } };
  g_autoptr (ShsModel) model = make_model (NAMES, CATS, "reg:squarederror");
  g_autoptr (GError) error = NULL;
  g_autoptr (ShsColumnMatch) match
      = match_data (model, "body mass,colour\n1,pink\n2,tan\n3,grey\n4,pink\n", NULL, &error);

  shs_test_assert_no_error (error);
  assert_rows (match, expected, 4);
  ck_assert (has_note (match, "2 categories that the model does not know"));
  ShsInput *input = shs_column_match_describe_features (match);
  ck_assert_uint_eq (input->n_columns, 2);
  ck_assert_str_eq (input->columns[0].name, "body mass");
  ck_assert_int_eq (input->columns[0].type, SHS_COLUMN_NUMBER);
  ck_assert_uint_eq (input->columns[1].n_categories, 6);
  ck_assert_str_eq (input->columns[1].categories[2], "blue");
  ck_assert_str_eq (input->columns[1].categories[4], "pink");
  ck_assert_str_eq (input->columns[1].categories[5], "grey");
  shs_dataset_inputs_free (input, 1);
}
END_TEST

/* As XGBoost 3.2 saves "\u00c4\u00e4\u00e4", "\u00d6\u00f6" and names in ASCII: characters are
 * counted, and the last bytes are lost. */
#define CUT_CATS(offsets, last)                                                                    \
  "\"cats\":{\"enc\":[{\"offsets\":[],\"values\":[]},{\"offsets\":[0,3," offsets                   \
  "],\"values\":[-61,-124,-61,-92,-61,-92" last "]}],\"feature_segments\":[0,0,4],"                \
  "\"sorted_idx\":[]},"

static ShsModel *
make_cut_model (const char *cats)
{
  g_autofree char *plain = model_text (PLAIN, "5E-1", "reg:squarederror");
  g_autofree char *named = replaced (plain, NO_NAMES, NAMES);
  g_autofree char *start = g_strconcat ("\"model\":{", cats, NULL);
  g_autofree char *text = replaced (named, "\"model\":{", start);
  g_autofree char *old = replaced (text, "\"version\":[3,4,0]", "\"version\":[3,2,0]");
  g_autoptr (GError) error = NULL;
  ShsModel *model = parse_text (old, &error);

  shs_test_assert_no_error (error);
  return model;
}

START_TEST (a_category_cut_short_is_the_one_text_that_begins_so)
{
  g_autoptr (ShsModel) model
      = make_cut_model (CUT_CATS ("5,7,14", ",-61,-106,-61,-74,65,97,85,108"));
  g_autoptr (GError) error = NULL;
  g_autoptr (ShsColumnMatch) match = match_data (
      model, "body mass,colour\n1,\u00c4\u00e4\u00e4\n2,Ulmabcd\n3,Aa\n4,\u00d6\u00f6\n", NULL,
      &error);
  const double expected[][2] = { { 1, 0 }, { 2, 3 }, { 3, 2 }, { 4, 1 } };

  shs_test_assert_no_error (error);
  assert_rows (match, expected, 4);
  ck_assert (has_note (match, "cut short"));
  ShsInput *input = shs_column_match_describe_features (match);

  ck_assert_uint_eq (input->columns[1].n_categories, 4);
  ck_assert_str_eq (input->columns[1].categories[3], "Ulmabcd");
  shs_dataset_inputs_free (input, 1);
}
END_TEST

START_TEST (categories_cut_short_that_can_be_several_are_refused)
{
  static const char *const parts[] = { "colour", "XGBoost 3.3", "ASCII", NULL };
  g_autoptr (ShsModel) begun
      = make_cut_model (CUT_CATS ("5,7,14", ",-61,-106,-61,-74,65,97,85,108"));
  g_autoptr (ShsModel) lost = make_cut_model (CUT_CATS ("5,7,8,9", ",-61,-106,-61"));

  assert_mismatch (begun, "body mass,colour\n1,Aa\n2,Ulma\n3,Ulmb\n", NULL, SHS_ERROR_MISMATCH,
                   parts);
  assert_mismatch (lost, "body mass,colour\n1,\u00c4\u00e4\u00e4\n2,X\n", NULL, SHS_ERROR_MISMATCH,
                   parts);
}
END_TEST

START_TEST (categories_that_are_numbers_are_found_by_value)
{
  static const double expected[][2] = { { 1, 1 }, { 2, 0 }, { 3, 3 }, { 4, 4 }, { 5, NAN } };
  g_autoptr (ShsModel) model = make_model (NAMES, NUMBERED, "reg:squarederror");
  g_autoptr (GError) error = NULL;
  g_autoptr (ShsColumnMatch) match
      = match_data (model, "body mass,colour\n1,2009\n2,2007\n3,1999\n4,2001\n5,\n", NULL, &error);

  shs_test_assert_no_error (error);
  assert_rows (match, expected, 5);
  ck_assert (has_note (match, "1 value that the model does not know (2001)"));
}
END_TEST

#define SPELLED                                                                                    \
  "\"cats\":{\"enc\":[{\"offsets\":[],\"values\":[]},"                                             \
  "{\"offsets\":[0,1,3,6,8],\"values\":[63,78,65,114,101,100,32,63]}],"                            \
  "\"feature_segments\":[0,0,4],\"sorted_idx\":[]},"
#define NUMBERED_OR_NOT                                                                            \
  "\"cats\":{\"enc\":[{\"offsets\":[],\"values\":[]},"                                             \
  "{\"offsets\":[0,1,2,3,7],\"values\":[55,63,57,110,111,110,101]}],"                              \
  "\"feature_segments\":[0,0,4],\"sorted_idx\":[]},"

/* The categories "?", "NA", "red", " ?" of a frame that kept them; its others are missing. */
START_TEST (spellings_of_missing_values_are_categories_where_the_model_lists_them)
{
  static const double expected[][2]
      = { { 1, 0 }, { 2, 1 }, { 3, 2 }, { 4, 3 }, { 5, NAN }, { 6, NAN }, { 7, NAN } };
  g_autoptr (ShsModel) model = make_model (NAMES, SPELLED, "reg:squarederror");
  g_autoptr (GError) error = NULL;
  g_autoptr (ShsColumnMatch) match = match_data (
      model, "body mass,colour\n1,?\n2,NA\n3,red\n4, ?\n5,\n6,none\n7,N/A\n", NULL, &error);

  shs_test_assert_no_error (error);
  assert_rows (match, expected, 7);
  ck_assert_ptr_null (shs_column_match_get_notes (match)[0]);
}
END_TEST

START_TEST (spellings_alone_are_no_numbers_of_categories)
{
  static const double expected[][2] = { { 1, 1 }, { 2, 0 }, { 3, NAN } };
  g_autoptr (ShsModel) model = make_model (NAMES, SPELLED, "reg:squarederror");
  g_autoptr (GError) error = NULL;
  g_autoptr (ShsColumnMatch) match
      = match_data (model, "body mass,colour\n1,NA\n2,?\n3,None\n", NULL, &error);

  shs_test_assert_no_error (error);
  assert_rows (match, expected, 3);
  ck_assert (!has_note (match, "numbers of the model's categories"));
}
END_TEST

/* The categories "7", "?", "9", "none", in a column that has no other texts. */
START_TEST (spellings_of_missing_values_are_categories_among_numbers_too)
{
  static const double expected[][2] = { { 1, 2 }, { 2, 1 }, { 3, 0 }, { 4, NAN }, { 5, 3 } };
  g_autoptr (ShsModel) model = make_model (NAMES, NUMBERED_OR_NOT, "reg:squarederror");
  g_autoptr (GError) error = NULL;
  g_autoptr (ShsColumnMatch) match
      = match_data (model, "body mass,colour\n1,9\n2,?\n3,7\n4,NA\n5,none\n", NULL, &error);

  shs_test_assert_no_error (error);
  assert_rows (match, expected, 5);
}
END_TEST

START_TEST (codes_of_named_categories_are_taken_when_they_fit)
{
  static const double expected[][2] = { { 1, 3 }, { 2, 0 } };
  g_autoptr (ShsModel) model = make_model (NAMES, CATS, "reg:squarederror");
  g_autoptr (GError) error = NULL;
  g_autoptr (ShsColumnMatch) match
      = match_data (model, "body mass,colour\n1,3\n2,0\n", NULL, &error);

  shs_test_assert_no_error (error);
  assert_rows (match, expected, 2);
  ck_assert (has_note (match, "numbers of the model's categories"));
  assert_mismatch (model, "body mass,colour\n1,3\n2,4\n", NULL, SHS_ERROR_MISMATCH,
                   (const char *[]){ "data.csv does not fit test.json", "\"colour\" holds \"4\"",
                                     "4 categories", "\"red\"", NULL });
}
END_TEST

START_TEST (text_without_a_dictionary_is_numbered_in_sorted_order)
{
  static const double expected[][2] = { { 1, 1 }, { 2, 2 }, { 3, 0 }, { 4, 1 } };
  g_autoptr (ShsModel) model = make_model (NAMES, "", "reg:squarederror");
  g_autoptr (GError) error = NULL;
  g_autoptr (ShsColumnMatch) match
      = match_data (model, "body mass,colour\n1,blue\n2,red\n3,Tan\n4,blue\n", NULL, &error);

  shs_test_assert_no_error (error);
  assert_rows (match, expected, 4);
  ck_assert (has_note (match, "sorted order"));
}
END_TEST

START_TEST (text_for_a_number_is_refused_with_an_example)
{
  g_autoptr (ShsModel) model = make_model (NAMES, CATS, "reg:squarederror");

  assert_mismatch (
      model, "body mass,colour\nheavy,red\nlight,tan\n", NULL, SHS_ERROR_MISMATCH,
      (const char *[]){ "\"body mass\" holds \"heavy\" in row 0", "takes numbers", NULL });
  assert_mismatch (
      model, "body mass,colour\n61.5,red\n,red\n7,tan\nabc,tan\ndef,red\n", NULL,
      SHS_ERROR_MISMATCH,
      (const char *[]){ "\"body mass\" holds \"abc\" in row 3", "write a number", NULL });
}
END_TEST

START_TEST (text_targets_of_unnamed_classes_are_sorted)
{
  static const double expected[] = { 1, 0, 1, NAN };
  g_autoptr (ShsModel) model = make_model (NAMES, CATS, "binary:logistic");
  g_autoptr (GError) error = NULL;
  g_autoptr (ShsColumnMatch) match = match_data (
      model, "body mass,colour,rain\n1,red,yes\n2,tan,no\n3,sky,yes\n4,sky,\n", "rain", &error);
  double target[4];

  shs_test_assert_no_error (error);
  ck_assert (shs_column_match_read_target (match, 0, 4, target, &error));
  for (int i = 0; i < 4; i++)
    ck_assert (target[i] == expected[i] || (isnan (target[i]) && isnan (expected[i])));
  ck_assert_str_eq (shs_column_match_get_output_name (match, 0), "yes");
  ck_assert (shs_column_match_read_target (match, 2, 1, target, &error));
  ck_assert_double_eq (target[0], 1);
}
END_TEST

START_TEST (targets_that_do_not_fit_are_refused)
{
  static const struct
  {
    const char *csv;
    const char *objective;
    const char *message;
  } cases[] = {
    { "body mass,colour,y\n1,red,yes\n2,tan,no\n3,sky,maybe\n", "binary:logistic", "3 classes" },
    { "body mass,colour,y\n1,red,0\n2,tan,2\n", "binary:logistic", "holds 2" },
    { "body mass,colour,y\n1,red,low\n2,tan,high\n", "reg:squarederror", "\"low\"" },
    { "body mass,colour\n1,red\n", "reg:squarederror", "no target" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (ShsModel) model = make_model (NAMES, CATS, cases[i].objective);
      g_autoptr (GError) error = NULL;
      gboolean has_target = strstr (cases[i].csv, ",y") != NULL;
      g_autoptr (ShsColumnMatch) match
          = match_data (model, cases[i].csv, has_target ? "y" : NULL, &error);
      double target[3];

      shs_test_assert_no_error (error);
      gsize n = shs_dataset_get_n_rows (shs_column_match_get_dataset (match));
      ck_assert (!shs_column_match_read_target (match, 0, n, target, &error));
      shs_test_assert_error (error, SHS_ERROR_MISMATCH);
      ck_assert_msg (strstr (error->message, cases[i].message) != NULL, "%s", error->message);
    }
}
END_TEST

/* As with ids that the model has never seen: the work is that of both dictionaries, not their
 * product. */
START_TEST (large_dictionaries_meet_in_little_time)
{
  const int n_categories = 20000;
  const int n_texts = 100000;
  g_autoptr (GString) cats = g_string_new ("\"cats\":{\"enc\":[{\"offsets\":[],\"values\":[]},"
                                           "{\"offsets\":[0");
  g_autoptr (GString) csv = g_string_new ("body mass,colour\n");
  g_autoptr (GError) error = NULL;

  for (int c = 1; c <= n_categories; c++)
    g_string_append_printf (cats, ",%d", 5 * c);
  g_string_append (cats, "],\"values\":[");
  for (int c = 0; c < n_categories; c++)
    for (int place = 0, rest = c; place < 5; place++, rest /= 10)
      g_string_append_printf (cats, "%s%d", c + place > 0 ? "," : "", 'a' + rest % 10);
  g_string_append (cats, "]}],\"feature_segments\":[0,0,20000],\"sorted_idx\":[]},");
  for (int i = 0; i < n_texts; i++)
    g_string_append_printf (csv, "1,id %d\n", i);
  g_autoptr (ShsModel) model = make_model (NAMES, cats->str, "reg:squarederror");
  g_autoptr (ShsColumnMatch) match = match_data (model, csv->str, NULL, &error);
  shs_test_assert_no_error (error);
  ck_assert (has_note (match, "100000 categories that the model does not know"));
}
END_TEST

START_TEST (what_a_model_file_leaves_in_doubt_is_noted)
{
  g_autofree char *text = model_text ("{\"gbtree\":{\"model\":{" PARAM "," INFO "," TREES
                                      "},\"name\":\"gbtree\"},\"name\":\"dart\","
                                      "\"weight_drop\":[5E-1]}",
                                      "0", "reg:squarederror");
  g_autofree char *named = replaced (text, NO_NAMES, NAMES);
  g_autoptr (GError) error = NULL;
  g_autoptr (ShsModel) model = parse_text (named, &error);
  shs_test_assert_no_error (error);
  g_autoptr (ShsModel) cut = shs_model_limit (model, 1, NULL);
  g_autoptr (ShsColumnMatch) match = match_data (cut, "body mass,colour\n1,2\n", NULL, &error);

  shs_test_assert_no_error (error);
  ck_assert (has_note (match, "1 number in weight_drop for 2 trees"));
}
END_TEST

START_TEST (a_row_index_is_no_feature_by_position_even_where_the_numbers_fit)
{
  static const double expected[][2] = { { 1.5, 2 }, { 2.5, 0 } };
  g_autoptr (ShsModel) model = make_model (NO_NAMES, "", "reg:squarederror");
  g_autoptr (GError) error = NULL;
  g_autoptr (ShsColumnMatch) match
      = match_data (model, ",a,b\nred-7,1.5,2\nred-9,2.5,0\n", NULL, &error);

  shs_test_assert_no_error (error);
  assert_rows (match, expected, 2);
  ck_assert (has_note (match, "left out"));
  assert_mismatch (model, ",a\n0,1.5\n1,2.5\n", NULL, SHS_ERROR_MISMATCH,
                   (const char *[]){ "1 column;", NULL });
}
END_TEST

START_TEST (data_without_names_are_taken_in_order_by_a_model_with_names)
{
  static const double expected[][2] = { { 1.5, 2 }, { 2.5, 0 } };
  static const double with_target[][2] = { { 2, 7 }, { 0, 8 } };
  g_autoptr (ShsModel) model = make_model (NAMES, "", "reg:squarederror");
  g_autoptr (GError) error = NULL;
  g_autoptr (ShsColumnMatch) match = match_data (model, "1.5,2\n2.5,0\n", NULL, &error);
  g_autoptr (ShsColumnMatch) beside = match_data (model, "1.5,2,7\n2.5,0,8\n", "column 1", &error);

  shs_test_assert_no_error (error);
  assert_rows (match, expected, 2);
  ck_assert (has_note (match, "the data do not name their columns"));
  assert_rows (beside, with_target, 2);
  assert_mismatch (model, "1,2,3\n4,5,6\n", NULL, SHS_ERROR_MISMATCH,
                   (const char *[]){ "2 features", "no names", "say which", NULL });
  assert_mismatch (model, "a,b\n4,5\n", NULL, SHS_ERROR_MISMATCH,
                   (const char *[]){ "needs 2 columns", NULL });
}
END_TEST

START_TEST (unnamed_columns_beside_a_named_one_are_the_features)
{
  static const double expected[][2] = { { 1.5, 2 }, { 2.5, 0 } };
  g_autoptr (ShsModel) model = make_model (NAMES, "", "reg:squarederror");
  g_autoptr (GError) error = NULL;
  g_autoptr (ShsColumnMatch) free_of_target
      = match_data (model, "y,,\n7,1.5,2\n8,2.5,0\n", NULL, &error);
  g_autoptr (ShsColumnMatch) match = match_data (model, "y,,\n7,1.5,2\n8,2.5,0\n", "y", &error);

  shs_test_assert_no_error (error);
  assert_rows (free_of_target, expected, 2);
  assert_rows (match, expected, 2);
}
END_TEST

START_TEST (words_for_numbers_may_be_true_and_false)
{
  static const double expected[][2] = { { 1, 0 }, { 0, 0 }, { 2.5, 0 } };
  g_autoptr (ShsModel) model = make_model (NAMES, "", "reg:squarederror");
  g_autoptr (GError) error = NULL;
  g_autoptr (ShsColumnMatch) match
      = match_data (model, "body mass,colour\nTrue,0\nfalse,0\n2.5,0\n", NULL, &error);

  shs_test_assert_no_error (error);
  assert_rows (match, expected, 3);
}
END_TEST

START_TEST (a_column_of_true_and_false_alone_keeps_its_words)
{
  static const double expected[][2] = { { 1, 0 }, { NAN, 0 }, { 0, 0 } };
  g_autoptr (ShsModel) model = make_model (NAMES, "", "reg:squarederror");
  g_autoptr (GError) error = NULL;
  g_autoptr (ShsColumnMatch) match
      = match_data (model, "body mass,colour\nTrue,0\n,0\nFalse,0\n", NULL, &error);
  ShsInput *shown;

  shs_test_assert_no_error (error);
  assert_rows (match, expected, 3);
  shown = shs_column_match_describe_features (match);
  ck_assert (shs_column_is_truth (&shown->columns[0]));
  ck_assert_str_eq (shs_column_get_text (&shown->columns[0], 1), "True");
  ck_assert (!shs_column_is_truth (&shown->columns[1]));
  shs_dataset_inputs_free (shown, 1);
}
END_TEST

Suite *
match_suite (void)
{
  Suite *suite = suite_create ("match");
  TCase *cases = tcase_create ("match");

  tcase_add_test (cases, columns_are_found_by_name_in_any_order);
  tcase_add_test (cases, names_are_found_without_case_blanks_and_underscores);
  tcase_add_test (cases, names_are_found_without_signs_that_an_exporter_replaced);
  tcase_add_test (cases, many_names_written_otherwise_are_one_note);
  tcase_add_test (cases, a_name_that_two_columns_could_mean_is_not_guessed);
  tcase_add_test (cases, missing_features_are_listed_with_the_nearest_columns);
  tcase_add_test (cases, the_target_is_never_a_feature);
  tcase_add_test (cases, columns_are_taken_in_order_when_the_model_has_no_names);
  tcase_add_test (cases, a_wrong_number_of_columns_is_told);
  tcase_add_test (cases, made_names_count_as_none);
  tcase_add_test (cases, spellings_of_missing_values_are_categories_where_the_model_lists_them);
  tcase_add_test (cases, spellings_alone_are_no_numbers_of_categories);
  tcase_add_test (cases, spellings_of_missing_values_are_categories_among_numbers_too);
  tcase_add_test (cases, unseen_categories_get_codes_beyond_the_dictionary);
  tcase_add_test (cases, a_category_cut_short_is_the_one_text_that_begins_so);
  tcase_add_test (cases, categories_cut_short_that_can_be_several_are_refused);
  tcase_add_test (cases, categories_that_are_numbers_are_found_by_value);
  tcase_add_test (cases, codes_of_named_categories_are_taken_when_they_fit);
  tcase_add_test (cases, text_without_a_dictionary_is_numbered_in_sorted_order);
  tcase_add_test (cases, text_for_a_number_is_refused_with_an_example);
  tcase_add_test (cases, a_row_index_is_no_feature_by_position_even_where_the_numbers_fit);
  tcase_add_test (cases, data_without_names_are_taken_in_order_by_a_model_with_names);
  tcase_add_test (cases, unnamed_columns_beside_a_named_one_are_the_features);
  tcase_add_test (cases, words_for_numbers_may_be_true_and_false);
  tcase_add_test (cases, text_targets_of_unnamed_classes_are_sorted);
  tcase_add_test (cases, targets_that_do_not_fit_are_refused);
  tcase_add_test (cases, large_dictionaries_meet_in_little_time);
  tcase_add_test (cases, what_a_model_file_leaves_in_doubt_is_noted);
  tcase_add_test (cases, a_column_of_true_and_false_alone_keeps_its_words);
  suite_add_tcase (suite, cases);
  return suite;
}
