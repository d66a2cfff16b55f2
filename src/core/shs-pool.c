#include "core/shs-pool.h"

#include <sched.h>
#include <sys/resource.h>
#include <unistd.h>

#define NICENESS 10

typedef struct
{
  ShsBlockFunc function;
  gpointer data;
  ShsProgress *progress;
  gsize n_blocks;
  gsize next_block; /* atomic */
  gint failed;      /* atomic */
  guint next_worker;
  guint n_running;
  gsize failed_block;
  GError *error;
  GMutex lock;
  GCond finished;
} Run;

guint
shs_pool_get_n_threads (void)
{
  cpu_set_t processors;

  if (sched_getaffinity (0, sizeof processors, &processors) == 0)
    return MAX (1, CPU_COUNT (&processors));
  return MAX (1, g_get_num_processors ());
}

guint
shs_pool_count_workers (guint n_threads, gsize n_blocks)
{
  guint wanted = n_threads > 0 ? n_threads : shs_pool_get_n_threads ();

  return MAX (1, MIN (wanted, n_blocks));
}

static void
keep_first_error (Run *run, gsize block, GError *error)
{
  g_mutex_lock (&run->lock);
  if (run->error == NULL || block < run->failed_block)
    {
      g_clear_error (&run->error);
      run->error = g_steal_pointer (&error);
      run->failed_block = block;
    }
  g_mutex_unlock (&run->lock);
  g_clear_error (&error);
  g_atomic_int_set (&run->failed, 1);
}

static void
work (Run *run, guint worker)
{
  while (!g_atomic_int_get (&run->failed))
    {
      gsize block = __atomic_fetch_add (&run->next_block, 1, __ATOMIC_RELAXED);
      GError *error = NULL;

      if (block >= run->n_blocks)
        break;
      if (!shs_progress_check (run->progress, &error)
          || !run->function (block, worker, run->data, &error))
        keep_first_error (run, block, error);
    }
}

static int is_stepping_back;

static void
lower_priority (void)
{
  static __thread gboolean is_lowered;

  /* Linux gives each thread its own priority. */
  if (!is_lowered)
    setpriority (PRIO_PROCESS, (id_t)gettid (), NICENESS);
  is_lowered = TRUE;
}

void
shs_pool_step_back (void)
{
  g_atomic_int_set (&is_stepping_back, TRUE);
  lower_priority ();
}

static void
work_in_thread (gpointer task, gpointer unused)
{
  Run *run = task;
  guint worker = __atomic_fetch_add (&run->next_worker, 1, __ATOMIC_RELAXED);

  if (g_atomic_int_get (&is_stepping_back))
    lower_priority ();

  work (run, worker);
  g_mutex_lock (&run->lock);
  run->n_running--;
  g_cond_signal (&run->finished);
  g_mutex_unlock (&run->lock);
}

/* Threads are kept between runs: starting one costs as much as explaining a row. */
static GThreadPool *
get_threads (void)
{
  static GThreadPool *threads;
  static gsize made;

  if (g_once_init_enter (&made))
    {
      threads = g_thread_pool_new (work_in_thread, NULL, -1, FALSE, NULL);
      g_once_init_leave (&made, 1);
    }
  return threads;
}

gboolean
shs_pool_run (guint n_threads, gsize n_blocks, ShsBlockFunc function, gpointer data,
              ShsProgress *progress, GError **error)
{
  guint n_workers = shs_pool_count_workers (n_threads, n_blocks);
  Run run = { .function = function,
              .data = data,
              .progress = progress,
              .n_blocks = n_blocks,
              .next_worker = 1,
              .n_running = n_workers - 1 };

  g_mutex_init (&run.lock);
  g_cond_init (&run.finished);
  for (guint i = 1; i < n_workers; i++)
    g_thread_pool_push (get_threads (), &run, NULL);
  work (&run, 0);

  g_mutex_lock (&run.lock);
  while (run.n_running > 0)
    g_cond_wait (&run.finished, &run.lock);
  g_mutex_unlock (&run.lock);
  g_mutex_clear (&run.lock);
  g_cond_clear (&run.finished);

  if (run.error == NULL)
    return TRUE;
  g_propagate_error (error, run.error);
  return FALSE;
}
