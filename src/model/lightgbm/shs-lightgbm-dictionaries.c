/* Which features the dictionaries of pandas' category columns belong to.
 *
 * The file lists the dictionaries in the order of the columns, and not whose they are. A feature
 * that takes categories has one. A feature that never varied is said to be neither a number nor a
 * category and may have had one, too; and so may a number whose values could have been codes,
 * because the codes of an ordered category are split as numbers. What all ways to deal out the
 * dictionaries have in common is certain. What only the likeliest have in common is taken and
 * noted: those in which numbers have few dictionaries, and training saw the last category. */
#include "model/lightgbm/shs-lightgbm-document.h"

#include "core/shs-memory.h"
#include "core/shs-number.h"

#include <string.h>

/* Cells of the table of ways: features times dictionaries. */
#define MAX_CELLS ((gsize)16 << 20)

#define IMPOSSIBLE G_MAXUINT32
/* How unlikely it is: that a category's dictionary goes beyond what training saw, a number's. */
#define LONGER_THAN_SEEN 2
#define OF_A_NUMBER 1

static char *
read_category (ShsDocumentReader *reader)
{
  char text[SHS_NUMBER_LENGTH];

  switch (shs_document_reader_peek (reader))
    {
    case SHS_DOCUMENT_STRING:
      return g_strdup (shs_document_reader_read_string (reader));
    case SHS_DOCUMENT_BOOLEAN:
      return g_strdup (shs_document_reader_read_boolean (reader) ? "True" : "False");
    case SHS_DOCUMENT_NUMBER:
      return g_strdup (shs_number_print (text, shs_document_reader_read_number (reader)));
    default:
      shs_document_reader_skip (reader);
      return g_strdup ("");
    }
}

void
shs_lightgbm_read_dictionaries (ShsLightgbm *self, ShsDocumentReader *reader)
{
  g_clear_pointer (&self->dictionaries, g_ptr_array_unref);
  if (shs_document_reader_peek (reader) == SHS_DOCUMENT_NULL)
    {
      shs_document_reader_read_null (reader);
      return;
    }
  self->dictionaries = g_ptr_array_new_with_free_func ((GDestroyNotify)g_strfreev);
  shs_document_reader_begin_array (reader);
  while (shs_document_reader_next_element (reader))
    {
      g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);

      shs_document_reader_begin_array (reader);
      while (shs_document_reader_next_element (reader))
        g_ptr_array_add (names, read_category (reader));
      g_ptr_array_add (names, NULL);
      g_ptr_array_add (self->dictionaries, g_ptr_array_steal (names, NULL));
    }
}

/* @lengths: of the dictionaries
 * @weighs: whether only the likeliest ways count
 * @end: [feature][dictionary]: the least cost of giving the dictionaries from this one on to the
 *   features from this one on */
typedef struct
{
  const ShsLightgbm *lightgbm;
  gsize n;
  gsize *lengths;
  gboolean weighs;
  guint32 *end;
} Ways;

static guint32
add (guint32 a, guint32 b)
{
  return a == IMPOSSIBLE || b == IMPOSSIBLE ? IMPOSSIBLE : a + b;
}

static guint32
get_cost (const Ways *ways, gsize feature, gsize dictionary)
{
  const ShsLightgbm *self = ways->lightgbm;
  gboolean is_category = self->top_category[feature] >= 0;
  double top = is_category ? self->top_category[feature] : self->top_number[feature];
  double length = (double)MAX (1, ways->lengths[dictionary]);

  if (top >= length)
    return IMPOSSIBLE;
  if (!ways->weighs || top < 0)
    return 0;
  return (is_category ? 0 : OF_A_NUMBER) + (top + 1 < length ? LONGER_THAN_SEEN : 0);
}

static guint32 *
get_end (const Ways *ways, gsize feature, gsize dictionary)
{
  return &ways->end[feature * (ways->n + 1) + dictionary];
}

static guint32
take (const Ways *ways, gsize feature, gsize dictionary)
{
  return dictionary == ways->n ? IMPOSSIBLE
                               : add (get_cost (ways, feature, dictionary),
                                      *get_end (ways, feature + 1, dictionary + 1));
}

