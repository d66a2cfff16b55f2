#include "core/shs-error.h"

/* G_DEFINE_QUARK() would write a variable that other threads read. */
GQuark
shs_error_quark (void)
{
  return g_quark_from_static_string ("shs-error-quark");
}
