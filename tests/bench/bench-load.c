/*
 * How fast a model's document is read: trees of 511 nodes as XGBoost writes them, as JSON and as
 * UBJSON, beside a plain C library loop (strtod per number) over the same JSON in the same run.
 *
 *   bench-load [--quick]
 */
#include "core/shs-memory.h"
#include "core/shs-number.h"
#include "core/shs-random.h"
#include "io/json/shs-document-reader.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define N_NODES 511
#define N_DIFFERENT 40 /* trees, which are repeated */
#define N_REPEATS 5
#define MEGA 1e6

static const char *const real_names[]
    = { "base_weights", "loss_changes", "split_conditions", "sum_hessian" };
static const char *const whole_names[] = { "default_left",   "left_children", "parents",
                                           "right_children", "split_indices", "split_type" };

/* The document so far, in both spellings. */
typedef struct
{
  GString *json;
  GString *ubjson;
} Documents;

static void
append_big_endian (GString *out, guint64 value, int n_bytes)
{
  for (int i = n_bytes - 1; i >= 0; i--)
    g_string_append_c (out, (char)(value >> 8 * i));
}

static void
append_name (Documents *documents, const char *name, char type)
{
  g_string_append_printf (documents->json, "%s\"%s\":[",
                          g_str_has_suffix (documents->json->str, "{") ? "" : ",", name);
  g_string_append_c (documents->ubjson, 'L');
  append_big_endian (documents->ubjson, strlen (name), 8);
  g_string_append_printf (documents->ubjson, "%s[$%c#L", name, type);
  append_big_endian (documents->ubjson, N_NODES, 8);
}

static void
append_real (Documents *documents, int node, float value)
{
  char text[SHS_NUMBER_LENGTH];
  char *exponent;
  guint32 bits;

  g_snprintf (text, sizeof text, "%.7E", value);
  exponent = strchr (text, 'E'); /* -2.1070242E-2, as XGBoost writes it */
  memmove (exponent + 2, exponent + 2 + (exponent[2] == '0'), strlen (exponent + 2));
  if (exponent[1] == '+')
    memmove (exponent + 1, exponent + 2, strlen (exponent + 1));
  g_string_append_printf (documents->json, "%s%s", node > 0 ? "," : "", text);
  memcpy (&bits, &value, sizeof bits);
  append_big_endian (documents->ubjson, bits, 4);
}

static int
whole_value (const char *name, int node, ShsRandom *random)
{
  switch (name[0])
    {
    case 'l':
      return node < N_NODES / 2 ? 2 * node + 1 : -1;
    case 'r':
      return node < N_NODES / 2 ? 2 * node + 2 : -1;
    case 'p':
      return node > 0 ? (node - 1) / 2 : G_MAXINT32;
    default:
      return g_str_equal (name, "split_indices") ? (int)shs_random_below (random, 50) : node % 2;
    }
}

static void
append_tree (Documents *documents, ShsRandom *random)
{
  g_string_append (documents->json, documents->json->len > 1 ? ",{" : "{");
  g_string_append_c (documents->ubjson, '{');
  for (gsize i = 0; i < G_N_ELEMENTS (real_names); i++)
    {
      append_name (documents, real_names[i], 'd');
      for (int node = 0; node < N_NODES; node++)
        append_real (documents, node, (float)shs_random_normal (random));
      g_string_append_c (documents->json, ']');
    }
  for (gsize i = 0; i < G_N_ELEMENTS (whole_names); i++)
    {
      append_name (documents, whole_names[i], 'l');
      for (int node = 0; node < N_NODES; node++)
        {
          int value = whole_value (whole_names[i], node, random);

          g_string_append_printf (documents->json, "%s%d", node > 0 ? "," : "", value);
          append_big_endian (documents->ubjson, (guint32)value, 4);
        }
      g_string_append_c (documents->json, ']');
    }
  g_string_append_c (documents->json, '}');
  g_string_append_c (documents->ubjson, '}');
}

