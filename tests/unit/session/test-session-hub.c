#include "shs-test.h"

#include "core/shs-error.h"
#include "io/zip/shs-zip-writer.h"
#include "session/shs-session.h"

#include <string.h>

Suite *hub_suite (void);

static ShsSession *
open_example (const char *name)
{
  g_autoptr (GPtrArray) examples = shs_examples_list ();
  const ShsExample *example = shs_examples_find (examples, name, NULL);
  ShsSession *session = shs_session_new ();
  g_autoptr (GError) error = NULL;

  ck_assert_ptr_nonnull (example);
  const char *paths[] = { example->data_path, example->model_path, NULL };
  ck_assert (shs_session_open (session, paths, NULL, &error));
  shs_test_assert_no_error (error);
  return session;
}

static ShsSession *
explain_example (const char *name)
{
  ShsSession *session = open_example (name);
  ShsExplainOptions options = { 0 };
  g_autoptr (GError) error = NULL;

  ck_assert (shs_session_explain (session, &options, NULL, &error));
  shs_test_assert_no_error (error);
  return session;
}

static char *
get_text (ShsSession *session, const char *property)
{
  char *text;

  g_object_get (session, property, &text, NULL);
  return text;
}

static void
assert_status (ShsSession *session, const char *status, const char *explain_status)
{
  g_autofree char *is = get_text (session, "status");
  g_autofree char *explain_is = get_text (session, "explain-status");

  ck_assert_str_eq (is, status);
  ck_assert_str_eq (explain_is, explain_status);
}

START_TEST (a_session_goes_from_empty_to_done)
{
  g_autoptr (ShsSession) empty = shs_session_new ();
  g_autoptr (ShsSession) ready = open_example ("penguins");
  g_autoptr (ShsSession) done = explain_example ("penguins");

  assert_status (empty, "empty", "idle");
  assert_status (ready, "ready", "idle");
  assert_status (done, "ready", "done");
}
END_TEST

START_TEST (an_explanation_starts_at_the_first_row_and_the_most_important_feature)
{
  g_autoptr (ShsSession) session = explain_example ("penguins");
  ShsExplanation *explanation = shs_session_get_explanation (session);
  const ShsView *view = shs_session_get_view (session);
  gsize order[7];

  ck_assert (shs_explanation_order (explanation, 0, order, NULL));
  ck_assert_int_eq (view->row, 0);
  ck_assert_int_eq (view->feature, (gssize)order[0]);
  ck_assert_str_eq (view->target, "species");
}
END_TEST

START_TEST (the_classes_of_the_target_name_the_outputs)
{
  g_autoptr (ShsSession) session = explain_example ("penguins");
  const ShsExplanationParts *parts
      = shs_explanation_get_parts (shs_session_get_explanation (session));

  ck_assert_str_eq (parts->output_names[0], "Adelie");
  ck_assert_str_eq (parts->output_names[2], "Gentoo");
  ck_assert_double_eq (parts->target[0], 0);
  ck_assert_uint_eq (strlen (parts->provenance.model_hash), 64);
}
END_TEST

START_TEST (every_change_is_one_step_of_undo)
{
  g_autoptr (ShsSession) session = explain_example ("penguins");
  const ShsView *first = shs_session_get_view (session);
  gssize feature = first->feature;

  ck_assert (!shs_session_can_undo (session));
  ck_assert (shs_session_set_row (session, 17, NULL));
  ck_assert (shs_session_set_row (session, 17, NULL)); /* no change, no step */
  ck_assert (shs_session_set_feature (session, "island", NULL));
  ck_assert (shs_session_set_output (session, "Gentoo", NULL));
  ck_assert (shs_session_select_rows (session, "3,7-12", NULL));
  ck_assert (shs_session_set_plot (session, "bar", NULL));
  ck_assert (shs_session_set_figure_option (session, "max-display=3", NULL));

  for (int i = 0; i < 6; i++)
    {
      ck_assert (shs_session_can_undo (session));
      shs_session_undo (session);
    }
  ck_assert (!shs_session_can_undo (session));
  ck_assert_int_eq (shs_session_get_view (session)->row, 0);
  ck_assert_int_eq (shs_session_get_view (session)->feature, feature);
  for (int i = 0; i < 6; i++)
    shs_session_redo (session);
  ck_assert (!shs_session_can_redo (session));
  ck_assert_int_eq (shs_session_get_view (session)->row, 17);
  ck_assert_uint_eq (shs_view_count_selected (shs_session_get_view (session)), 7);
  ck_assert_uint_eq (shs_session_get_view (session)->figures[SHS_PLACE_SUMMARY]->max_display, 3);
}
END_TEST

