/* Opens a data file of any kind by its content. */
#pragma once

#include "core/shs-dataset.h"
#include "core/shs-progress.h"
#include "io/shs-file.h"

G_BEGIN_DECLS

/** ShsDataFormat: what a data file is; found by content first, by extension where that is open. */
typedef enum
{
  SHS_DATA_UNKNOWN,
  SHS_DATA_CSV,
  SHS_DATA_LIBSVM,
  SHS_DATA_NPY,
  SHS_DATA_NPZ,
  SHS_DATA_HDF5,
  SHS_DATA_PARQUET,
  SHS_DATA_SQLITE,
  SHS_DATA_XLSX,
} ShsDataFormat;

/**
 * shs_data_file_sniff:
 * @path: only its extensions are looked at
 * @head: the first bytes (up to 64 KiB) of the file
 *
 * Text is CSV unless its first rows are LIBSVM's or it begins as JSON does; a gzip file is taken
 * for what its name says, CSV by default. A ZIP archive is NPZ when its first member is an array,
 * and XLSX when it is one of a workbook's.
 */
ShsDataFormat shs_data_file_sniff (const char *path, const guint8 *head, gsize length);

/**
 * shs_data_file_split:
 * @path: a file, or "file#part" for a table of a database or a sheet of a workbook
 * @part: (out) (transfer full) (nullable): what stands behind a '#', where there is no file called
 *   @path but one called as what stands before it
 *
 * Returns: (transfer full): the file
 */
char *shs_data_file_split (const char *path, char **part);

/**
 * shs_data_file_open:
 * @path: as shs_data_file_split() takes it
 *
 * Opens every format; HDF5 is read by the loader program.
 */
ShsDataset *shs_data_file_open (const char *path, guint n_threads, ShsProgress *progress,
                                GError **error);
/** shs_data_file_read: the same of a file that is open; @part: (nullable): table or sheet. */
ShsDataset *shs_data_file_read (const ShsFile *file, const char *part, guint n_threads,
                                ShsProgress *progress, GError **error);

/** shs_data_file_list_parts: (transfer full) (nullable): the tables or sheets that
 * shs_data_file_read() can be asked for; NULL where a file of its kind has none, or on failure. */
char **shs_data_file_list_parts (const ShsFile *file, ShsProgress *progress, GError **error);

G_END_DECLS
