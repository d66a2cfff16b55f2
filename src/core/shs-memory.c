#include "core/shs-memory.h"

#include "core/shs-error.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>

#define ALIGNMENT 64
#define LARGE_PAGE ((gsize)2 << 20)
#define BUDGET_SHARE 0.6
#define UNCHECKED_BYTES (1u << 20) /* of one allocation that is not held against the budget */
#define BLOCK_SHARE 8
#define BUDGET_LIFETIME_US G_USEC_PER_SEC

#define LIMIT_VARIABLE "SHAPSCOPE_MEMORY"

static guint64 calls_until_failure; /* 0: never; only tests set it */
static guint64 present_budget;
static gint64 budget_read_at; /* 0: not yet */
static guint64 chosen_limit;  /* 0: none */

gboolean
shs_size_multiply (gsize a, gsize b, gsize *product)
{
  return !__builtin_mul_overflow (a, b, product);
}

gboolean
shs_size_add (gsize a, gsize b, gsize *sum)
{
  return !__builtin_add_overflow (a, b, sum);
}

void
shs_alloc_fail_at (guint64 nth)
{
  __atomic_store_n (&calls_until_failure, nth, __ATOMIC_RELAXED);
}

static gboolean
call_is_to_fail (void)
{
  if (G_LIKELY (__atomic_load_n (&calls_until_failure, __ATOMIC_RELAXED) == 0))
    return FALSE;
  return __atomic_sub_fetch (&calls_until_failure, 1, __ATOMIC_RELAXED) == 0;
}

static guint64
read_number_file (const char *path)
{
  FILE *file = fopen (path, "r");
  unsigned long long number = 0;

  if (file == NULL)
    return G_MAXUINT64;
  if (fscanf (file, "%llu", &number) != 1)
    number = G_MAXUINT64;
  fclose (file);
  return number;
}

static guint64
read_available_memory (void)
{
  FILE *file = fopen ("/proc/meminfo", "r");
  unsigned long long kilobytes = 0;
  char line[128];

  if (file == NULL)
    return G_MAXUINT64;
  while (fgets (line, sizeof line, file) != NULL)
    if (sscanf (line, "MemAvailable: %llu kB", &kilobytes) == 1)
      break;
  fclose (file);
  return kilobytes > 0 ? kilobytes * 1024 : G_MAXUINT64;
}

static guint64
read_group_limit (void)
{
  guint64 limit = read_number_file ("/sys/fs/cgroup/memory.max");

  return MIN (limit, read_number_file ("/sys/fs/cgroup/memory/memory.limit_in_bytes"));
}

/* "200M": bytes, with K, M or G for powers of 1024; 0 for anything else. */
static guint64
parse_limit (const char *text)
{
  static const char units[] = "KMG";
  const char *unit = NULL;
  char *end;
  guint64 bytes;

  if (text == NULL || !g_ascii_isdigit (text[0]))
    return 0;
  bytes = g_ascii_strtoull (text, &end, 10);
  if (end[0] != '\0')
    unit = strchr (units, g_ascii_toupper (end[0]));
  if (end[0] != '\0' && (unit == NULL || end[1] != '\0'))
    return 0;
  for (const char *u = units; unit != NULL && u <= unit; u++)
    bytes = bytes > G_MAXUINT64 / 1024 ? G_MAXUINT64 : bytes * 1024;
  return bytes;
}

static guint64
get_chosen_limit (void)
{
  guint64 chosen = __atomic_load_n (&chosen_limit, __ATOMIC_RELAXED);

  return chosen > 0 ? chosen : parse_limit (g_getenv (LIMIT_VARIABLE));
}

void
shs_memory_set_limit (guint64 bytes)
{
  __atomic_store_n (&chosen_limit, bytes, __ATOMIC_RELAXED);
  __atomic_store_n (&budget_read_at, 0, __ATOMIC_RELEASE);
}

