#include "model/xgboost/shs-xgboost-library.h"

#include "core/shs-error.h"

#include <string.h>

/* "[12:00:00] ./src/gbm/gbtree.cc:42: Check failed: ...\nStack trace: ..." */
static char *
first_line (const char *message)
{
  g_auto (GStrv) lines = g_strsplit (message, "\n", -1);
  const char *line = "";

  for (gsize i = 0; lines[i] != NULL && *line == '\0'; i++)
    line = g_strstrip (lines[i]);
  if (*line == '[')
    {
      const char *place = strstr (line, ": ");

      line = place != NULL ? place + 2 : line;
    }
  return g_strdup (line);
}

gboolean
shs_xgboost_call (int status, const char *name, GError **error)
{
  if (status == 0)
    return TRUE;
  g_autofree char *message = first_line (XGBGetLastError ());
  g_set_error (error, SHS_ERROR, SHS_ERROR_INVALID, "%s: libxgboost says: %s", name,
               *message != '\0' ? message : "nothing");
  return FALSE;
}
