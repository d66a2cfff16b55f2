#include "io/shs-bytes.h"

#include "core/shs-error.h"
#include "core/shs-memory.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <zlib.h>

#define UNPACK_PIECE (1u << 20)
#define UNPACK_FREE_BYTES (64u << 20) /* below this no ratio is suspicious */
#define UNPACK_MAX_RATIO 1000

static GBytes *
read_small (const ShsFile *file, gsize size, GError **error)
{
  guint8 *content = shs_alloc (size, 1, error);
  gsize length;

  if (content == NULL || !shs_file_read_head (file, content, size, &length, error))
    {
      shs_free (content);
      return NULL;
    }
  return g_bytes_new_with_free_func (content, length, shs_free, content);
}

typedef struct
{
  gpointer address;
  gsize size;
} Mapping;

/* All there are: what is said to the system about a mapped page would destroy any other. */
static GSList *mappings;
static GMutex mappings_mutex;

static void
mapping_free (gpointer data)
{
  Mapping *mapping = data;

  g_mutex_lock (&mappings_mutex);
  mappings = g_slist_remove (mappings, mapping);
  g_mutex_unlock (&mappings_mutex);
  munmap (mapping->address, mapping->size);
  g_free (mapping);
}

static GBytes *
map_large (const ShsFile *file, gsize size, GError **error)
{
  gpointer address = mmap (NULL, size, PROT_READ, MAP_PRIVATE, shs_file_get_descriptor (file), 0);
  Mapping *mapping;

  if (address == MAP_FAILED)
    {
      g_set_error (error, SHS_ERROR, SHS_ERROR_FILE, "%s: cannot be mapped into memory: %s",
                   shs_file_get_path (file), g_strerror (errno));
      return NULL;
    }
  madvise (address, size, MADV_SEQUENTIAL);
  mapping = g_new (Mapping, 1);
  *mapping = (Mapping){ address, size };
  g_mutex_lock (&mappings_mutex);
  mappings = g_slist_prepend (mappings, mapping);
  g_mutex_unlock (&mappings_mutex);
  return g_bytes_new_with_free_func (address, size, mapping_free, mapping);
}

static gboolean
is_mapped (gconstpointer address, gsize size)
{
  gboolean found = FALSE;

  g_mutex_lock (&mappings_mutex);
  for (const GSList *l = mappings; l != NULL && !found; l = l->next)
    {
      const Mapping *mapping = l->data;

      found = mapping->address == address && mapping->size == size;
    }
  g_mutex_unlock (&mappings_mutex);
  return found;
}

void
shs_bytes_release (GBytes *bytes, gsize offset, gsize length)
{
  gsize page = (gsize)sysconf (_SC_PAGESIZE);
  gsize size;
  guint8 *address = (guint8 *)g_bytes_get_data (bytes, &size);
  gsize end;

  g_return_if_fail (offset <= size && length <= size - offset);
  end = (offset + length) / page * page;
  offset = (offset + page - 1) / page * page;
  if (offset < end && is_mapped (address, size))
    madvise (address + offset, end - offset, MADV_DONTNEED);
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
shs_bytes_read (const ShsFile *file, GError **error)
{
  gsize size = (gsize)shs_file_get_size (file);
  g_autoptr (GBytes) content = size <= SHS_BYTES_READ_LIMIT ? read_small (file, size, error)
                                                            : map_large (file, size, error);

  if (content == NULL)
    return NULL;
  return is_gzip (content) ? unpack (content, shs_file_get_path (file), error)
                           : g_steal_pointer (&content);
}

GBytes *
shs_bytes_open (const char *path, GError **error)
{
  g_autoptr (ShsFile) file = shs_file_open (path, error);

  return file != NULL ? shs_bytes_read (file, error) : NULL;
}

gboolean
shs_bytes_read_head (const char *path, guint8 *buffer, gsize size, gsize *length, GError **error)
{
  g_autoptr (ShsFile) file = shs_file_open (path, error);

  return file != NULL && shs_file_read_head (file, buffer, size, length, error);
}
