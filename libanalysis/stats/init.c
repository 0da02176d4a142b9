/* init.c: the library's one global change: GSL's default error handler aborts the process, ours is none. */
#include <gsl/gsl_errno.h>

#include "libanalysis/panalyze.h"

void pa_init(void) { gsl_set_error_handler_off(); }
