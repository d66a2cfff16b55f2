#include "tree/shs-tree-routed.h"

#include "core/shs-memory.h"

#include <string.h>

gboolean
shs_tree_routed_init (ShsTreeRouted *self, const ShsTreeEnsemble *ensemble, const ShsMatrix *rows,
                      const ShsTreeOptions *options, GError **error)
{
  gsize n_blocks = (rows->n_rows + SHS_TREE_BLOCK - 1) / SHS_TREE_BLOCK;
  g_auto (ShsTreeWords) words = { 0 };
  gsize n;

  self->n_nodes = ensemble->n_nodes;
  if (!shs_size_multiply (n_blocks, ensemble->n_nodes, &n))
    n = G_MAXSIZE;
  self->words = shs_alloc (n, sizeof *self->words, error);
  if (self->words == NULL
      || !shs_tree_words_init (&words, ensemble, ensemble->n_nodes, options->instructions, error)
      || !shs_tree_words_set_trees (&words, 0, ensemble->n_trees, error))
    return FALSE;
  for (gsize block = 0; block < n_blocks; block++)
    {
      if (!shs_progress_check (options->progress, error))
        return FALSE;
      shs_tree_words_route (&words, rows, block * SHS_TREE_BLOCK);
      memcpy (self->words + block * ensemble->n_nodes, words.words,
              ensemble->n_nodes * sizeof *self->words);
    }
  return TRUE;
}

void
shs_tree_routed_clear (ShsTreeRouted *self)
{
  g_clear_pointer (&self->words, shs_free);
}
