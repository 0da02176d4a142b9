/* input.c: see input.h.  Opening, the head, the stream, the one contiguous buffer and the thread that fills it ahead.
 * In: a path or memory.  Out: decompressed bytes in order.
 * Holds the only descriptors that are read; nothing here knows a profile format. */
#include "libanalysis/base/input.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include "libanalysis/base/err.h"
#include "libanalysis/base/input_parts.h"
#include "libanalysis/base/prefault.h"

#define DEFAULT_MAX_SIZE ((uint64_t)4 << 30)
#define PUMP_STEP        ((size_t)1 << 20)
#define STOP_POLL_MS     50
#define AHEAD_FROM \
    ((uint64_t)262144) /* compressed files below this are inflated before a thread has started */

bool pa_input_fail(pa_input *in, pa_err *err, pa_err_code code, uint64_t offset, const char *format, ...)
{
    if (!err || err->code != PA_E_NONE)
        return false;
    va_list args;
    va_start(args, format);
    pa_vfail(err, code, offset, format, args);
    va_end(args);
    size_t n = strnlen(in->name, sizeof err->input - 1);
    memcpy(err->input, in->name, n);
    err->input[n] = 0;
    return false;
}

/* strerror is not for threads */
static const char *why(int error)
{
    const char *text = strerrordesc_np(error);
    return text ? text : "unknown error";
}

const char *pa_input_name(const pa_input *in) { return in->name; }
bool pa_input_inflated(const pa_input *in) { return in->codec != NULL; }

uint64_t pa_input_replaced(const pa_input *in, uint64_t *first)
{
    *first = in->first_replaced;
    return in->n_replaced;
}

/* ---- raw bytes ---------------------------------------------------------------------------------------------- */

static bool stopped(pa_input *in)
{
    pthread_mutex_lock(&in->lock);
    bool stop = in->stop;
    pthread_mutex_unlock(&in->lock);
    return stop;
}

/* A pipe whose writer sleeps must not keep the thread that reads ahead from being stopped. */
static bool stopped_waiting(pa_input *in)
{
    struct pollfd one = {.fd = in->fd, .events = POLLIN};
    while (poll(&one, 1, STOP_POLL_MS) == 0)
        if (stopped(in))
            return true;
    return false;
}

static bool read_fd(pa_input *in, void *to, size_t size, size_t *got, pa_err *err)
{
    ssize_t n;
    if (in->in_pump && !in->regular && stopped_waiting(in))
        return pa_input_fail(in, err, PA_E_IO, PA_NO_OFFSET, "cannot read: stopped");
    do
        n = read(in->fd, to, size);
    while (n < 0 && errno == EINTR);
    if (n < 0)
        return pa_input_fail(in, err, PA_E_IO, PA_NO_OFFSET, "cannot read: %s", why(errno));
    *got = (size_t)n;
    if (n == 0)
        in->raw_ended = true;
    return true;
}

/* More raw bytes behind those that wait, if there are any. */
static bool refill(pa_input *in, pa_err *err)
{
    if (in->raw_ended)
        return true;
    if (in->raw_n)
        memmove(in->raw_space, in->raw, in->raw_n);
    in->raw = in->raw_space;
    size_t got = 0;
    if (!read_fd(in, in->raw_space + in->raw_n, in->raw_cap - in->raw_n, &got, err))
        return false;
    in->raw_n += got;
    return true;
}

static bool within_limit(pa_input *in, pa_err *err)
{
    /* of the whole file where its size is known: how it is read must not change the answer */
    uint64_t raw = in->file_size ? in->file_size : __atomic_load_n(&in->raw_offset, __ATOMIC_RELAXED);
    uint64_t limit = in->max_size;
    if (in->codec && in->options.max_size == 0 && limit > raw * PA_RATIO_MAX)
        limit = raw * PA_RATIO_MAX > PA_RATIO_FREE ? raw * PA_RATIO_MAX : PA_RATIO_FREE;
    if (in->out_total <= limit)
        return true;
    if (in->memory_bound && limit == in->max_size)
        return pa_input_fail(in, err, PA_E_MEMORY, PA_NO_OFFSET,
                             "out of memory: the input exceeds %llu bytes", (unsigned long long)limit);
    return pa_input_fail(in, err, PA_E_LIMIT, PA_NO_OFFSET, "%s exceeds %llu bytes (use --max-size)",
                         in->codec ? "decompressed size" : "size", (unsigned long long)limit);
}

