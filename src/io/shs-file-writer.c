#include "io/shs-file-writer.h"

#include "core/shs-error.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define BUFFER_SIZE (1u << 16)
#define MAX_LINKS 40
#define MAX_TRIES 100
#define MAX_KEPT_NAME                                                                              \
  200 /* of the target's name in the temporary one, which may have 255 bytes                       \
       */

/*
 * @target: @path with its symbolic links resolved
 * @temporary: the path of what is written
 * @is_nameless: it is in no folder yet; @temporary leads to it through the descriptor
 * @is_direct: a device or a pipe, to which the bytes go at once
 * @mode: of the old file; 0 where there is none
 * @failure: why a write failed; nothing is written or committed after that
 */
struct _ShsFileWriter
{
  char *path;
  char *target;
  char *temporary;
  gboolean is_direct;
  gboolean is_nameless;
  mode_t mode;
  int fd;
  int failure;
  guint64 n_written;
  gsize n_buffered;
  guint8 buffer[BUFFER_SIZE];
};

static gboolean
fail (const ShsFileWriter *self, int reason, const char *advice, GError **error)
{
  g_autofree char *shown = g_filename_display_name (self->path);

  g_set_error (error, SHS_ERROR, SHS_ERROR_FILE, "%s could not be written: %s%s", shown,
               g_strerror (reason), advice);
  return FALSE;
}

static gboolean
fail_to_write (ShsFileWriter *self, int reason, GError **error)
{
  self->failure = reason;

  g_autofree char *advice = g_strdup_printf (
      " after %" G_GUINT64_FORMAT " bytes; %s", self->n_written,
      self->is_direct ? "what reads it may have ended"
                      : "make room or choose another folder (an older file is unchanged)");

  return fail (self, reason, advice, error);
}

/* Follows symbolic links; the last one may point to nothing yet. NULL when they run in a circle. */
static char *
resolve_links (const char *path)
{
  g_autofree char *target = g_strdup (path);

  for (int i = 0; i < MAX_LINKS; i++)
    {
      g_autofree char *link = g_file_read_link (target, NULL);
      g_autofree char *folder = NULL;

      if (link == NULL)
        return g_steal_pointer (&target);
      folder = g_path_get_dirname (target);
      g_free (target);
      target = g_path_is_absolute (link) ? g_steal_pointer (&link)
                                         : g_build_filename (folder, link, NULL);
    }
  errno = ELOOP;
  return NULL;
}

/* (transfer full): a name beside the target that nobody has, invisible in listings. */
static char *
make_name (const ShsFileWriter *self)
{
  g_autofree char *folder = g_path_get_dirname (self->target);
  g_autofree char *name = g_path_get_basename (self->target);
  g_autofree char *unique = g_strdup_printf (".%.*s.%08x", MAX_KEPT_NAME, name, g_random_int ());

  return g_build_filename (folder, unique, NULL);
}

static mode_t
choose_mode (const ShsFileWriter *self)
{
  return self->mode != 0 ? S_IRUSR | S_IWUSR : 0666;
}

/* Opens a file that goes with the program, however that ends; not every file system knows such. */
static gboolean
open_nameless (ShsFileWriter *self)
{
  g_autofree char *folder = g_path_get_dirname (self->target);
  g_autofree char *path = NULL;
  int fd = open (folder, O_RDWR | O_TMPFILE | O_CLOEXEC, choose_mode (self));

  if (fd < 0)
    return FALSE;
  path = g_strdup_printf ("/proc/self/fd/%d", fd);
  if (access (path, F_OK) != 0)
    {
      close (fd);
      return FALSE;
    }
  self->fd = fd;
  self->temporary = g_steal_pointer (&path);
  self->is_nameless = TRUE;
  return TRUE;
}

static gboolean
open_temporary (ShsFileWriter *self)
{
  if (open_nameless (self))
    return TRUE;
  for (int i = 0; i < MAX_TRIES; i++)
    {
      g_autofree char *path = make_name (self);

      self->fd = open (path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, choose_mode (self));
      if (self->fd >= 0)
        {
          self->temporary = g_steal_pointer (&path);
          return TRUE;
        }
      if (errno != EEXIST)
        break;
    }
  return FALSE;
}

/* Puts the nameless file into the folder as @path, which must be free. */
static gboolean
link_temporary (ShsFileWriter *self, const char *path)
{
  if (linkat (AT_FDCWD, self->temporary, AT_FDCWD, path, AT_SYMLINK_FOLLOW) != 0)
    return FALSE;
  self->is_nameless = FALSE;
  g_free (self->temporary);
  self->temporary = g_strdup (path);
  return TRUE;
}

gboolean
shs_file_writer_name_temporary (ShsFileWriter *self)
{
  for (int i = 0; i < MAX_TRIES && self->is_nameless; i++)
    {
      g_autofree char *path = make_name (self);

      if (!link_temporary (self, path) && errno != EEXIST)
        return FALSE;
    }
  return !self->is_nameless;
}

static gboolean
open_target (ShsFileWriter *self)
{
  struct stat status;

  self->target = resolve_links (self->path);
  if (self->target == NULL)
    return FALSE;
  if (stat (self->target, &status) != 0)
    return errno == ENOENT && open_temporary (self);
  if (S_ISDIR (status.st_mode))
    {
      errno = EISDIR;
      return FALSE;
    }
  if (S_ISREG (status.st_mode))
    {
      self->mode = status.st_mode & 07777;
      return open_temporary (self);
    }
  self->is_direct = TRUE;
  self->temporary = g_strdup (self->target);
  self->fd = open (self->target, O_WRONLY | O_CLOEXEC | O_NOCTTY);
  return self->fd >= 0;
}

