#include "shs-test-measurer.h"
#include "shs-test.h"

#include "core/shs-memory.h"
#include "plot/shs-scene.h"

#include <string.h>

Suite *scene_suite (void);

static const ShsStroke thin = { .color = { 0, 0, 0, 1 }, .width = 1 };

static ShsMarkKey
make_key (ShsRole role, gint64 row, gint32 feature)
{
  return (ShsMarkKey){ role, row, feature, -1, -1, -1 };
}

static void
add_cloud (ShsScene *scene, gsize n, gint32 feature)
{
  ShsPoints points = { .n = n, .radius = 2, .shape = SHS_POINT_DISC };

  points.x = shs_alloc (n, sizeof (float), NULL);
  points.y = shs_alloc (n, sizeof (float), NULL);
  points.rgba = shs_alloc (n, sizeof (guint32), NULL);
  points.rows = shs_alloc (n, sizeof (guint32), NULL);
  for (gsize i = 0; i < n; i++)
    {
      points.x[i] = (float)(10 * i + 10);
      points.y[i] = 50;
      points.rgba[i] = 0xff005180;
      points.rows[i] = (guint32)(100 + i);
    }
  shs_scene_add_points (scene, SHS_LAYER_DATA, make_key (SHS_ROLE_POINT, -1, feature), points);
}

static ShsTextPlace
make_place (double x, double y)
{
  return (ShsTextPlace){ .x = x, .y = y, .font = { 10, FALSE }, .color = { 0, 0, 0, 1 } };
}

static void
add_text (ShsScene *scene, ShsMarkKey key, const char *text, ShsTextPlace place)
{
  shs_scene_add_text (scene, SHS_LAYER_AXES, key, text, place, shs_test_measurer ());
}

START_TEST (a_text_box_follows_anchor_and_rotation)
{
  g_autoptr (ShsScene) scene = shs_scene_new (200, 100);
  ShsTextPlace place = make_place (100, 50);
  ShsRectangle box;

  place.anchor = SHS_ANCHOR_MIDDLE;
  add_text (scene, make_key (SHS_ROLE_TITLE, -1, -1), "abcde", place);
  box = shs_scene_get_mark (scene, 0)->box;
  ck_assert_double_eq_tol (box.x, 85, 1e-9);
  ck_assert_double_eq_tol (box.y, 41, 1e-9);
  ck_assert_double_eq_tol (box.width, 30, 1e-9);
  ck_assert_double_eq_tol (box.height, 11.5, 1e-9);

  place.rotation = 90;
  place.anchor = SHS_ANCHOR_START;
  add_text (scene, make_key (SHS_ROLE_TITLE, -1, -1), "abcde", place);
  box = shs_scene_get_mark (scene, 1)->box;
  ck_assert_double_eq_tol (box.x, 91, 1e-9);
  ck_assert_double_eq_tol (box.y, 20, 1e-9);
  ck_assert_double_eq_tol (box.width, 11.5, 1e-9);
  ck_assert_double_eq_tol (box.height, 30, 1e-9);
}
END_TEST

START_TEST (a_long_text_is_elided_and_keeps_its_whole)
{
  g_autoptr (ShsScene) scene = shs_scene_new (200, 100);
  ShsTextPlace place = make_place (10, 50);
  const ShsText *text;

  place.max_width = 36;
  add_text (scene, make_key (SHS_ROLE_TITLE, -1, -1), "abcdefghij", place);
  text = &shs_scene_get_mark (scene, 0)->text;
  ck_assert_str_eq (text->string, "abcde…");
  ck_assert_str_eq (text->whole, "abcdefghij");
}
END_TEST

START_TEST (a_text_is_one_line_of_valid_utf8)
{
  g_autoptr (ShsScene) scene = shs_scene_new (200, 100);

  add_text (scene, make_key (SHS_ROLE_TITLE, -1, -1), "a\nb\x01\xff", make_place (10, 50));
  ck_assert_str_eq (shs_scene_get_mark (scene, 0)->text.string, "a b �");
}
END_TEST

