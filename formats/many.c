/* many.c: several inputs, one builder.  One after the other; or, where there are threads and many small files, chunks of
 * neighbouring files side by side, each chunk in an arena and builder of its own, added to the common builder when all
 * chunks before it are in.  So the order of everything is that of the inputs; and memory is that of the whole, and for
 * each thread that of one input and of at most AHEAD chunks' results.
 * In: paths.  Out: rows of all of them in b, or the error of the first input that has one. */
#include <pthread.h>
#include <sys/stat.h>

#include "formats/format.h"
#include "libanalysis/model/scale.h"

#define MAX_WORKERS 64u
#define LEAST_FILES 4u
#define CHUNKS      32u /* at least, where there are as many files */
#define CHUNK_MAX   32u
/* Larger inputs keep all threads busy by themselves, and several at once would cost their memory. */
#define SMALL_FILE ((uint64_t)32 << 20)
#define AHEAD      2u /* chunks of each thread that are not added yet */

typedef struct chunk chunk;

typedef struct many {
    pa_builder *b;
    const char *const *paths;
    size_t n, chunk;
    const pa_read_options *options; /* as given */
    pa_read_options each;           /* for one input in a chunk */
    pa_weight weight;               /* with options->equal_weight: what all inputs are brought to */
    uint64_t total;                 /* bytes of all inputs */
    chunk *chunks;                  /* chunk number i is in place i % window */
    size_t window;
    pthread_mutex_t lock; /* for what follows, and for chunks' ready */
    pthread_cond_t turned;
    size_t next, turn; /* chunk to be read, chunk to be added */
    uint64_t done;
    bool adding, failed;
    pa_err *err; /* of the first that failed */
} many;

/* ---- one input with a weight ---------------------------------------------------------------------------------- */

typedef struct weighing {
    many *m;
    pa_arena *arena;
    const char *path;
    pa_builder *to;
    pa_profile *profile;
    pa_err *err;
} weighing;

static bool read_alone(void *arg)
{
    weighing *w = arg;
    pa_builder *b = pa_builder_new(w->arena);
    if (!pa_read_into(b, w->path, &w->m->each, w->err))
        return false;
    w->profile = pa_builder_finish(b, w->err);
    return w->profile && pa_scale_profile(w->profile, &w->m->weight, w->err);
}

static bool add_alone(void *arg)
{
    weighing *w = arg;
    many *m = w->m;
    if (!m->weight.known) { /* only before there is a second thread */
        if (!pa_weight_of(w->profile, &m->weight, w->err))
            return false;
        m->weight.name = pa_arena_str(pa_builder_arena(m->b), m->weight.name);
    }
    return pa_add_profile(w->to, w->profile, w->err);
}

static bool read_weighted(many *m, pa_builder *to, const char *path, pa_err *err)
{
    weighing w = {.m = m,
                  .arena = pa_arena_new(pa_arena_budget(pa_builder_arena(to))),
                  .path = path,
                  .to = to,
                  .err = err};
    if (!w.arena)
        return pa_fail(err, PA_E_MEMORY, PA_NO_OFFSET, "out of memory");
    bool ok = pa_guard(w.arena, err, read_alone, &w) && pa_guard(pa_builder_arena(to), err, add_alone, &w);
    pa_arena_free(w.arena);
    if (!ok && !err->input[0]) {
        size_t n = strnlen(path, sizeof err->input - 1);
        memcpy(err->input, path, n);
        err->input[n] = 0;
    }
    return ok;
}

static bool read_input(many *m, pa_builder *to, const char *path, const pa_read_options *options, pa_err *err)
{
    return m->options->equal_weight ? read_weighted(m, to, path, err) : pa_read_into(to, path, options, err);
}

/* Whoever gets the merged profile should not take its values for what was measured. */
static void say_weight(many *m)
{
    pa_meta meta = {0};
    pa_arena *a = pa_builder_arena(m->b);
    pa_str text = pa_arena_format(a, "%zu inputs, each scaled to the same total of %.*s", m->n,
                                  (int)m->weight.name.n, m->weight.name.p);
    pa_push(a, &meta.comments) = pa_add_str(m->b, text);
    pa_merge_meta(m->b, &meta);
}

/* ---- chunks --------------------------------------------------------------------------------------------------- */

struct chunk {
    many *m;
    pa_arena *arena;
    size_t first, end;
    bool ready, ok;
    pa_profile *profile;
    pa_err err;
};

static uint64_t size_of(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && S_ISREG(st.st_mode) ? (uint64_t)st.st_size : 0;
}

static void progress(many *m, const char *path)
{
    if (!m->options->progress)
        return;
    uint64_t size = size_of(path);
    pthread_mutex_lock(&m->lock);
    uint64_t done = m->done += size;
    pthread_mutex_unlock(&m->lock);
    m->options->progress(m->options->progress_arg, done, m->total);
}

