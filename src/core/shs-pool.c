#include "core/shs-pool.h"

#include <sched.h>
#include <sys/resource.h>
#include <unistd.h>

#define NICENESS 10
#define MAX_WORKERS 1024

/*
 * @is_closed: the caller is through with all blocks; threads that come later turn round. So no run
 * waits for a thread that the system does not give: the caller then does the work of all.
 */
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
  gboolean is_closed;
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

  return MAX (1, MIN (MIN (wanted, MAX_WORKERS), n_blocks));
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
run_clear (gpointer data)
{
  Run *run = data;

  g_mutex_clear (&run->lock);
  g_cond_clear (&run->finished);
}

static void
work_in_thread (gpointer task, gpointer unused)
{
  Run *run = task;
  guint worker = 0;

  if (g_atomic_int_get (&is_stepping_back))
    lower_priority ();
  g_mutex_lock (&run->lock);
  if (!run->is_closed)
    {
      worker = run->next_worker++;
      run->n_running++;
    }
  g_mutex_unlock (&run->lock);
  if (worker > 0)
    {
      work (run, worker);
      g_mutex_lock (&run->lock);
      run->n_running--;
      g_cond_signal (&run->finished);
      g_mutex_unlock (&run->lock);
    }
  g_atomic_rc_box_release_full (run, run_clear);
}

/* Closes the run to threads that have not come yet, and waits for the others. */
static void
wait_for_threads (Run *run)
{
  g_mutex_lock (&run->lock);
  run->is_closed = TRUE;
  while (run->n_running > 0)
    g_cond_wait (&run->finished, &run->lock);
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
  Run *run = g_atomic_rc_box_new0 (Run);
  GError *first_error;

  run->function = function;
  run->data = data;
  run->progress = progress;
  run->n_blocks = n_blocks;
  run->next_worker = 1;
  g_mutex_init (&run->lock);
  g_cond_init (&run->finished);
  /* A thread that cannot be started leaves its task in the queue, so a failure needs no care. */
  for (guint i = 1; i < n_workers; i++)
    g_thread_pool_push (get_threads (), g_atomic_rc_box_acquire (run), NULL);
  work (run, 0);
  wait_for_threads (run);
  first_error = g_steal_pointer (&run->error);
  g_atomic_rc_box_release_full (run, run_clear);

  if (first_error == NULL)
    return TRUE;
  g_propagate_error (error, first_error);
  return FALSE;
}