START_TEST (the_feature_follows_the_output_until_one_is_picked)
{
  g_autoptr (ShsSession) session = explain_example ("penguins");
  ShsExplanation *explanation = shs_session_get_explanation (session);
  gsize order[7];

  for (gsize k = 0; k < 3; k++)
    {
      g_autofree char *name = g_strdup_printf ("%" G_GSIZE_FORMAT, k);

      ck_assert (shs_session_set_output (session, name, NULL));
      ck_assert (shs_explanation_order (explanation, k, order, NULL));
      ck_assert_int_eq (shs_session_get_view (session)->feature, (gssize)order[0]);
    }
  /* To pick the one that is shown is a choice too, though no step of undo. */
  ck_assert (shs_session_set_feature (
      session, shs_explanation_get_column (explanation, (gssize)order[0])->name, NULL));
  ck_assert (shs_session_set_output (session, "0", NULL));
  ck_assert_int_eq (shs_session_get_view (session)->feature, (gssize)order[0]);
  ck_assert (shs_session_set_feature (session, "island", NULL));
  ck_assert (shs_session_set_output (session, "1", NULL));
  ck_assert_int_eq (shs_session_get_view (session)->feature,
                    shs_explanation_find_feature (explanation, "island"));
}
END_TEST

START_TEST (an_explanation_of_other_choices_is_outdated)
{
  g_autoptr (ShsSession) session = open_example ("penguins");
  ShsExplainOptions options = { 0 };

  ck_assert (!shs_session_is_outdated (session));
  ck_assert (shs_session_explain (session, &options, NULL, NULL));
  ck_assert (!shs_session_is_outdated (session));
  ck_assert (shs_session_set_row (session, 3, NULL));
  ck_assert (!shs_session_is_outdated (session));
  ck_assert (shs_session_set_rows (session, "0:50", NULL));
  ck_assert (shs_session_is_outdated (session));
  shs_session_undo (session);
  ck_assert (!shs_session_is_outdated (session));
  ck_assert (shs_session_set_target (session, "", NULL));
  ck_assert (shs_session_is_outdated (session));
  ck_assert (shs_session_explain (session, &options, NULL, NULL));
  ck_assert (!shs_session_is_outdated (session));
}
END_TEST

START_TEST (choices_that_do_not_exist_are_refused)
{
  g_autoptr (ShsSession) session = explain_example ("penguins");
  GError *errors[8] = { NULL };

  ck_assert (!shs_session_set_row (session, 344, &errors[0]));
  ck_assert (!shs_session_set_feature (session, "wings", &errors[1]));
  ck_assert (!shs_session_set_output (session, "Emperor", &errors[2]));
  ck_assert (!shs_session_set_target (session, "wings", &errors[3]));
  ck_assert (!shs_session_set_plot (session, "pie", &errors[4]));
  ck_assert (!shs_session_set_figure_option (session, "wings", &errors[5]));
  ck_assert (!shs_session_set_figure_option (session, "wings=2", &errors[6]));
  ck_assert (!shs_session_set_page (session, "moon", &errors[7]));
  for (gsize i = 0; i < G_N_ELEMENTS (errors); i++)
    {
      shs_test_assert_error (errors[i], SHS_ERROR_CHOICE);
      g_clear_error (&errors[i]);
    }
  ck_assert (!shs_session_can_undo (session));
}
END_TEST

static void
count_signal (ShsSession *session, guint *count)
{
  (*count)++;
}