ShsFileWriter *
shs_file_writer_new (const char *path, GError **error)
{
  g_autoptr (ShsFileWriter) self = g_new0 (ShsFileWriter, 1);

  self->fd = -1;
  self->path = g_strdup (path);
  if (open_target (self))
    return g_steal_pointer (&self);
  fail (self, errno, "; check that its folder exists and can be written to", error);
  return NULL;
}

void
shs_file_writer_free (ShsFileWriter *self)
{
  if (self == NULL)
    return;
  if (self->fd >= 0)
    close (self->fd);
  if (self->temporary != NULL && !self->is_direct && !self->is_nameless)
    unlink (self->temporary);
  g_free (self->temporary);
  g_free (self->target);
  g_free (self->path);
  g_free (self);
}

/* @offset: NULL to go on where the last write ended */
static gboolean
write_all (ShsFileWriter *self, const guint8 *bytes, gsize length, off_t *offset, GError **error)
{
  while (length > 0)
    {
      ssize_t n = offset != NULL ? pwrite (self->fd, bytes, length, *offset)
                                 : write (self->fd, bytes, length);

      if (n < 0 && errno == EINTR)
        continue;
      if (n <= 0)
        return fail_to_write (self, n < 0 ? errno : EIO, error);
      bytes += n;
      length -= (gsize)n;
      self->n_written += (gsize)n;
      if (offset != NULL)
        *offset += n;
    }
  return TRUE;
}

static gboolean
flush (ShsFileWriter *self, GError **error)
{
  gsize length = self->n_buffered;

  self->n_buffered = 0;
  return write_all (self, self->buffer, length, NULL, error);
}

gboolean
shs_file_writer_check (ShsFileWriter *self, GError **error)
{
  return self->failure == 0 || fail_to_write (self, self->failure, error);
}

gboolean
shs_file_writer_write (ShsFileWriter *self, gconstpointer bytes, gsize length, GError **error)
{
  g_return_val_if_fail (self->fd >= 0, FALSE);
  if (!shs_file_writer_check (self, error))
    return FALSE;
  if (length > BUFFER_SIZE - self->n_buffered && !flush (self, error))
    return FALSE;
  if (length > BUFFER_SIZE)
    return write_all (self, bytes, length, NULL, error);
  if (length > 0)
    memcpy (self->buffer + self->n_buffered, bytes, length);
  self->n_buffered += length;
  return TRUE;
}

gboolean
shs_file_writer_write_text (ShsFileWriter *self, const char *text, GError **error)
{
  return shs_file_writer_write (self, text, strlen (text), error);
}

gboolean
shs_file_writer_write_at (ShsFileWriter *self, guint64 offset, gconstpointer bytes, gsize length,
                          GError **error)
{
  off_t place = (off_t)offset;

  g_return_val_if_fail (self->fd >= 0 && self->n_buffered == 0, FALSE);
  g_return_val_if_fail (offset <= G_MAXINT64, FALSE);
  return shs_file_writer_check (self, error) && write_all (self, bytes, length, &place, error);
}

gboolean
shs_file_writer_set_length (ShsFileWriter *self, guint64 length, GError **error)
{
  g_return_val_if_fail (self->fd >= 0 && length <= G_MAXINT64, FALSE);
  if (!shs_file_writer_check (self, error))
    return FALSE;
  return ftruncate (self->fd, (off_t)length) == 0 || fail_to_write (self, errno, error);
}

int
shs_file_writer_get_descriptor (const ShsFileWriter *self)
{
  return self->fd;
}

const char *
shs_file_writer_get_temporary_path (ShsFileWriter *self)
{
  return self->temporary;
}

const char *
shs_file_writer_get_path (ShsFileWriter *self)
{
  return self->path;
}

/* Opens the file anew, since a library that writes by path may have replaced it. */
static gboolean
make_durable (ShsFileWriter *self)
{
  int fd = open (self->temporary, O_RDONLY | O_CLOEXEC);
  gboolean is_good;
  int reason;

  if (fd < 0)
    return FALSE;
  is_good = fsync (fd) == 0 && (self->mode == 0 || fchmod (fd, self->mode) == 0);
  reason = errno;
  close (fd);
  errno = reason;
  return is_good;
}

/* The name is in place already: a folder that cannot be synchronised does not undo that. */
static void
synchronise_folder (const char *path)
{
  g_autofree char *folder = g_path_get_dirname (path);
  int fd = open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

  if (fd < 0)
    return;
  fsync (fd);
  close (fd);
}

/* A new name comes into being with the whole file; an old one can be replaced by another name only.
 */
static gboolean
put_in_place (ShsFileWriter *self)
{
  if (self->is_nameless && link_temporary (self, self->target))
    return TRUE;
  return shs_file_writer_name_temporary (self) && rename (self->temporary, self->target) == 0;
}

static gboolean
close_file (ShsFileWriter *self)
{
  int fd = self->fd;

  self->fd = -1;
  return close (fd) == 0;
}

gboolean
shs_file_writer_commit (ShsFileWriter *self, GError **error)
{
  g_return_val_if_fail (self->fd >= 0, FALSE);
  if (!shs_file_writer_check (self, error) || !flush (self, error))
    return FALSE;
  if ((!self->is_direct && (!make_durable (self) || !put_in_place (self))) || !close_file (self))
    return fail_to_write (self, errno, error);
  if (self->is_direct)
    return TRUE;
  g_clear_pointer (&self->temporary, g_free);
  synchronise_folder (self->target);
  return TRUE;
}

gboolean
shs_file_write (const char *path, gconstpointer bytes, gsize length, GError **error)
{
  g_autoptr (ShsFileWriter) writer = shs_file_writer_new (path, error);

  return writer != NULL && shs_file_writer_write (writer, bytes, length, error)
         && shs_file_writer_commit (writer, error);
}