static guint32
pass (const Ways *ways, gsize feature, gsize dictionary)
{
  return ways->lightgbm->top_category[feature] >= 0 ? IMPOSSIBLE
                                                    : *get_end (ways, feature + 1, dictionary);
}

static void
find_ends (Ways *ways)
{
  gsize n_features = ways->lightgbm->n_features;

  for (gsize dictionary = 0; dictionary <= ways->n; dictionary++)
    *get_end (ways, n_features, dictionary) = dictionary == ways->n ? 0 : IMPOSSIBLE;
  for (gsize feature = n_features; feature-- > 0;)
    for (gsize dictionary = 0; dictionary <= ways->n; dictionary++)
      *get_end (ways, feature, dictionary)
          = MIN (take (ways, feature, dictionary), pass (ways, feature, dictionary));
}

/* What @feature can get on the best ways; @dealt, how many dictionaries may have been dealt out
 * before it, goes on to the next. */
static gint32
deal_one (const Ways *ways, gsize feature, guint8 *dealt)
{
  gint32 found = SHS_LIGHTGBM_NO_DICTIONARY;
  gboolean passes = FALSE;

  for (gsize i = ways->n + 1; i-- > 0;)
    {
      guint32 best = dealt[i] ? *get_end (ways, feature, i) : IMPOSSIBLE;
      gboolean takes = best != IMPOSSIBLE && take (ways, feature, i) == best;

      dealt[i] = best != IMPOSSIBLE && pass (ways, feature, i) == best;
      passes |= dealt[i];
      if (!takes)
        continue;
      dealt[i + 1] = TRUE;
      found = found == SHS_LIGHTGBM_NO_DICTIONARY ? (gint32)i : SHS_LIGHTGBM_DOUBTFUL_DICTIONARY;
    }
  return passes && found >= 0 ? SHS_LIGHTGBM_DOUBTFUL_DICTIONARY : found;
}

static void
deal (Ways *ways, guint8 *dealt, gint32 *dictionary_of)
{
  find_ends (ways);
  memset (dealt, 0, ways->n + 2);
  dealt[0] = TRUE;
  for (gsize feature = 0; feature < ways->lightgbm->n_features; feature++)
    dictionary_of[feature] = deal_one (ways, feature, dealt);
}

static void
measure (Ways *ways)
{
  const GPtrArray *dictionaries = ways->lightgbm->dictionaries;

  for (gsize i = 0; i < ways->n; i++)
    ways->lengths[i] = g_strv_length (g_ptr_array_index (dictionaries, i));
}

static gboolean
deal_all (Ways *ways, gint32 *certain, gint32 *likely, GError **error)
{
  gsize n_features = ways->lightgbm->n_features;
  SHS_AUTOFREE gsize *lengths = shs_alloc (ways->n + 1, sizeof *lengths, error);
  SHS_AUTOFREE guint8 *dealt = shs_alloc (ways->n + 2, 1, error);
  SHS_AUTOFREE guint32 *end = shs_alloc ((n_features + 1) * (ways->n + 1), sizeof *end, error);

  if (lengths == NULL || dealt == NULL || end == NULL)
    return FALSE;
  ways->lengths = lengths;
  ways->end = end;
  measure (ways);
  deal (ways, dealt, certain);
  ways->weighs = TRUE;
  deal (ways, dealt, likely);
  return TRUE;
}

gboolean
shs_lightgbm_deal_dictionaries (const ShsLightgbm *self, gint32 *certain, gint32 *likely,
                                GError **error)
{
  Ways ways = { .lightgbm = self, .n = self->dictionaries != NULL ? self->dictionaries->len : 0 };

  for (gsize feature = 0; feature < self->n_features; feature++)
    certain[feature] = likely[feature] = SHS_LIGHTGBM_NO_DICTIONARY;
  return ways.n == 0 || ways.n > self->n_features || self->n_features >= MAX_CELLS / (ways.n + 1)
         || deal_all (&ways, certain, likely, error);
}
