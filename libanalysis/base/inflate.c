/* inflate.c: gzip (zlib as a stream, libdeflate for a whole file) and zstd.
 * In: raw bytes of an input.  Out: decompressed bytes, or an error with the offset in the compressed file.
 * Only this file knows zlib, libdeflate and libzstd. */
#include <libdeflate.h>
#include <zlib.h>
#include <zstd.h>
#include <zstd_errors.h>

#include "libanalysis/base/input_parts.h"

static uint64_t raw_position(const pa_input *in) { return in->raw_offset; }

/* ---- gzip --------------------------------------------------------------------------------------------------- */

static void *zlib_alloc(void *arena, unsigned count, unsigned size)
{
    return pa_arena_try(arena, count, size, alignof(max_align_t));
}

static void zlib_free(void *arena, void *piece)
{
    (void)arena; /* goes with the arena */
    (void)piece;
}

static bool gzip_start(pa_input *in, pa_err *err)
{
    z_stream *z = pa_arena_try(in->codec_arena, 1, sizeof *z, alignof(z_stream));
    if (!z)
        return pa_input_fail(in, err, PA_E_MEMORY, PA_NO_OFFSET, "out of memory");
    *z = (z_stream){.zalloc = zlib_alloc, .zfree = zlib_free, .opaque = in->codec_arena};
    if (inflateInit2(z, 15 + 16) != Z_OK)
        return pa_input_fail(in, err, PA_E_MEMORY, PA_NO_OFFSET, "out of memory");
    in->codec_state = z;
    return true;
}

static bool trailing_data(pa_input *in, pa_err *err)
{
    return pa_input_fail(in, err, PA_E_SYNTAX, in->stream_at, "trailing data after %s stream",
                         in->codec->name);
}

static bool gzip_error(pa_input *in, int code, const char *message, pa_err *err)
{
    uint64_t at = raw_position(in);
    if (code == Z_MEM_ERROR)
        return pa_input_fail(in, err, PA_E_MEMORY, PA_NO_OFFSET, "out of memory");
    if (in->stream_at > 0 && message && strcmp(message, "incorrect header check") == 0)
        return trailing_data(in, err);
    if (message && strcmp(message, "incorrect data check") == 0)
        return pa_input_fail(in, err, PA_E_SYNTAX, at, "gzip: checksum mismatch");
    return pa_input_fail(in, err, PA_E_SYNTAX, at, "gzip: damaged data (%s)", message ? message : "unknown");
}

static bool gzip_step(pa_input *in, char *to, size_t size, size_t *got, pa_err *err)
{
    z_stream *z = in->codec_state;
    *got = 0;
    if (in->between_members && in->raw_n) {
        in->stream_at = raw_position(in);
        if (in->raw[0] != 0x1f)
            return trailing_data(in, err);
        inflateReset(z);
        in->between_members = false;
    }
    unsigned offered = in->raw_n > UINT32_MAX / 2 ? UINT32_MAX / 2 : (unsigned)in->raw_n;
    z->next_in = (unsigned char *)in->raw;
    z->avail_in = offered;
    z->next_out = (unsigned char *)to;
    z->avail_out = size > UINT32_MAX / 2 ? UINT32_MAX / 2 : (unsigned)size;
    unsigned had = z->avail_out;
    int code = inflate(z, Z_NO_FLUSH);
    pa_raw_consumed(in, offered - z->avail_in);
    *got = had - z->avail_out;
    if (code == Z_STREAM_END)
        in->between_members = true;
    else if (code != Z_OK && code != Z_BUF_ERROR && *got == 0) /* else first what precedes the damage */
        return gzip_error(in, code, z->msg, err);
    return true;
}

static void gzip_stop(pa_input *in)
{
    if (in->codec_state)
        inflateEnd(in->codec_state);
}

