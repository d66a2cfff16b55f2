#include "app/shs-recent-files.h"

#include "core/shs-i18n.h"

#define APPLICATION "Shapscope"
#define MOST_FILES 8

void
shs_recent_files_add (const char *const *paths)
{
  for (gsize i = 0; paths[i] != NULL; i++)
    {
      g_autofree char *uri = g_filename_to_uri (paths[i], NULL, NULL);
      g_autofree char *type = g_content_type_guess (paths[i], NULL, 0, NULL);
      g_autofree char *mime = g_content_type_get_mime_type (type);
      GtkRecentData data = {
        .mime_type = mime != NULL ? mime : (char *)"application/octet-stream",
        .app_name = (char *)APPLICATION,
        .app_exec = (char *)"shapscope %f",
      };

      if (uri != NULL && g_file_test (paths[i], G_FILE_TEST_EXISTS))
        gtk_recent_manager_add_full (gtk_recent_manager_get_default (), uri, &data);
    }
}

static int
compare_visits (gconstpointer a, gconstpointer b)
{
  return -g_date_time_compare (gtk_recent_info_get_visited ((GtkRecentInfo *)a),
                               gtk_recent_info_get_visited ((GtkRecentInfo *)b));
}

static void
add_item (GMenu *menu, GtkRecentInfo *info)
{
  const char *uri = gtk_recent_info_get_uri (info);
  const char *uris[] = { uri, NULL };
  g_autoptr (GMenuItem) item = g_menu_item_new (gtk_recent_info_get_display_name (info), NULL);

  g_menu_item_set_action_and_target_value (item, "app.open-files", g_variant_new_strv (uris, 1));
  g_menu_append_item (menu, item);
}

static void
fill (GtkRecentManager *manager, GMenu *menu)
{
  GList *infos = g_list_sort (gtk_recent_manager_get_items (manager), compare_visits);
  g_autoptr (GMenu) files = g_menu_new (), others = g_menu_new ();
  int n = 0;

  g_menu_remove_all (menu);
  for (GList *info = infos; info != NULL && n < MOST_FILES; info = info->next)
    if (gtk_recent_info_has_application (info->data, APPLICATION)
        && gtk_recent_info_exists (info->data))
      {
        add_item (files, info->data);
        n++;
      }
  g_list_free_full (infos, (GDestroyNotify)gtk_recent_info_unref);
  if (n > 0)
    g_menu_append_section (menu, _ ("Recent Files"), G_MENU_MODEL (files));
  g_menu_append (others, _ ("Open a Model _Folder…"), "app.open-folder");
  g_menu_append (others, _ ("Train a _Quick Model…"), "win.quick-model");
  g_menu_append_section (menu, NULL, G_MENU_MODEL (others));
}

GMenu *
shs_recent_files_menu_new (void)
{
  GMenu *menu = g_menu_new ();
  GtkRecentManager *manager = gtk_recent_manager_get_default ();

  g_signal_connect_object (manager, "changed", G_CALLBACK (fill), menu, 0);
  fill (manager, menu);
  return menu;
}
