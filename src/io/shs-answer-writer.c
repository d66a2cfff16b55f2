#include "io/shs-answer-writer.h"

#include "core/shs-error.h"
#include "io/npy/shs-npy-private.h"

#include <errno.h>
#include <unistd.h>

typedef struct
{
  int fd;
  guint64 at;
} Answer;

static gboolean
answer_write (gpointer data, gconstpointer bytes, gsize length, GError **error)
{
  Answer *self = data;

  for (gsize done = 0; done < length;)
    {
      ssize_t put = pwrite (self->fd, (const char *)bytes + done, length - done, (off_t)self->at);

      if (put < 0 && errno == EINTR)
        continue;
      if (put <= 0)
        {
          g_set_error (error, SHS_ERROR, SHS_ERROR_MEMORY,
                       "its content needs more memory than may be used (%s); close other programs",
                       g_strerror (errno));
          return FALSE;
        }
      done += (gsize)put;
      self->at += (guint64)put;
    }
  return TRUE;
}

static gboolean
answer_commit (gpointer data, GError **error)
{
  return TRUE;
}

static const ShsZipSink answer_sink = { answer_write, answer_commit, g_free };

ShsNpzWriter *
shs_answer_writer_new (int fd)
{
  Answer *answer = g_new0 (Answer, 1);

  answer->fd = fd;
  return shs_npz_writer_new_in ("the answer", shs_zip_writer_new_on (&answer_sink, answer, TRUE));
}
