#include "app/shs-export-dialog.h"

#include <math.h>

#include "app/shs-accessible.h"
#include "app/shs-file-choice.h"
#include "app/shs-plot-job.h"
#include "core/shs-i18n.h"
#include "render/shs-render.h"

#define MM_PER_POINT (25.4 / 72.0)

/** @pending: a preview is being made; @is_stale: another is wanted afterwards */
struct _ShsExportDialog
{
  AdwWindow parent;
  ShsWindow *window;
  ShsExplanation *explanation;
  ShsPlotOptions *options;
  char *name;
  gboolean is_pending;
  gboolean is_stale;
  gboolean is_filling;

  GtkWidget *preview;
  GtkWidget *format;
  GtkWidget *preset;
  GtkWidget *width;
  GtkWidget *height;
  GtkWidget *dpi;
  GtkWidget *dpi_row;
  GtkWidget *theme;
  GtkWidget *message;
  GtkWidget *export_button;
};

G_DEFINE_FINAL_TYPE (ShsExportDialog, shs_export_dialog, ADW_TYPE_WINDOW)

static const char *const extensions[] = { "svg", "pdf", "png" };

/** Widths in mm of common places; 0 is the figure's natural size. */
static const struct
{
  const char *label;
  double width;
} presets[] = {
  { N_ ("Natural size"), 0 },
  { N_ ("One column, 89 mm"), 89 },
  { N_ ("One and a half, 120 mm"), 120 },
  { N_ ("Two columns, 183 mm"), 183 },
  { N_ ("Slide, 254 mm"), 254 },
};

static double
get_points (GtkWidget *spin)
{
  return gtk_spin_button_get_value (GTK_SPIN_BUTTON (spin)) / MM_PER_POINT;
}

static void update_preview (ShsExportDialog *self);

static void
preview_made (ShsPlotJob *job, gpointer data)
{
  g_autoptr (ShsExportDialog) self = data;
  g_autoptr (ShsPlotJob) owned = job;

  self->is_pending = FALSE;
  gtk_widget_set_visible (self->message, job->error != NULL);
  gtk_widget_set_sensitive (self->export_button, job->error == NULL);
  if (job->error != NULL)
    gtk_label_set_label (GTK_LABEL (self->message), job->error->message);
  else
    {
      cairo_surface_t *surface = job->base;
      int stride = cairo_image_surface_get_stride (surface);
      int height = cairo_image_surface_get_height (surface);
      g_autoptr (GBytes) bytes
          = g_bytes_new (cairo_image_surface_get_data (surface), (gsize)stride * height);
      g_autoptr (GdkTexture) texture = gdk_memory_texture_new (
          cairo_image_surface_get_width (surface), height, GDK_MEMORY_DEFAULT, bytes, stride);

      gtk_picture_set_paintable (GTK_PICTURE (self->preview), GDK_PAINTABLE (texture));
    }
  if (self->is_stale)
    {
      self->is_stale = FALSE;
      update_preview (self);
    }
}

static ShsPlotOptions *
get_options (ShsExportDialog *self)
{
  ShsPlotOptions *options = shs_plot_options_copy (self->options);
  guint theme = gtk_drop_down_get_selected (GTK_DROP_DOWN (self->theme));

  shs_view_set_text (&options->theme, theme == 1 ? "dark" : "light");
  return options;
}

/* The preview is the figure in its own size, so that text and marks stand as in the file. */
static void
update_preview (ShsExportDialog *self)
{
  g_autoptr (ShsPlotOptions) options = NULL;
  ShsPlotJob *job;

  if (self->is_filling)
    return;
  if (self->is_pending)
    {
      self->is_stale = TRUE;
      return;
    }
  options = get_options (self);
  job = shs_plot_job_new (self->explanation, options);
  job->width = get_points (self->width);
  job->height = get_points (self->height);
  job->pixels = CLAMP (1000 / job->width, 0.5, 3);
  self->is_pending = TRUE;
  shs_plot_job_push (job, preview_made, g_object_ref (self));
}

static void
preset_chosen (GtkDropDown *drop_down, GParamSpec *spec, ShsExportDialog *self)
{
  guint chosen = gtk_drop_down_get_selected (drop_down);
  double width, height;

  if (chosen >= G_N_ELEMENTS (presets))
    return;
  shs_plot_get_natural_size (self->explanation, self->options, &width, &height);
  if (presets[chosen].width > 0)
    {
      double target = presets[chosen].width / MM_PER_POINT;

      height = CLAMP (height * target / width, 0.75 * height, 1.25 * height);
      width = target;
    }
  self->is_filling = TRUE;
  gtk_spin_button_set_value (GTK_SPIN_BUTTON (self->width), round (width * MM_PER_POINT));
  gtk_spin_button_set_value (GTK_SPIN_BUTTON (self->height), round (height * MM_PER_POINT));
  self->is_filling = FALSE;
  update_preview (self);
}

