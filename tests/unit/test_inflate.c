/* inflate: gzip and zstd by content.  Whole, in members, empty, cut at every byte, damaged, followed by garbage, bombs:
 * the same bytes or the same error, with the offset in the compressed file, whichever way they come. */
#include "tests/unit/input_ways.h"

#include <sys/mman.h>
#include <zlib.h>
#include <zstd.h>

static const pa_input_options no_options = {0};

static pa_str gzipped(pa_arena *a, pa_str s, int level)
{
    z_stream z = {0};
    assert_int_equal(deflateInit2(&z, level, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
    size_t cap = deflateBound(&z, s.n);
    unsigned char *to = pa_new(a, unsigned char, cap);
    z.next_in = (unsigned char *)s.p;
    z.avail_in = (unsigned)s.n;
    z.next_out = to;
    z.avail_out = (unsigned)cap;
    assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
    size_t n = z.total_out;
    deflateEnd(&z);
    return (pa_str){(char *)to, n};
}

static pa_str zstded(pa_arena *a, pa_str s)
{
    ZSTD_CCtx *c = ZSTD_createCCtx();
    ZSTD_CCtx_setParameter(c, ZSTD_c_checksumFlag, 1);
    size_t cap = ZSTD_compressBound(s.n);
    char *to = pa_new(a, char, cap);
    size_t n = ZSTD_compress2(c, to, cap, s.p ? s.p : "", s.n);
    assert_false(ZSTD_isError(n));
    ZSTD_freeCCtx(c);
    return (pa_str){to, n};
}

static pa_str joined(pa_arena *a, pa_str x, pa_str y)
{
    char *p = pa_new(a, char, x.n + y.n + 1);
    if (x.n)
        memcpy(p, x.p, x.n);
    if (y.n)
        memcpy(p + x.n, y.p, y.n);
    return (pa_str){p, x.n + y.n};
}

static pa_str with_byte(pa_arena *a, pa_str s, size_t at, int flip)
{
    pa_str copy = pa_arena_str(a, s);
    ((char *)copy.p)[at] ^= (char)flip;
    return copy;
}

/* ---- whole --------------------------------------------------------------------------------------------------- */

static void one_stream(void **state)
{
    pa_arena *a = *state;
    const size_t sizes[] = {0, 1, 65535, 65536, 65537, 262144, 1048576, 5000000};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        pa_str text = some_text(a, sizes[i], i + 1);
        every_way(gzipped(a, text, 1), no_options, (expected){.want = text});
        every_way(zstded(a, text), no_options, (expected){.want = text});
    }
}

/* Compressed sizes around that of the raw buffer: stored, not deflated. */
static void at_the_edge_of_raw_blocks(void **state)
{
    pa_arena *a = *state;
    for (size_t n = 262144 - 60; n <= 262144 + 8; n += 4) {
        pa_str text = some_text(a, n, n);
        every_way(gzipped(a, text, 0), no_options, (expected){.want = text});
    }
}

static void members(void **state)
{
    pa_arena *a = *state;
    pa_str (*const pack[])(pa_arena *, pa_str) = {zstded, NULL};
    const size_t sizes[][4] = {
        {10, 20, 30, 0}, {0, 5, 0, 7}, {0, 0, 0, 0}, {7, 65536, 300000, 0}, {0, 0, 0, 200000}};
    for (size_t kind = 0; kind < 2; kind++)
        for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
            pa_str file = {0}, text = {0};
            for (size_t m = 0; m < 4; m++) {
                pa_str part = some_text(a, sizes[i][m], i * 4 + m + 1);
                file = joined(a, file, pack[kind] ? pack[kind](a, part) : gzipped(a, part, 6));
                text = joined(a, text, part);
            }
            every_way(file, no_options, (expected){.want = text});
        }
}

