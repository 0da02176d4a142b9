/* version.c: which panalyze this is; the number itself stands in the Makefile. */
#include "libanalysis/panalyze.h"

const char *pa_version(void) { return PA_VERSION; }
