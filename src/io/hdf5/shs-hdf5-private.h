/* What the HDF5 files of io/ share. */
#pragma once

#include <glib.h>
#include <hdf5.h>

#include "io/shs-answer-writer.h"
#include "io/shs-file-writer.h"
#include "io/npy/shs-npy.h"

G_BEGIN_DECLS

/** ShsHid: any HDF5 identifier, given back at the end of its scope with g_auto. */
typedef hid_t ShsHid;

void shs_hid_close (ShsHid id);
G_DEFINE_AUTO_CLEANUP_FREE_FUNC (ShsHid, shs_hid_close, H5I_INVALID_HID)

/** shs_hdf5_silence: the library prints nothing in this thread; errors stay on its stack. */
void shs_hdf5_silence (void);

/** shs_hdf5_fail: FALSE, with %SHS_ERROR_SYNTAX "WHAT (HDF5: its own innermost message)". */
gboolean shs_hdf5_fail (GError **error, const char *what, const char *path);

/** shs_hdf5_refuse: FALSE, with %SHS_ERROR_UNSUPPORTED. */
gboolean shs_hdf5_refuse (GError **error, const char *format, ...) G_GNUC_PRINTF (2, 3);

/* ---- the file behind a descriptor ---- */

/**
 * shs_hdf5_open_descriptor: opens the HDF5 file behind @fd, read only, by pread() alone; no other
 * file can be reached through it. Registers its driver at the first call.
 */
hid_t shs_hdf5_open_descriptor (int fd, GError **error);

/**
 * shs_hdf5_create_in: a new HDF5 file that is what @writer writes, which must outlive it. Failures
 * to write are not told to the library, but to shs_file_writer_check().
 */
hid_t shs_hdf5_create_in (ShsFileWriter *writer, hid_t creation, GError **error);

/** shs_hdf5_prepare_driver: registers the driver ahead of time. */
gboolean shs_hdf5_prepare_driver (GError **error);

/* ---- what is in it ---- */

/**
 * ShsHdf5Contents:
 * @datasets: paths without the leading "/", sorted
 * @groups: the same of groups; "" is the root
 * @refused: (nullable): the first link that leads out of the file, or nowhere
 */
typedef struct
{
  GPtrArray *datasets;
  GPtrArray *groups;
  char *refused;
} ShsHdf5Contents;

/** shs_hdf5_list: walks hard links alone, each object once, within limits of number and depth. */
gboolean shs_hdf5_list (hid_t file, ShsHdf5Contents *contents, GError **error);
void shs_hdf5_contents_clear (ShsHdf5Contents *contents);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ShsHdf5Contents, shs_hdf5_contents_clear)

/* ---- one data set ---- */

/**
 * ShsHdf5Kind: what the library's types are to us.
 * @SHS_HDF5_CODE: enumerations, and flags of one byte
 */
typedef enum
{
  SHS_HDF5_NUMBER,
  SHS_HDF5_CODE,
  SHS_HDF5_TEXT,
  SHS_HDF5_COMPOUND,
  SHS_HDF5_OTHER,
} ShsHdf5Kind;

/**
 * ShsHdf5Data: a data set that passed the guards.
 * @type: its type in the file
 * @n_items, @row_items: products of all axes, and of all but the first; the elements of as many
 *   items can be counted in bytes as doubles without overflow
 */
typedef struct
{
  hid_t id;
  hid_t type;
  char *path;
  ShsHdf5Kind kind;
  guint n_dimensions;
  gsize shape[SHS_NPY_MAX_DIMENSIONS];
  gsize n_items;
  gsize row_items;
} ShsHdf5Data;

/**
 * shs_hdf5_data_open: refuses numbers kept in other files, virtual data sets, unknown filters, more
 * than %SHS_NPY_MAX_DIMENSIONS axes, large chunks, more items than memory has bytes, and far more
 * declared than stored.
 */
gboolean shs_hdf5_data_open (ShsHdf5Data *self, hid_t file, const char *path, GError **error);
/** shs_hdf5_data_find_place: whether the numbers stand in one piece in the file as IEEE floats,
 * little-endian: where, and how many bytes each has. */
gboolean shs_hdf5_data_find_place (const ShsHdf5Data *self, guint64 *offset, gsize *width);
void shs_hdf5_data_clear (ShsHdf5Data *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ShsHdf5Data, shs_hdf5_data_clear)

