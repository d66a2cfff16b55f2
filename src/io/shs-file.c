#include "io/shs-file.h"

#include "core/shs-error.h"

#include <errno.h>
#include <fcntl.h>
#include <nettle/sha2.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define HASH_PIECE (256u << 10)

struct _ShsFile
{
  gint references;
  char *path;
  int descriptor;
  guint64 size; /* atomic */
};

static gboolean
fail (const char *path, const char *what, int reason, GError **error)
{
  g_set_error (error, SHS_ERROR, SHS_ERROR_FILE, "%s: %s: %s", path, what, g_strerror (reason));
  return FALSE;
}

static ShsFile *
take_descriptor (const char *path, int descriptor, GError **error)
{
  g_autoptr (ShsFile) self = g_new0 (ShsFile, 1);
  struct stat info;

  self->references = 1;
  self->path = g_strdup (path);
  self->descriptor = descriptor;
  if (descriptor < 0 || fstat (descriptor, &info) != 0)
    {
      fail (path, "cannot be opened", errno, error);
      return NULL;
    }
  if (!S_ISREG (info.st_mode))
    {
      g_set_error (error, SHS_ERROR, SHS_ERROR_FILE, "%s: %s; choose a file", path,
                   S_ISDIR (info.st_mode) ? "is a folder" : "is not a regular file");
      return NULL;
    }
  self->size = (guint64)info.st_size;
  return g_steal_pointer (&self);
}

/* O_NONBLOCK: a pipe without a writer would otherwise hold the program here. */
ShsFile *
shs_file_open (const char *path, GError **error)
{
  return take_descriptor (path, open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY), error);
}

ShsFile *
shs_file_new_for_descriptor (const char *path, int descriptor, GError **error)
{
  return take_descriptor (path, fcntl (descriptor, F_DUPFD_CLOEXEC, 0), error);
}

static int
open_scratch (const char *folder)
{
  g_autofree char *path = NULL;
  int descriptor = open (folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);

  if (descriptor >= 0)
    return descriptor;
  path = g_build_filename (folder, "shapscope-XXXXXX", NULL); /* where there is no O_TMPFILE */
  descriptor = g_mkstemp_full (path, O_RDWR | O_CLOEXEC, 0600);
  if (descriptor >= 0)
    unlink (path);
  return descriptor;
}

ShsFile *
shs_file_new_scratch (GError **error)
{
  const char *chosen = g_getenv ("TMPDIR");
  const char *const folders[] = { chosen, "/var/tmp", g_get_user_cache_dir (), g_get_tmp_dir () };
  int reason = ENOENT;

  for (gsize i = 0; i < G_N_ELEMENTS (folders); i++)
    {
      int descriptor = folders[i] != NULL ? open_scratch (folders[i]) : -1;

      if (descriptor >= 0)
        return take_descriptor (folders[i], descriptor, error);
      reason = errno;
    }
  fail (g_get_tmp_dir (), "no temporary file can be made; let TMPDIR name a folder with space",
        reason, error);
  return NULL;
}

ShsFile *
shs_file_ref (ShsFile *self)
{
  g_atomic_int_inc (&self->references);
  return self;
}

void
shs_file_unref (ShsFile *self)
{
  if (self == NULL || !g_atomic_int_dec_and_test (&self->references))
    return;
  if (self->descriptor >= 0)
    close (self->descriptor);
  g_free (self->path);
  g_free (self);
}

const char *
shs_file_get_path (const ShsFile *self)
{
  return self->path;
}

int
shs_file_get_descriptor (const ShsFile *self)
{
  return self->descriptor;
}

guint64
shs_file_get_size (const ShsFile *self)
{
  return __atomic_load_n (&self->size, __ATOMIC_RELAXED);
}

