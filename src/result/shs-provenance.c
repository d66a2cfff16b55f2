#include "result/shs-provenance.h"

#include <string.h>

#define N_TEXTS 13

/* The texts that are "" when nothing is known; the options are not among them. */
static void
list_texts (ShsProvenance *self, char **texts[N_TEXTS])
{
  char **list[N_TEXTS]
      = { &self->method,         &self->kernel,     &self->space,          &self->background,
          &self->model_name,     &self->model_hash, &self->model_text,     &self->data_name,
          &self->data_hash,      &self->program,    &self->background_row, &self->background_name,
          &self->background_hash };

  memcpy (texts, list, sizeof list);
}

ShsProvenance
shs_provenance_copy (const ShsProvenance *self)
{
  ShsProvenance copy = *self;
  char **texts[N_TEXTS];

  list_texts (&copy, texts);
  for (gsize i = 0; i < N_TEXTS; i++)
    *texts[i] = g_strdup (*texts[i]);
  copy.options = g_strdup (self->options);
  copy.notes = g_strdupv (self->notes);
  return copy;
}

void
shs_provenance_fill (ShsProvenance *self)
{
  char **texts[N_TEXTS];

  list_texts (self, texts);
  for (gsize i = 0; i < N_TEXTS; i++)
    if (*texts[i] == NULL)
      *texts[i] = g_strdup ("");
}

void
shs_provenance_add_note (ShsProvenance *self, char *note)
{
  guint n = self->notes != NULL ? g_strv_length (self->notes) : 0;

  self->notes = g_renew (char *, self->notes, n + 2);
  self->notes[n] = note;
  self->notes[n + 1] = NULL;
}

void
shs_provenance_clear (ShsProvenance *self)
{
  char **texts[N_TEXTS];

  list_texts (self, texts);
  for (gsize i = 0; i < N_TEXTS; i++)
    g_free (*texts[i]);
  g_free (self->options);
  g_strfreev (self->notes);
  *self = (ShsProvenance){ 0 };
}
