/* The loader's answer: arrays as an uncompressed .npz archive in a descriptor. */
#pragma once

#include "io/npy/shs-npy.h"

G_BEGIN_DECLS

/** shs_answer_writer_new: (transfer full): makes no system call but pwrite(), so that it works
 * behind the loader's wall. @fd stays the caller's. */
ShsNpzWriter *shs_answer_writer_new (int fd);

G_END_DECLS