static void a_thousand_members(void **state)
{
    pa_arena *a = *state;
    pa_str line = PA_STR("line\n"), one = gzipped(a, line, 6);
    char *file = pa_new(a, char, one.n * 1000), *text = pa_new(a, char, 5000);
    for (size_t i = 0; i < 1000; i++) {
        memcpy(file + i * one.n, one.p, one.n);
        memcpy(text + i * 5, line.p, line.n);
    }
    every_way((pa_str){file, one.n * 1000}, no_options, (expected){.want = {text, 5000}});
}

static void inflated(void **state)
{
    pa_err err = {0};
    pa_input *in = pa_input_memory("x.gz", gzipped(*state, PA_STR("x"), 6), NULL, *state, &err);
    assert_true(pa_input_inflated(in));
    pa_input_close(in);
}

/* ---- cut ----------------------------------------------------------------------------------------------------- */

static void cut_at_every_byte(void **state)
{
    pa_arena *a = *state;
    pa_str one = gzipped(a, PA_STR("the quick brown fox jumps over the lazy dog"), 6);
    pa_str two = joined(a, one, one);
    for (size_t n = 2; n < two.n; n++) {
        char message[60];
        snprintf(message, sizeof message, "gzip: truncated at byte %zu", n);
        if (n != one.n)
            every_way(pa_str_head(two, n), no_options,
                      (expected){.code = PA_E_TRUNCATED, .offset = n, .message = message});
    }
    pa_str z = zstded(a, PA_STR("the quick brown fox jumps over the lazy dog"));
    for (size_t n = 4; n < z.n; n++)
        every_way(pa_str_head(z, n), no_options, (expected){.code = PA_E_TRUNCATED, .offset = n});
}

static void cut_late(void **state)
{
    pa_arena *a = *state;
    pa_str g = gzipped(a, some_text(a, 1000000, 3), 1), z = zstded(a, some_text(a, 1000000, 3));
    assert_true(g.n > 262144 && z.n > 262144); /* large enough for the thread that inflates ahead */
    const size_t off[] = {1, 9, 200000};
    for (size_t i = 0; i < sizeof off / sizeof *off; i++) {
        every_way(pa_str_head(g, g.n - off[i]), no_options,
                  (expected){.code = PA_E_TRUNCATED, .offset = g.n - off[i]});
        every_way(pa_str_head(z, z.n - off[i]), no_options,
                  (expected){.code = PA_E_TRUNCATED, .offset = z.n - off[i]});
    }
}

/* ---- damaged ------------------------------------------------------------------------------------------------- */

static void damaged(pa_str file, const char *message, uint64_t from, uint64_t to)
{
    pa_arena *a = pa_arena_new(NULL);
    outcome o = one_way(FROM_MEMORY, BY_STREAM, file, no_options, a);
    assert_int_equal(o.err.code, PA_E_SYNTAX);
    assert_in_range(o.err.offset, from, to);
    assert_string_equal(o.err.message, message);
    assert_string_equal(o.err.input, "m");
    assert_false(o.err.inflated); /* where in the compressed file */
    every_way(file, no_options, (expected){.code = PA_E_SYNTAX, .offset = o.err.offset, .message = message});
    pa_arena_free(a);
}

static void bad_trailers(void **state)
{
    pa_arena *a = *state;
    const size_t sizes[] = {0, 43, 1000000};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        pa_str g = gzipped(a, some_text(a, sizes[i], 3), 1);
        damaged(with_byte(a, g, g.n - 8, 1), "gzip: checksum mismatch", g.n - 8, g.n);
        damaged(with_byte(a, g, g.n - 5, 1), "gzip: checksum mismatch", g.n - 8, g.n);
        damaged(with_byte(a, g, g.n - 1, 1), "gzip: damaged data (incorrect length check)", g.n - 8, g.n);
        pa_str two = joined(a, gzipped(a, PA_STR("first"), 6), with_byte(a, g, g.n - 8, 1));
        damaged(two, "gzip: checksum mismatch", two.n - 8, two.n);
    }
}

