/* A file driver that reads one descriptor by pread() and knows no other file. */
#include "io/hdf5/shs-hdf5-private.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#define ONLY_NAME "the-file-behind-the-descriptor"

typedef struct
{
  H5FD_t base;
  int fd;
  haddr_t end;
  haddr_t allocated;
} DescriptorFile;

/* One file a process: the loader reads no other. */
static int the_descriptor = -1;
static hid_t driver = H5I_INVALID_HID;

static H5FD_t *
driver_open (const char *name, unsigned flags, hid_t properties, haddr_t largest)
{
  off_t end = the_descriptor >= 0 ? lseek (the_descriptor, 0, SEEK_END) : -1;
  DescriptorFile *file;

  if (end < 0 || strcmp (name, ONLY_NAME) != 0 || (flags & H5F_ACC_RDWR) != 0)
    return NULL;
  file = g_new0 (DescriptorFile, 1);
  file->fd = the_descriptor;
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
      ssize_t got = pread (file->fd, out, size, (off_t)address);

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
  return -1;
}

static const H5FD_class_t descriptor_class = {
  .name = "descriptor",
  .maxaddr = G_MAXINT64,
  .fc_degree = H5F_CLOSE_STRONG,
  .open = driver_open,
  .close = driver_close,
  .query = driver_query,
  .get_eoa = driver_get_eoa,
  .set_eoa = driver_set_eoa,
  .get_eof = driver_get_eof,
  .read = driver_read,
  .write = driver_write,
  .fl_map = H5FD_FLMAP_DICHOTOMY,
};

gboolean
shs_hdf5_prepare_driver (GError **error)
{
  if (driver < 0)
    driver = H5FDregister (&descriptor_class);
  return driver >= 0 || shs_hdf5_fail (error, "the HDF5 library cannot be used", NULL);
}

hid_t
shs_hdf5_open_descriptor (int fd, GError **error)
{
  g_auto (ShsHid) access = H5Pcreate (H5P_FILE_ACCESS);
  hid_t file;

  the_descriptor = fd;
  if (!shs_hdf5_prepare_driver (error))
    return H5I_INVALID_HID;
  if (access < 0 || H5Pset_driver (access, driver, NULL) < 0)
    {
      shs_hdf5_fail (error, "the HDF5 library cannot be used", NULL);
      return H5I_INVALID_HID;
    }
  file = H5Fopen (ONLY_NAME, H5F_ACC_RDONLY, access);
  if (file < 0)
    shs_hdf5_fail (error, "this is no HDF5 file, or a damaged one", NULL);
  return file;
}