/** shs_hdf5_type_get_kind: arrays are what their elements are. */
ShsHdf5Kind shs_hdf5_type_get_kind (hid_t type);
/** shs_hdf5_type_is_single: whether float32 holds every number of this type. */
gboolean shs_hdf5_type_is_single (hid_t type);
/** shs_hdf5_type_is_flag: an enumeration of FALSE and TRUE, or a flag of one byte. */
gboolean shs_hdf5_type_is_flag (hid_t type);

/**
 * ShsHdf5Item: a part of every row: the whole item, or one field of a compound.
 * @field: (nullable)
 * @memory: the type to read it as
 * @element: the same without field and array
 * @count: elements in one item
 */
typedef struct
{
  const char *field;
  ShsHdf5Kind kind;
  hid_t memory;
  hid_t element;
  gsize count;
} ShsHdf5Item;

gboolean shs_hdf5_item_init (ShsHdf5Item *self, const ShsHdf5Data *data, const char *field,
                             GError **error);
void shs_hdf5_item_clear (ShsHdf5Item *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ShsHdf5Item, shs_hdf5_item_clear)

/** shs_hdf5_rows_per_block: how many rows to read at once. */
gsize shs_hdf5_rows_per_block (const ShsHdf5Data *data, const ShsHdf5Item *item);

/**
 * shs_hdf5_read_numbers: rows @first_row .. of an item of numbers or codes, as doubles.
 * @out: n_rows x row items x count
 */
gboolean shs_hdf5_read_numbers (const ShsHdf5Data *data, const ShsHdf5Item *item, gsize first_row,
                                gsize n_rows, double *out, GError **error);
/** shs_hdf5_read_texts: (transfer full): the same of texts: n_rows x row items x count strings of
 * valid UTF-8, NULL-ended. */
char **shs_hdf5_read_texts (const ShsHdf5Data *data, const ShsHdf5Item *item, gsize first_row,
                            gsize n_rows, GError **error);

/** shs_hdf5_read_all_texts: (transfer full): every text of a data set of texts. */
char **shs_hdf5_read_all_texts (const ShsHdf5Data *data, GError **error);

/** shs_hdf5_attribute_texts: (transfer full) (nullable): the texts of an attribute; NULL when there
 * is none of that name that holds text. */
char **shs_hdf5_attribute_texts (hid_t object, const char *name);

/* ---- tables ---- */

/**
 * ShsHdf5Column: @values of shs_alloc(); codes where there are @categories, 0 and 1 of truths.
 */
typedef struct
{
  char *name;
  double *values;
  GPtrArray *categories;
  gboolean is_truth;
} ShsHdf5Column;

/** ShsHdf5Table: columns in memory, on their way to the answer. */
typedef struct
{
  gsize n_rows;
  GPtrArray *columns; /* ShsHdf5Column */
  GPtrArray *left_out;
} ShsHdf5Table;

void shs_hdf5_table_init (ShsHdf5Table *self, gsize n_rows);
void shs_hdf5_table_clear (ShsHdf5Table *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ShsHdf5Table, shs_hdf5_table_clear)

/**
 * shs_hdf5_table_add: appends the columns of one item: row items x count of them.
 * @names: (nullable): theirs; "" beyond its end
 * @missing: (nullable): a text that stands for nothing, beside ""
 */
gboolean shs_hdf5_table_add (ShsHdf5Table *self, const ShsHdf5Data *data, const ShsHdf5Item *item,
                             char *const *names, const char *missing, GError **error);
/** shs_hdf5_table_write: the answer's arrays `names`, `columns`, `categories:N`, `truths` (one byte
 * a column, where there are any), `left_out`. */
gboolean shs_hdf5_table_write (const ShsHdf5Table *self, ShsNpzWriter *answer, GError **error);

/** shs_hdf5_convert_pandas: writes the frame of @group ("" for the root) as a table. */
gboolean shs_hdf5_convert_pandas (hid_t file, const char *group, ShsNpzWriter *answer,
                                  GError **error);

/** shs_hdf5_report: tells the waiting program how far the work is. */
void shs_hdf5_report (gsize done, gsize total);

G_END_DECLS
