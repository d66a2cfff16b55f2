/* The sets of categories of the trees to come. */
#include "tree/shs-tree-builder-private.h"

#include "core/shs-error.h"
#include "tree/shs-tree-ensemble-private.h"

#include <string.h>

#define LARGEST_CATEGORY ((1 << 24) - 1)
#define FREE_SET_BYTES (64u << 20) /* of category sets, however small the file is ... */
#define SET_BYTES_PER_BYTE 64      /* ... and so many for each byte of it */

static gboolean
reserve_set (ShsTreeBuilder *self, gsize n_words, GError **error)
{
  ShsTreeEnsemble *ensemble = self->ensemble;
  gsize needed = ensemble->set_first[ensemble->n_sets] + n_words;
  gsize n_sets = self->set_capacity;
  gsize words = self->word_capacity;

  if (ensemble->n_sets + 1 <= n_sets && needed <= words)
    return TRUE;
  n_sets = shs_tree_builder_get_larger_capacity (n_sets, ensemble->n_sets + 1);
  words = shs_tree_builder_get_larger_capacity (words, needed);
  if (!shs_tree_ensemble_reserve_sets (ensemble, n_sets, words, error))
    return FALSE;
  self->set_capacity = n_sets;
  self->word_capacity = words;
  return TRUE;
}

/* A set costs a bit for every category up to its largest, so a few bytes of file could ask for
 * megabytes: what all sets need together is held in proportion to the file. */
static gboolean
charge_set (ShsTreeBuilder *self, gint32 largest, GError **error)
{
  gsize n_bytes = (gsize)(largest + 1) / 8 + 8;
  gsize most = self->file_size < G_MAXSIZE / SET_BYTES_PER_BYTE - FREE_SET_BYTES
                   ? FREE_SET_BYTES + SET_BYTES_PER_BYTE * self->file_size
                   : G_MAXSIZE;

  if (n_bytes <= most - self->set_bytes)
    {
      self->set_bytes += n_bytes;
      return TRUE;
    }
  g_set_error (error, SHS_ERROR, SHS_ERROR_INVALID,
               "With category set %" G_GSIZE_FORMAT " the category sets are far larger than the "
               "file; save the model again",
               self->ensemble->n_sets);
  return FALSE;
}

gint32
shs_tree_builder_add_set (ShsTreeBuilder *self, const gint32 *categories, gsize n, GError **error)
{
  gint32 largest = -1;
  gsize n_words;
  guint32 *words;

  g_return_val_if_fail (self != NULL && (categories != NULL || n == 0), -1);
  if (!shs_tree_builder_check (self, error))
    return -1;
  for (gsize i = 0; i < n; i++)
    {
      if (categories[i] < 0 || categories[i] > LARGEST_CATEGORY)
        {
          g_set_error (error, SHS_ERROR, SHS_ERROR_INVALID,
                       "Category set %" G_GSIZE_FORMAT " holds category %d; categories are 0 to "
                       "%d; save the model again",
                       self->ensemble->n_sets, categories[i], LARGEST_CATEGORY);
          return -1;
        }
      largest = MAX (largest, categories[i]);
    }

  n_words = (gsize)(largest + 32) / 32;
  if (!charge_set (self, largest, error) || !reserve_set (self, n_words, error))
    return -1;
  words = self->ensemble->set_words + self->ensemble->set_first[self->ensemble->n_sets];
  memset (words, 0, n_words * sizeof (guint32));
  for (gsize i = 0; i < n; i++)
    words[categories[i] / 32] |= 1u << (categories[i] % 32);
  self->ensemble->n_sets++;
  self->ensemble->set_first[self->ensemble->n_sets]
      = self->ensemble->set_first[self->ensemble->n_sets - 1] + n_words;
  return (gint32)(self->ensemble->n_sets - 1);
}
