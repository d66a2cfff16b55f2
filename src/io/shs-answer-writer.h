/* The loader's answer: arrays as an uncompressed .npz archive in a descriptor. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * ShsAnswerWriter: members are stored, never deflated, with ZIP64 sizes throughout, so that any
 * size is written the same way. Makes no system call but pwrite(), so that it works behind the
 * loader's wall. Source: PKWARE APPNOTE 6.3.10, 4.3 to 4.5.
 */
typedef struct _ShsAnswerWriter ShsAnswerWriter;

ShsAnswerWriter *shs_answer_writer_new (int fd);
void shs_answer_writer_free (ShsAnswerWriter *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ShsAnswerWriter, shs_answer_writer_free)

/** shs_answer_writer_begin: @name: without ".npy"; @descr: NumPy's type text, such as "<f8". */
gboolean shs_answer_writer_begin (ShsAnswerWriter *self, const char *name, const char *descr,
                                  guint n_dimensions, const gsize *shape, GError **error);
/** shs_answer_writer_write: the next bytes of the array begun last. */
gboolean shs_answer_writer_write (ShsAnswerWriter *self, gconstpointer bytes, gsize length,
                                  GError **error);
/** shs_answer_writer_add_texts: a whole array of texts in C order; @n_dimensions 0 for one text.
 * Invalid UTF-8 is made valid. */
gboolean shs_answer_writer_add_texts (ShsAnswerWriter *self, const char *name,
                                      const char *const *texts, guint n_dimensions,
                                      const gsize *shape, GError **error);
/** shs_answer_writer_add_list: the same of one dimension. */
gboolean shs_answer_writer_add_list (ShsAnswerWriter *self, const char *name,
                                     const char *const *texts, gsize count, GError **error);
/** shs_answer_writer_finish: the archive's directory. */
gboolean shs_answer_writer_finish (ShsAnswerWriter *self, GError **error);

G_END_DECLS