/* Up to size decompressed bytes; *got 0 only at the end. */
static bool decode(pa_input *in, char *to, size_t size, size_t *got, pa_err *err)
{
    *got = 0;
    while (*got == 0 && size > 0) {
        if (in->raw_n == 0 && !refill(in, err))
            return false;
        if (!in->codec) {
            size_t n = in->raw_n < size ? in->raw_n : size;
            if (n)
                memcpy(to, in->raw, n);
            in->raw += n;
            in->raw_n -= n;
            __atomic_add_fetch(&in->raw_offset, n, __ATOMIC_RELAXED);
            *got = n;
            if (n == 0)
                break;
        } else {
            size_t before = in->raw_n;
            if (in->raw_n == 0 && in->between_members)
                break;
            if (!in->codec->step(in, to, size, got, err))
                return false;
            if (*got == 0 && before == in->raw_n && in->raw_ended)
                return pa_input_fail(in, err, PA_E_TRUNCATED, in->raw_offset, "%s: truncated at byte %llu",
                                     in->codec->name, (unsigned long long)in->raw_offset);
            if (*got == 0 && before == in->raw_n && !refill(in, err))
                return false;
        }
        in->out_total += *got;
    }
    return within_limit(in, err);
}

/* ---- opening ------------------------------------------------------------------------------------------------ */

typedef struct opening {
    const char *name;
    pa_str bytes;
    bool memory;
    const pa_input_options *options;
    pa_arena *arena;
    pa_err *err;
    pa_input *in;
} opening;

#define RAW_LEAST ((size_t)4096)

static bool open_file(pa_input *in, pa_err *err)
{
    if (strcmp(in->name, "-") == 0) {
        in->name = "<stdin>";
        in->fd = STDIN_FILENO;
    } else {
        in->fd = open(in->name, O_RDONLY | O_CLOEXEC);
        if (in->fd < 0)
            return pa_input_fail(in, err, PA_E_IO, PA_NO_OFFSET, "cannot open: %s", why(errno));
        in->close_fd = true;
    }
    struct stat st;
    if (fstat(in->fd, &st) == 0 && S_ISDIR(st.st_mode))
        return pa_input_fail(in, err, PA_E_IO, PA_NO_OFFSET, "is a directory");
    /* a position other than 0 (standard input half read by somebody else) must be respected: no pread then */
    in->regular = fstat(in->fd, &st) == 0 && S_ISREG(st.st_mode) && lseek(in->fd, 0, SEEK_CUR) == 0;
    in->file_size = in->regular ? (uint64_t)st.st_size : 0;
    in->raw_cap = PA_RAW_BYTES;
    if (in->regular && in->file_size < PA_RAW_BYTES) /* and one byte more, to see the end */
        in->raw_cap = in->file_size < RAW_LEAST ? RAW_LEAST : (size_t)in->file_size + 1;
    in->raw_space = pa_arena_try(in->arena, in->raw_cap, 1, alignof(max_align_t));
    if (!in->raw_space)
        return pa_input_fail(in, err, PA_E_MEMORY, PA_NO_OFFSET, "out of memory");
    return true;
}

static bool open_any(void *arg)
{
    opening *o = arg;
    pa_input *in = o->in = pa_new(o->arena, pa_input, 1);
    in->arena = o->arena;
    in->fd = -1;
    in->name = pa_arena_cstr(o->arena, pa_cstr(o->name));
    if (o->options)
        in->options = *o->options;
    in->max_size = in->options.max_size ? in->options.max_size : DEFAULT_MAX_SIZE;
    in->codec_arena = pa_arena_scratch(o->arena);
    if (o->memory) {
        in->raw = (const unsigned char *)o->bytes.p;
        in->raw_n = o->bytes.n;
        in->raw_ended = true;
        in->file_size = o->bytes.n;
    } else if (!open_file(in, o->err)) {
        return false;
    }
    while (in->raw_n < 4 && !in->raw_ended)
        if (!refill(in, o->err))
            return false;
    in->codec = pa_codec_of(in->raw, in->raw_n);
    if (in->codec)
        return in->codec->start(in, o->err) && pa_inflate_small(in, o->err);
    in->out_total = in->file_size;
    bool fits = within_limit(in, o->err); /* said at once where the size is known */
    in->out_total = 0;
    return fits;
}

static pa_input *open_input(opening *o)
{
    if (pa_guard(o->arena, o->err, open_any, o))
        return o->in;
    pa_input_close(o->in);
    return NULL;
}

pa_input *pa_input_open(const char *path, const pa_input_options *options, pa_arena *arena, pa_err *err)
{
    return open_input(&(opening){.name = path, .options = options, .arena = arena, .err = err});
}

pa_input *pa_input_memory(const char *name, pa_str bytes, const pa_input_options *options, pa_arena *arena,
                          pa_err *err)
{
    return open_input(&(opening){
        .name = name, .bytes = bytes, .memory = true, .options = options, .arena = arena, .err = err});
}

