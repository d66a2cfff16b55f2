#include "shs-test-explanation.h"
#include "shs-test-measurer.h"
#include "shs-test.h"

#include "core/shs-error.h"
#include "core/shs-memory.h"
#include "core/shs-random.h"
#include "plot/shs-cloud-cover.h"

#include <math.h>

Suite *cloud_cover_suite (void);

#define N_POINTS 3000
#define N_LARGE 200001

/* In a square of 20 x 20 cells; every third one can be seen through. */
static ShsCloud
make_cloud (void)
{
  ShsRandom random = shs_random_init (3, 0);
  ShsCloud cloud;

  ck_assert (shs_cloud_init (&cloud, N_POINTS, 1, NULL));
  for (guint32 i = 0; i < N_POINTS; i++)
    {
      double x = 100 + 20 * SHS_COVER_CELL * shs_random_uniform (&random);
      double y = 50 + 20 * SHS_COVER_CELL * shs_random_uniform (&random);

      shs_cloud_add (&cloud, FALSE, x, y, i % 3 == 0 ? 0x11223344 : 0x112233ff, i);
    }
  return cloud;
}

static gsize
get_cell (const ShsPoints *points, double left, double top, gsize i)
{
  return (gsize)((points->x[i] - left) / SHS_COVER_CELL)
         + 1000 * (gsize)((points->y[i] - top) / SHS_COVER_CELL);
}

/* Kept is exactly what has no later opaque point in its square. */
START_TEST (points_under_later_opaque_ones_are_dropped_and_no_others)
{
  g_auto (ShsCloud) cloud = make_cloud ();
  g_auto (ShsCloud) all = make_cloud ();
  const ShsPoints *kept = &cloud.points[0], *points = &all.points[0];
  double left = INFINITY, top = INFINITY;
  gsize place = 0;

  for (gsize i = 0; i < N_POINTS; i++)
    {
      left = fmin (left, points->x[i]);
      top = fmin (top, points->y[i]);
    }
  ck_assert (shs_cloud_drop_covered (&cloud, NULL));
  for (gsize i = 0; i < N_POINTS; i++)
    {
      gboolean is_covered = FALSE;

      for (gsize j = i + 1; j < N_POINTS && !is_covered; j++)
        is_covered
            = j % 3 != 0 && get_cell (points, left, top, i) == get_cell (points, left, top, j);
      if (is_covered)
        continue;
      ck_assert_uint_lt (place, kept->n);
      ck_assert_uint_eq (kept->rows[place], i);
      ck_assert (kept->x[place] == points->x[i] && kept->y[place] == points->y[i]);
      ck_assert_uint_eq (kept->rgba[place++], points->rgba[i]);
    }
  ck_assert_uint_eq (place, kept->n);
  ck_assert_uint_lt (place, N_POINTS / 2);
  ck_assert_uint_eq (cloud.points[1].n, 0);
}
END_TEST

START_TEST (every_failing_allocation_of_dropping_is_an_error)
{
  guint64 n = 1;

  for (gboolean done = FALSE; !done; n++)
    {
      g_auto (ShsCloud) cloud = make_cloud ();
      g_autoptr (GError) error = NULL;

      shs_alloc_fail_at (n);
      done = shs_cloud_drop_covered (&cloud, &error);
      shs_alloc_fail_at (0);
      if (!done)
        shs_test_assert_error (error, SHS_ERROR_MEMORY);
    }
  ck_assert_uint_gt (n, 5);
}
END_TEST

static gsize
count_points (const ShsScene *scene)
{
  gsize n = 0;

  for (gsize i = 0; i < shs_scene_get_n_marks (scene); i++)
    if (shs_scene_get_mark (scene, i)->type == SHS_MARK_POINTS)
      n += shs_scene_get_mark (scene, i)->points.n;
  return n;
}

/* Whoever points at a scene finds every row. */
START_TEST (only_pictures_of_many_rows_lack_points)
{
  g_autoptr (ShsExplanation) large = shs_test_explanation_new_large (N_LARGE, 2);
  g_autoptr (ShsExplanation) small = shs_test_explanation_new_large (1000, 2);
  g_autoptr (ShsPlotOptions) options = shs_plot_options_new (SHS_PLOT_BEESWARM);
  g_autoptr (ShsScene) scene
      = shs_plot_build (large, options, 300, 100, shs_test_measurer (), NULL);
  g_autoptr (ShsScene) picture
      = shs_plot_build_picture (large, options, 300, 100, shs_test_measurer (), NULL);
  g_autoptr (ShsScene) small_picture
      = shs_plot_build_picture (small, options, 300, 100, shs_test_measurer (), NULL);

  ck_assert_uint_eq (count_points (scene), 2 * N_LARGE);
  ck_assert_uint_lt (count_points (picture), 2 * N_LARGE);
  ck_assert_uint_gt (count_points (picture), 1000);
  ck_assert_uint_eq (count_points (small_picture), 2000);
}
END_TEST

Suite *
cloud_cover_suite (void)
{
  Suite *suite = suite_create ("cloud cover");
  TCase *cases = tcase_create ("cloud cover");

  tcase_set_timeout (cases, 60);
  tcase_add_test (cases, points_under_later_opaque_ones_are_dropped_and_no_others);
  tcase_add_test (cases, every_failing_allocation_of_dropping_is_an_error);
  tcase_add_test (cases, only_pictures_of_many_rows_lack_points);
  suite_add_tcase (suite, cases);
  return suite;
}
