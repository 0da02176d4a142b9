/* pprof_memo.c: see pprof_memo.h.  The caller fills a batch while the worker numbers the one before. */
#include "formats/pprof_memo.h"

#include <pthread.h>

#define TOGETHER 32   /* looked up side by side */
#define BATCH    4096 /* handed over at once */

struct pprof_memo_worker {
    pprof_memo *memo;
    pa_arena *arena; /* its own; the columns live in it from the moment it starts */
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    bool wanted, running;
    /* under the lock */
    pprof_pending *batch;
    size_t n_batch;
    bool quit, failed;
};

/* ---- looking up --------------------------------------------------------------------------------------------- */

static uint32_t find(pprof_memo *memo, const pprof_pending *want)
{
    uint32_t id;
    for (pa_slot at = pa_index_find(&memo->index, want->hash); pa_index_next(&memo->index, &at, &id);) {
        const pprof_memo_entry *e = &memo->entries.p[id];
        if (e->n == want->bytes.n && memcmp(e->bytes, want->bytes.p, e->n) == 0)
            return id + 1;
    }
    id = (uint32_t)memo->entries.n;
    pa_push(memo->a, &memo->entries) =
        (pprof_memo_entry){(pa_bytes)want->bytes.p, want->sample, (uint32_t)want->bytes.n, 0};
    pa_index_add(memo->a, &memo->index, want->hash, id);
    return id + 1;
}

/* Slot, entry and bytes of a run seen before are three misses of every cache, one after the other: so up to TOGETHER are
 * asked for step by step (measured: half the time of one by one). */
static void number(pprof_memo *memo, pprof_pending *runs, size_t n)
{
    uint32_t candidate[TOGETHER];
    for (size_t i = 0; i < n; i++) {
        runs[i].hash = pa_str_hash(runs[i].bytes);
        pa_index_prefetch(&memo->index, runs[i].hash);
    }
    for (size_t i = 0; i < n; i++) {
        pa_slot at = pa_index_find(&memo->index, runs[i].hash);
        candidate[i] = UINT32_MAX;
        if (pa_index_next(&memo->index, &at, &candidate[i]))
            __builtin_prefetch(&memo->entries.p[candidate[i]]);
    }
    for (size_t i = 0; i < n; i++)
        if (candidate[i] != UINT32_MAX) {
            __builtin_prefetch(memo->entries.p[candidate[i]].bytes);
            __builtin_prefetch(memo->entries.p[candidate[i]].bytes + 64);
        }
    pa_reserve(memo->a, &memo->numbers, n);
    for (size_t i = 0; i < n; i++)
        memo->numbers.p[memo->numbers.n++] = runs[i].bytes.n ? find(memo, &runs[i]) : 0;
}

static void number_all(pprof_memo *memo, pprof_pending *runs, size_t n)
{
    for (size_t at = 0; at < n; at += TOGETHER)
        number(memo, runs + at, n - at < TOGETHER ? n - at : TOGETHER);
}

/* ---- the thread --------------------------------------------------------------------------------------------- */

static bool work(void *arg)
{
    pprof_memo_worker *w = arg;
    for (;;) {
        pthread_mutex_lock(&w->lock);
        while (w->n_batch == 0 && !w->quit)
            pthread_cond_wait(&w->changed, &w->lock);
        size_t n = w->n_batch;
        pthread_mutex_unlock(&w->lock);
        if (n == 0)
            return true;
        number_all(w->memo, w->batch, n);
        pthread_mutex_lock(&w->lock);
        w->n_batch = 0;
        pthread_cond_signal(&w->changed);
        pthread_mutex_unlock(&w->lock);
    }
}

static void *run(void *arg)
{
    pprof_memo_worker *w = arg;
    if (!pa_guard(w->arena, NULL, work, w)) {
        pthread_mutex_lock(&w->lock);
        w->failed = true;
        w->n_batch = 0;
        pthread_cond_signal(&w->changed);
        pthread_mutex_unlock(&w->lock);
    }
    return NULL;
}

/* The first full batch: before, nothing was numbered, so the columns can begin in the worker's arena. */
static void start_thread(pprof_memo *memo, pa_arena *arena)
{
    pprof_memo_worker *w = memo->worker;
    w->wanted = false;
    w->batch = pa_new(arena, pprof_pending, BATCH);
    w->arena = pa_arena_new(pa_arena_budget(arena));
    if (!w->arena)
        return;
    pa_arena *before = memo->a;
    memo->a = w->arena;
    pthread_mutex_init(&w->lock, NULL);
    pthread_cond_init(&w->changed, NULL);
    w->running = pthread_create(&w->thread, NULL, run, w) == 0;
    if (!w->running)
        memo->a = before;
}

/* Wait until the worker has nothing to do; false once it has failed. */
static bool wait_idle(pprof_memo_worker *w)
{
    while (w->n_batch > 0 && !w->failed)
        pthread_cond_wait(&w->changed, &w->lock);
    return !w->failed;
}

static void hand_over(pprof_memo *memo)
{
    pprof_memo_worker *w = memo->worker;
    pthread_mutex_lock(&w->lock);
    if (wait_idle(w)) {
        pprof_pending *empty = w->batch;
        w->batch = memo->pending;
        w->n_batch = memo->n_pending;
        memo->pending = empty;
        pthread_cond_signal(&w->changed);
    }
    pthread_mutex_unlock(&w->lock);
    memo->n_pending = 0;
}

/* ---- what the reader calls ---------------------------------------------------------------------------------- */

void pprof_memo_start(pprof_memo *memo, pa_arena *arena, unsigned threads)
{
    *memo = (pprof_memo){.a = arena};
    memo->worker = pa_new(arena, pprof_memo_worker, 1);
    memo->worker->memo = memo;
    memo->worker->wanted = threads > 1;
    memo->pending = pa_new(arena, pprof_pending, threads > 1 ? BATCH : TOGETHER);
}

void pprof_memo_add(pprof_memo *memo, pa_arena *arena, pa_str bytes, pa_bytes sample)
{
    pprof_memo_worker *w = memo->worker;
    memo->pending[memo->n_pending++] = (pprof_pending){bytes, sample, 0};
    if (memo->n_pending < (w->wanted || w->running ? (size_t)BATCH : (size_t)TOGETHER))
        return;
    if (w->wanted)
        start_thread(memo, arena);
    if (w->running) {
        hand_over(memo);
    } else {
        number_all(memo, memo->pending, memo->n_pending);
        memo->n_pending = 0;
    }
}

void pprof_memo_stop(pprof_memo *memo)
{
    pprof_memo_worker *w = memo->worker;
    if (!w)
        return;
    if (w->running) {
        pthread_mutex_lock(&w->lock);
        w->quit = true;
        pthread_cond_signal(&w->changed);
        pthread_mutex_unlock(&w->lock);
        pthread_join(w->thread, NULL);
        pthread_cond_destroy(&w->changed);
        pthread_mutex_destroy(&w->lock);
        w->running = false;
    }
    pa_arena_free(w->arena);
    w->arena = NULL;
}

bool pprof_memo_finish(pprof_memo *memo)
{
    pprof_memo_worker *w = memo->worker;
    bool ok = true;
    if (w->running) {
        if (memo->n_pending)
            hand_over(memo);
        pthread_mutex_lock(&w->lock);
        ok = wait_idle(w);
        pthread_mutex_unlock(&w->lock);
    } else {
        number_all(memo, memo->pending, memo->n_pending);
    }
    memo->n_pending = 0;
    return ok;
}