static void bad_middles(void **state)
{
    pa_arena *a = *state;
    pa_str g = gzipped(a, PA_STR("the quick brown fox"), 6);
    damaged(with_byte(a, g, 2, 1), "gzip: damaged data (unknown compression method)", 2, 10);
    damaged(with_byte(a, g, 3, 0x80), "gzip: damaged data (unknown header flags set)", 3, 10);
    damaged(with_byte(a, g, 10, 4), "gzip: damaged data (invalid block type)", 10, g.n);
    /* stored blocks: lengths stand where they can be found */
    pa_str text = some_text(a, 3000000, 3), s = gzipped(a, text, 0);
    for (size_t at = 11; at + 5 < s.n;
         at += 5 + (unsigned char)s.p[at] + 256 * (size_t)(unsigned char)s.p[at + 1])
        if (at > 500000 && at < 600000)
            damaged(with_byte(a, s, at, 1), "gzip: damaged data (invalid stored block lengths)", at, at + 16);
    pa_str z = zstded(a, PA_STR("the quick brown fox"));
    every_way(with_byte(a, z, z.n - 1, 1), no_options, (expected){.code = PA_E_SYNTAX, .offset = 0});
}

/* What stands before the damage can be had in full from every buffer, or a reader's own error would depend on how the
 * bytes came. */
static void up_to_the_damage(void **state)
{
    pa_arena *a = *state;
    pa_str text = some_text(a, 3000000, 3), g = gzipped(a, text, 1);
    pa_str bad = with_byte(a, g, g.n - 8, 1);
    for (int ahead = 0; ahead < 2; ahead++)
        for (source from = 0; from < FROM_PIPE; from++) {
            pa_err err = {0};
            pa_input_options options = {.ahead = ahead};
            const char *path = file_with(bad), *bytes;
            pa_input *in = from == FROM_FILE ? pa_input_open(path, &options, a, &err)
                                             : pa_input_memory("m", bad, &options, a, &err);
            unlink(path);
            size_t have;
            bool ended;
            assert_true(pa_input_buffer(in, &bytes, &err));
            assert_true(pa_input_wait(in, text.n, &have, &ended, &err));
            assert_int_equal(have, text.n);
            assert_false(ended);
            assert_memory_equal(bytes, text.p, text.n);
            assert_false(pa_input_wait(in, text.n + 1, &have, &ended, &err));
            assert_string_equal(err.message, "gzip: checksum mismatch");
            pa_input_close(in);
        }
}

static void trailing(void **state)
{
    pa_arena *a = *state;
    const size_t sizes[] = {0, 43, 1000000};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        pa_str g = gzipped(a, some_text(a, sizes[i], 3), 1), z = zstded(a, some_text(a, sizes[i], 3));
        const char *message = "trailing data after gzip stream";
        damaged(joined(a, g, PA_STR("x")), message, g.n, g.n);
        damaged(joined(a, g, PA_STR("\0")), message, g.n, g.n);
        damaged(joined(a, g, PA_STR("garbage, and more of it")), message, g.n, g.n);
        damaged(joined(a, g, PA_STR("\x1f\x8c\x08\0\0\0\0\0")), message, g.n, g.n + 2);
        pa_str cut = joined(a, g, PA_STR("\x1f"));
        every_way(cut, no_options, (expected){.code = PA_E_TRUNCATED, .offset = cut.n});
        damaged(joined(a, z, PA_STR("garbage, and more of it")), "trailing data after zstd stream", z.n, z.n);
    }
}

/* ---- bombs --------------------------------------------------------------------------------------------------- */

static pa_str zeros(pa_arena *a, size_t n) { return (pa_str){pa_new(a, char, n), n}; }

