/* Stands in for the loader program: the same conversion, in the test's own (forked) process. */
#include "io/shs-bytes.h"
#include "io/shs-loader-client.h"
#include "model/shs-xgboost.h"

GBytes *
shs_loader_run (const char *task, const char *path, ShsProgress *progress, GError **error)
{
  g_autoptr (GBytes) bytes = shs_bytes_open (path, error);

  g_return_val_if_fail (g_str_equal (task, "xgboost-binary"), NULL);
  return bytes != NULL ? shs_xgboost_convert (path, bytes, error) : NULL;
}