void pa_input_close(pa_input *in)
{
    if (!in)
        return;
    if (in->pumping) {
        pthread_mutex_lock(&in->lock);
        in->stop = true;
        pthread_mutex_unlock(&in->lock);
        pthread_join(in->thread, NULL);
        pthread_cond_destroy(&in->more);
        pthread_mutex_destroy(&in->lock);
        in->pumping = false;
    }
    if (in->codec && in->codec_state)
        in->codec->stop(in);
    in->codec_state = NULL;
    if (in->buffer_mapped)
        pa_arena_unreserve(in->arena, in->buffer, in->committed);
    in->buffer_mapped = false;
    if (in->close_fd)
        close(in->fd);
    in->close_fd = false;
    pa_arena_free(in->codec_arena);
    in->codec_arena = NULL;
}

/* ---- head and stream ---------------------------------------------------------------------------------------- */

bool pa_input_head(pa_input *in, pa_str *head, pa_err *err)
{
    if (!in->head_done) {
        if (!in->head)
            in->head = pa_arena_try(in->arena, PA_INPUT_HEAD, 1, 1);
        if (!in->head)
            return pa_input_fail(in, err, PA_E_MEMORY, PA_NO_OFFSET, "out of memory");
        size_t got = 1;
        while (in->head_n < PA_INPUT_HEAD && got > 0) {
            if (!decode(in, in->head + in->head_n, PA_INPUT_HEAD - in->head_n, &got, err))
                return false;
            in->head_n += got;
        }
        in->head_done = true;
    }
    *head = (pa_str){in->head, in->head_n < PA_INPUT_HEAD ? in->head_n : PA_INPUT_HEAD};
    return true;
}

static void report_progress(pa_input *in)
{
    if (in->options.progress)
        in->options.progress(in->options.progress_arg, __atomic_load_n(&in->raw_offset, __ATOMIC_RELAXED),
                             in->file_size);
}

bool pa_input_read(pa_input *in, char *to, size_t size, size_t *got, pa_err *err)
{
    if (in->head_read < in->head_n) {
        *got = in->head_n - in->head_read < size ? in->head_n - in->head_read : size;
        memcpy(to, in->head + in->head_read, *got);
        in->head_read += *got;
        return true;
    }
    report_progress(in);
    return decode(in, to, size, got, err);
}

/* ---- the buffer --------------------------------------------------------------------------------------------- */

static void *pump(void *arg)
{
    pa_input *in = arg;
    in->in_pump = true;
    size_t n = in->produced, got = 1; /* have is the other thread's */
    bool ok = true;
    while (ok && got > 0 && !stopped(in)) {
        size_t room = in->buffer_cap - n;
        ok = decode(in, in->buffer + n, room < PUMP_STEP ? room : PUMP_STEP, &got, &in->pump_err);
        n += ok ? got : 0;
        pthread_mutex_lock(&in->lock);
        in->produced = n;
        in->pump_done = !ok || got == 0;
        pthread_cond_signal(&in->more);
        pthread_mutex_unlock(&in->lock);
    }
    return NULL;
}

static void start_pump(pa_input *in)
{
    in->produced = in->have;
    pthread_mutex_init(&in->lock, NULL);
    pthread_cond_init(&in->more, NULL);
    in->pumping = pthread_create(&in->thread, NULL, pump, in) == 0;
    if (!in->pumping) { /* no thread to be had: the caller's thread decodes */
        pthread_cond_destroy(&in->more);
        pthread_mutex_destroy(&in->lock);
    }
}

/* Address space for everything max_size allows; where that much is refused, for as much as there is. */
static bool reserve_buffer(pa_input *in, pa_err *err)
{
    uint64_t size = in->max_size;
    const pa_budget *budget = pa_arena_budget(in->arena);
    if (budget && budget->max_bytes && size > budget->max_bytes)
        size = budget->max_bytes;
    for (;; size /= 2) {
        /* one byte more than the limit, so that "over the limit" is seen before "buffer full" */
        in->buffer = pa_arena_reserve(in->arena, (size_t)size + 1);
        if (in->buffer || size < PA_RATIO_FREE)
            break;
    }
    if (!in->buffer)
        return pa_input_fail(in, err, PA_E_MEMORY, PA_NO_OFFSET, "out of memory");
    in->buffer_cap = (size_t)size + 1;
    in->memory_bound = size < in->max_size;
    in->max_size = size;
    in->buffer_mapped = true;
    return true;
}

/* What gzip's last four bytes say of the size, 0 if that is more than profiles are ever compressed to: they may lie. */
static size_t size_said(const unsigned char *raw, size_t n)
{
    const unsigned char *p = raw + n - 4;
    uint64_t size = (uint64_t)p[0] | (uint64_t)p[1] << 8 | (uint64_t)p[2] << 16 | (uint64_t)p[3] << 24;
    return size <= n * (uint64_t)16 ? (size_t)size : 0;
}

