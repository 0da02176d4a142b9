/* input_ways.h: one input through every way it can come (memory, file, pipe as standard input) and every way it can be
 * taken (stream in pieces, whole buffer, buffer with a thread that inflates ahead).  All must give the same bytes, or
 * the same error at the same offset.
 * In: bytes and options.  Out: outcomes in the caller's arena.  Leaves no file, descriptor or thread behind. */
#ifndef PA_TESTS_INPUT_WAYS_H
#define PA_TESTS_INPUT_WAYS_H

#include "tests/unit/unit.h"

#include <dirent.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "libanalysis/base/input.h"

typedef enum source { FROM_MEMORY, FROM_FILE, FROM_PIPE, N_SOURCES } source;
typedef enum taking { BY_STREAM, BY_SMALL_STREAM, BY_BUFFER, BY_BUFFER_AHEAD, N_TAKINGS } taking;

static const char *const way_names[N_SOURCES][N_TAKINGS] = {
    {"memory, stream", "memory, 7-byte stream", "memory, buffer", "memory, ahead"},
    {"file, stream", "file, 7-byte stream", "file, buffer", "file, ahead"},
    {"pipe, stream", "pipe, 7-byte stream", "pipe, buffer", "pipe, ahead"},
};

typedef struct outcome {
    bool ok;
    pa_str bytes;
    pa_err err;
} outcome;

static inline size_t count_entries(const char *dir)
{
    DIR *d = opendir(dir);
    assert_non_null(d);
    size_t n = 0;
    while (readdir(d))
        n++;
    closedir(d);
    return n;
}
#define COUNT_DESCRIPTORS() count_entries("/proc/self/fd")
#define COUNT_THREADS()     count_entries("/proc/self/task")

/* ---- sources ------------------------------------------------------------------------------------------------- */

static char way_path[64];

static inline void write_all(int fd, pa_str s)
{
    while (s.n) {
        ssize_t n = write(fd, s.p, s.n);
        if (n <= 0)
            return; /* the reader has gone */
        s.p += n;
        s.n -= (size_t)n;
    }
}

static inline const char *file_with(pa_str bytes)
{
    snprintf(way_path, sizeof way_path, "/tmp/pa-input-XXXXXX");
    int fd = mkstemp(way_path);
    assert_true(fd >= 0);
    write_all(fd, bytes);
    close(fd);
    return way_path;
}

typedef struct feeder {
    int fd;
    pa_str bytes;
    pthread_t thread;
} feeder;

static void *feed(void *arg)
{
    feeder *f = arg;
    write_all(f->fd, f->bytes);
    close(f->fd);
    return NULL;
}

/* Standard input becomes a pipe that bytes come out of; returns what standard input was. */
static inline int feed_stdin(feeder *f, pa_str bytes)
{
    int ends[2], kept = dup(STDIN_FILENO);
    signal(SIGPIPE, SIG_IGN);
    assert_int_equal(pipe(ends), 0);
    dup2(ends[0], STDIN_FILENO);
    close(ends[0]);
    f->fd = ends[1];
    f->bytes = bytes;
    assert_int_equal(pthread_create(&f->thread, NULL, feed, f), 0);
    return kept;
}

static inline void stop_feeding(feeder *f, int kept)
{
    if (kept >= 0) {
        dup2(kept, STDIN_FILENO); /* closes the pipe's end */
        close(kept);
    } else {
        close(STDIN_FILENO);
    }
    pthread_join(f->thread, NULL);
}

/* ---- takings ------------------------------------------------------------------------------------------------- */

static inline bool take_stream(pa_input *in, size_t step, pa_arena *a, outcome *o)
{
    char *to = NULL;
    size_t n = 0, cap = 0, got = 1;
    pa_str head;
    if (!pa_input_head(in, &head, &o->err))
        return false;
    while (got > 0) {
        if (cap - n < step) {
            to = pa_arena_grow(a, to, cap, cap * 2 + step);
            cap = cap * 2 + step;
        }
        if (!pa_input_read(in, to + n, step, &got, &o->err))
            return false;
        n += got;
    }
    o->bytes = (pa_str){to, n};
    return true;
}

