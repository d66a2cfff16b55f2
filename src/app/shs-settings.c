#include "app/shs-settings.h"

#define SCHEMA "org.shapscope.Shapscope"

static GSettingsSchema *
find_beside_program (void)
{
  g_autofree char *program = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *folder = NULL, *schemas = NULL;
  g_autoptr (GSettingsSchemaSource) source = NULL;

  if (program == NULL)
    return NULL;
  folder = g_path_get_dirname (program);
  schemas = g_build_filename (folder, "data", NULL);
  source = g_settings_schema_source_new_from_directory (
      schemas, g_settings_schema_source_get_default (), FALSE, NULL);
  return source != NULL ? g_settings_schema_source_lookup (source, SCHEMA, FALSE) : NULL;
}

GSettings *
shs_settings_get (void)
{
  GSettingsSchemaSource *source = g_settings_schema_source_get_default ();
  g_autoptr (GSettingsSchema) schema = find_beside_program ();

  if (schema == NULL && source != NULL)
    schema = g_settings_schema_source_lookup (source, SCHEMA, TRUE);
  return schema != NULL ? g_settings_new_full (schema, NULL, NULL) : NULL;
}
