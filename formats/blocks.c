/* blocks.c: a text input in blocks of whole records through its reader, in as many threads as asked for.
 * Where blocks are cut depends on the block size alone, and a block is parsed without knowledge of others; so any
 * number of threads gives the same profile.  Workers take turns at cutting the next block and parse side by side, each
 * into its own arena and builder; those are joined in order.
 * In: an input and a format with split.  Out: everything in b, or the error that stands first in the input. */
#include <pthread.h>

#include "formats/format.h"
#include "libanalysis/model/merge.h"

#define DEFAULT_BLOCK ((size_t)2 << 20)
#define RECORD_MAX    ((size_t)256 << 20)
#define MAX_WORKERS   64u

/* What the workers share; under the lock, but for what does not change. */
typedef struct text {
    const pa_format *format;
    const pa_read_options *options;
    pa_str head;
    size_t block_bytes;
    pthread_mutex_t lock;
    pa_input *input;
    pa_arena *arena;
    char *rest; /* the beginning of a record, cut off the last block */
    size_t rest_n, rest_cap;
    uint64_t offset;
    bool ended, failed;
} text;

typedef struct worker {
    text *t;
    pa_arena *arena;                   /* of its builder; the profile's afterwards */
    pa_arena *blocks, *scratch, *kept; /* gone once all blocks are parsed */
    void *state;                       /* the reader's, in kept */
    pa_builder *builder;
    char *bytes;
    size_t n, cap;
    uint64_t offset; /* of the block in hand */
    pa_err err;
    pa_profile *profile;
    pthread_t thread;
} worker;

/* ---- cutting ------------------------------------------------------------------------------------------------ */

static bool keep_rest(text *t, const char *bytes, size_t n, pa_err *err)
{
    if (n > t->rest_cap) {
        pa_arena_release(t->arena, t->rest, t->rest_cap);
        t->rest_cap = n * 2;
        t->rest = pa_arena_try(t->arena, t->rest_cap, 1, 1);
        if (!t->rest)
            return pa_fail(err, PA_E_MEMORY, PA_NO_OFFSET, "out of memory");
    }
    if (n)
        memcpy(t->rest, bytes, n);
    t->rest_n = n;
    return true;
}

static bool fill(text *t, worker *w, size_t upto)
{
    while (w->n < upto && !t->ended) {
        size_t got;
        if (!pa_input_read(t->input, w->bytes + w->n, upto - w->n, &got, &w->err))
            return false;
        w->n += got;
        t->ended = got == 0;
    }
    return true;
}

/* The next block of whole records; n is 0 at the end of the input. */
static bool next_block(text *t, worker *w)
{
    size_t want = t->block_bytes, cut = 0;
    while (want <= t->rest_n)
        want *= 2;
    w->n = 0;
    w->offset = t->offset;
    for (;; want *= 2) {
        if (want > RECORD_MAX)
            return pa_fail(&w->err, PA_E_LIMIT, t->offset, "record longer than %zu bytes", RECORD_MAX);
        if (w->cap < want) {
            w->bytes = pa_arena_grow(w->blocks, w->bytes, w->cap, want);
            w->cap = want;
        }
        if (w->n == 0 && t->rest_n)
            memcpy(w->bytes, t->rest, t->rest_n);
        w->n = w->n ? w->n : t->rest_n;
        if (!fill(t, w, want))
            return false;
        cut = t->ended ? w->n : t->format->split((pa_str){w->bytes, w->n});
        if (cut > 0 || t->ended)
            break;
    }
    if (!keep_rest(t, w->bytes + cut, w->n - cut, &w->err))
        return false;
    w->n = cut;
    t->offset += cut;
    return true;
}

static bool take_block(void *arg)
{
    worker *w = arg;
    if (w->t->failed) {
        w->n = 0;
        return true;
    }
    return next_block(w->t, w);
}

/* ---- parsing ------------------------------------------------------------------------------------------------ */

static bool parse_blocks(void *arg)
{
    worker *w = arg;
    text *t = w->t;
    w->blocks = pa_arena_scratch(w->arena);
    w->scratch = pa_arena_scratch(w->arena);
    w->kept = pa_arena_scratch(w->arena);
    for (;;) {
        pthread_mutex_lock(&t->lock);
        bool ok = pa_guard(w->arena, &w->err, take_block, w); /* so that the lock is always given back */
        pthread_mutex_unlock(&t->lock);
        if (!ok || w->n == 0)
            return ok;
        pa_reading r = {.head = t->head,
                        .bytes = {w->bytes, w->n},
                        .offset = w->offset,
                        .builder = w->builder,
                        .scratch = w->scratch,
                        .kept = w->kept,
                        .state = &w->state,
                        .options = t->options,
                        .err = &w->err};
        pa_at(w->builder, w->offset); /* until the reader knows better */
        pa_mark mark = pa_arena_mark(w->scratch);
        if (!t->format->read(&r) || !pa_builder_ok(w->builder, &w->err))
            return false;
        pa_arena_rewind(w->scratch, mark);
    }
}

