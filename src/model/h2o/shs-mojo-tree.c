/* A compressed tree: nodes in depth-first order, each left child behind its parent. A node is flags
 * (1 byte), column (2; 65535 for a leaf), where missing values go (1), what it asks, and, where the
 * left child is no leaf, how many bytes that child takes. A leaf is a float. */

#include "model/h2o/shs-mojo-document.h"

#include "core/shs-memory.h"

#include <math.h>
#include <string.h>

#define NO_COLUMN 65535
#define RECORD_BYTES 40 /* of weights, one for each inner node, in the order of the tree */
#define SMALLEST_NODE 4 /* bytes: a leaf */
#define OLD_SETS 120    /* formats before count the bytes of a set in two bytes */
#define WEIGHTS_FORMAT 110

enum
{
  LEFT_MASK = 0x33, /* 0 to 3: so many bytes less one have the left child's size */
  LEFT_LEAF = 0x30,
  ASK_MASK = 0x0c,
  ASK_NUMBER = 0x00,
  ASK_FEW = 0x08, /* 32 categories */
  ASK_MANY = 0x0c,
  RIGHT_LEAF = 0x40,
};

/* Where missing values go. */
enum
{
  DIRECTION_REST_LEFT = 1, /* right; and all others left */
  DIRECTION_MISSING_LEFT = 2,
  DIRECTION_LEFT = 4,
  DIRECTIONS = 6,
};

/* An inner node of which children are still to come. */
typedef struct
{
  gsize node;
  guint8 flags;
  guint n_done;
  gint32 number[2]; /* of the children in the records of weights */
  double cover[2];
  const guint8 *right_at; /* where the left child has to end; NULL where it is a leaf */
} Frame;

typedef struct
{
  ShsMojoTree *tree;
  const ShsMojo *mojo;
  const guint8 *begin;
  const guint8 *at;
  const guint8 *end;
  const guint8 *record; /* NULL where there are no weights */
  const guint8 *records_end;
  Frame *frames;
  gsize depth;
  gsize capacity; /* of nodes and frames */
  gboolean has_failed;
} Reader;

void
shs_mojo_tree_clear (ShsMojoTree *self)
{
  g_clear_pointer (&self->nodes, shs_free);
}

static gboolean
fail (Reader *self, GError **error, const char *problem)
{
  return shs_mojo_fail (self->mojo, error, SHS_ERROR_INVALID,
                        "%s, byte %" G_GSIZE_FORMAT ": %s" SHS_MOJO_AGAIN, self->tree->place,
                        (gsize)(self->at - self->begin), problem);
}

/* The next @size bytes as a number, the least first; after the end 0, and @has_failed tells. */
static guint32
read_bytes (Reader *self, gsize size)
{
  guint32 value = 0;

  if ((gsize)(self->end - self->at) < size)
    {
      self->has_failed = TRUE;
      self->at = self->end;
      return 0;
    }
  for (gsize i = 0; i < size; i++)
    value |= (guint32)self->at[i] << (8 * i);
  self->at += size;
  return value;
}

static double
to_float (guint32 bits)
{
  float number;

  memcpy (&number, &bits, sizeof number);
  return number;
}

static double
read_float (Reader *self)
{
  return to_float (read_bytes (self, 4));
}

static guint32
read_record (const Reader *self, gsize field)
{
  guint32 value;

  memcpy (&value, self->record + 4 * field, sizeof value);
  return GUINT32_FROM_LE (value);
}

/* The fields of a record: the node's number, a reserved one, the weights of both children, two
 * pairs that are not needed here, and the children's numbers. */
static gboolean
take_weights (Reader *self, gint32 number, Frame *frame, GError **error)
{
  if (self->record == NULL)
    {
      frame->cover[0] = frame->cover[1] = NAN;
      return TRUE;
    }
  if ((gsize)(self->records_end - self->record) < RECORD_BYTES
      || (gint32)read_record (self, 0) != number)
    return fail (self, error, "the weights beside the tree do not belong to it");
  for (guint child = 0; child < 2; child++)
    {
      frame->cover[child] = to_float (read_record (self, 2 + child));
      frame->number[child] = (gint32)read_record (self, 8 + child);
    }
  self->record += RECORD_BYTES;
  return TRUE;
}

static gboolean
read_categories (Reader *self, guint8 flags, ShsMojoCategories *right, GError **error)
{
  gsize n_bytes;

  right->first = 0;
  right->n_bits = 32;
  if ((flags & ASK_MASK) == ASK_MANY)
    {
      right->first = read_bytes (self, 2);
      right->n_bits
          = self->mojo->format < OLD_SETS ? (gsize)read_bytes (self, 2) * 8 : read_bytes (self, 4);
    }
  n_bytes = (right->n_bits + 7) / 8;
  if (self->has_failed || n_bytes > (gsize)(self->end - self->at))
    return fail (self, error, "a set of categories is longer than the tree");
  right->bits = self->at;
  self->at += n_bytes;
  return TRUE;
}

static gboolean
read_question (Reader *self, guint8 flags, guint8 direction, ShsTreeNode *node, GError **error)
{
  gboolean missing_left = direction == DIRECTION_MISSING_LEFT || direction == DIRECTION_LEFT;
  ShsMojoCategories right;

  if (direction >= DIRECTIONS)
    return fail (self, error, "missing values go in an unknown direction");
  if (direction == DIRECTION_REST_LEFT && (flags & ASK_MASK) == ASK_NUMBER)
    {
      shs_mojo_split_missing (self->mojo, node);
      return TRUE;
    }
  if (direction == DIRECTION_REST_LEFT || ((flags & ASK_MASK) != ASK_NUMBER && !(flags & ASK_FEW)))
    return fail (self, error, "a node asks in an unknown way");
  if ((flags & ASK_MASK) == ASK_NUMBER)
    return shs_mojo_split_number (self->mojo, read_float (self), missing_left, node, error);
  return read_categories (self, flags, &right, error)
         && shs_mojo_split_categories (self->mojo, &right, missing_left, node, error);
}

