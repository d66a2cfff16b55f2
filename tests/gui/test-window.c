/* The window inside this program: what cannot be done from outside. */
#include <adwaita.h>

#include "app/shs-application.h"
#include "app/shs-recent-files.h"
#include "app/shs-window.h"
#include "shs-test.h"

#define SECONDS 30

/* GTK is begun in the process of each test, never before Check forks. */
static ShsWindow *
open_window (int width)
{
  ShsApplication *application = shs_application_new ();
  ShsWindow *window;

  g_setenv ("GSETTINGS_BACKEND", "memory", TRUE);
  g_application_set_flags (G_APPLICATION (application), G_APPLICATION_NON_UNIQUE);
  ck_assert (g_application_register (G_APPLICATION (application), NULL, NULL));
  /* As desktops have it by themselves: one button in the frame. */
  g_object_set (gtk_settings_get_default (), "gtk-decoration-layout", ":close", NULL);
  window = shs_window_new (GTK_APPLICATION (application));
  gtk_window_set_default_size (GTK_WINDOW (window), width, 640);
  gtk_window_present (GTK_WINDOW (window));
  return window;
}

static void
wait_for (ShsSession *session, const char *property, const char *wanted)
{
  gint64 end = g_get_monotonic_time () + SECONDS * G_USEC_PER_SEC;

  for (;;)
    {
      g_autofree char *text = NULL;

      g_object_get (session, property, &text, NULL);
      if (g_strcmp0 (text, wanted) == 0)
        return;
      ck_assert_msg (g_get_monotonic_time () < end, "%s is %s, not %s", property, text, wanted);
      g_main_context_iteration (NULL, FALSE);
    }
}

static GtkDropTarget *
find_drop_target (GtkWidget *widget)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (widget);

  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr (GtkEventController) controller = g_list_model_get_item (controllers, i);

      if (GTK_IS_DROP_TARGET (controller))
        return GTK_DROP_TARGET (controller);
    }
  ck_abort_msg ("nothing can be dropped here");
  return NULL;
}

static GFile *
get_example (const char *name)
{
  return g_file_new_build_filename (g_getenv ("SHAPSCOPE_EXAMPLES"), name, NULL);
}

START_TEST (files_dropped_together_are_opened_together)
{
  ShsWindow *window = open_window (1000);
  ShsSession *session = shs_window_get_session (window);
  g_autoptr (GFile) model = get_example ("penguins.json");
  g_autoptr (GFile) data = get_example ("penguins.csv");
  g_autoptr (GSList) files = g_slist_append (g_slist_append (NULL, model), data);
  g_auto (GValue) value = G_VALUE_INIT;
  gboolean is_taken = FALSE;

  g_value_init (&value, GDK_TYPE_FILE_LIST);
  g_value_take_boxed (&value, gdk_file_list_new_from_list (files));
  g_signal_emit_by_name (find_drop_target (GTK_WIDGET (window)), "drop", &value, 10.0, 10.0,
                         &is_taken);
  ck_assert (is_taken);
  wait_for (session, "status", "ready");
  ck_assert_ptr_nonnull (shs_session_get_match (session));
}
END_TEST

static gboolean
has_label (GMenuModel *menu, const char *label)
{
  for (int i = 0; i < g_menu_model_get_n_items (menu); i++)
    {
      g_autofree char *text = NULL;
      g_autoptr (GMenuModel) section = g_menu_model_get_item_link (menu, i, G_MENU_LINK_SECTION);

      if (g_menu_model_get_item_attribute (menu, i, G_MENU_ATTRIBUTE_LABEL, "s", &text)
          && g_strcmp0 (text, label) == 0)
        return TRUE;
      if (section != NULL && has_label (section, label))
        return TRUE;
    }
  return FALSE;
}

START_TEST (the_menu_offers_recent_files)
{
  ShsWindow *window = open_window (1000);
  g_autoptr (GMenu) menu = shs_recent_files_menu_new ();
  g_autoptr (GFile) data = get_example ("seattle-rain.csv");
  const char *names[] = { g_file_peek_path (data), NULL };
  gint64 end = g_get_monotonic_time () + SECONDS * G_USEC_PER_SEC;

  shs_window_open (window, names);
  while (!has_label (G_MENU_MODEL (menu), "seattle-rain.csv"))
    {
      ck_assert_msg (g_get_monotonic_time () < end, "the file is not in the menu");
      g_main_context_iteration (NULL, FALSE);
    }
}
END_TEST

