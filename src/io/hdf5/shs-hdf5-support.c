#include "io/hdf5/shs-hdf5-private.h"

#include "core/shs-error.h"

#include <stdarg.h>

void
shs_hid_close (ShsHid id)
{
  if (id >= 0)
    H5Idec_ref (id);
}

void
shs_hdf5_silence (void)
{
  H5Eset_auto2 (H5E_DEFAULT, NULL, NULL);
}

static herr_t
take_first_message (unsigned n, const H5E_error2_t *message, void *data)
{
  char **text = data;

  if (*text == NULL && message->desc != NULL && message->desc[0] != '\0')
    *text = g_strdelimit (g_utf8_make_valid (message->desc, -1), "\r\n", ' ');
  return 0;
}

gboolean
shs_hdf5_fail (GError **error, const char *what, const char *path)
{
  g_autofree char *reason = NULL;

  H5Ewalk2 (H5E_DEFAULT, H5E_WALK_UPWARD, take_first_message, &reason);
  g_set_error (error, SHS_ERROR, SHS_ERROR_SYNTAX, "%s%s%s (HDF5: %s)", what,
               path != NULL ? " " : "", path != NULL ? path : "",
               reason != NULL ? reason : "no reason given");
  return FALSE;
}

gboolean
shs_hdf5_refuse (GError **error, const char *format, ...)
{
  g_autofree char *message = NULL;
  va_list arguments;

  va_start (arguments, format);
  message = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_set_error_literal (error, SHS_ERROR, SHS_ERROR_UNSUPPORTED, message);
  return FALSE;
}