static void ratio(void **state)
{
    pa_arena *a = *state;
    pa_str allowed = zeros(a, (size_t)64 << 20), more = zeros(a, ((size_t)64 << 20) + 1);
    pa_str bomb = gzipped(a, more, 1);
    outcome o = one_way(FROM_FILE, BY_BUFFER, gzipped(a, allowed, 1), no_options, a);
    assert_true(o.ok && o.bytes.n == allowed.n);
    o = one_way(FROM_MEMORY, BY_STREAM, bomb, (pa_input_options){.max_size = more.n}, a);
    assert_true(o.ok && o.bytes.n == more.n);
    const pa_str bombs[] = {bomb, zstded(a, more)};
    for (size_t i = 0; i < 4; i++) { /* 64 MiB each: not every way */
        o = one_way(i & 1 ? FROM_FILE : FROM_PIPE, i & 1 ? BY_BUFFER : BY_BUFFER_AHEAD, bombs[i / 2],
                    no_options, a);
        assert_int_equal(o.err.code, PA_E_LIMIT);
        assert_int_equal(o.err.offset, PA_NO_OFFSET);
        assert_string_equal(o.err.message, "decompressed size exceeds 67108864 bytes (use --max-size)");
    }
}

/* A file that starts like a bomb but is none: where its size is known, the whole of it counts. */
static void ratio_of_the_whole(void **state)
{
    pa_arena *a = *state;
    pa_str text = joined(a, zeros(a, (size_t)70 << 20), some_text(a, 1000000, 5)), g = gzipped(a, text, 1);
    assert_true(g.n * 200 > text.n);
    for (taking how = 0; how < N_TAKINGS; how++) {
        if (how == BY_SMALL_STREAM)
            continue;
        outcome o = one_way(FROM_FILE, how, g, no_options, a);
        if (!o.ok)
            fail_msg("%s: %s", way_names[FROM_FILE][how], o.err.message);
        assert_int_equal(o.bytes.n, text.n);
    }
}

static void max_size(void **state)
{
    pa_arena *a = *state;
    const size_t sizes[] = {100, PA_INPUT_HEAD - 1, PA_INPUT_HEAD, PA_INPUT_HEAD + 1, 1 << 20, 1500000};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        char message[80];
        snprintf(message, sizeof message, "decompressed size exceeds %zu bytes (use --max-size)", sizes[i]);
        pa_str text = some_text(a, sizes[i] + 1, i + 1), exact = pa_str_head(text, sizes[i]);
        const pa_str packed[][2] = {{gzipped(a, exact, 1), gzipped(a, text, 1)},
                                    {zstded(a, exact), zstded(a, text)}};
        for (size_t k = 0; k < 2; k++) {
            every_way(packed[k][0], (pa_input_options){.max_size = sizes[i]}, (expected){.want = exact});
            every_way(packed[k][1], (pa_input_options){.max_size = sizes[i]},
                      (expected){.code = PA_E_LIMIT, .offset = PA_NO_OFFSET, .message = message});
        }
    }
}

static void over_the_budget(void **state)
{
    pa_arena *a = *state;
    const char *path = file_with(gzipped(a, zeros(a, (size_t)20 << 20), 6));
    for (int ahead = 0; ahead < 2; ahead++) {
        pa_budget budget = {.max_bytes = 5 << 20};
        pa_arena *small = pa_arena_new(&budget);
        pa_err err = {0};
        pa_input_options options = {.ahead = ahead};
        outcome o = take(pa_input_open(path, &options, small, &err), BY_BUFFER, a, err);
        assert_int_equal(o.err.code, PA_E_MEMORY);
        pa_arena_free(small);
        assert_int_equal(budget.used_bytes, 0);
    }
    unlink(path);
}

