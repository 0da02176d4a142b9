/* bytes.c: see bytes.h. */
#include "tests/support/bytes.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

static void *need(void *p)
{
    if (!p) {
        fputs("the test program is out of memory\n", stderr);
        abort();
    }
    return p;
}

static void reserve(bytes *b, size_t extra)
{
    if (b->cap - b->n >= extra)
        return;
    b->cap = (b->n + extra) * 2;
    b->p = need(realloc(b->p, b->cap));
}

void bytes_add(bytes *b, const void *from, size_t n)
{
    reserve(b, n);
    if (n)
        memcpy(b->p + b->n, from, n);
    b->n += n;
}

void bytes_byte(bytes *b, unsigned value)
{
    unsigned char c = (unsigned char)value;
    bytes_add(b, &c, 1);
}

void bytes_varint(bytes *b, uint64_t value)
{
    for (; value >= 128; value >>= 7)
        bytes_byte(b, (unsigned)(value & 127) | 128);
    bytes_byte(b, (unsigned)value);
}

void bytes_free(bytes *b)
{
    free(b->p);
    *b = (bytes){0};
}

bool same_bytes(const bytes *a, const bytes *b)
{
    return a->n == b->n && (a->n == 0 || memcmp(a->p, b->p, a->n) == 0);
}

unsigned char *bytes_exact(const bytes *b, size_t n)
{
    unsigned char *p = need(malloc(n ? n : 1)); /* an empty block cannot be told from a failed one */
    if (n)
        memcpy(p, b->p, n);
    return p;
}

bool bytes_of_file(bytes *b, const char *path)
{
    FILE *f = fopen(path, "rb");
    if (!f)
        return false;
    char block[65536];
    size_t got;
    b->n = 0;
    while ((got = fread(block, 1, sizeof block, f)) > 0)
        bytes_add(b, block, got);
    bool ok = !ferror(f);
    fclose(f);
    return ok;
}

bool bytes_to_file(const void *from, size_t n, const char *path)
{
    FILE *f = fopen(path, "wb");
    if (!f)
        return false;
    bool ok = n == 0 || fwrite(from, 1, n, f) == n;
    return fclose(f) == 0 && ok;
}

/* ---- compression -------------------------------------------------------------------------------------------- */

static void add_u16(bytes *to, unsigned v)
{
    bytes_byte(to, v & 255);
    bytes_byte(to, v >> 8 & 255);
}

static void add_u32(bytes *to, uint32_t v)
{
    add_u16(to, v & 65535);
    add_u16(to, v >> 16);
}

void gzip_stored(bytes *to, const void *from, size_t n)
{
    static const unsigned char header[10] = {0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255};
    const unsigned char *p = from;
    bytes_add(to, header, sizeof header);
    size_t left = n;
    do {
        unsigned block = left < 65535 ? (unsigned)left : 65535;
        bytes_byte(to, block == left); /* last block; type 0: stored */
        add_u16(to, block);
        add_u16(to, ~block);
        bytes_add(to, p + (n - left), block);
        left -= block;
    } while (left > 0);
    add_u32(to, (uint32_t)crc32_z(0, from, n));
    add_u32(to, (uint32_t)n);
}

void gzip_add(bytes *to, const void *from, size_t n)
{
    z_stream z = {0};
    if (deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        abort();
    size_t bound = deflateBound(&z, n);
    reserve(to, bound);
    z.next_in = (unsigned char *)from;
    z.avail_in = (unsigned)n;
    z.next_out = to->p + to->n;
    z.avail_out = (unsigned)bound;
    if (deflate(&z, Z_FINISH) != Z_STREAM_END)
        abort();
    to->n += z.total_out;
    deflateEnd(&z);
}

void zstd_add(bytes *to, const void *from, size_t n)
{
    size_t bound = ZSTD_compressBound(n);
    reserve(to, bound);
    size_t got = ZSTD_compress(to->p + to->n, bound, from, n, 3);
    if (ZSTD_isError(got))
        abort();
    to->n += got;
}

bool is_gzip(const bytes *b) { return b->n >= 2 && b->p[0] == 0x1f && b->p[1] == 0x8b; }

bool gunzip(bytes *to, const bytes *from)
{
    z_stream z = {.next_in = from->p, .avail_in = (unsigned)from->n};
    if (inflateInit2(&z, 15 + 16) != Z_OK)
        abort();
    int code = Z_OK;
    while (code == Z_OK) {
        reserve(to, 65536);
        z.next_out = to->p + to->n;
        z.avail_out = 65536;
        code = inflate(&z, Z_NO_FLUSH);
        to->n += 65536 - z.avail_out;
        if (code == Z_STREAM_END && z.avail_in > 0)
            code = inflateReset(&z);
    }
    inflateEnd(&z);
    return code == Z_STREAM_END;
}

/* ---- standard input ----------------------------------------------------------------------------------------- */

struct stdin_pipe {
    unsigned char *p;
    size_t n;
    int saved, to;
    pthread_t thread;
};

static void *deliver(void *arg)
{
    stdin_pipe *s = arg;
    size_t at = 0;
    while (at < s->n) {
        ssize_t r = write(s->to, s->p + at, s->n - at);
        if (r <= 0)
            break; /* the reader has seen enough */
        at += (size_t)r;
    }
    close(s->to);
    return NULL;
}

stdin_pipe *stdin_from(const void *from, size_t n)
{
    stdin_pipe *s = need(calloc(1, sizeof *s));
    bytes b = {0};
    bytes_add(&b, from, n);
    s->p = b.p;
    s->n = n;
    int ends[2];
    signal(SIGPIPE, SIG_IGN);
    s->saved = dup(STDIN_FILENO);
    if (pipe(ends) != 0 || dup2(ends[0], STDIN_FILENO) < 0)
        abort();
    close(ends[0]);
    s->to = ends[1];
    if (pthread_create(&s->thread, NULL, deliver, s) != 0)
        abort();
    return s;
}

void stdin_restore(stdin_pipe *s)
{
    close(STDIN_FILENO); /* a thread that still writes gets an error and ends */
    pthread_join(s->thread, NULL);
    if (s->saved >= 0) {
        dup2(s->saved, STDIN_FILENO);
        close(s->saved);
    }
    free(s->p);
    free(s);
}

uint64_t random_below(uint64_t *state, uint64_t limit)
{
    uint64_t z = *state += 0x9e3779b97f4a7c15;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
    z = (z ^ z >> 27) * 0x94d049bb133111eb;
    return (z ^ z >> 31) % limit;
}
