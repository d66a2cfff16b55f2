#include "core/shs-error.h"

G_DEFINE_QUARK (shs - error - quark, shs_error)