/* The whole compressed file at once.  On a million samples this alone took as long (0.44 s) as zlib's stream in a second
 * thread with the reader behind it (0.45 s), at two thirds of the processor time; the thread is for pipes and zstd. */
static bool inflate_whole(pa_input *in)
{
    const unsigned char *raw = in->raw;
    size_t n = (size_t)in->file_size, got;
    unsigned char *space = NULL;
    if (in->fd >= 0) {
        space = pa_arena_try(in->arena, n, 1, 1);
        if (!space)
            return false;
        size_t at = 0;
        ssize_t r = 1;
        while (at < n && (r = pread(in->fd, space + at, n - at, (off_t)at)) > 0)
            at += (size_t)r;
        raw = space;
        if (at != n)
            n = 0;
    } else {
        raw -= in->raw_offset; /* the head has been read from here */
    }
    uint64_t cap = in->buffer_cap - 1;
    if (in->options.max_size == 0 && cap > n * (uint64_t)PA_RATIO_MAX)
        cap = n * (uint64_t)PA_RATIO_MAX > PA_RATIO_FREE ? n * (uint64_t)PA_RATIO_MAX : PA_RATIO_FREE;
    pa_prefault pages = {0};
    if (in->options.ahead && n >= AHEAD_FROM)
        pa_prefault_start(&pages, in->buffer, size_said(raw, n));
    bool ok = n > 0 &&
              pa_gunzip_whole(raw, n, in->buffer, cap < in->buffer_cap ? (size_t)cap : in->buffer_cap, &got);
    pa_prefault_stop(&pages);
    if (space)
        pa_arena_release(in->arena, space, (size_t)in->file_size);
    if (ok) {
        in->have = got;
        in->ended = true;
        __atomic_store_n(&in->raw_offset, in->file_size, __ATOMIC_RELAXED);
    }
    return ok;
}

static bool commit(pa_input *in, pa_err *err)
{
    if (!in->buffer_mapped || in->have <= in->committed)
        return true;
    if (!pa_arena_commit(in->arena, in->have - in->committed))
        return pa_input_fail(in, err, PA_E_MEMORY, PA_NO_OFFSET, "out of memory");
    in->committed = in->have;
    return true;
}

bool pa_input_buffer(pa_input *in, const char **bytes, pa_err *err)
{
    if (in->fd < 0 && !in->codec) { /* memory as it is: borrowed, so that a reader's step too far is seen */
        in->buffer = (char *)in->raw - in->raw_offset;
        in->have = (size_t)in->file_size;
        in->ended = true;
        *bytes = in->buffer;
        return true;
    }
    if (in->whole) {
        *bytes = in->buffer = in->head;
        in->have = in->head_n;
        in->ended = true;
        return true;
    }
    pa_str head = {0};
    if (!pa_input_head(in, &head, err) || !reserve_buffer(in, err))
        return false;
    *bytes = in->buffer;
    bool gzip_file = in->codec && strcmp(in->codec->name, "gzip") == 0 && in->file_size > 0;
    if (gzip_file && inflate_whole(in))
        return commit(in, err);
    bool ahead = in->options.ahead && in->codec && (in->file_size == 0 || in->file_size >= AHEAD_FROM);
    if (head.n)
        memcpy(in->buffer, head.p, head.n);
    in->have = head.n;
    if (ahead)
        start_pump(in);
    return commit(in, err);
}

static bool wait_for_pump(pa_input *in, size_t want, pa_err *err)
{
    pthread_mutex_lock(&in->lock);
    while (in->produced < want && !in->pump_done)
        pthread_cond_wait(&in->more, &in->lock);
    in->have = in->produced;
    bool broken = in->pump_done && in->pump_err.code != PA_E_NONE;
    in->ended = in->pump_done && !broken; /* what was decoded before the damage may still be asked for */
    bool failed = broken && in->have < want;
    pthread_mutex_unlock(&in->lock);
    if (failed && err && err->code == PA_E_NONE)
        *err = in->pump_err;
    return !failed;
}

bool pa_input_wait(pa_input *in, size_t want, size_t *have, bool *ended, pa_err *err)
{
    if (in->pumping) {
        if (!wait_for_pump(in, want, err))
            return false;
    } else {
        while (!in->ended && in->have < want) {
            size_t room = in->buffer_cap - in->have, got;
            if (!decode(in, in->buffer + in->have, room < PUMP_STEP ? room : PUMP_STEP, &got, err))
                return false;
            in->have += got;
            in->ended = got == 0;
        }
    }
    report_progress(in);
    *have = in->have;
    *ended = in->ended;
    return commit(in, err);
}