START_TEST (undoing_a_target_matches_again_and_says_so)
{
  g_autoptr (ShsSession) session = explain_example ("penguins");
  guint n_opened = 0;

  g_signal_connect (session, "opened", G_CALLBACK (count_signal), &n_opened);
  ck_assert (shs_session_set_target (session, "island", NULL));
  ck_assert_ptr_null (shs_session_get_match (session)); /* island is a feature of the model */
  shs_session_undo (session);
  ck_assert_ptr_nonnull (shs_session_get_match (session));
  ck_assert_uint_eq (n_opened, 2);
}
END_TEST

START_TEST (a_row_that_does_not_exist_is_not_no_row)
{
  g_autoptr (ShsSession) session = explain_example ("penguins");
  g_autoptr (GError) error = NULL;

  ck_assert (!shs_session_set_figure_option (session, "row=nonsense", &error));
  shs_test_assert_error (error, SHS_ERROR_CHOICE);
  ck_assert_int_eq (shs_session_get_view (session)->row, 0);
  ck_assert (shs_session_set_figure_option (session, "row=none", NULL));
  ck_assert_int_eq (shs_session_get_view (session)->row, -1);
}
END_TEST

START_TEST (an_option_that_a_figure_does_not_know_is_refused)
{
  g_autoptr (ShsSession) session = explain_example ("penguins");
  g_autoptr (GError) error = NULL;

  ck_assert (!shs_session_set_figure_option (session, "link=logit", &error));
  ck_assert_ptr_nonnull (strstr (error->message, "its options are output, max-display"));
  ck_assert (!shs_session_can_undo (session));
  shs_session_focus (session, SHS_PLACE_LOCAL);
  ck_assert (shs_session_set_figure_option (session, "link=logit", NULL));
}
END_TEST

/* The rainy days with 1 and 0 for yes and no, nine times, and a day with 7 at the end. */
static char *
write_days_with_a_late_oddity (void)
{
  g_autofree char *source = shs_test_source ("data/examples/seattle-rain.csv");
  char *path = shs_test_temporary ("days.csv");
  g_autofree char *text = NULL;
  g_autoptr (GString) days = NULL;
  g_autoptr (GString) all = NULL;

  ck_assert (g_file_get_contents (source, &text, NULL, NULL));
  days = g_string_new (text);
  g_string_replace (days, ",yes\n", ",1\n", 0);
  g_string_replace (days, ",no\n", ",0\n", 0);
  all = g_string_new (days->str);
  for (int i = 0; i < 8; i++)
    g_string_append (all, strchr (days->str, '\n') + 1);
  g_string_append (all, "2016-01-01,1,rain,0.0,,12.8,5.0,4.7,7\n");
  ck_assert (g_file_set_contents (path, all->str, (gssize)all->len, NULL));
  return path;
}

START_TEST (a_guessed_target_that_does_not_fit_becomes_a_note)
{
  g_autofree char *model = shs_test_source ("data/examples/seattle-rain.json");
  g_autofree char *data = write_days_with_a_late_oddity ();
  g_autoptr (ShsSession) session = shs_session_new ();
  const char *paths[] = { model, data, NULL };
  ShsExplainOptions options = { 0 };
  g_autoptr (GError) error = NULL;

  ck_assert (shs_session_open (session, paths, NULL, &error));
  ck_assert_str_eq (shs_session_get_view (session)->target, "rain tomorrow");
  ck_assert (shs_session_explain (session, &options, NULL, &error));
  shs_test_assert_no_error (error);
  ShsExplanation *explanation = shs_session_get_explanation (session);
  ck_assert_ptr_null (shs_explanation_get_parts (explanation)->target);
  ck_assert_ptr_nonnull (shs_explanation_get_parts (explanation)->provenance.notes);

  /* The same column, chosen by a person, is an error. */
  ck_assert (shs_session_set_target (session, "", NULL));
  ck_assert (shs_session_set_target (session, "rain tomorrow", NULL));
  ck_assert (!shs_session_explain (session, &options, NULL, &error));
  shs_test_assert_error (error, SHS_ERROR_MISMATCH);
}
END_TEST

