/*
 * A file driver that knows one file and no other: a descriptor that it reads by pread(), or what a
 * ShsFileWriter writes. When a write fails, the library (1.10) leaves the file half closed and
 * crashes at the end of the program; so it is not told, only the writer is, and nothing is
 * committed.
 */
#include "io/hdf5/shs-hdf5-private.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#define ONLY_NAME "the-file-behind-the-descriptor"

/* @writer: NULL to read @fd alone */
typedef struct
{
  int fd;
  ShsFileWriter *writer;
} Target;

typedef struct
{
  H5FD_t base;
  Target target;
  haddr_t end;
  haddr_t allocated;
} DescriptorFile;

static H5FD_t *
driver_open (const char *name, unsigned flags, hid_t properties, haddr_t largest)
{
  const Target *target = H5Pget_driver_info (properties);
  DescriptorFile *file;
  off_t end;

  if (target == NULL || strcmp (name, ONLY_NAME) != 0
      || ((flags & H5F_ACC_RDWR) != 0) != (target->writer != NULL))
    return NULL;
  end = target->writer != NULL ? 0 : lseek (target->fd, 0, SEEK_END);
  if (end < 0)
    return NULL;
  file = g_new0 (DescriptorFile, 1);
  file->target = *target;
  file->end = (haddr_t)end;
  return &file->base;
}

static herr_t
driver_close (H5FD_t *base)
{
  g_free (base);
  return 0;
}

static herr_t
driver_query (const H5FD_t *base, unsigned long *flags)
{
  if (flags != NULL)
    *flags = H5FD_FEAT_AGGREGATE_METADATA | H5FD_FEAT_ACCUMULATE_METADATA | H5FD_FEAT_DATA_SIEVE
             | H5FD_FEAT_AGGREGATE_SMALLDATA;
  return 0;
}

static haddr_t
driver_get_eoa (const H5FD_t *base, H5FD_mem_t type)
{
  return ((const DescriptorFile *)base)->allocated;
}

static herr_t
driver_set_eoa (H5FD_t *base, H5FD_mem_t type, haddr_t address)
{
  ((DescriptorFile *)base)->allocated = address;
  return 0;
}

static haddr_t
driver_get_eof (const H5FD_t *base, H5FD_mem_t type)
{
  return ((const DescriptorFile *)base)->end;
}

static herr_t
driver_read (H5FD_t *base, H5FD_mem_t type, hid_t properties, haddr_t address, size_t size,
             void *buffer)
{
  DescriptorFile *file = (DescriptorFile *)base;
  char *out = buffer;

  if (address > file->end || size > G_MAXSSIZE)
    return -1;
  while (size > 0)
    {
      ssize_t got = pread (file->target.fd, out, size, (off_t)address);

      if (got < 0 && errno == EINTR)
        continue;
      if (got < 0)
        return -1;
      if (got == 0) /* the library expects zeros behind the end */
        {
          memset (out, 0, size);
          break;
        }
      out += got;
      address += (haddr_t)got;
      size -= (size_t)got;
    }
  return 0;
}

static herr_t
driver_write (H5FD_t *base, H5FD_mem_t type, hid_t properties, haddr_t address, size_t size,
              const void *buffer)
{
  DescriptorFile *file = (DescriptorFile *)base;

  if (file->target.writer == NULL || address > G_MAXINT64 || size > G_MAXINT64 - address)
    return -1;
  shs_file_writer_write_at (file->target.writer, address, buffer, size, NULL);
  file->end = MAX (file->end, address + size);
  return 0;
}

/* What was promised a place, and not written, belongs to the file too. */
static herr_t
driver_truncate (H5FD_t *base, hid_t properties, hbool_t is_closing)
{
  DescriptorFile *file = (DescriptorFile *)base;

  if (file->target.writer != NULL)
    shs_file_writer_set_length (file->target.writer, file->allocated, NULL);
  return 0;
}

static const H5FD_class_t descriptor_class = {
  .name = "descriptor",
  .maxaddr = G_MAXINT64,
  .fc_degree = H5F_CLOSE_STRONG,
  .fapl_size = sizeof (Target),
  .open = driver_open,
  .close = driver_close,
  .query = driver_query,
  .get_eoa = driver_get_eoa,
  .set_eoa = driver_set_eoa,
  .get_eof = driver_get_eof,
  .read = driver_read,
  .write = driver_write,
  .truncate = driver_truncate,
  .fl_map = H5FD_FLMAP_DICHOTOMY,
};

static hid_t
get_driver (void)
{
  static hid_t driver = H5I_INVALID_HID;
  static gsize made;

  if (g_once_init_enter (&made))
    {
      driver = H5FDregister (&descriptor_class);
      g_once_init_leave (&made, 1);
    }
  return driver;
}

gboolean
shs_hdf5_prepare_driver (GError **error)
{
  return get_driver () >= 0 || shs_hdf5_fail (error, "the HDF5 library cannot be used", NULL);
}

/* The properties of an access to @target alone. */
static hid_t
make_access (const Target *target, GError **error)
{
  g_auto (ShsHid) access = H5Pcreate (H5P_FILE_ACCESS);
  hid_t made = access;

  if (!shs_hdf5_prepare_driver (error))
    return H5I_INVALID_HID;
  if (access < 0 || H5Pset_driver (access, get_driver (), target) < 0)
    {
      shs_hdf5_fail (error, "the HDF5 library cannot be used", NULL);
      return H5I_INVALID_HID;
    }
  access = H5I_INVALID_HID;
  return made;
}

hid_t
shs_hdf5_open_descriptor (int fd, GError **error)
{
  const Target target = { fd, NULL };
  g_auto (ShsHid) access = make_access (&target, error);
  hid_t file;

  if (access < 0)
    return H5I_INVALID_HID;
  file = H5Fopen (ONLY_NAME, H5F_ACC_RDONLY, access);
  if (file < 0)
    shs_hdf5_fail (error, "this is no HDF5 file, or a damaged one", NULL);
  return file;
}

hid_t
shs_hdf5_create_in (ShsFileWriter *writer, hid_t creation, GError **error)
{
  const Target target = { shs_file_writer_get_descriptor (writer), writer };
  g_auto (ShsHid) access = make_access (&target, error);
  hid_t file;

  if (access < 0)
    return H5I_INVALID_HID;
  file = H5Fcreate (ONLY_NAME, H5F_ACC_TRUNC, creation, access);
  if (file < 0)
    shs_hdf5_fail (error, "the file cannot be created", NULL);
  return file;
}