bool pa_gunzip_whole(const unsigned char *raw, size_t n, char *to, size_t cap, size_t *got)
{
    struct libdeflate_decompressor *d = libdeflate_alloc_decompressor();
    size_t at = 0, out = 0;
    bool ok = d != NULL;
    while (ok && at < n) {
        size_t in_n = 0, out_n = 0;
        ok = libdeflate_gzip_decompress_ex(d, raw + at, n - at, to + out, cap - out, &in_n, &out_n) ==
             LIBDEFLATE_SUCCESS;
        at += in_n;
        out += out_n;
    }
    if (d)
        libdeflate_free_decompressor(d);
    *got = out;
    return ok;
}

#define SMALL_WHOLE ((size_t)4 << 20)

bool pa_inflate_small(pa_input *in, pa_err *err)
{
    if (strcmp(in->codec->name, "gzip") != 0 || in->file_size == 0 || in->raw_n != in->file_size ||
        in->raw_n < 18)
        return true;
    const unsigned char *size = in->raw + in->raw_n - 4;
    size_t n = (size_t)size[0] | (size_t)size[1] << 8 | (size_t)size[2] << 16 | (size_t)size[3] << 24,
           got = 0;
    if (n == 0 || n > SMALL_WHOLE || n > in->max_size)
        return true;
    char *to = pa_arena_try(in->arena, n, 1, 1);
    if (!to)
        return pa_input_fail(in, err, PA_E_MEMORY, PA_NO_OFFSET, "out of memory");
    if (!pa_gunzip_whole(in->raw, in->raw_n, to, n, &got) || got != n) {
        pa_arena_release(in->arena, to, n);
        return true;
    }
    in->head = to; /* and all the rest */
    in->head_n = in->out_total = n;
    in->head_done = in->whole = in->raw_ended = in->between_members = true;
    pa_raw_consumed(in, in->raw_n);
    return true;
}

/* ---- zstd --------------------------------------------------------------------------------------------------- */

static bool zstd_start(pa_input *in, pa_err *err)
{
    in->codec_state = ZSTD_createDStream();
    in->between_members = false;
    if (!in->codec_state)
        return pa_input_fail(in, err, PA_E_MEMORY, PA_NO_OFFSET, "out of memory");
    return true;
}

static bool zstd_step(pa_input *in, char *to, size_t size, size_t *got, pa_err *err)
{
    ZSTD_inBuffer from = {in->raw, in->raw_n, 0};
    ZSTD_outBuffer out = {to, size, 0};
    if (in->between_members)
        in->stream_at = raw_position(in);
    size_t code = ZSTD_decompressStream(in->codec_state, &out, &from);
    *got = out.pos;
    pa_raw_consumed(in, from.pos);
    if (ZSTD_isError(code)) {
        uint64_t at = raw_position(in);
        if (in->stream_at > 0 && ZSTD_getErrorCode(code) == ZSTD_error_prefix_unknown)
            return trailing_data(in, err);
        return pa_input_fail(in, err, PA_E_SYNTAX, at, "zstd: damaged data (%s)", ZSTD_getErrorName(code));
    }
    in->between_members = code == 0;
    return true;
}

static void zstd_stop(pa_input *in) { ZSTD_freeDStream(in->codec_state); }

static const pa_codec gzip = {"gzip", {0x1f, 0x8b}, 2, gzip_start, gzip_step, gzip_stop};
static const pa_codec zstd = {"zstd", {0x28, 0xb5, 0x2f, 0xfd}, 4, zstd_start, zstd_step, zstd_stop};
static const pa_codec *const codecs[] = {&gzip, &zstd, &pa_codec_utf16le, &pa_codec_utf16be};

const pa_codec *pa_codec_of(const unsigned char *raw, size_t n)
{
    for (size_t i = 0; i < sizeof codecs / sizeof *codecs; i++)
        if (n >= codecs[i]->magic_bytes && memcmp(raw, codecs[i]->magic, codecs[i]->magic_bytes) == 0)
            return codecs[i];
    return NULL;
}