START_TEST (a_text_is_refused_where_another_stands_or_the_figure_ends)
{
  g_autoptr (ShsScene) scene = shs_scene_new (200, 100);
  static const struct
  {
    double x, y;
    gboolean fits;
  } cases[] = { { 10, 50, TRUE },   { 20, 55, FALSE }, { 10, 62, TRUE },
                { 190, 20, FALSE }, { 10, 5, FALSE },  { -1, 90, FALSE } };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    ck_assert_int_eq (shs_scene_try_text (scene, SHS_LAYER_AXES, make_key (SHS_ROLE_TITLE, -1, -1),
                                          "abc", make_place (cases[i].x, cases[i].y),
                                          shs_test_measurer ()),
                      cases[i].fits);
  ck_assert_uint_eq (shs_scene_get_n_marks (scene), 2);
}
END_TEST

START_TEST (the_nearest_point_within_reach_is_picked)
{
  g_autoptr (ShsScene) scene = shs_scene_new (200, 100);
  ShsHit hit;

  add_cloud (scene, 5, 3);
  ck_assert (shs_scene_pick (scene, 31.5, 51, 4, &hit));
  ck_assert_int_eq (hit.key.row, 102);
  ck_assert_int_eq (hit.key.feature, 3);
  ck_assert_int_eq (hit.point, 2);
  ck_assert_double_eq_tol (hit.x, 30, 1e-6);
  ck_assert (!shs_scene_pick (scene, 30, 70, 4, &hit));
}
END_TEST

START_TEST (the_topmost_mark_is_picked_and_grids_are_not)
{
  g_autoptr (ShsScene) scene = shs_scene_new (200, 100);
  ShsRectangle box = { 20, 20, 40, 20 };
  ShsColor red = SHS_COLOR_HEX (0xff0051);
  ShsHit hit;

  shs_scene_add_rectangle (scene, SHS_LAYER_DATA, make_key (SHS_ROLE_BACKGROUND, -1, 9),
                           (ShsRectangle){ 0, 0, 200, 100 }, red, (ShsStroke){ 0 });
  shs_scene_add_rectangle (scene, SHS_LAYER_DATA, make_key (SHS_ROLE_VALUE, -1, 1), box, red,
                           (ShsStroke){ 0 });
  shs_scene_add_rectangle (scene, SHS_LAYER_DATA, make_key (SHS_ROLE_VALUE, -1, 2), box, red,
                           (ShsStroke){ 0 });
  shs_scene_add_line (scene, SHS_LAYER_AXES, make_key (SHS_ROLE_GRID, -1, 5), 0, 30, 200, 30, thin);
  ck_assert (shs_scene_pick (scene, 30, 30, 2, &hit));
  ck_assert_int_eq (hit.key.feature, 2);
  ck_assert (!shs_scene_pick (scene, 100, 80, 2, &hit));
}
END_TEST

START_TEST (a_thin_bar_is_hit_from_as_far_as_the_tolerance)
{
  g_autoptr (ShsScene) scene = shs_scene_new (200, 100);
  ShsHit hit;

  shs_scene_add_rectangle (scene, SHS_LAYER_DATA, make_key (SHS_ROLE_VALUE, 4, 2),
                           (ShsRectangle){ 50, 20, 0.2, 20 }, SHS_COLOR_HEX (0xff0051),
                           (ShsStroke){ 0 });
  ck_assert (shs_scene_pick (scene, 53, 30, 4, &hit));
  ck_assert_int_eq (hit.key.row, 4);
  ck_assert (!shs_scene_pick (scene, 55, 30, 4, &hit));
  ck_assert (!shs_scene_pick (scene, 50.1, 43, 4, &hit));
}
END_TEST

START_TEST (an_elided_text_can_be_picked_for_its_whole)
{
  g_autoptr (ShsScene) scene = shs_scene_new (200, 100);
  ShsTextPlace place = make_place (10, 50);
  ShsHit hit;

  add_text (scene, make_key (SHS_ROLE_AXIS_LABEL, -1, -1), "short", make_place (10, 20));
  place.max_width = 36;
  add_text (scene, make_key (SHS_ROLE_AXIS_LABEL, -1, -1), "a long one", place);
  ck_assert (!shs_scene_pick (scene, 15, 18, 2, &hit));
  ck_assert (shs_scene_pick (scene, 15, 48, 2, &hit));
  ck_assert_str_eq (shs_scene_get_mark (scene, hit.mark)->text.whole, "a long one");
}
END_TEST

START_TEST (a_box_picks_each_row_once_in_order)
{
  g_autoptr (ShsScene) scene = shs_scene_new (200, 100);
  g_autoptr (GArray) rows = NULL;

  add_cloud (scene, 5, 3);
  add_cloud (scene, 5, 4);
  rows = shs_scene_pick_rows (scene, (ShsRectangle){ 15, 40, 27, 20 });
  ck_assert_uint_eq (rows->len, 3);
  ck_assert_uint_eq (g_array_index (rows, guint32, 0), 101);
  ck_assert_uint_eq (g_array_index (rows, guint32, 2), 103);
}
END_TEST

