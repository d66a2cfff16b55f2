/* NumPy's array files: .npy, and .npz archives of them. No pickles, ever. */
#pragma once

#include "core/shs-dataset.h"
#include "io/zip/shs-zip-reader.h"

G_BEGIN_DECLS

#define SHS_NPY_MAX_DIMENSIONS 8

/** ShsNpyKind: NumPy's kind letters: 'f' float, 'i' int, 'u' unsigned, 'b' bool, 'U' and 'S' text.
 */
typedef char ShsNpyKind;

/**
 * ShsNpyField: one field of a structured array; a plain array has exactly one, its name "".
 * @offset: bytes from the beginning of an item
 */
typedef struct
{
  char *name;
  ShsNpyKind kind;
  gsize item_size;
  gboolean swap_bytes;
  gsize offset;
} ShsNpyField;

/**
 * ShsNpyArray: a parsed array over borrowed or owned bytes.
 * @fields: @n_fields of them
 * @stride: bytes of one item (all fields)
 * @is_fortran: the first axis runs fastest
 * @data: product(shape) items; checked to lie inside the bytes
 */
typedef struct
{
  guint n_fields;
  ShsNpyField *fields;
  gsize stride;
  gboolean is_fortran;
  guint n_dimensions;
  gsize shape[SHS_NPY_MAX_DIMENSIONS];
  gsize n_items;
  const guint8 *data;
  GBytes *bytes;
} ShsNpyArray;

/** shs_npy_parse: reads the header (versions 1 to 3) of @bytes; @name is for messages. */
ShsNpyArray *shs_npy_parse (const char *name, GBytes *bytes, GError **error);
void shs_npy_array_free (ShsNpyArray *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ShsNpyArray, shs_npy_array_free)

/**
 * shs_npy_array_read_doubles:
 * @first: first item, counted in C order whatever the storage order
 * @count: items
 * @out: where they go
 *
 * Converts numbers of any kind; text items give NaN. A C-ordered view of Fortran arrays.
 */
void shs_npy_array_read_doubles (const ShsNpyArray *self, guint field, gsize first, gsize count,
                                 double *out);
/** shs_npy_array_get_string: (transfer full): item @index (C order) as UTF-8 text. */
char *shs_npy_array_get_string (const ShsNpyArray *self, guint field, gsize index);

/** ShsNpz: an archive of arrays, opened for reading. */
typedef struct _ShsNpz ShsNpz;

ShsNpz *shs_npz_open (const char *path, GError **error);
/** shs_npz_open_bytes: as above for bytes in memory; @name is for messages; @bytes are kept. */
ShsNpz *shs_npz_open_bytes (const char *name, GBytes *bytes, GError **error);
void shs_npz_free (ShsNpz *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ShsNpz, shs_npz_free)
/**
 * shs_npz_get_names: NULL-ended, without ".npy", in the order of the archive; owned by @self. Files
 * that are no arrays, or whose names hold control characters, are not among them.
 */
const char *const *shs_npz_get_names (const ShsNpz *self);
gboolean shs_npz_has (const ShsNpz *self, const char *name);
/** shs_npz_read: unpacks one array, within the bounds of #ShsZipReader. */
ShsNpyArray *shs_npz_read (ShsNpz *self, const char *name, GError **error);
/** shs_npz_get_archive: whose files arrays are, and others that are none; owned by @self. */
ShsZipReader *shs_npz_get_archive (ShsNpz *self);

/** ShsNpzWriter: writes an archive; deflated, dates fixed, so equal arrays give equal bytes. */
typedef struct _ShsNpzWriter ShsNpzWriter;

ShsNpzWriter *shs_npz_writer_new (const char *path, GError **error);
void shs_npz_writer_free (ShsNpzWriter *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ShsNpzWriter, shs_npz_writer_free)

/**
 * shs_npz_writer_begin:
 * @name: without ".npy"
 * @descr: NumPy's type text: "<f8", "<f4", "<i8", "|b1", "<U12"
 *
 * Starts an array in C order; its bytes follow by shs_npz_writer_write(), in any number of pieces,
 * so that a large array never has to be in memory at once.
 */
gboolean shs_npz_writer_begin (ShsNpzWriter *self, const char *name, const char *descr,
                               guint n_dimensions, const gsize *shape, GError **error);
gboolean shs_npz_writer_write (ShsNpzWriter *self, gconstpointer bytes, gsize length,
                               GError **error);
/** shs_npz_writer_add_texts: a whole array of texts in C order ("<U..."); what is not UTF-8 is made
 * so. */
gboolean shs_npz_writer_add_texts (ShsNpzWriter *self, const char *name, const char *const *texts,
                                   guint n_dimensions, const gsize *shape, GError **error);
/** shs_npz_writer_add_strings: a whole one-dimensional text array ("<U..."). */
gboolean shs_npz_writer_add_strings (ShsNpzWriter *self, const char *name,
                                     const char *const *strings, gsize count, GError **error);
/** shs_npz_writer_add_text: one zero-dimensional text. */
gboolean shs_npz_writer_add_text (ShsNpzWriter *self, const char *name, const char *text,
                                  GError **error);
/** shs_npz_writer_commit: completes the archive and puts it in place. */
gboolean shs_npz_writer_commit (ShsNpzWriter *self, GError **error);

/** shs_npy_write: one C-ordered array as a .npy file; @values: product(shape) doubles. */
gboolean shs_npy_write (const char *path, const double *values, guint n_dimensions,
                        const gsize *shape, GError **error);

/** shs_npy_dataset_open: an .npy (2-D, 1-D or structured) as a data set. */
ShsDataset *shs_npy_dataset_open (const char *path, GError **error);
/** shs_npz_dataset_open: an .npz: one 2-D array (with `feature_names`, `columns`) or named inputs.
 */
ShsDataset *shs_npz_dataset_open (const char *path, GError **error);
/** shs_npy_dataset_parse, shs_npz_dataset_parse: the same of bytes that are read already; they are
 * kept. @name is for messages and the data set. */
ShsDataset *shs_npy_dataset_parse (const char *name, GBytes *bytes, GError **error);
ShsDataset *shs_npz_dataset_parse (const char *name, GBytes *bytes, GError **error);

G_END_DECLS
