/* How values came about: method, options, seed, model, data. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * ShsProvenance: how the values came about; texts are untranslated, of g_strdup().
 * @method: "tree path-dependent", "linear", ...; "" when the file does not tell
 * @kernel: what ran: "quadrature, avx512, single"
 * @options: JSON object of the options, NULL for none
 * @space: "margin", "probability", ...
 * @background: "in the model", "100 rows of adult.csv, seed 0", ...
 * @background_row: name of the one row that is the background: "row 17"; "" for other backgrounds
 * @model_name, @model_hash, @data_name, @data_hash: base names and SHA-256 (hexadecimal)
 * @background_name, @background_hash: the same of the file that is the background; "" for other
 *   backgrounds
 * @model_text: one line about the model
 * @program: "Shapscope 0.1.0"
 * @seed: of everything random
 * @notes: (nullable): NULL-ended lines that must be shown: reduced background, unseen categories...
 *
 * NULL texts are allowed in what is given to shs_explanation_new(); what is read back from an
 * explanation has "" instead, but for @options and @notes.
 */
typedef struct
{
  char *method;
  char *kernel;
  char *options;
  char *space;
  char *background;
  char *background_row;
  char *model_name;
  char *model_hash;
  char *model_text;
  char *data_name;
  char *data_hash;
  char *background_name;
  char *background_hash;
  char *program;
  guint64 seed;
  char **notes;
} ShsProvenance;

/** shs_provenance_copy: (transfer full): a deep copy, for shs_provenance_clear(). */
ShsProvenance shs_provenance_copy (const ShsProvenance *self);
/** shs_provenance_fill: puts "" where a text other than the options is NULL. */
void shs_provenance_fill (ShsProvenance *self);
/** shs_provenance_add_note: appends one line to the notes; @note: (transfer full). */
void shs_provenance_add_note (ShsProvenance *self, char *note);
/** shs_provenance_clear: frees what it owns and zeroes it. */
void shs_provenance_clear (ShsProvenance *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ShsProvenance, shs_provenance_clear)

G_END_DECLS