static bool read_chunk(void *arg)
{
    chunk *c = arg;
    pa_builder *b = pa_builder_new(c->arena);
    for (size_t i = c->first; i < c->end; i++) {
        if (!read_input(c->m, b, c->m->paths[i], &c->m->each, &c->err))
            return false;
        progress(c->m, c->m->paths[i]);
    }
    c->profile = pa_builder_finish(b, &c->err);
    return c->profile != NULL;
}

static bool add_chunk(void *arg)
{
    chunk *c = arg;
    return pa_add_profile(c->m->b, c->profile, &c->err) && pa_builder_ok(c->m->b, &c->err);
}

/* The next chunk, once there is room for its result; NULL when there is none, or no need for one. */
static chunk *take_chunk(many *m)
{
    chunk *c = NULL;
    pthread_mutex_lock(&m->lock);
    while (!m->failed && m->next * m->chunk < m->n && m->next - m->turn >= m->window)
        pthread_cond_wait(&m->turned, &m->lock);
    size_t first = m->next * m->chunk;
    if (!m->failed && first < m->n) {
        c = &m->chunks[m->next++ % m->window];
        *c = (chunk){.m = m, .first = first, .end = first + m->chunk < m->n ? first + m->chunk : m->n};
    }
    pthread_mutex_unlock(&m->lock);
    return c;
}

/* Chunks are added in order, so the failure that is kept is that of the first input that has one. */
static void add_in_turn(chunk *c)
{
    many *m = c->m;
    if (!m->failed) {
        bool ok = c->ok && pa_guard(pa_builder_arena(m->b), &c->err, add_chunk, c);
        if (!ok && m->err)
            *m->err = c->err;
        c->ok = ok;
    }
    pa_arena_free(c->arena);
}

/* Who brings the chunk whose turn it is adds it, and those behind it that have been waiting. */
static void hand_in(chunk *c)
{
    many *m = c->m;
    pthread_mutex_lock(&m->lock);
    c->ready = true;
    while (!m->adding && m->chunks[m->turn % m->window].ready) {
        chunk *turn = &m->chunks[m->turn % m->window];
        m->adding = true;
        pthread_mutex_unlock(&m->lock);
        add_in_turn(turn);
        pthread_mutex_lock(&m->lock);
        m->failed = m->failed || !turn->ok;
        m->adding = turn->ready = false;
        m->turn++;
        pthread_cond_broadcast(&m->turned);
    }
    pthread_mutex_unlock(&m->lock);
}

static void *work(void *arg)
{
    many *m = arg;
    for (chunk *c; (c = take_chunk(m));) {
        c->arena = pa_arena_new(pa_arena_budget(pa_builder_arena(m->b)));
        c->ok = c->arena ? pa_guard(c->arena, &c->err, read_chunk, c)
                         : pa_fail(&c->err, PA_E_MEMORY, PA_NO_OFFSET, "out of memory");
        hand_in(c);
    }
    return NULL;
}

static bool read_together(many *m, unsigned threads)
{
    pthread_t others[MAX_WORKERS];
    unsigned started = 0, wanted = threads < MAX_WORKERS ? threads : MAX_WORKERS;
    m->window = (size_t)wanted * AHEAD;
    m->chunks = pa_new(pa_builder_arena(m->b), chunk, m->window);
    pthread_mutex_init(&m->lock, NULL);
    pthread_cond_init(&m->turned, NULL);
    while (started + 1 < wanted && pthread_create(&others[started], NULL, work, m) == 0)
        started++;
    work(m);
    for (unsigned i = 0; i < started; i++)
        pthread_join(others[i], NULL);
    pthread_cond_destroy(&m->turned);
    pthread_mutex_destroy(&m->lock);
    return !m->failed;
}

/* ---- which way ------------------------------------------------------------------------------------------------ */

/* --strict speaks of the input in which something was first noted: then one after the other. */
static bool worth_threads(many *m)
{
    if (m->n < LEAST_FILES || m->options->strict)
        return false;
    for (size_t i = 0; i < m->n; i++) {
        uint64_t size = size_of(m->paths[i]);
        if (size == 0 || size > SMALL_FILE)
            return false;
        m->total += size;
    }
    return true;
}

bool pa_read_many(pa_builder *b, const char *const *paths, size_t n, const pa_read_options *options,
                  unsigned threads, pa_err *err)
{
    many m = {.b = b, .paths = paths, .n = n, .options = options, .each = *options, .err = err};
    bool together = threads > 1 && worth_threads(&m), ok = true;
    if (together)
        m.each.progress = NULL;
    if (together || options->equal_weight)
        m.each.threads = 1; /* the order of rows decides how they are rounded: one thread keeps it */
    size_t first = 0;
    while (ok && first < n && (!together || (options->equal_weight && !m.weight.known)))
        ok = read_input(&m, b, paths[first++], options, err);
    if (ok && first < n) {
        m.paths += first;
        m.n -= first;
        m.chunk = m.n / CHUNKS < 1 ? 1 : m.n / CHUNKS > CHUNK_MAX ? CHUNK_MAX : m.n / CHUNKS;
        ok = read_together(&m, threads);
        m.n = n;
    }
    if (ok && options->equal_weight && m.weight.known)
        say_weight(&m);
    return ok;
}
