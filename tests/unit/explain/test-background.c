#include "test-explain-fixture.h"

#include "core/shs-error.h"

#include <math.h>
#include <string.h>

Suite *background_suite (void);

static void
open_named (ExplainFixture *fixture, const char *name)
{
  g_autofree char *stem = shs_test_fixture (name);

  explain_fixture_open (fixture, stem);
}

typedef struct
{
  double sum;
  gsize n_rows;
  gsize largest_block;
} Seen;

static gboolean
see_rows (const ShsMatrix *rows, gpointer data, GError **error)
{
  Seen *seen = data;

  for (gsize j = 0; j < rows->n_columns; j++)
    for (gsize i = 0; i < rows->n_rows; i++)
      seen->sum += isnan (shs_matrix_get (rows, i, j)) ? 0 : shs_matrix_get (rows, i, j);
  seen->n_rows += rows->n_rows;
  seen->largest_block = MAX (seen->largest_block, rows->n_rows);
  return TRUE;
}

static Seen
see (ShsBackground *background, gsize block_rows)
{
  Seen seen = { 0 };

  ck_assert (shs_background_foreach (background, block_rows, 1, NULL, see_rows, &seen, NULL));
  return seen;
}

START_TEST (all_rows_are_handed_over_in_blocks)
{
  g_auto (ExplainFixture) fixture = { 0 };

  open_named (&fixture, "xgboost/3.4.1/binary");
  g_autoptr (ShsBackground) all = shs_background_new (fixture.match, NULL, 0, NULL, NULL, NULL);
  gsize n = shs_dataset_get_n_rows (fixture.dataset);
  Seen whole = see (all, n);
  Seen blocks = see (all, 7);
  g_autofree char *words = g_strdup_printf ("all %" G_GSIZE_FORMAT " rows of rows", n);

  ck_assert_uint_eq (shs_background_get_n_rows (all), n);
  ck_assert_uint_eq (whole.n_rows, n);
  ck_assert_uint_eq (blocks.n_rows, n);
  ck_assert_uint_eq (blocks.largest_block, 7);
  ck_assert_double_eq_tol (blocks.sum, whole.sum, 1e-9);
  ck_assert_str_eq (shs_background_describe (all), words);
}
END_TEST

START_TEST (chosen_rows_are_those_that_are_read)
{
  g_auto (ExplainFixture) fixture = { 0 };
  gsize *rows = shs_alloc (3, sizeof *rows, NULL);
  double expected = 0;

  open_named (&fixture, "xgboost/3.4.1/binary");
  memcpy (rows, (gsize[]){ 1, 4, 9 }, 3 * sizeof *rows);
  gsize n_features = shs_model_get_parts (fixture.model)->n_features;
  g_autoptr (ShsMatrix) row = shs_matrix_new (1, n_features, NULL);
  for (gsize i = 0; i < 3; i++)
    {
      ck_assert (shs_column_match_read (fixture.match, rows[i], row, NULL));
      for (gsize j = 0; j < n_features; j++)
        expected += isnan (shs_matrix_get (row, 0, j)) ? 0 : shs_matrix_get (row, 0, j);
    }
  g_autoptr (ShsBackground) some = shs_background_new (fixture.match, rows, 3, NULL, NULL, NULL);
  ck_assert_double_eq_tol (see (some, 2).sum, expected, 1e-12);
  ck_assert_ptr_nonnull (strstr (shs_background_describe (some), "3 of "));
}
END_TEST

START_TEST (drawn_rows_follow_the_seed_and_are_never_cut)
{
  g_auto (ExplainFixture) fixture = { 0 };

  open_named (&fixture, "xgboost/3.4.1/binary");
  gsize n = shs_dataset_get_n_rows (fixture.dataset);
  g_autoptr (ShsBackground) a = shs_background_new_drawn (fixture.match, n / 2, 3, NULL);
  g_autoptr (ShsBackground) b = shs_background_new_drawn (fixture.match, n / 2, 3, NULL);
  g_autoptr (ShsBackground) other = shs_background_new_drawn (fixture.match, n / 2, 4, NULL);
  g_autoptr (ShsBackground) most = shs_background_new_drawn (fixture.match, 10 * n, 3, NULL);

  ck_assert_uint_eq (see (a, 5).n_rows, n / 2);
  ck_assert_double_eq (see (a, 5).sum, see (b, 5).sum);
  ck_assert_double_ne (see (a, 5).sum, see (other, 5).sum);
  ck_assert_ptr_nonnull (strstr (shs_background_describe (a), "drawn with seed 3"));
  ck_assert_ptr_null (shs_background_get_note (a));
  ck_assert_uint_eq (shs_background_get_n_rows (most), n);
  ck_assert_ptr_nonnull (strstr (shs_background_get_note (most), "fewer"));
}
END_TEST

static gboolean
see_first (const ShsMatrix *rows, gpointer data, GError **error)
{
  double *first = data;

  if (isnan (*first))
    *first = shs_matrix_get (rows, 0, 0);
  return TRUE;
}

/* Whether row 0 is among half of the rows: of 400 seeds in about 200, within 5 sigma. */
START_TEST (drawing_is_fair)
{
  g_auto (ExplainFixture) fixture = { 0 };
  gsize n_hits = 0;

  open_named (&fixture, "xgboost/3.4.1/regression");
  gsize n = shs_dataset_get_n_rows (fixture.dataset);
  g_autoptr (ShsMatrix) row
      = shs_matrix_new (1, shs_model_get_parts (fixture.model)->n_features, NULL);
  ck_assert (shs_column_match_read (fixture.match, 0, row, NULL));
  ck_assert (isfinite (shs_matrix_get (row, 0, 0)));
  for (guint64 seed = 0; seed < 400; seed++)
    {
      g_autoptr (ShsBackground) half = shs_background_new_drawn (fixture.match, n / 2, seed, NULL);
      double first = NAN;

      ck_assert (shs_background_foreach (half, n, 1, NULL, see_first, &first, NULL));
      n_hits += first == shs_matrix_get (row, 0, 0);
    }
  ck_assert_uint_gt (n_hits, 150);
  ck_assert_uint_lt (n_hits, 250);
}
END_TEST

START_TEST (an_empty_background_is_refused)
{
  g_auto (ExplainFixture) fixture = { 0 };
  g_autoptr (GError) error = NULL;

  open_named (&fixture, "xgboost/3.4.1/binary");
  ck_assert_ptr_null (shs_background_new (fixture.match, shs_alloc (1, sizeof (gsize), NULL), 0,
                                          NULL, NULL, &error));
  shs_test_assert_error (error, SHS_ERROR_CHOICE);
}
END_TEST

Suite *
background_suite (void)
{
  Suite *suite = suite_create ("background");
  TCase *cases = tcase_create ("background");

  tcase_add_test (cases, all_rows_are_handed_over_in_blocks);
  tcase_add_test (cases, chosen_rows_are_those_that_are_read);
  tcase_add_test (cases, drawn_rows_follow_the_seed_and_are_never_cut);
  tcase_add_test (cases, drawing_is_fair);
  tcase_add_test (cases, an_empty_background_is_refused);
  suite_add_tcase (suite, cases);
  return suite;
}