guint64
shs_memory_budget (void)
{
  gint64 now = g_get_monotonic_time ();
  gint64 read_at = __atomic_load_n (&budget_read_at, __ATOMIC_ACQUIRE);
  struct rlimit limit;
  guint64 chosen, bytes;

  if (read_at != 0 && now - read_at < BUDGET_LIFETIME_US)
    return __atomic_load_n (&present_budget, __ATOMIC_RELAXED);

  bytes = MIN (read_available_memory (), read_group_limit ());
  if (getrlimit (RLIMIT_AS, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY)
    bytes = MIN (bytes, limit.rlim_cur);
  if (bytes != G_MAXUINT64)
    bytes = (guint64)(bytes * BUDGET_SHARE);
  chosen = get_chosen_limit ();
  if (chosen > 0)
    bytes = MIN (bytes, chosen);
  __atomic_store_n (&present_budget, bytes, __ATOMIC_RELAXED);
  __atomic_store_n (&budget_read_at, now, __ATOMIC_RELEASE);
  return bytes;
}

gsize
shs_memory_fit_block (gsize most)
{
  guint64 share = MAX (shs_memory_budget () / BLOCK_SHARE, UNCHECKED_BYTES);

  return MIN (most, share);
}

gboolean
shs_memory_check (guint64 bytes, const char *what, GError **error)
{
  guint64 budget = shs_memory_budget ();

  if (bytes <= budget)
    return TRUE;
  g_autofree char *needed = g_format_size (bytes);
  g_autofree char *allowed = g_format_size (budget);
  if (budget == get_chosen_limit ())
    {
      g_set_error (error, SHS_ERROR, SHS_ERROR_MEMORY,
                   "%s would need %s of memory and " LIMIT_VARIABLE
                   " allows %s; raise it or take fewer rows",
                   what != NULL ? what : "This", needed, allowed);
      return FALSE;
    }
  g_set_error (error, SHS_ERROR, SHS_ERROR_MEMORY,
               "%s would need %s of memory and %s may be used; take fewer rows or close other "
               "programs",
               what != NULL ? what : "This", needed, allowed);
  return FALSE;
}

/* Columns of millions of rows are read and written at many places in turn: on large pages their
 * addresses are found at once. The system may decline. */
static gpointer
allocate_bytes (gsize bytes)
{
  gpointer memory = NULL;

  if (bytes < LARGE_PAGE)
    return posix_memalign (&memory, ALIGNMENT, MAX (bytes, ALIGNMENT)) == 0 ? memory : NULL;
  if (posix_memalign (&memory, LARGE_PAGE, bytes) != 0)
    return NULL;
  madvise (memory, bytes / LARGE_PAGE * LARGE_PAGE, MADV_HUGEPAGE);
  return memory;
}

gpointer
shs_alloc (gsize count, gsize size, GError **error)
{
  gsize bytes;
  gpointer memory = NULL;

  if (!shs_size_multiply (count, size, &bytes) || bytes > G_MAXSSIZE - ALIGNMENT)
    {
      g_set_error (error, SHS_ERROR, SHS_ERROR_MEMORY,
                   "%" G_GSIZE_FORMAT " items of %" G_GSIZE_FORMAT
                   " bytes are more than any memory holds; the file may be damaged",
                   count, size);
      return NULL;
    }
  if (bytes > UNCHECKED_BYTES && !shs_memory_check (bytes, NULL, error))
    return NULL;
  if (!call_is_to_fail ())
    memory = allocate_bytes (bytes);
  if (memory == NULL)
    {
      g_set_error (error, SHS_ERROR, SHS_ERROR_MEMORY,
                   "The system gave no memory for %" G_GSIZE_FORMAT
                   " bytes; close other programs or take fewer rows",
                   bytes);
      return NULL;
    }
  return memory;
}

gpointer
shs_alloc0 (gsize count, gsize size, GError **error)
{
  gpointer memory = shs_alloc (count, size, error);

  if (memory != NULL)
    memset (memory, 0, count * size);
  return memory;
}

gpointer
shs_realloc (gpointer memory, gsize old_count, gsize new_count, gsize size, GError **error)
{
  gpointer grown = shs_alloc (new_count, size, error);

  if (grown == NULL)
    return NULL;
  if (memory != NULL)
    memcpy (grown, memory, MIN (old_count, new_count) * size);
  shs_free (memory);
  return grown;
}

void
shs_free (gpointer memory)
{
  free (memory);
}

void
shs_free_indirect (void *pointer_to_memory)
{
  shs_free (*(gpointer *)pointer_to_memory);
}
