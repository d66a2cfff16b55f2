#include "tree/shs-tree-words.h"

#include "core/shs-memory.h"

gboolean
shs_tree_words_init (ShsTreeWords *self, const ShsTreeEnsemble *ensemble, gsize most_nodes,
                     ShsInstructions instructions, GError **error)
{
  gboolean casts_double = ensemble->cast == SHS_TREE_CAST_DOUBLE;

  self->ensemble = ensemble;
  self->kernels = shs_tree_kernels_get (
      instructions, casts_double ? SHS_PRECISION_DOUBLE : SHS_PRECISION_SINGLE, error);
  if (self->kernels == NULL
      || !shs_tree_slots_init (&self->slots, ensemble->n_features, most_nodes, error))
    return FALSE;
  self->x = shs_alloc0 (MIN (ensemble->n_features, most_nodes) + 1,
                        SHS_TREE_BLOCK * self->kernels->size, error);
  return self->x != NULL;
}

void
shs_tree_words_clear (ShsTreeWords *self)
{
  shs_tree_slots_clear (&self->slots);
  shs_tree_buffer_clear (&self->routes);
  shs_tree_buffer_clear (&self->memory);
  g_clear_pointer (&self->x, shs_free);
}

gboolean
shs_tree_words_set_trees (ShsTreeWords *self, gsize first, gsize end, GError **error)
{
  const ShsTreeEnsemble *ensemble = self->ensemble;
  gsize end_node = ensemble->tree_first[end];

  self->first_node = ensemble->tree_first[first];
  self->memory.n = self->routes.n = 0;
  self->words = shs_tree_buffer_extend (&self->memory, end_node - self->first_node,
                                        sizeof *self->words, error);
  if (self->words == NULL)
    return FALSE;
  shs_tree_slots_reset (&self->slots);
  for (gsize node = self->first_node; node < end_node; node++)
    {
      ShsRouteNode *route;

      if (ensemble->split[node] == SHS_LEAF)
        continue;
      route = shs_tree_buffer_extend (&self->routes, 1, sizeof *route, error);
      if (route == NULL)
        return FALSE;
      shs_tree_route_node_init (route, ensemble, node, self->first_node, &self->slots);
      route->word = (guint32)(node - self->first_node);
    }
  if (self->routes.n > 0)
    shs_tree_routes_sort (self->routes.memory, self->routes.n);
  return TRUE;
}

void
shs_tree_words_route (ShsTreeWords *self, const ShsMatrix *rows, gsize first_row)
{
  ShsRouter router = { .nodes = self->routes.memory,
                       .n_nodes = self->routes.n,
                       .n_rows = MIN (SHS_TREE_BLOCK, rows->n_rows - first_row),
                       .set_first = self->ensemble->set_first,
                       .set_words = self->ensemble->set_words };

  shs_tree_slots_load (&self->slots, self->kernels, rows, first_row, self->x);
  self->kernels->route (&router, self->x, self->words);
}
