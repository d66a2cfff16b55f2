/* Stands in for the loader program: the same conversion, in the test's own (forked) process. */
#include "io/shs-bytes.h"
#include "io/shs-loader-client.h"
#include "model/xgboost/shs-xgboost.h"

GBytes *
shs_loader_run_on (const char *task, const ShsFile *file, ShsProgress *progress, GError **error)
{
  g_autoptr (GBytes) bytes = shs_bytes_read (file, error);

  g_return_val_if_fail (g_str_equal (task, "xgboost-binary"), NULL);
  return bytes != NULL ? shs_xgboost_convert (shs_file_get_path (file), bytes, error) : NULL;
}

GBytes *
shs_loader_run (const char *task, const char *path, ShsProgress *progress, GError **error)
{
  g_autoptr (ShsFile) file = shs_file_open (path, error);

  return file != NULL ? shs_loader_run_on (task, file, progress, error) : NULL;
}
