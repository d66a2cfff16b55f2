#include "io/shs-bytes.h"

#include "core/shs-error.h"
#include "core/shs-memory.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#define HASH_PIECE (256u << 10)
#define UNPACK_PIECE (1u << 20)
#define UNPACK_FREE_BYTES (64u << 20) /* below this no ratio is suspicious */
#define UNPACK_MAX_RATIO 1000

static gboolean
fail_with_errno (const char *path, const char *what, int code, GError **error)
{
  g_set_error (error, SHS_ERROR, SHS_ERROR_FILE, "%s: %s: %s", path, what, g_strerror (code));
  return FALSE;
}

static void
close_descriptor (int *descriptor)
{
  if (*descriptor >= 0)
    close (*descriptor);
}

static int
open_regular (const char *path, gsize *size, GError **error)
{
  /* O_NONBLOCK: a pipe without a writer would otherwise hold the program here. */
  int descriptor = open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  struct stat info;

  if (descriptor < 0 || fstat (descriptor, &info) != 0)
    {
      fail_with_errno (path, "cannot be opened", errno, error);
      close_descriptor (&descriptor);
      return -1;
    }
  if (!S_ISREG (info.st_mode))
    {
      g_set_error (error, SHS_ERROR, SHS_ERROR_FILE, "%s: %s; choose a file", path,
                   S_ISDIR (info.st_mode) ? "is a folder" : "is not a regular file");
      close (descriptor);
      return -1;
    }
  *size = (gsize)info.st_size;
  return descriptor;
}

/* Returns the bytes read (fewer than @length only at the end of the file), or -1. */
static gssize
read_fully (int descriptor, const char *path, guint8 *out, gsize length, GError **error)
{
  gsize done = 0;

  while (done < length)
    {
      gssize n = read (descriptor, out + done, length - done);

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        {
          fail_with_errno (path, "cannot be read", errno, error);
          return -1;
        }
      if (n == 0)
        break;
      done += (gsize)n;
    }
  return (gssize)done;
}

static GBytes *
read_small (int descriptor, const char *path, gsize size, GError **error)
{
  guint8 *content = shs_alloc (size, 1, error);
  gssize length = content != NULL ? read_fully (descriptor, path, content, size, error) : -1;

  if (length < 0)
    {
      shs_free (content);
      return NULL;
    }
  return g_bytes_new_with_free_func (content, (gsize)length, shs_free, content);
}

typedef struct
{
  gpointer address;
  gsize size;
} Mapping;

static void
mapping_free (gpointer data)
{
  Mapping *mapping = data;

  munmap (mapping->address, mapping->size);
  g_free (mapping);
}

static GBytes *
map_large (int descriptor, const char *path, gsize size, GError **error)
{
  gpointer address = mmap (NULL, size, PROT_READ, MAP_PRIVATE, descriptor, 0);
  Mapping *mapping;

  if (address == MAP_FAILED)
    {
      fail_with_errno (path, "cannot be mapped into memory", errno, error);
      return NULL;
    }
  madvise (address, size, MADV_SEQUENTIAL);
  mapping = g_new (Mapping, 1);
  *mapping = (Mapping){ address, size };
  return g_bytes_new_with_free_func (address, size, mapping_free, mapping);
}

/* Unpacked bytes while they grow. */
typedef struct
{
  guint8 *bytes;
  gsize capacity;
  gsize length;
} Unpacked;

static void
unpacked_clear (Unpacked *self)
{
  shs_free (self->bytes);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Unpacked, unpacked_clear)

static void
inflate_end (z_stream *stream)
{
  inflateEnd (stream);
}

static gboolean
make_room (Unpacked *unpacked, gsize consumed, const char *path, GError **error)
{
  gsize capacity = MAX (unpacked->capacity * 2, UNPACK_PIECE);
  guint8 *grown;

  if (unpacked->length < unpacked->capacity)
    return TRUE;
  if (unpacked->length > UNPACK_FREE_BYTES && unpacked->length / UNPACK_MAX_RATIO > consumed)
    {
      g_set_error (error, SHS_ERROR, SHS_ERROR_INVALID,
                   "%s: unpacks to more than %d times its size; it is damaged or made to fill the "
                   "memory; unpack it yourself if you trust it",
                   path, UNPACK_MAX_RATIO);
      return FALSE;
    }
  grown = shs_realloc (unpacked->bytes, unpacked->length, capacity, 1, error);
  if (grown == NULL)
    {
      g_prefix_error (error, "%s: cannot be unpacked: ", path);
      return FALSE;
    }
  unpacked->bytes = grown;
  unpacked->capacity = capacity;
  return TRUE;
}

static gboolean
fail_damaged (const char *path, gsize offset, const char *reason, GError **error)
{
  g_set_error (error, SHS_ERROR, SHS_ERROR_SYNTAX,
               "%s: the gzip data is damaged at byte %" G_GSIZE_FORMAT " (%s); copy the file again",
               path, offset, reason);
  return FALSE;
}

