/* libxgboost's C interface with our errors. Private to model/. */
#pragma once

#include <glib.h>
#include <xgboost/c_api.h>

G_BEGIN_DECLS

typedef BoosterHandle ShsBoosterHandle;
typedef DMatrixHandle ShsDMatrixHandle;

static inline void
shs_booster_free (ShsBoosterHandle booster)
{
  XGBoosterFree (booster);
}

static inline void
shs_dmatrix_free (ShsDMatrixHandle matrix)
{
  XGDMatrixFree (matrix);
}

G_DEFINE_AUTO_CLEANUP_FREE_FUNC (ShsBoosterHandle, shs_booster_free, NULL)
G_DEFINE_AUTO_CLEANUP_FREE_FUNC (ShsDMatrixHandle, shs_dmatrix_free, NULL)

/**
 * shs_xgboost_call:
 * @status: what a function of libxgboost returned
 * @name: what failed, as the beginning of the message
 *
 * Returns: whether @status is success; else %SHS_ERROR_INVALID with the first line of the library's
 *   message, without its time stamp, source position and stack trace
 */
gboolean shs_xgboost_call (int status, const char *name, GError **error);

G_END_DECLS
