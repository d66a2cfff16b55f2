#include "loader/shs-loader-task.h"

#include "core/shs-error.h"
#include "core/shs-memory.h"
#include "io/hdf5/shs-hdf5-convert.h"
#include "model/xgboost/shs-xgboost.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

static gboolean
fail (GError **error, const char *what)
{
  g_set_error (error, SHS_ERROR, SHS_ERROR_FILE, "%s (%s)", what, g_strerror (errno));
  return FALSE;
}

static GBytes *
read_all (int fd, GError **error)
{
  off_t length = lseek (fd, 0, SEEK_END);
  guint8 *content = length >= 0 ? shs_alloc ((gsize)length, 1, error) : NULL;

  if (length < 0)
    fail (error, "its size cannot be found");
  if (content == NULL)
    return NULL;
  for (gsize done = 0; done < (gsize)length;)
    {
      ssize_t got = pread (fd, content + done, (gsize)length - done, (off_t)done);

      if (got <= 0 && !(got < 0 && errno == EINTR))
        {
          shs_free (content);
          fail (error, "it ends or fails while it is read");
          return NULL;
        }
      done += (gsize)MAX (got, 0);
    }
  return g_bytes_new_with_free_func (content, (gsize)length, shs_free, content);
}

static gboolean
write_all (int fd, GBytes *bytes, GError **error)
{
  gsize length;
  const guint8 *content = g_bytes_get_data (bytes, &length);

  for (gsize done = 0; done < length;)
    {
      ssize_t put = write (fd, content + done, length - done);

      if (put <= 0 && !(put < 0 && errno == EINTR))
        return fail (error, "its content needs more memory than may be used");
      done += (gsize)MAX (put, 0);
    }
  return TRUE;
}

static gboolean
prepare_hdf5 (GError **error)
{
  return shs_hdf5_convert_prepare (error);
}

static gboolean
run_hdf5 (int input, int answer, GError **error)
{
  return shs_hdf5_convert (input, answer, FALSE, error);
}

static gboolean
run_hdf5_places (int input, int answer, GError **error)
{
  return shs_hdf5_convert (input, answer, TRUE, error);
}

static gboolean
prepare_xgboost (GError **error)
{
  return TRUE;
}

static gboolean
run_xgboost (int input, int answer, GError **error)
{
  g_autoptr (GBytes) bytes = read_all (input, error);
  g_autoptr (GBytes) json = bytes != NULL ? shs_xgboost_convert ("the model", bytes, error) : NULL;

  return json != NULL && write_all (answer, json, error);
}

static const ShsLoaderTask tasks[] = {
  { "hdf5", prepare_hdf5, run_hdf5 },
  { "hdf5-places", prepare_hdf5, run_hdf5_places },
  { "xgboost-binary", prepare_xgboost, run_xgboost },
};

const ShsLoaderTask *
shs_loader_task_find (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (tasks); i++)
    if (g_str_equal (tasks[i].name, name))
      return &tasks[i];
  return NULL;
}
