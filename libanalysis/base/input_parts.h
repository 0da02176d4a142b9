/* input_parts: the inside of an input, shared by input.c (opening, buffer, thread), inflate.c (gzip, zstd) and utf16.c
 * only. */
#ifndef PA_BASE_INPUT_PARTS_H
#define PA_BASE_INPUT_PARTS_H

#include <pthread.h>

#include "libanalysis/base/arena.h"
#include "libanalysis/base/input.h"

typedef struct pa_codec pa_codec;

struct pa_input {
    const char *name;
    pa_arena *arena;
    pa_input_options options;
    uint64_t max_size;
    bool memory_bound; /* max_size was lowered to what memory there is */
    int fd;            /* -1: memory */
    bool regular, close_fd;
    uint64_t file_size; /* of a regular file or memory, else 0 */

    /* raw bytes waiting to be decoded */
    const unsigned char *raw;
    size_t raw_n;
    unsigned char *raw_space; /* NULL for memory */
    size_t raw_cap;           /* PA_RAW_BYTES, or a small file and a byte */
    uint64_t raw_offset;      /* of raw[0] in the file; read by other threads for progress */
    bool raw_ended;

    /* decoding */
    const pa_codec *codec; /* NULL: none */
    void *codec_state;
    pa_arena *codec_arena; /* touched only by the thread that decodes */
    bool between_members;  /* a compressed stream ended; another may follow */
    uint64_t stream_at;    /* where the current one of several starts in the file */
    uint64_t out_total;
    uint64_t n_replaced, first_replaced; /* halves of UTF-16 characters */

    char *head;
    size_t head_n, head_read; /* head_read: how far pa_input_read is in it */
    bool head_done;
    bool whole; /* the head is all of it */

    /* one contiguous buffer */
    char *buffer;
    bool buffer_mapped;
    size_t buffer_cap, have, committed;
    bool ended;

    /* the thread that inflates ahead */
    bool pumping;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t more;
    size_t produced;
    bool in_pump; /* the thread sets and reads it */
    bool pump_done, stop;
    pa_err pump_err;
};

#define PA_RAW_BYTES ((size_t)262144)
/* A default limit on how much a file may grow: deflate can do 1030:1, profiles stay below 10:1. */
#define PA_RATIO_FREE ((uint64_t)64 << 20)
#define PA_RATIO_MAX  200u

struct pa_codec {
    const char *name;
    unsigned char magic[4];
    size_t magic_bytes;
    bool (*start)(pa_input *in, pa_err *err);
    /* Decode from in->raw to to; updates raw and *got.  Both may end up unchanged only when more input is needed. */
    bool (*step)(pa_input *in, char *to, size_t size, size_t *got, pa_err *err);
    void (*stop)(pa_input *in);
};

extern const pa_codec pa_codec_utf16le, pa_codec_utf16be;

static inline void pa_raw_consumed(pa_input *in, size_t n)
{
    in->raw += n;
    in->raw_n -= n;
    __atomic_add_fetch(&in->raw_offset, n, __ATOMIC_RELAXED);
}

/* The codec whose magic the raw bytes start with, or NULL. */
const pa_codec *pa_codec_of(const unsigned char *raw, size_t n);
/* All of a gzip file in memory into to: the fast path.  false: damaged or too large for cap; then the slow path says
 * exactly what is wrong. */
bool pa_gunzip_whole(const unsigned char *raw, size_t n, char *to, size_t cap, size_t *got);
/* A small gzip file that is all there says its size at its end: inflated at once it needs neither a stream nor a
 * reservation, which are half the cost of reading thousands of them.  Where anything about it is odd nothing happens, and
 * the usual way finds out what.  false: no memory. */
PA_MUST_CHECK bool pa_inflate_small(pa_input *in, pa_err *err);
bool pa_input_fail(pa_input *in, pa_err *err, pa_err_code code, uint64_t offset, const char *format, ...)
    PA_PRINTF(5, 6);

#endif
