/* The hash of a folder that is one document, as Spark saves models. */
#pragma once

#include "core/shs-progress.h"

G_BEGIN_DECLS

/**
 * shs_folder_hash:
 * @progress: (nullable): only its cancel is heard
 *
 * Hashes the names and the contents of all files in @path and below it, in the order of their
 * names; hidden files (checksums, as Hadoop leaves them) and those that begin with '_' do not
 * count.
 *
 * Returns: (transfer full): the SHA-256 in hexadecimal; NULL with %SHS_ERROR_FILE, beyond 10,000
 *   files with %SHS_ERROR_UNSUPPORTED, or %SHS_ERROR_CANCELLED
 */
char *shs_folder_hash (const char *path, ShsProgress *progress, GError **error);

G_END_DECLS