/* Another gzip member may follow, or zeros that pad the file to a block. */
static gboolean
start_next_member (z_stream *stream, const guint8 *packed, gsize size, const char *path,
                   gboolean *ended, GError **error)
{
  const guint8 *next = stream->next_in;
  const guint8 *end = packed + size;

  while (next < end && *next == 0)
    next++;
  *ended = next == end;
  if (*ended)
    return TRUE;
  if (next != stream->next_in || *next != 0x1f)
    return fail_damaged (path, (gsize)(next - packed), "other bytes follow the compressed data",
                         error);
  inflateReset (stream);
  return TRUE;
}

static gboolean
inflate_all (const guint8 *packed, gsize size, const char *path, Unpacked *unpacked, GError **error)
{
  __attribute__ ((cleanup (inflate_end))) z_stream stream = { 0 };
  gboolean ended = FALSE;

  if (inflateInit2 (&stream, 16 + MAX_WBITS) != Z_OK)
    {
      g_set_error (error, SHS_ERROR, SHS_ERROR_MEMORY, "%s: no memory to unpack it", path);
      return FALSE;
    }
  stream.next_in = (guint8 *)packed;
  while (!ended)
    {
      gsize left = (gsize)(packed + size - stream.next_in);
      gsize room;
      int status;

      if (!make_room (unpacked, (gsize)(stream.next_in - packed), path, error))
        return FALSE;
      room = MIN (unpacked->capacity - unpacked->length, G_MAXUINT / 2);
      stream.avail_in = (guint)MIN (left, G_MAXUINT / 2);
      stream.next_out = unpacked->bytes + unpacked->length;
      stream.avail_out = (guint)room;
      status = inflate (&stream, Z_NO_FLUSH);
      unpacked->length += room - stream.avail_out;
      if (status == Z_STREAM_END)
        {
          if (!start_next_member (&stream, packed, size, path, &ended, error))
            return FALSE;
        }
      else if (status == Z_BUF_ERROR || (status == Z_OK && left == 0 && stream.avail_out > 0))
        return fail_damaged (path, size, "it ends too early", error);
      else if (status != Z_OK)
        return fail_damaged (path, (gsize)(stream.next_in - packed),
                             stream.msg != NULL ? stream.msg : "unreadable", error);
    }
  return TRUE;
}

static GBytes *
unpack (GBytes *packed, const char *path, GError **error)
{
  g_auto (Unpacked) unpacked = { 0 };
  gsize size;
  const guint8 *bytes = g_bytes_get_data (packed, &size);
  guint8 *content;

  if (!inflate_all (bytes, size, path, &unpacked, error))
    return NULL;
  content = g_steal_pointer (&unpacked.bytes);
  return g_bytes_new_with_free_func (content, unpacked.length, shs_free, content);
}

static gboolean
is_gzip (GBytes *bytes)
{
  gsize size;
  const guint8 *head = g_bytes_get_data (bytes, &size);

  return size >= 3 && head[0] == 0x1f && head[1] == 0x8b && head[2] == 8;
}

GBytes *
shs_bytes_open (const char *path, GError **error)
{
  gsize size = 0;
  __attribute__ ((cleanup (close_descriptor))) int descriptor = open_regular (path, &size, error);
  g_autoptr (GBytes) content = NULL;

  if (descriptor < 0)
    return NULL;
  content = size <= SHS_BYTES_READ_LIMIT ? read_small (descriptor, path, size, error)
                                         : map_large (descriptor, path, size, error);
  if (content == NULL)
    return NULL;
  return is_gzip (content) ? unpack (content, path, error) : g_steal_pointer (&content);
}

gboolean
shs_bytes_read_head (const char *path, guint8 *buffer, gsize size, gsize *length, GError **error)
{
  gsize file_size = 0;
  __attribute__ ((cleanup (close_descriptor))) int descriptor
      = open_regular (path, &file_size, error);
  gssize n = descriptor >= 0 ? read_fully (descriptor, path, buffer, size, error) : -1;

  if (n < 0)
    return FALSE;
  *length = (gsize)n;
  return TRUE;
}

char *
shs_file_hash (const char *path, GError **error)
{
  gsize size = 0;
  __attribute__ ((cleanup (close_descriptor))) int descriptor = open_regular (path, &size, error);
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  g_autofree guint8 *piece = g_malloc (HASH_PIECE);
  gssize length;

  if (descriptor < 0)
    return NULL;
  while ((length = read_fully (descriptor, path, piece, HASH_PIECE, error)) > 0)
    g_checksum_update (checksum, piece, length);
  return length < 0 ? NULL : g_strdup (g_checksum_get_string (checksum));
}
