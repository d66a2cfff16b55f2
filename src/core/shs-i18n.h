/* Marks strings that a person reads, in every module. */
#pragma once

#include <glib/gi18n-lib.h>
