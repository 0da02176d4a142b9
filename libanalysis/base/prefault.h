/* prefault: a second thread that takes the page faults of a reservation before its owner writes there: making zeroed pages
 * is up to a fifth of reading a large file.  Changes nothing but time. */
#ifndef PA_BASE_PREFAULT_H
#define PA_BASE_PREFAULT_H

#include <pthread.h>

#include "libanalysis/base/arena.h"

typedef struct pa_prefault {
    char *at, *end;
    bool stop; /* atomic */
    bool running;
    pthread_t thread;
} pa_prefault;

/* bytes from at on belong to a reservation that stays until pa_prefault_stop. */
void pa_prefault_start(pa_prefault *p, char *at, size_t bytes);
void pa_prefault_stop(pa_prefault *p);

#endif