/* More bytes than an unsigned counts: a gzip stream, then four gigabytes of nothing (never touched: no memory). */
static void four_gigabytes_behind(void **state)
{
    pa_arena *a = *state;
    pa_str g = gzipped(a, PA_STR("the quick brown fox"), 6);
    size_t n = ((size_t)1 << 32) + 10;
    char *p = mmap(NULL, n, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (p == MAP_FAILED)
        skip();
    memcpy(p, g.p, g.n);
    pa_err err = {0};
    outcome o = take(pa_input_memory("m", (pa_str){p, n}, NULL, a, &err), BY_STREAM, a, err);
    assert_int_equal(o.err.code, PA_E_SYNTAX);
    assert_int_equal(o.err.offset, g.n);
    munmap(p, n);
}

/* ---- the thread that inflates ahead --------------------------------------------------------------------------- */

/* Closed before all was taken: the thread goes, whether it has more to do or waits for a writer that sleeps. */
static void closed_early(void **state)
{
    pa_arena *a = *state;
    pa_str g = gzipped(a, zeros(a, 8 << 20), 6);
    size_t open_before = COUNT_DESCRIPTORS(), threads_before = COUNT_THREADS();
    pa_input_options options = {.ahead = true};
    for (int sleeping = 0; sleeping < 2; sleeping++) {
        int ends[2], kept = dup(STDIN_FILENO);
        assert_int_equal(pipe(ends), 0);
        dup2(ends[0], STDIN_FILENO);
        write_all(ends[1], pa_str_head(g, sleeping ? g.n / 2 : g.n));
        pa_err err = {0};
        const char *bytes;
        pa_input *in = pa_input_open("-", &options, a, &err);
        assert_non_null(in);
        alarm(20); /* instead of waiting for ever */
        assert_true(pa_input_buffer(in, &bytes, &err));
        assert_int_equal(COUNT_THREADS(), threads_before + 1);
        usleep(sleeping ? 20000 : 0);
        pa_input_close(in);
        alarm(0);
        dup2(kept, STDIN_FILENO);
        close(kept);
        close(ends[0]);
        close(ends[1]);
        assert_int_equal(COUNT_DESCRIPTORS(), open_before);
        assert_int_equal(COUNT_THREADS(), threads_before);
    }
}

/* ---- out of memory ------------------------------------------------------------------------------------------- */

static void each_block_refused(void **state)
{
    pa_arena *kept = *state;
    pa_str text = some_text(kept, 200000, 1);
    const pa_str files[] = {gzipped(kept, text, 1), zstded(kept, text)};
    size_t open_before = COUNT_DESCRIPTORS(), threads_before = COUNT_THREADS();
    for (size_t f = 0; f < 2; f++)
        for (taking how = 0; how < N_TAKINGS; how++) {
            const char *path = file_with(files[f]);
            bool done = false;
            for (long n = 2; !done; n++) {
                pa_budget budget = {.block_bytes = 256, .fail_block = n};
                pa_arena *a = pa_arena_new(&budget);
                pa_err err = {0};
                pa_input_options options = {.ahead = how == BY_BUFFER_AHEAD};
                outcome o = take(pa_input_open(path, &options, a, &err), how, kept, err);
                done = budget.n_blocks < n;
                /* the fast path for whole files may be refused its copy: the stream takes over */
                if (!(o.ok && how >= BY_BUFFER))
                    assert_int_equal(o.err.code, done ? PA_E_NONE : PA_E_MEMORY);
                pa_arena_free(a);
                assert_int_equal(budget.used_bytes, 0);
            }
            unlink(path);
        }
    assert_int_equal(COUNT_DESCRIPTORS(), open_before);
    assert_int_equal(COUNT_THREADS(), threads_before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ARENA_TEST(one_stream),
        ARENA_TEST(at_the_edge_of_raw_blocks),
        ARENA_TEST(members),
        ARENA_TEST(a_thousand_members),
        ARENA_TEST(inflated),
        ARENA_TEST(cut_at_every_byte),
        ARENA_TEST(cut_late),
        ARENA_TEST(bad_trailers),
        ARENA_TEST(bad_middles),
        ARENA_TEST(trailing),
        ARENA_TEST(up_to_the_damage),
        ARENA_TEST(ratio),
        ARENA_TEST(ratio_of_the_whole),
        ARENA_TEST(max_size),
        ARENA_TEST(over_the_budget),
        ARENA_TEST(closed_early),
        ARENA_TEST(four_gigabytes_behind),
        ARENA_TEST(each_block_refused),
    };
    return cmocka_run_group_tests_name("inflate", tests, NULL, NULL);
}