START_TEST (a_row_index_is_never_guessed_to_be_the_target)
{
  g_autofree char *model = shs_test_source ("data/examples/penguins.json");
  g_autofree char *data = shs_test_source ("data/examples/penguins.csv");
  g_autofree char *indexed = shs_test_temporary ("indexed.csv");
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (ShsSession) session = shs_session_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *content = NULL;
  g_auto (GStrv) lines = NULL;

  ck_assert (g_file_get_contents (data, &content, NULL, NULL));
  lines = g_strsplit (g_strchomp (content), "\n", -1);
  for (int i = 0; lines[i] != NULL; i++) /* without the species, the first column */
    if (i == 0)
      g_string_append_printf (text, "%s\n", strchr (lines[i], ','));
    else
      g_string_append_printf (text, "%d%s\n", i - 1, strchr (lines[i], ','));
  ck_assert (g_file_set_contents (indexed, text->str, -1, NULL));
  ck_assert (shs_session_open (session, (const char *[]){ model, indexed, NULL }, NULL, &error));
  shs_test_assert_no_error (error);
  ck_assert_str_eq (shs_session_get_view (session)->target, "");
  ck_assert_int_eq (shs_dataset_get_row_name_column (shs_session_get_dataset (session)), 0);
}
END_TEST

/* The penguins with columns of numbers and of remarks beside the features. */
START_TEST (a_numbering_beside_other_columns_is_never_guessed_to_be_the_target)
{
  g_autofree char *model = shs_test_source ("data/examples/penguins.json");
  g_autofree char *data = shs_test_source ("data/examples/penguins.csv");
  g_autofree char *path = shs_test_temporary ("numbered.csv");
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (ShsSession) session = shs_session_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *content = NULL;
  g_auto (GStrv) lines = NULL;

  ck_assert (g_file_get_contents (data, &content, NULL, NULL));
  lines = g_strsplit (g_strchomp (content), "\n", -1);
  for (int i = 0; lines[i] != NULL; i++)
    if (i == 0)
      g_string_append_printf (text, "remark,customer%s\n", strchr (lines[i], ','));
    else
      g_string_append_printf (text, "seen,%d%s\n", 4000 + 7 * i, strchr (lines[i], ','));
  ck_assert (g_file_set_contents (path, text->str, -1, NULL));
  ck_assert (shs_session_open (session, (const char *[]){ model, path, NULL }, NULL, &error));
  shs_test_assert_no_error (error);
  ck_assert_str_eq (shs_session_get_view (session)->target, "");
}
END_TEST

/* The penguins without the species, and with another column beside the features. */
static ShsSession *
open_penguins_beside (const char *name, const char *value, gboolean keeps_species)
{
  g_autofree char *model = shs_test_source ("data/examples/penguins.json");
  g_autofree char *data = shs_test_source ("data/examples/penguins.csv");
  g_autofree char *path = shs_test_temporary ("beside.csv");
  g_autoptr (GString) text = g_string_new (NULL);
  ShsSession *session = shs_session_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *content = NULL;
  g_auto (GStrv) lines = NULL;

  ck_assert (g_file_get_contents (data, &content, NULL, NULL));
  lines = g_strsplit (g_strchomp (content), "\n", -1);
  for (int i = 0; lines[i] != NULL; i++)
    g_string_append_printf (text, "%s,%s\n", keeps_species ? lines[i] : strchr (lines[i], ',') + 1,
                            i == 0 ? name : value);
  ck_assert (g_file_set_contents (path, text->str, -1, NULL));
  ck_assert (shs_session_open (session, (const char *[]){ model, path, NULL }, NULL, &error));
  shs_test_assert_no_error (error);
  return session;
}

START_TEST (a_column_that_never_changes_is_never_guessed_to_be_the_target)
{
  g_autoptr (ShsSession) alone = open_penguins_beside ("extra", "1", FALSE);
  g_autoptr (ShsSession) beside = open_penguins_beside ("extra", "1", TRUE);

  ck_assert_str_eq (shs_session_get_view (alone)->target, "");
  ck_assert_str_eq (shs_session_get_view (beside)->target, "species");
}
END_TEST