static void
format_chosen (GtkDropDown *drop_down, GParamSpec *spec, ShsExportDialog *self)
{
  gtk_widget_set_visible (self->dpi_row, gtk_drop_down_get_selected (drop_down) == 2);
}

static void
path_chosen (const char *const *paths, gpointer data)
{
  ShsExportDialog *self = data;
  g_autoptr (ShsPlotOptions) options = get_options (self);

  shs_window_export_figure (self->window, options, get_points (self->width),
                            get_points (self->height),
                            gtk_spin_button_get_value (GTK_SPIN_BUTTON (self->dpi)), paths[0]);
  gtk_window_close (GTK_WINDOW (self));
}

static void
export_clicked (GtkButton *button, ShsExportDialog *self)
{
  guint format = gtk_drop_down_get_selected (GTK_DROP_DOWN (self->format));
  const char *allowed[] = { extensions[format], NULL };
  g_autofree char *name = g_strdup_printf ("%s.%s", self->name, extensions[format]);

  shs_file_choice_save (GTK_WINDOW (self), _ ("Export the Figure"), name, allowed, path_chosen,
                        self);
}

void
shs_export_dialog_present (ShsWindow *window, ShsSession *session, ShsPlace place)
{
  ShsExplanation *explanation = shs_session_get_explanation (session);
  ShsExportDialog *self;
  g_autofree char *title = NULL;

  g_return_if_fail (explanation != NULL);
  self = g_object_new (SHS_TYPE_EXPORT_DIALOG, "transient-for", window, "modal", TRUE, NULL);
  self->window = g_object_ref (window);
  self->explanation = shs_explanation_ref (explanation);
  self->options = shs_view_get_figure (shs_session_get_view (session), place);
  self->name = g_strdup (shs_plot_kind_get_name (self->options->kind));
  title = g_strdup_printf (_ ("Export %s"), shs_plot_kind_get_title (self->options->kind));
  gtk_window_set_title (GTK_WINDOW (self), title);
  gtk_drop_down_set_selected (GTK_DROP_DOWN (self->theme),
                              g_strcmp0 (self->options->theme, "dark") == 0 ? 1 : 0);
  preset_chosen (GTK_DROP_DOWN (self->preset), NULL, self);
  shs_accessible_name_buttons (GTK_WIDGET (self));
  shs_accessible_name_parts (GTK_WIDGET (self));
  gtk_window_present (GTK_WINDOW (self));
}

static void
shs_export_dialog_dispose (GObject *object)
{
  ShsExportDialog *self = SHS_EXPORT_DIALOG (object);

  g_clear_object (&self->window);
  g_clear_pointer (&self->explanation, shs_explanation_unref);
  g_clear_pointer (&self->options, shs_plot_options_free);
  g_clear_pointer (&self->name, g_free);
  G_OBJECT_CLASS (shs_export_dialog_parent_class)->dispose (object);
}

static void
shs_export_dialog_class_init (ShsExportDialogClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = shs_export_dialog_dispose;
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/shapscope/Shapscope/export-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, ShsExportDialog, preview);
  gtk_widget_class_bind_template_child (widget_class, ShsExportDialog, format);
  gtk_widget_class_bind_template_child (widget_class, ShsExportDialog, preset);
  gtk_widget_class_bind_template_child (widget_class, ShsExportDialog, width);
  gtk_widget_class_bind_template_child (widget_class, ShsExportDialog, height);
  gtk_widget_class_bind_template_child (widget_class, ShsExportDialog, dpi);
  gtk_widget_class_bind_template_child (widget_class, ShsExportDialog, dpi_row);
  gtk_widget_class_bind_template_child (widget_class, ShsExportDialog, theme);
  gtk_widget_class_bind_template_child (widget_class, ShsExportDialog, message);
  gtk_widget_class_bind_template_child (widget_class, ShsExportDialog, export_button);
  gtk_widget_class_bind_template_callback (widget_class, export_clicked);
}

static void
shs_export_dialog_init (ShsExportDialog *self)
{
  g_autoptr (GtkStringList) labels = gtk_string_list_new (NULL);

  gtk_widget_init_template (GTK_WIDGET (self));
  for (gsize i = 0; i < G_N_ELEMENTS (presets); i++)
    gtk_string_list_append (labels, _ (presets[i].label));
  gtk_drop_down_set_model (GTK_DROP_DOWN (self->preset), G_LIST_MODEL (labels));
  g_signal_connect (self->preset, "notify::selected", G_CALLBACK (preset_chosen), self);
  g_signal_connect (self->format, "notify::selected", G_CALLBACK (format_chosen), self);
  g_signal_connect_swapped (self->theme, "notify::selected", G_CALLBACK (update_preview), self);
  g_signal_connect_swapped (self->width, "value-changed", G_CALLBACK (update_preview), self);
  g_signal_connect_swapped (self->height, "value-changed", G_CALLBACK (update_preview), self);
  format_chosen (GTK_DROP_DOWN (self->format), NULL, self);
}