static inline bool take_buffer(pa_input *in, pa_arena *a, outcome *o)
{
    const char *bytes;
    size_t have = 0, want = 1;
    bool ended = false;
    if (!pa_input_buffer(in, &bytes, &o->err))
        return false;
    while (!ended) {
        size_t before = have;
        if (!pa_input_wait(in, want, &have, &ended, &o->err))
            return false;
        assert_true(have >= before && (have >= want || ended));
        want = have + 1 + have / 3;
    }
    o->bytes = pa_arena_str(a, (pa_str){bytes, have});
    return true;
}

static inline outcome take(pa_input *in, taking how, pa_arena *a, pa_err err)
{
    outcome o = {.err = err};
    if (in && how <= BY_SMALL_STREAM)
        o.ok = take_stream(in, how == BY_SMALL_STREAM ? 7 : 1 << 20, a, &o);
    else if (in)
        o.ok = take_buffer(in, a, &o);
    pa_input_close(in);
    assert_int_equal(o.ok, o.err.code == PA_E_NONE);
    return o;
}

static inline outcome one_way(source from, taking how, pa_str bytes, pa_input_options options, pa_arena *a)
{
    pa_arena *mine = pa_arena_scratch(a);
    pa_err err = {0};
    outcome o;
    options.ahead = how == BY_BUFFER_AHEAD;
    if (from == FROM_MEMORY) {
        char *exact = malloc(bytes.n + !bytes.n); /* sanitizers see a byte too far */
        if (bytes.n)
            memcpy(exact, bytes.p, bytes.n);
        o = take(pa_input_memory("m", (pa_str){exact, bytes.n}, &options, mine, &err), how, a, err);
        free(exact);
    } else if (from == FROM_FILE) {
        const char *path = file_with(bytes);
        o = take(pa_input_open(path, &options, mine, &err), how, a, err);
        unlink(path);
    } else {
        feeder f;
        int kept = feed_stdin(&f, bytes);
        o = take(pa_input_open("-", &options, mine, &err), how, a, err);
        stop_feeding(&f, kept);
    }
    pa_arena_free(mine);
    return o;
}

/* ---- all of them --------------------------------------------------------------------------------------------- */

/* Expects want when code is PA_E_NONE, else an error with this code, offset and message. */
typedef struct expected {
    pa_str want;
    pa_err_code code;
    uint64_t offset;
    const char *message; /* NULL: any, but the same from everywhere */
} expected;

static inline bool as_expected(const outcome *o, const expected *e)
{
    if (o->err.code != e->code)
        return false;
    if (o->ok)
        return o->bytes.n == e->want.n && (o->bytes.n == 0 || memcmp(o->bytes.p, e->want.p, o->bytes.n) == 0);
    return o->err.offset == e->offset && (!e->message || strcmp(o->err.message, e->message) == 0);
}

/* Byte by byte is for small inputs. */
#define SMALL_STREAM_MAX ((size_t)1 << 20)

static inline void every_way(pa_str bytes, pa_input_options options, expected e)
{
    pa_arena *a = pa_arena_new(NULL);
    char message[sizeof((pa_err){0}).message] = "";
    for (source from = 0; from < N_SOURCES; from++)
        for (taking how = 0; how < N_TAKINGS; how++) {
            if (how == BY_SMALL_STREAM && (bytes.n > SMALL_STREAM_MAX || e.want.n > SMALL_STREAM_MAX))
                continue;
            outcome o = one_way(from, how, bytes, options, a);
            if (!as_expected(&o, &e)) {
                char text[900];
                pa_err_text(&o.err, text, sizeof text);
                fail_msg("%s: code %d, offset %lld, %zu bytes, '%s'; expected code %d, offset %lld, %zu "
                         "bytes, '%s'",
                         way_names[from][how], o.err.code, (long long)o.err.offset, o.bytes.n, text, e.code,
                         (long long)e.offset, e.want.n, e.message ? e.message : "(any)");
            }
            if (e.code && !e.message) {
                snprintf(message, sizeof message, "%s", o.err.message);
                e.message = message;
            }
        }
    pa_arena_free(a);
}

/* Text that deflate can do something, but not everything, with. */
static inline pa_str some_text(pa_arena *a, size_t n, uint64_t seed)
{
    char *p = pa_new(a, char, n);
    for (size_t i = 0; i < n; i++)
        p[i] = (char)('a' + random_below(&seed, 8));
    return (pa_str){p, n};
}

#endif
