/* prefault.c: see prefault.h. */
#include "libanalysis/base/prefault.h"

#include <sys/mman.h>

#define STEP ((size_t)4 << 20)

static void *fault(void *arg)
{
    pa_prefault *p = arg;
    while (p->at < p->end && !__atomic_load_n(&p->stop, __ATOMIC_RELAXED)) {
        size_t left = (size_t)(p->end - p->at), n = left < STEP ? left : STEP;
        if (madvise(p->at, n, MADV_POPULATE_WRITE) != 0)
            break; /* an older kernel: the owner faults for itself */
        p->at += n;
    }
    return NULL;
}

void pa_prefault_start(pa_prefault *p, char *at, size_t bytes)
{
    *p = (pa_prefault){.at = at, .end = at + bytes};
    p->running = bytes > 0 && pthread_create(&p->thread, NULL, fault, p) == 0;
}

void pa_prefault_stop(pa_prefault *p)
{
    if (!p->running)
        return;
    __atomic_store_n(&p->stop, true, __ATOMIC_RELAXED);
    pthread_join(p->thread, NULL);
    p->running = false;
}