static gboolean
read_left_size (Reader *self, Frame *frame, GError **error)
{
  guint mask = frame->flags & LEFT_MASK;
  guint32 size;

  if (mask == LEFT_LEAF)
    return TRUE;
  if (mask > 3)
    return fail (self, error, "a left child of an unknown kind");
  size = read_bytes (self, mask + 1);
  if (size > (gsize)(self->end - self->at))
    return fail (self, error, "a left child is longer than the tree");
  frame->right_at = self->at + size;
  return TRUE;
}

static gboolean
add_leaf (Reader *self, double cover, gsize *place)
{
  *place = self->tree->n_nodes++;
  self->tree->nodes[*place]
      = (ShsTreeNode){ .split = SHS_LEAF, .set = -1, .cover = cover, .value = read_float (self) };
  return !self->has_failed;
}

static gboolean
fail_at_end (Reader *self, GError **error)
{
  return fail (self, error, "the tree ends in the middle");
}

/* A node and what it asks; an inner one is stacked. Leaves may also be written as nodes. */
static gboolean
read_node (Reader *self, gint32 number, double cover, gsize *place, GError **error)
{
  Frame *frame = &self->frames[self->depth];
  guint8 flags = (guint8)read_bytes (self, 1);
  guint column = read_bytes (self, 2);
  ShsTreeNode *node;

  if (self->tree->n_nodes >= self->capacity || self->has_failed)
    return fail_at_end (self, error);
  if (column == NO_COLUMN)
    return add_leaf (self, cover, place) || fail_at_end (self, error);
  if (column >= self->mojo->n_features)
    return fail (self, error, "a node asks for a column that does not exist");
  *place = self->tree->n_nodes++;
  node = &self->tree->nodes[*place];
  *node = (ShsTreeNode){ .feature = (gint32)column, .set = -1, .cover = cover };
  *frame = (Frame){ .node = *place, .flags = flags };
  if (!take_weights (self, number, frame, error)
      || !read_question (self, flags, (guint8)read_bytes (self, 1), node, error)
      || !read_left_size (self, frame, error))
    return FALSE;
  self->depth++;
  return !self->has_failed || fail_at_end (self, error);
}

static gboolean
read_child (Reader *self, GError **error)
{
  Frame *frame = &self->frames[self->depth - 1];
  guint child = frame->n_done++;
  gboolean is_leaf
      = child == 0 ? (frame->flags & LEFT_MASK) == LEFT_LEAF : (frame->flags & RIGHT_LEAF) != 0;
  ShsTreeNode *parent = &self->tree->nodes[frame->node];
  gint32 number = frame->number[child];
  double cover = frame->cover[child];
  gsize place = 0;

  if (child == 1 && frame->right_at != NULL && frame->right_at != self->at)
    return fail (self, error, "a left child has not the size that is said");
  if (self->tree->n_nodes >= self->capacity)
    return fail_at_end (self, error);
  if (is_leaf ? !add_leaf (self, cover, &place) && !fail_at_end (self, error)
              : !read_node (self, number, cover, &place, error))
    return FALSE;
  if (child == 0)
    parent->left = (gint32)place;
  else
    parent->right = (gint32)place;
  return TRUE;
}

static gboolean
read_nodes (Reader *self, GError **error)
{
  gsize root;

  if (!read_node (self, 0, NAN, &root, error))
    return FALSE;
  if (self->depth > 0)
    self->tree->nodes[0].cover = self->frames[0].cover[0] + self->frames[0].cover[1];
  while (self->depth > 0)
    if (self->frames[self->depth - 1].n_done == 2)
      self->depth--;
    else if (!read_child (self, error))
      return FALSE;
  if (self->at != self->end)
    return fail (self, error, "more follows behind the tree");
  return self->record == self->records_end || self->tree->n_nodes == 1
         || fail (self, error, "the weights beside the tree do not belong to it");
}

gboolean
shs_mojo_tree_parse (ShsMojoTree *self, const ShsMojo *mojo, GBytes *bytes, GBytes *weights,
                     GError **error)
{
  gsize length;
  const guint8 *begin = g_bytes_get_data (bytes, &length);
  gsize n_weights = 0;
  const guint8 *records = weights != NULL && mojo->format >= WEIGHTS_FORMAT
                              ? g_bytes_get_data (weights, &n_weights)
                              : NULL;
  Reader reader = { .tree = self,
                    .mojo = mojo,
                    .begin = begin,
                    .at = begin,
                    .end = begin + length,
                    .record = records,
                    .records_end = records + n_weights,
                    .capacity = length / SMALLEST_NODE + 1 };
  SHS_AUTOFREE Frame *frames = shs_alloc (reader.capacity, sizeof *frames, error);

  self->n_nodes = 0;
  if (frames == NULL)
    return FALSE;
  self->nodes = shs_alloc (reader.capacity, sizeof *self->nodes, error);
  if (self->nodes == NULL)
    return FALSE;
  reader.frames = frames;
  return read_nodes (&reader, error);
}
