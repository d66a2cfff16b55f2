#include "core/shs-progress.h"

#include "core/shs-error.h"

struct _ShsProgress
{
  gint references;
  gint cancelled;
  guint64 done;
  guint64 total;
};

ShsProgress *
shs_progress_new (void)
{
  ShsProgress *self = g_new0 (ShsProgress, 1);

  self->references = 1;
  return self;
}

ShsProgress *
shs_progress_ref (ShsProgress *self)
{
  if (self != NULL)
    g_atomic_int_inc (&self->references);
  return self;
}

void
shs_progress_unref (ShsProgress *self)
{
  if (self != NULL && g_atomic_int_dec_and_test (&self->references))
    g_free (self);
}

void
shs_progress_start (ShsProgress *self, guint64 total)
{
  if (self == NULL)
    return;
  __atomic_store_n (&self->done, 0, __ATOMIC_RELAXED);
  __atomic_store_n (&self->total, total, __ATOMIC_RELAXED);
}

void
shs_progress_add (ShsProgress *self, guint64 units)
{
  if (self != NULL)
    __atomic_add_fetch (&self->done, units, __ATOMIC_RELAXED);
}

guint64
shs_progress_get_done (ShsProgress *self)
{
  return self != NULL ? __atomic_load_n (&self->done, __ATOMIC_RELAXED) : 0;
}

guint64
shs_progress_get_total (ShsProgress *self)
{
  return self != NULL ? __atomic_load_n (&self->total, __ATOMIC_RELAXED) : 0;
}

double
shs_progress_get_fraction (ShsProgress *self)
{
  guint64 total = shs_progress_get_total (self);

  if (total == 0)
    return 0;
  return MIN (1.0, (double)shs_progress_get_done (self) / total);
}

void
shs_progress_cancel (ShsProgress *self)
{
  if (self != NULL)
    g_atomic_int_set (&self->cancelled, 1);
}

gboolean
shs_progress_is_cancelled (ShsProgress *self)
{
  return self != NULL && g_atomic_int_get (&self->cancelled);
}

gboolean
shs_progress_check (ShsProgress *self, GError **error)
{
  if (G_LIKELY (!shs_progress_is_cancelled (self)))
    return TRUE;
  g_set_error_literal (error, SHS_ERROR, SHS_ERROR_CANCELLED, "Cancelled");
  return FALSE;
}