START_TEST (a_name_that_comes_twice_is_told_and_the_target_found)
{
  g_autoptr (ShsSession) session = open_penguins_beside ("year", "1", TRUE);
  const char *const *notes = shs_column_match_get_notes (shs_session_get_match (session));

  ck_assert_str_eq (shs_session_get_view (session)->target, "species");
  ck_assert_ptr_nonnull (notes[0]);
  ck_assert_ptr_nonnull (strstr (notes[0], "\"year (2)\""));
}
END_TEST

static void
add_member (ShsZipWriter *writer, const char *name, const char *text)
{
  ck_assert (shs_zip_writer_begin (writer, name, strlen (text), NULL));
  ck_assert (shs_zip_writer_write (writer, text, strlen (text), NULL));
  ck_assert (shs_zip_writer_end (writer, NULL));
}

/* A sheet of the first rows of a CSV file, all cells as texts or numbers. */
static char *
make_sheet (char **lines, gsize n_lines)
{
  GString *sheet = g_string_new ("<worksheet xmlns=\"http://schemas.openxmlformats.org/"
                                 "spreadsheetml/2006/main\"><sheetData>");

  for (gsize i = 0; i < n_lines; i++)
    {
      g_auto (GStrv) cells = g_strsplit (lines[i], ",", -1);

      g_string_append (sheet, "<row>");
      for (gsize j = 0; cells[j] != NULL; j++)
        if (i > 0 && (cells[j][0] == '\0' || g_ascii_isdigit (cells[j][0])))
          g_string_append_printf (sheet, cells[j][0] != '\0' ? "<c><v>%s</v></c>" : "<c/>%s",
                                  cells[j]);
        else
          g_string_append_printf (sheet, "<c t=\"inlineStr\"><is><t>%s</t></is></c>", cells[j]);
      g_string_append (sheet, "</row>");
    }
  g_string_append (sheet, "</sheetData></worksheet>");
  return g_string_free (sheet, FALSE);
}

/* A workbook whose first sheet is a readme; @again: whether the penguins stand in it twice. */
static char *
write_book (gboolean again)
{
  static const char *const readme[] = { "readme", "see the next sheet" };
  char *path = shs_test_temporary (again ? "twice.xlsx" : "book.xlsx");
  g_autofree char *data = shs_test_source ("data/examples/penguins.csv");
  g_autoptr (ShsZipWriter) writer = shs_zip_writer_new (path, NULL);
  g_autoptr (GString) book = g_string_new (NULL), relations = g_string_new (NULL);
  g_autofree char *content = NULL, *notes = NULL, *sheet = NULL;
  g_auto (GStrv) lines = NULL;

  ck_assert (g_file_get_contents (data, &content, NULL, NULL));
  lines = g_strsplit (g_strchomp (content), "\n", -1);
  notes = make_sheet ((char **)readme, 2);
  sheet = make_sheet (lines, g_strv_length (lines));
  for (int i = 1; i <= 3; i++)
    {
      g_autofree char *name = g_strdup_printf ("xl/worksheets/sheet%d.xml", i);

      g_string_append_printf (book, "<sheet name=\"%s\" sheetId=\"%d\" r:id=\"rId%d\"/>",
                              i == 1   ? "Info"
                              : i == 2 ? "Data, 2026"
                                       : "More",
                              i, i);
      g_string_append_printf (relations,
                              "<Relationship Id=\"rId%d\" Type=\"http://schemas.openxmlformats.org/"
                              "officeDocument/2006/relationships/worksheet\" "
                              "Target=\"worksheets/sheet%d.xml\"/>",
                              i, i);
      add_member (writer, name, i == 1 || (i == 3 && !again) ? notes : sheet);
    }
  g_string_prepend (book, "<workbook xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/"
                          "main\" xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/"
                          "relationships\"><sheets>");
  g_string_append (book, "</sheets></workbook>");
  g_string_prepend (relations, "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/"
                               "2006/relationships\">");
  g_string_append (relations, "</Relationships>");
  add_member (writer, "_rels/.rels",
              "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/"
              "relationships\"><Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/"
              "officeDocument/2006/relationships/officeDocument\" Target=\"xl/workbook.xml\"/>"
              "</Relationships>");
  add_member (writer, "xl/workbook.xml", book->str);
  add_member (writer, "xl/_rels/workbook.xml.rels", relations->str);
  ck_assert (shs_zip_writer_commit (writer, NULL));
  return path;
}