static bool work_alone(worker *w)
{
    bool ok = pa_guard(w->arena, &w->err, parse_blocks, w);
    if (!ok) {
        pthread_mutex_lock(&w->t->lock);
        w->t->failed = true;
        pthread_mutex_unlock(&w->t->lock);
    }
    pa_arena_free(w->blocks);
    pa_arena_free(w->scratch);
    pa_arena_free(w->kept);
    return ok;
}

static bool build_alone(void *arg)
{
    worker *w = arg;
    w->builder = pa_builder_new(w->arena);
    if (!work_alone(w))
        return false;
    w->profile = pa_builder_finish(w->builder, &w->err);
    return w->profile != NULL;
}

static void *work(void *arg)
{
    worker *w = arg;
    bool ok = pa_guard(w->arena, &w->err, build_alone, w);
    (void)ok; /* w->err says it */
    return NULL;
}

/* ---- joining ------------------------------------------------------------------------------------------------ */

/* The failure that stands first: blocks are handed out in order, so every block before it has been parsed. */
static const worker *first_failure(const worker *w, unsigned n)
{
    const worker *first = NULL;
    for (unsigned i = 0; i < n; i++)
        if (w[i].err.code != PA_E_NONE && (!first || w[i].offset < first->offset))
            first = &w[i];
    return first;
}

typedef struct joining {
    pa_builder *b;
    worker *workers;
    unsigned n;
    pa_err *err;
} joining;

static bool join(void *arg)
{
    joining *j = arg;
    const pa_profile *profiles[MAX_WORKERS];
    for (unsigned i = 0; i < j->n; i++)
        profiles[i] = j->workers[i].profile;
    return pa_join_profiles(j->b, profiles, j->n, j->err);
}

/* Starts workers into w[from..n); how many there are then. */
static unsigned start(text *t, worker *w, unsigned from, unsigned n, pa_budget *budget)
{
    for (; from < n; from++) {
        w[from].t = t;
        w[from].arena = pa_arena_new(budget);
        if (!w[from].arena || pthread_create(&w[from].thread, NULL, work, &w[from]) != 0)
            break;
    }
    return from;
}

/* Where the order of streams does not matter, this thread is the first worker and builds in b at once: half as much to
 * join with two. */
static bool read_together(text *t, pa_builder *b, unsigned n, pa_err *err)
{
    worker workers[MAX_WORKERS] = {0};
    unsigned own = t->format->one_stream;
    workers[0] = (worker){.t = t, .arena = own ? pa_builder_arena(b) : NULL, .builder = own ? b : NULL};
    unsigned started = start(t, workers, own, n, pa_arena_budget(pa_builder_arena(b)));
    if (own)
        (void)work_alone(&workers[0]); /* its err says it */
    for (unsigned i = own; i < started; i++)
        pthread_join(workers[i].thread, NULL);
    const worker *failed = first_failure(workers, started);
    bool ok = started > 0 && !failed;
    if (failed)
        *err = failed->err;
    else if (started == 0)
        pa_fail(err, PA_E_MEMORY, PA_NO_OFFSET, "out of memory");
    joining j = {b, workers + own, started - own, err};
    ok = ok && pa_guard(pa_builder_arena(b), err, join, &j);
    for (unsigned i = own; i < n; i++)
        pa_arena_free(workers[i].arena);
    return ok;
}

bool pa_read_blocks(const pa_format *format, pa_input *input, pa_str head, pa_builder *b,
                    const pa_read_options *options, unsigned threads, pa_err *err)
{
    text t = {.format = format,
              .options = options,
              .input = input,
              .arena = pa_arena_scratch(pa_builder_arena(b)),
              .head = head,
              .block_bytes = options->block_bytes ? options->block_bytes : DEFAULT_BLOCK};
    if (t.block_bytes > RECORD_MAX)
        t.block_bytes = RECORD_MAX;
    pthread_mutex_init(&t.lock, NULL);
    bool ok;
    if (threads > 1 && t.head.n == PA_INPUT_HEAD) {
        ok = read_together(&t, b, threads < MAX_WORKERS ? threads : MAX_WORKERS, err);
    } else {
        worker w = {.t = &t, .arena = pa_builder_arena(b), .builder = b};
        ok = work_alone(&w);
        if (!ok)
            *err = w.err;
    }
    pthread_mutex_destroy(&t.lock);
    pa_arena_free(t.arena);
    return ok;
}
