/* pprof_memo: numbers the distinct runs of bytes among those given, in order: 1, 2, ... as they first appear, 0 for the
 * empty run.  With a thread to spare the looking up goes on beside the caller; the numbers are the same.
 * Runs must stay where they are until pprof_memo_finish. */
#ifndef PA_FORMATS_PPROF_MEMO_H
#define PA_FORMATS_PPROF_MEMO_H

#include "formats/pprof_wire.h"
#include "libanalysis/base/index.h"
#include "libanalysis/base/vec.h"

/* A distinct run and, later, what it stands for. */
typedef struct pprof_memo_entry {
    pa_bytes bytes;
    pa_bytes at; /* the first sample that has it */
    uint32_t n;
    uint32_t id;
} pprof_memo_entry;

typedef struct pprof_pending {
    pa_str bytes;
    pa_bytes sample;
    uint64_t hash;
} pprof_pending;

typedef struct pprof_memo_worker pprof_memo_worker;

typedef struct pprof_memo {
    pa_arena *a; /* of the three columns: the worker's once there is one */
    pa_index index;
    PA_VEC(pprof_memo_entry) entries;
    PA_VEC(uint32_t) numbers;
    pprof_pending *pending; /* not numbered yet */
    size_t n_pending;
    pprof_memo_worker *worker;
} pprof_memo;

/* threads > 1: once there are many runs a second thread looks them up. */
void pprof_memo_start(pprof_memo *memo, pa_arena *arena, unsigned threads);
void pprof_memo_add(pprof_memo *memo, pa_arena *arena, pa_str bytes, pa_bytes sample);
/* All numbers are there afterwards; false: the thread ran out of memory. */
PA_MUST_CHECK bool pprof_memo_finish(pprof_memo *memo);
/* Always, also after an error: ends the thread and frees what is its own. */
void pprof_memo_stop(pprof_memo *memo);

#endif