START_TEST (of_several_sheets_the_one_that_fits_is_taken)
{
  g_autofree char *model = shs_test_source ("data/examples/penguins.json");
  g_autofree char *once = write_book (FALSE);
  g_autofree char *twice = write_book (TRUE);
  g_autofree char *named = g_strconcat (twice, "#More", NULL);
  g_autofree char *wrong = g_strconcat (once, "#Info", NULL);
  g_autoptr (ShsSession) session = shs_session_new ();
  g_autoptr (GError) error = NULL;

  shs_session_open (session, (const char *[]){ model, once, NULL }, NULL, &error);
  shs_test_assert_no_error (error);
  ck_assert_str_eq (shs_dataset_get_name (shs_session_get_dataset (session)),
                    "book.xlsx, Data, 2026");
  ck_assert_str_eq (shs_session_get_view (session)->target, "species");
  ck_assert (!shs_session_open (session, (const char *[]){ twice, NULL }, NULL, NULL));
  ck_assert (shs_session_open (session, (const char *[]){ named, NULL }, NULL, &error));
  shs_test_assert_no_error (error);
  ck_assert (!shs_session_open (session, (const char *[]){ wrong, NULL }, NULL, NULL));
}
END_TEST

START_TEST (a_feature_is_no_target_and_the_message_says_so)
{
  g_autoptr (ShsSession) session = open_example ("penguins");
  g_autoptr (GError) error = NULL;

  gboolean is_set = shs_session_set_target (session, "year", &error);
  const GError *problem = error != NULL ? error : shs_session_get_match_error (session);

  ck_assert (!is_set || problem != NULL);
  ck_assert_msg (strstr (problem->message, "\"year\" cannot be the target: it is a feature")
                     != NULL,
                 "%s", problem->message);
}
END_TEST

START_TEST (a_model_with_fewer_trees_predicts_and_explains_less)
{
  g_autoptr (ShsSession) session = open_example ("doctor-visits");
  g_autoptr (GError) error = NULL;
  ShsExplainOptions options = { 0 };

  ck_assert (shs_session_set_trees (session, "5", &error));
  ck_assert (shs_session_explain (session, &options, NULL, &error));
  shs_test_assert_no_error (error);
  ck_assert_uint_eq (
      shs_model_get_parts (shs_column_match_get_model (shs_session_get_match (session)))->n_rounds,
      5);
  ck_assert (!shs_session_set_trees (session, "0", &error));
  shs_test_assert_error (error, SHS_ERROR_CHOICE);
}
END_TEST

START_TEST (model_and_data_that_do_not_fit_say_so)
{
  g_autoptr (GPtrArray) examples = shs_examples_list ();
  const ShsExample *penguins = shs_examples_find (examples, "penguins", NULL);
  const ShsExample *rain = shs_examples_find (examples, "seattle-rain", NULL);
  const char *paths[] = { penguins->model_path, rain->data_path, NULL };
  g_autoptr (ShsSession) session = shs_session_new ();
  g_autoptr (GError) error = NULL;

  ck_assert (!shs_session_open (session, paths, NULL, &error));
  shs_test_assert_error (error, SHS_ERROR_MISMATCH);
  ck_assert_ptr_nonnull (shs_session_get_match_error (session));
  ck_assert_ptr_null (shs_session_get_match (session));
}
END_TEST