/* One array of trees, the same few over and over. */
static Documents
make_documents (gsize n_bytes)
{
  Documents trees = { g_string_new ("["), g_string_new ("[") };
  ShsRandom random = shs_random_init (1, 1);
  gsize n_json;
  gsize n_ubjson;

  for (int i = 0; i < N_DIFFERENT; i++)
    append_tree (&trees, &random);
  n_json = trees.json->len;
  n_ubjson = trees.ubjson->len;
  while (trees.json->len < n_bytes)
    {
      g_string_append_c (trees.json, ',');
      g_string_append_len (trees.json, trees.json->str + 1, (gssize)n_json - 1);
      g_string_append_len (trees.ubjson, trees.ubjson->str + 1, (gssize)n_ubjson - 1);
    }
  g_string_append_c (trees.json, ']');
  g_string_append_c (trees.ubjson, ']');
  return trees;
}

/* Reads every array as a model loader does; returns how many numbers there were. */
static gsize
read_trees (ShsDocumentReader *reader)
{
  gsize n = 0;

  shs_document_reader_begin_array (reader);
  while (shs_document_reader_next_element (reader))
    {
      const char *name;

      shs_document_reader_begin_object (reader);
      while ((name = shs_document_reader_next_key (reader)) != NULL)
        {
          gboolean is_real = FALSE;
          gsize count;

          for (gsize i = 0; i < G_N_ELEMENTS (real_names); i++)
            is_real |= g_str_equal (name, real_names[i]);
          if (is_real)
            shs_free (shs_document_reader_read_floats (reader, &count));
          else
            shs_free (shs_document_reader_read_integers (reader, &count));
          n += count;
        }
    }
  return n;
}

static double
time_reader (GBytes *bytes, gboolean is_json, gboolean only_skip)
{
  double best = G_MAXDOUBLE;

  for (int i = 0; i < N_REPEATS; i++)
    {
      gint64 start = g_get_monotonic_time ();
      g_autoptr (ShsDocumentReader) reader = is_json
                                                 ? shs_document_reader_new_json ("trees", bytes)
                                                 : shs_document_reader_new_ubjson ("trees", bytes);
      g_autoptr (GError) error = NULL;

      if (only_skip)
        shs_document_reader_skip (reader);
      else
        read_trees (reader);
      if (!shs_document_reader_finish (reader, &error))
        g_error ("%s", error->message);
      best = MIN (best, (double)(g_get_monotonic_time () - start) / G_USEC_PER_SEC);
    }
  return best;
}

/* The obvious loop: strtod wherever a number can begin. */
static double
time_c_library (const GString *json)
{
  gint64 start = g_get_monotonic_time ();
  double sum = 0;

  for (const char *p = json->str; (p = strpbrk (p, "[,")) != NULL;)
    {
      char *end;

      sum += strtod (++p, &end);
      p = end;
    }
  if (sum == 0)
    g_error ("no numbers");
  return (double)(g_get_monotonic_time () - start) / G_USEC_PER_SEC;
}

static void
print (const char *title, gsize n_bytes, double seconds, double plain)
{
  g_print ("%-14s %6.0f MB   %6.3f s   %6.0f MB/s   strtod loop / this %.1f\n", title,
           (double)n_bytes / MEGA, seconds, (double)n_bytes / MEGA / seconds, plain / seconds);
}

int
main (int argc, char **argv)
{
  Documents documents
      = make_documents (argc > 1 && g_str_equal (argv[1], "--quick") ? 5000000 : 100000000);
  g_autoptr (GBytes) json = g_bytes_new_static (documents.json->str, documents.json->len);
  g_autoptr (GBytes) ubjson = g_bytes_new_static (documents.ubjson->str, documents.ubjson->len);
  double plain = time_c_library (documents.json);

  print ("JSON", documents.json->len, time_reader (json, TRUE, FALSE), plain);
  print ("JSON, skipped", documents.json->len, time_reader (json, TRUE, TRUE), plain);
  print ("UBJSON", documents.ubjson->len, time_reader (ubjson, FALSE, FALSE), plain);
  g_string_free (documents.json, TRUE);
  g_string_free (documents.ubjson, TRUE);
  return EXIT_SUCCESS;
}