/* Phones are 360 pixels wide. */
static void
check_width (ShsWindow *window, const char *what)
{
  gint64 end = g_get_monotonic_time () + G_USEC_PER_SEC / 2;
  int width;

  while (g_get_monotonic_time () < end)
    g_main_context_iteration (NULL, FALSE);
  gtk_widget_measure (gtk_window_get_child (GTK_WINDOW (window)), GTK_ORIENTATION_HORIZONTAL, -1,
                      &width, NULL, NULL, NULL);
  ck_assert_msg (width <= 360, "%s needs %d pixels", what, width);
}

START_TEST (every_page_fits_a_narrow_window)
{
  static const char *const pages[] = { "overview", "features", "rows", "interactions" };
  ShsWindow *window = open_window (360);
  ShsSession *session = shs_window_get_session (window);

  shs_window_open_example (window, "seattle-rain");
  wait_for (session, "explain-status", "done");
  for (gsize i = 0; i < G_N_ELEMENTS (pages); i++)
    {
      ck_assert (shs_session_set_page (session, pages[i], NULL));
      check_width (window, pages[i]);
    }
  ck_assert (shs_session_ask_interactions (session, "all", NULL));
  wait_for (session, "explain-status", "done");
  check_width (window, "interactions that were computed");
  ck_assert (shs_session_set_background (session, "\"wind (m/s)\" > 4", NULL));
  check_width (window, "what has changed");
}
END_TEST

START_TEST (what_is_open_fits_a_narrow_window)
{
  ShsWindow *window = open_window (360);
  ShsSession *session = shs_window_get_session (window);
  g_autoptr (GFile) model = get_example ("penguins.json");
  g_autoptr (GFile) data = get_example ("penguins.csv");
  g_autoptr (GFile) other = get_example ("penguins-small.csv");
  g_autofree char *broken = shs_test_temporary ("a-name-that-is-rather-long-for-one-file.json");
  const char *const opened[][3] = { { NULL },
                                    { g_file_peek_path (data) },
                                    { g_file_peek_path (model), g_file_peek_path (other) },
                                    { g_file_peek_path (data), g_file_peek_path (other) } };

  check_width (window, "the beginning");
  for (gsize i = 1; i < G_N_ELEMENTS (opened); i++)
    {
      shs_window_open (window, opened[i]);
      check_width (window, opened[i][0]);
      wait_for (session, "status", "ready");
    }
  ck_assert (g_file_set_contents (broken, "{\"learner\": {\"gradient_booster\": [", -1, NULL));
  shs_window_open (window, (const char *const[]){ broken, NULL });
  check_width (window, "a problem");
  gtk_widget_activate_action (GTK_WIDGET (window), "win.sidebar", NULL);
  check_width (window, "the sidebar");
}
END_TEST

static int
count_cut_names (GtkWidget *widget, gboolean is_in_switcher)
{
  int n = 0;

  is_in_switcher = is_in_switcher || ADW_IS_VIEW_SWITCHER (widget);
  if (!gtk_widget_get_child_visible (widget) || !gtk_widget_get_visible (widget))
    return 0;
  if (is_in_switcher && GTK_IS_LABEL (widget))
    n = pango_layout_is_ellipsized (gtk_label_get_layout (GTK_LABEL (widget)));
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    n += count_cut_names (child, is_in_switcher);
  return n;
}

static const int widths[] = { 400, 640, 700, 800, 900, 1000, 1280 };

START_TEST (no_name_of_a_page_is_cut)
{
  ShsWindow *window = open_window (widths[_i]);
  gint64 end;

  shs_window_open_example (window, "seattle-rain");
  wait_for (shs_window_get_session (window), "explain-status", "done");
  end = g_get_monotonic_time () + G_USEC_PER_SEC;
  while (g_get_monotonic_time () < end)
    g_main_context_iteration (NULL, FALSE);
  ck_assert_int_eq (count_cut_names (GTK_WIDGET (window), FALSE), 0);
}
END_TEST

static Suite *
window_suite (void)
{
  Suite *suite = suite_create ("window");
  TCase *tcase = tcase_create ("window");

  tcase_set_timeout (tcase, 60);
  tcase_add_test (tcase, files_dropped_together_are_opened_together);
  tcase_add_test (tcase, the_menu_offers_recent_files);
  tcase_add_test (tcase, every_page_fits_a_narrow_window);
  tcase_add_test (tcase, what_is_open_fits_a_narrow_window);
  tcase_add_loop_test (tcase, no_name_of_a_page_is_cut, 0, G_N_ELEMENTS (widths));
  suite_add_tcase (suite, tcase);
  return suite;
}

int
main (void)
{
  Suite *(*const suites[]) (void) = { window_suite, NULL };
  g_autofree char *home = shs_test_temporary ("home");

  g_setenv ("XDG_DATA_HOME", home, TRUE);
  g_setenv ("XDG_CONFIG_HOME", home, TRUE);
  return shs_test_main ("window", suites);
}