static void
count_highlights (const ShsScene *scene, gsize *n_points, gsize *n_rings, gsize *n_frames)
{
  *n_points = *n_rings = *n_frames = 0;
  for (gsize i = 0; i < shs_scene_get_n_marks (scene); i++)
    {
      const ShsMark *mark = shs_scene_get_mark (scene, i);

      ck_assert_int_eq (mark->layer, SHS_LAYER_OVERLAY);
      if (mark->type == SHS_MARK_POINTS)
        {
          *n_points += mark->points.n;
          ck_assert_uint_eq (mark->points.rgba[0] & 0xff, 0xff);
        }
      *n_rings += mark->type == SHS_MARK_PATH && mark->key.row == 104;
      *n_frames += mark->type == SHS_MARK_PATH && mark->key.feature == 3 && mark->key.row < 0
                   && mark->fill.alpha == 0;
    }
}

START_TEST (a_highlight_holds_the_selected_rows_a_ring_and_a_frame)
{
  g_autoptr (ShsScene) scene = shs_scene_new (200, 100);
  g_autoptr (ShsScene) none = NULL;
  g_autoptr (ShsScene) some = NULL;
  guint8 selected[104] = { 0 };
  gsize n_points, n_rings, n_frames;

  add_cloud (scene, 5, 3);
  add_text (scene, make_key (SHS_ROLE_FEATURE_LABEL, -1, 3), "carat", make_place (10, 20));
  none = shs_scene_highlight (scene, selected, sizeof selected, -1, -1, SHS_COLOR_HEX (0));
  ck_assert_uint_eq (shs_scene_get_n_marks (none), 0);

  selected[101] = selected[103] = 1;
  some = shs_scene_highlight (scene, selected, sizeof selected, 104, 3, SHS_COLOR_HEX (0x3584e4));
  count_highlights (some, &n_points, &n_rings, &n_frames);
  ck_assert_uint_eq (n_points, 2);
  ck_assert_uint_eq (n_rings, 2); /* and its halo */
  ck_assert_uint_eq (n_frames, 1);
}
END_TEST

START_TEST (a_dump_has_every_mark_in_order)
{
  g_autoptr (ShsScene) scene = shs_scene_new (200, 100);
  g_autofree char *dump = NULL;

  shs_scene_set_title (scene, "A title");
  add_cloud (scene, 1, 3);
  shs_scene_add_line (scene, SHS_LAYER_AXES, make_key (SHS_ROLE_AXIS, -1, -1), 0, 1.5, 2, -0.0,
                      thin);
  dump = shs_scene_to_text (scene);
  ck_assert_str_eq (dump, "scene 200 100\ntitle A title\ndescription \n"
                          "data points point feature=3 box 8 48 4 4 disc radius 2\n"
                          "    10 50 ff005180 100\n"
                          "axes polyline axis box -0.5 -0.5 3 2.5 stroke=#000000 width 1"
                          " M 0 1.5 L 2 0\n");
}
END_TEST

Suite *
scene_suite (void)
{
  Suite *suite = suite_create ("scene");
  TCase *cases = tcase_create ("scene");

  tcase_add_test (cases, a_text_box_follows_anchor_and_rotation);
  tcase_add_test (cases, a_long_text_is_elided_and_keeps_its_whole);
  tcase_add_test (cases, a_text_is_one_line_of_valid_utf8);
  tcase_add_test (cases, a_text_is_refused_where_another_stands_or_the_figure_ends);
  tcase_add_test (cases, the_nearest_point_within_reach_is_picked);
  tcase_add_test (cases, the_topmost_mark_is_picked_and_grids_are_not);
  tcase_add_test (cases, a_thin_bar_is_hit_from_as_far_as_the_tolerance);
  tcase_add_test (cases, an_elided_text_can_be_picked_for_its_whole);
  tcase_add_test (cases, a_box_picks_each_row_once_in_order);
  tcase_add_test (cases, a_highlight_holds_the_selected_rows_a_ring_and_a_frame);
  tcase_add_test (cases, a_dump_has_every_mark_in_order);
  suite_add_tcase (suite, cases);
  return suite;
}