START_TEST (a_file_that_cannot_be_opened_leaves_what_is_open)
{
  g_autoptr (ShsSession) session = explain_example ("penguins-small");
  ShsModel *model = shs_session_get_model (session);
  const char *paths[] = { "/nowhere/model.json", NULL };
  g_autoptr (GError) error = NULL;

  ck_assert (!shs_session_open (session, paths, NULL, &error));
  shs_test_assert_error (error, SHS_ERROR_FILE);
  ck_assert_ptr_eq (shs_session_get_model (session), model);
  assert_status (session, "ready", "done");
}
END_TEST

START_TEST (a_saved_explanation_opens_again)
{
  static const char *const names[] = { "saved.npz", "saved.h5", "saved.json" };
  g_autoptr (ShsSession) session = explain_example ("penguins");
  g_autoptr (ShsSession) other = shs_session_new ();
  g_autofree char *path = shs_test_temporary (names[_i]);
  const char *paths[] = { path, NULL };
  g_autoptr (GError) error = NULL;

  ck_assert (shs_session_save_explanation (session, path, NULL, &error));
  shs_test_assert_no_error (error);
  ck_assert (shs_session_open (other, paths, NULL, &error));
  shs_test_assert_no_error (error);
  assert_status (other, "ready", "done");
  ck_assert_uint_eq (shs_explanation_get_n_rows (shs_session_get_explanation (other)), 344);
  ck_assert_int_eq (shs_session_get_view (other)->row, 0);
}
END_TEST

START_TEST (figures_are_exported_by_extension)
{
  static const char *const names[] = { "figure.svg", "figure.pdf", "figure.png" };
  g_autoptr (ShsSession) session = explain_example ("penguins");

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = shs_test_temporary (names[i]);
      g_autoptr (GError) error = NULL;

      ck_assert (shs_session_export_figure (session, SHS_PLACE_LOCAL, path, 0, 0, 100, &error));
      shs_test_assert_no_error (error);
      ck_assert (g_file_test (path, G_FILE_TEST_IS_REGULAR));
    }
}
END_TEST

Suite *
hub_suite (void)
{
  Suite *suite = suite_create ("hub");
  TCase *cases = tcase_create ("hub");

  tcase_set_timeout (cases, 60);
  tcase_add_test (cases, a_session_goes_from_empty_to_done);
  tcase_add_test (cases, an_explanation_starts_at_the_first_row_and_the_most_important_feature);
  tcase_add_test (cases, the_classes_of_the_target_name_the_outputs);
  tcase_add_test (cases, every_change_is_one_step_of_undo);
  tcase_add_test (cases, the_feature_follows_the_output_until_one_is_picked);
  tcase_add_test (cases, an_explanation_of_other_choices_is_outdated);
  tcase_add_test (cases, choices_that_do_not_exist_are_refused);
  tcase_add_test (cases, undoing_a_target_matches_again_and_says_so);
  tcase_add_test (cases, a_row_that_does_not_exist_is_not_no_row);
  tcase_add_test (cases, an_option_that_a_figure_does_not_know_is_refused);
  tcase_add_test (cases, a_guessed_target_that_does_not_fit_becomes_a_note);
  tcase_add_test (cases, a_row_index_is_never_guessed_to_be_the_target);
  tcase_add_test (cases, a_numbering_beside_other_columns_is_never_guessed_to_be_the_target);
  tcase_add_test (cases, a_column_that_never_changes_is_never_guessed_to_be_the_target);
  tcase_add_test (cases, a_name_that_comes_twice_is_told_and_the_target_found);
  tcase_add_test (cases, of_several_sheets_the_one_that_fits_is_taken);
  tcase_add_test (cases, a_feature_is_no_target_and_the_message_says_so);
  tcase_add_test (cases, a_model_with_fewer_trees_predicts_and_explains_less);
  tcase_add_test (cases, model_and_data_that_do_not_fit_say_so);
  tcase_add_test (cases, a_file_that_cannot_be_opened_leaves_what_is_open);
  tcase_add_loop_test (cases, a_saved_explanation_opens_again, 0, 3);
  tcase_add_test (cases, figures_are_exported_by_extension);
  suite_add_tcase (suite, cases);
  return suite;
}
