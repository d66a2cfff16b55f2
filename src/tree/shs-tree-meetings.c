#include "tree/shs-tree-meetings.h"

gboolean
shs_tree_path_init (ShsTreePath *self, ShsTreeProgram *program, gsize n_nodes, GError **error)
{
  gsize n_slots = program->players.n;
  guint32 *memory;

  program->path.n = 0;
  memory = shs_tree_buffer_extend (&program->path, 2 * (n_slots + n_nodes), sizeof *memory, error);
  *self = (ShsTreePath){ .facts = program->facts.memory,
                         .routes = program->routes.memory,
                         .players = memory,
                         .level = memory + n_slots,
                         .node = memory + 2 * n_slots,
                         .before = memory + 2 * n_slots + n_nodes };
  return memory != NULL;
}

void
shs_tree_path_push (ShsTreePath *self, gsize node, guint32 level)
{
  guint32 slot = self->facts[node].slot;

  self->node[level] = (guint32)node;
  self->before[level] = self->level[slot];
  self->level[slot] = level;
  if (self->facts[node].earlier == 0)
    self->players[self->n++] = slot;
}

void
shs_tree_path_pop (ShsTreePath *self, guint32 level)
{
  const ShsTreeFacts *facts = &self->facts[self->node[level]];

  self->level[facts->slot] = self->before[level];
  if (facts->earlier == 0)
    self->n--;
}

/* Slot of the pair of two players, given by their slots; 0 where there is no pair. */
static gboolean
find_slot (ShsTreeProgram *program, guint32 one, guint32 other, guint32 *slot, GError **error)
{
  const guint32 *players = program->players.key_of;

  *slot = 0;
  if (one == 0 || other == 0 || one == other)
    return TRUE;
  if (!shs_tree_pair_set_add (&program->pairs, players[one], players[other], slot, error))
    return FALSE;
  ++*slot;
  return TRUE;
}

static gboolean
append (ShsTreeProgram *program, ShsMeeting meeting, GError **error)
{
  ShsMeeting *place = shs_tree_buffer_extend (&program->meetings, 1, sizeof meeting, error);

  if (place == NULL)
    return FALSE;
  *place = meeting;
  return TRUE;
}

/* The player slot of a split; 0 of a leaf. */
static guint32
get_player (const ShsTreePath *path, gsize node)
{
  return path->facts[node].height > 0 ? path->facts[node].slot : 0;
}

static gboolean
meet_children (ShsTreeProgram *program, const guint32 players[3], GError **error)
{
  ShsMeeting meeting = { 0 };

  return find_slot (program, players[0], players[1], &meeting.slot[1], error)
         && find_slot (program, players[0], players[2], &meeting.slot[2], error)
         && append (program, meeting, error);
}

static gboolean
meet_above (ShsTreeProgram *program, const ShsTreePath *path, guint32 above, gsize node,
            const guint32 players[3], GError **error)
{
  guint32 level = path->level[above];
  guint32 split = path->node[level];
  gboolean is_right = node >= path->routes[path->facts[split].word - 1].right;
  ShsMeeting meeting = { .gain = 2 * level + (is_right ? 1 : 0) };

  for (gsize i = 0; i < 3; i++)
    {
      gboolean is_split_between = i > 0 && players[0] == above;

      if (!is_split_between && !find_slot (program, above, players[i], &meeting.slot[i], error))
        return FALSE;
    }
  return (meeting.slot[0] | meeting.slot[1] | meeting.slot[2]) == 0
         || append (program, meeting, error);
}

gboolean
shs_tree_meetings_write (ShsTreeProgram *program, const ShsTreePath *path, gsize node,
                         ShsQuadratureStep step, GError **error)
{
  ShsMeetings *span = (ShsMeetings *)program->spans.memory + program->spans.n - 1;
  guint32 players[3] = { get_player (path, node), 0, 0 };

  if (step == SHS_STEP_FORK)
    {
      players[1] = get_player (path, node + 1);
      players[2] = get_player (path, path->routes[path->facts[node].word - 1].right);
      if (!meet_children (program, players, error))
        return FALSE;
    }
  for (gsize i = 0; i < path->n; i++)
    if (!meet_above (program, path, path->players[i], node, players, error))
      return FALSE;
  span->n = (guint32)program->meetings.n - span->first;
  return TRUE;
}

gsize
shs_tree_meetings_count_pairs (const ShsTreeProgram *program, gsize first)
{
  const ShsMeeting *meetings = program->meetings.memory;
  gsize n = 0;

  for (gsize i = first; i < program->meetings.n; i++)
    for (gsize j = 0; j < 3; j++)
      n += meetings[i].slot[j] != 0;
  return n;
}
