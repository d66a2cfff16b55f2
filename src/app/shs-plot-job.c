#include "app/shs-plot-job.h"

#include <math.h>

#include "core/shs-pool.h"
#include "render/shs-render-cairo.h"
#include "render/shs-render.h"

#define N_THREADS 3

typedef struct
{
  ShsPlotJob *job;
  ShsPlotJobFunc done;
  gpointer data;
} Pushed;

static void
free_measurer (gpointer measurer)
{
  shs_render_measurer_free (measurer);
}

static GPrivate measurer_of_thread = G_PRIVATE_INIT (free_measurer);

static ShsTextMeasurer *
get_measurer (void)
{
  ShsTextMeasurer *measurer = g_private_get (&measurer_of_thread);

  if (measurer == NULL)
    {
      measurer = shs_render_measurer_new (NULL);
      g_private_set (&measurer_of_thread, measurer);
    }
  return measurer;
}

ShsPlotJob *
shs_plot_job_new (ShsExplanation *explanation, const ShsPlotOptions *options)
{
  ShsPlotJob *job = g_new0 (ShsPlotJob, 1);

  job->explanation = shs_explanation_ref (explanation);
  job->options = shs_plot_options_copy (options);
  job->row = -1;
  job->feature = -1;
  return job;
}

void
shs_plot_job_free (ShsPlotJob *job)
{
  if (job == NULL)
    return;
  shs_explanation_unref (job->explanation);
  shs_plot_options_free (job->options);
  g_clear_pointer (&job->selected, g_bytes_unref);
  g_clear_pointer (&job->scene, shs_scene_unref);
  g_clear_pointer (&job->base, cairo_surface_destroy);
  g_clear_pointer (&job->overlay, cairo_surface_destroy);
  g_clear_error (&job->error);
  g_free (job);
}

gsize
shs_plot_job_count_points (const ShsPlotJob *job)
{
  gsize n_rows = shs_explanation_get_n_rows (job->explanation);
  gsize n_features = shs_explanation_get_n_features (job->explanation);

  if (job->options->kind == SHS_PLOT_BEESWARM)
    return n_rows * MIN (n_features, job->options->max_display);
  if (job->options->kind == SHS_PLOT_BAR && job->options->row < 0)
    return n_rows * n_features / 10;
  return shs_plot_kind_needs_row (job->options->kind) ? n_features : n_rows;
}

/* One pixel of the surface for one of the screen: whatever must be scaled costs GTK ten times as
   much at each frame. */
static cairo_surface_t *
paint (const ShsPlotJob *job, const ShsScene *scene, cairo_format_t format)
{
  int width = (int)round (job->width * job->pixels);
  int height = (int)round (job->height * job->pixels);
  cairo_surface_t *surface = cairo_image_surface_create (format, MAX (width, 1), MAX (height, 1));
  cairo_t *cairo = cairo_create (surface);

  cairo_scale (cairo, job->pixels, job->pixels);
  shs_render_paint (cairo, scene, SHS_LAYERS_ALL, NULL);
  cairo_destroy (cairo);
  cairo_surface_flush (surface);
  return surface;
}

static void
paint_highlight (ShsPlotJob *job)
{
  gsize n_rows = 0;
  const guint8 *selected = job->selected != NULL ? g_bytes_get_data (job->selected, &n_rows) : NULL;
  g_autoptr (ShsScene) highlight = NULL;

  if (selected == NULL && job->row < 0 && job->feature < 0)
    return;
  highlight
      = shs_scene_highlight (job->scene, selected, n_rows, job->row, job->feature, job->accent);
  if (highlight != NULL && shs_scene_get_n_marks (highlight) > 0)
    job->overlay = paint (job, highlight, CAIRO_FORMAT_ARGB32);
}

void
shs_plot_job_run (ShsPlotJob *job)
{
  if (job->scene == NULL)
    {
      job->scene = shs_plot_build (job->explanation, job->options, job->width, job->height,
                                   get_measurer (), &job->error);
      if (job->scene == NULL)
        return;
      job->base = paint (job, job->scene, CAIRO_FORMAT_RGB24);
    }
  paint_highlight (job);
}

static gboolean
hand_over (gpointer data)
{
  g_autofree Pushed *pushed = data;

  pushed->done (pushed->job, pushed->data);
  return G_SOURCE_REMOVE;
}

static void
run_pushed (gpointer data, gpointer unused)
{
  Pushed *pushed = data;

  shs_pool_step_back ();
  shs_plot_job_run (pushed->job);
  g_idle_add_full (G_PRIORITY_DEFAULT, hand_over, pushed, NULL);
}

void
shs_plot_job_push (ShsPlotJob *job, ShsPlotJobFunc done, gpointer data)
{
  static GThreadPool *threads;
  Pushed *pushed = g_new (Pushed, 1);

  if (threads == NULL)
    threads = g_thread_pool_new (run_pushed, NULL, N_THREADS, FALSE, NULL);
  *pushed = (Pushed){ job, done, data };
  g_thread_pool_push (threads, pushed, NULL);
}