/* Returns the bytes read (fewer than @length only at the end of the file), or -1. */
static gssize
read_fully (const ShsFile *self, guint64 offset, guint8 *out, gsize length, GError **error)
{
  gsize done = 0;

  while (done < length)
    {
      gssize n = pread (self->descriptor, out + done, length - done, (off_t)(offset + done));

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        {
          fail (self->path, "cannot be read", errno, error);
          return -1;
        }
      if (n == 0)
        break;
      done += (gsize)n;
    }
  return (gssize)done;
}

gboolean
shs_file_read_at (const ShsFile *self, guint64 offset, gpointer out, gsize length, GError **error)
{
  gssize n = read_fully (self, offset, out, length, error);

  if (n < 0)
    return FALSE;
  if ((gsize)n == length)
    return TRUE;
  g_set_error (error, SHS_ERROR, SHS_ERROR_FILE,
               "%s: it ends at byte %" G_GUINT64_FORMAT ", before the end of its numbers; another "
               "program has shortened it: open it again",
               self->path, offset + (guint64)n);
  return FALSE;
}

gboolean
shs_file_read_head (const ShsFile *self, guint8 *out, gsize size, gsize *length, GError **error)
{
  gssize n = read_fully (self, 0, out, size, error);

  *length = (gsize)MAX (n, 0);
  return n >= 0;
}

static void
grow_to (ShsFile *self, guint64 end)
{
  guint64 size = shs_file_get_size (self);

  while (size < end
         && !__atomic_compare_exchange_n (&self->size, &size, end, FALSE, __ATOMIC_RELAXED,
                                          __ATOMIC_RELAXED))
    ;
}

gboolean
shs_file_write_at (ShsFile *self, guint64 offset, gconstpointer bytes, gsize length, GError **error)
{
  for (gsize done = 0; done < length;)
    {
      gssize n = pwrite (self->descriptor, (const guint8 *)bytes + done, length - done,
                         (off_t)(offset + done));

      if (n < 0 && errno == EINTR)
        continue;
      if (n <= 0)
        return fail (self->path, "numbers cannot be written; make room on this disk",
                     n < 0 ? errno : EIO, error);
      done += (gsize)n;
    }
  grow_to (self, offset + length);
  return TRUE;
}

gboolean
shs_file_check_space (const ShsFile *self, guint64 bytes, GError **error)
{
  struct statvfs disk;
  guint64 available;

  if (fstatvfs (self->descriptor, &disk) != 0)
    return TRUE; /* the writing will tell */
  available = (guint64)disk.f_bavail * disk.f_frsize;
  if (bytes <= available)
    return TRUE;
  g_autofree char *needed = g_format_size (bytes);
  g_autofree char *left = g_format_size (available);
  g_set_error (error, SHS_ERROR, SHS_ERROR_FILE,
               "%s: the disk has %s left where %s are needed; make room or choose another folder",
               self->path, left, needed);
  return FALSE;
}

static char *
make_digest (struct sha256_ctx *context)
{
  guint8 digest[SHA256_DIGEST_SIZE];
  GString *text = g_string_sized_new (2 * sizeof digest);

  sha256_digest (context, sizeof digest, digest);
  for (gsize i = 0; i < sizeof digest; i++)
    g_string_append_printf (text, "%02x", digest[i]);
  return g_string_free (text, FALSE);
}

/* Nettle's code is several times faster than GLib's: large data would wait for their hash. */
char *
shs_file_hash (const ShsFile *self, ShsProgress *progress, GError **error)
{
  struct sha256_ctx context;
  g_autofree guint8 *piece = g_malloc (HASH_PIECE);
  guint64 offset = 0;
  gssize length;

  sha256_init (&context);
  do
    {
      if (!shs_progress_check (progress, error))
        return NULL;
      length = read_fully (self, offset, piece, HASH_PIECE, error);
      if (length < 0)
        return NULL;
      sha256_update (&context, (size_t)length, piece);
      offset += (guint64)length;
    }
  while (length == HASH_PIECE);
  return make_digest (&context);
}
