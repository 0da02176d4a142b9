/* collapsed: weights as they are written, what a line before must not change, threads and blocks on inputs large enough to be
 * cut, options, and what the writer makes of names that would be read as something else.
 * Dialects are fixtures: testdata/collapsed. */
#include "tests/unit/unit.h"

#include <stdio.h>

#include "formats/collapsed_parts.h"

/* ---- reading and writing in memory ---------------------------------------------------------------------------- */

static pa_profile *read_as(pa_str text, pa_read_options options)
{
    pa_err err = {0};
    options.format = "collapsed";
    pa_profile *p = pa_read_memory("text", text, &options, &err);
    if (!p)
        fail_msg("%s", err.message);
    return p;
}

static pa_err read_error(pa_str text, pa_read_options options)
{
    pa_err err = {0};
    options.format = "collapsed";
    pa_profile *p = pa_read_memory("text", text, &options, &err);
    assert_null(p);
    return err;
}

static pa_str dumped(pa_arena *a, pa_str text, pa_read_options options)
{
    pa_profile *p = read_as(text, options);
    pa_out *out = pa_out_to_memory(a);
    pa_dump(p, out, a);
    pa_profile_free(p);
    return pa_out_written(out);
}

static pa_str written(pa_arena *a, pa_str text, pa_read_options options)
{
    pa_err err = {0};
    pa_profile *p = read_as(text, options);
    pa_out *out = pa_out_to_memory(a);
    if (!pa_write(p, "collapsed", out, &err))
        fail_msg("%s", err.message);
    pa_profile_free(p);
    return pa_out_written(out);
}

static void assert_text(pa_str got, pa_str want)
{
    if (!pa_str_eq(got, want))
        fail_msg("got\n%.*s\nexpected\n%.*s", (int)got.n, got.p, (int)want.n, want.p);
}

static const pa_read_options usual = {.threads = 1};

/* ---- weights --------------------------------------------------------------------------------------------------- */

static void weights(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        collapsed_number_kind kind;
        int64_t value;
        bool rounded;
    } cases[] = {
        {"0", COLLAPSED_INTEGER, 0, false},
        {"-0", COLLAPSED_INTEGER, 0, false},
        {"12", COLLAPSED_INTEGER, 12, false},
        {"+12", COLLAPSED_INTEGER, 12, false},
        {"-12", COLLAPSED_INTEGER, -12, false},
        {"007", COLLAPSED_INTEGER, 7, false},
        {"9223372036854775807", COLLAPSED_INTEGER, INT64_MAX, false},
        {"-9223372036854775808", COLLAPSED_INTEGER, INT64_MIN, false},
        {"9223372036854775808", COLLAPSED_TOO_LARGE, 0, false},
        {"18446744073709551615", COLLAPSED_TOO_LARGE, 0, false},
        {"99999999999999999999999999", COLLAPSED_TOO_LARGE, 0, false},
        {"3.", COLLAPSED_INTEGER, 3, false},
        {"3.000000000000000000000000", COLLAPSED_INTEGER, 3, false},
        {".5", COLLAPSED_FRACTION, 500000000, false},
        {"-.5", COLLAPSED_FRACTION, -500000000, false},
        {"1.000000001", COLLAPSED_FRACTION, 1000000001, false},
        {"1.0000000004", COLLAPSED_FRACTION, 1000000000, true},
        {"1.0000000005", COLLAPSED_FRACTION, 1000000001, true},
        {"-1.0000000005", COLLAPSED_FRACTION, -1000000001, true},
        {"0.00000000049", COLLAPSED_FRACTION, 0, true},
        {"1e-10", COLLAPSED_FRACTION, 0, true},
        {"5e-10", COLLAPSED_FRACTION, 1, true},
        {"1e-9", COLLAPSED_FRACTION, 1, false},
        {"1e3", COLLAPSED_INTEGER, 1000, false},
        {"1E+03", COLLAPSED_INTEGER, 1000, false},
        {"2.5e1", COLLAPSED_INTEGER, 25, false},
        {"2500e-2", COLLAPSED_INTEGER, 25, false},
        {"1.5e+15", COLLAPSED_INTEGER, 1500000000000000, false},
        {"9.223372036854775807e18", COLLAPSED_INTEGER, INT64_MAX, false},
        {"9.223372036854775808e18", COLLAPSED_TOO_LARGE, 0, false},
        {"1e19", COLLAPSED_TOO_LARGE, 0, false},
        {"9223372036.854775807", COLLAPSED_FRACTION, INT64_MAX, false},
        {"9223372036.854775808", COLLAPSED_TOO_LARGE, 0, false},
        {"0e99999999999999999999", COLLAPSED_INTEGER, 0, false},
        {"1e99999999999999999999", COLLAPSED_TOO_LARGE, 0, false},
        {"1e-99999999999999999999", COLLAPSED_FRACTION, 0, true},
        {"1e9223372036854775807", COLLAPSED_TOO_LARGE, 0, false},
        {"123456789012345678901e-20", COLLAPSED_FRACTION, 1234567890, true},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        collapsed_number n = collapsed_parse_number(pa_cstr(cases[i].text));
        if (n.kind != cases[i].kind || n.rounded != cases[i].rounded ||
            (n.kind != COLLAPSED_TOO_LARGE && n.value != cases[i].value))
            fail_msg("%s: kind %d, value %lld, rounded %d", cases[i].text, n.kind, (long long)n.value,
                     n.rounded);
    }
    static const char *const none[] = {"",     "-",     "+",     ".",   "e5",  "1e",  "1e+",
                                       "1e5.", "1.2.3", "+-1",   "--1", "nan", "NaN", "inf",
                                       "-Inf", "0x10",  "1_000", "1,5", "12a", "a12", "1e5x"};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        if (collapsed_parse_number(pa_cstr(none[i])).kind != COLLAPSED_NONE)
            fail_msg("'%s' is a number", none[i]);
}

/* ---- lines must not know each other ---------------------------------------------------------------------------- */

typedef struct lines {
    pa_str *p;
    size_t n;
} lines;

static void shuffle(lines l, uint64_t *seed)
{
    for (size_t i = l.n; i > 1; i--) {
        size_t j = random_below(seed, i);
        pa_str swapped = l.p[i - 1];
        l.p[i - 1] = l.p[j];
        l.p[j] = swapped;
    }
}

static int by_bytes(const void *a, const void *b)
{
    return pa_str_cmp(*(const pa_str *)a, *(const pa_str *)b);
}

static pa_str joined(pa_arena *a, lines l)
{
    pa_out *out = pa_out_to_memory(a);
    for (size_t i = 0; i < l.n; i++) {
        pa_out_str(out, l.p[i]);
        pa_out_char(out, '\n');
    }
    return pa_out_written(out);
}

/* Few and similar names, so that lines share prefixes that end within, at and behind a name; odd ones among them. */
static pa_str some_line(pa_arena *a, uint64_t *seed, bool austin)
{
    static const char *const names[] = {
        "a",      "aa",        "aaa",   "ab", "a b",
        "a_[k]",  "a_[j]",     "b",     "",   " ",
        "[x.so]", "[unknown]", "a 1",   "L2", "f (m)",
        "f:g:3",  ":GC:",      "a\xff", "#a", "long name with blanks, commas (and) more"};
    pa_out *out = pa_out_to_memory(a);
    if (austin)
        pa_out_format(out, "P%d;T%d;", (int)random_below(seed, 3), (int)random_below(seed, 3));
    for (size_t i = 1 + random_below(seed, 6); i > 0; i--)
        pa_out_format(out, "%s%s", names[random_below(seed, sizeof names / sizeof *names)],
                      i > 1 || random_below(seed, 9) == 0 ? ";" : "");
    pa_str line = pa_out_written(out);
    if (line.n && line.p[0] == '#')
        line = pa_arena_format(a, "x%.*s", (int)line.n, line.p);
    int value = (int)random_below(seed, 1000);
    static const char *const ends[] = {"%.*s %d", "%.*s %d", "%.*s %d", "%.*s\t%d", "%.*s  %d ", "%.*s %d\r"};
    return pa_arena_format(a, ends[random_below(seed, 6)], (int)line.n, line.p, value);
}

static lines some_lines(pa_arena *a, size_t n, uint64_t seed, bool austin)
{
    lines l = {pa_new(a, pa_str, n), n};
    for (size_t i = 0; i < n; i++)
        l.p[i] = some_line(a, &seed, austin);
    return l;
}

/* Where a note stands first depends on the order. */
static pa_str without_places(pa_arena *a, pa_str dump)
{
    pa_out *out = pa_out_to_memory(a);
    for (pa_str line; dump.n;) {
        dump = pa_str_cut(dump, '\n', &line);
        ptrdiff_t place =
            pa_str_starts(line, PA_STR("note ")) ? pa_str_search(line, PA_STR(", first at")) : -1;
        pa_out_str(out, place < 0 ? line : pa_str_head(line, (size_t)place));
        pa_out_char(out, '\n');
    }
    return pa_out_written(out);
}

static void order_of_lines(void **state)
{
    pa_arena *a = *state;
    for (uint64_t seed = 1; seed <= 6; seed++) {
        lines l = some_lines(a, 400, seed, seed % 3 == 0);
        qsort(l.p, l.n, sizeof *l.p, by_bytes); /* as much shared as can be */
        pa_str text = joined(a, l);
        pa_str want = without_places(a, dumped(a, text, usual)), out = written(a, text, usual);
        for (int i = 0; i < 5; i++) {
            uint64_t s = seed * 100 + (uint64_t)i;
            shuffle(l, &s);
            assert_text(without_places(a, dumped(a, joined(a, l), usual)), want);
            assert_text(written(a, joined(a, l), usual), out);
        }
    }
}

/* One line a block: nothing to share.  The same rows, notes and places as with everything in one block. */
static void blocks_and_threads(void **state)
{
    pa_arena *a = *state;
    static const unsigned threads[] = {1, 2, 3, 7};
    static const size_t blocks[] = {1, 64, 1024, 0};
    for (uint64_t seed = 1; seed <= 4; seed++) {
        lines l = some_lines(a, 6000, seed, seed == 3);
        if (seed == 4) {
            l.p[l.n / 2] = PA_STR("a;half 0.5"); /* the values of all others change their scale */
            l.p[l.n / 3] = PA_STR("no weight here");
            l.p[l.n - 1] = PA_STR("nan nan");
        }
        pa_str text = joined(a, l), want = dumped(a, text, usual);
        assert_true(text.n > PA_INPUT_HEAD); /* below that there are no threads */
        for (size_t t = 0; t < 4; t++)
            for (size_t b = 0; b < 4; b++)
                assert_text(
                    dumped(a, text, (pa_read_options){.threads = threads[t], .block_bytes = blocks[b]}),
                    want);
    }
}

/* The first failure in the file, wherever blocks end; with its place. */
static void first_failure(void **state)
{
    pa_arena *a = *state;
    static const struct {
        const char *lines[4]; /* anywhere, in this order */
        const char *message;
        size_t which;
    } cases[] = {
        {{"a 9223372036854775807", "a 2", "b 99999999999999999999", "c 1"},
         "sum of 'samples' exceeds 64 bits",
         1},
        {{"b 99999999999999999999", "a 9223372036854775807", "a 2", "c 1"},
         "count '99999999999999999999' is too large",
         0},
        {{"a 9223372036", "a 9223372036", "c 0.5", "c 99999999999999999999"},
         "sum does not fit 64 bits once it has fractions",
         2},
        {{"c 0.5", "b 9223372037", "a 9223372036854775807", "a 2"}, "count '9223372037' is too large", 1},
        {{"c 0.5", "a 9223372036", "a 9223372036", "b 9223372037"}, "sum of 'samples' exceeds 64 bits", 2},
    };
    static const size_t blocks[] = {1, 64, 0};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        pa_out *out = pa_out_to_memory(a);
        uint64_t place = 0;
        for (size_t k = 0; k < 4; k++) {
            for (int j = 0; j < 5; j++)
                pa_out_format(out, "filler;%d 1\n", j);
            if (k == cases[i].which)
                place = pa_out_written(out).n;
            pa_out_format(out, "%s\n", cases[i].lines[k]);
        }
        for (size_t b = 0; b < 3; b++) {
            pa_err err =
                read_error(pa_out_written(out), (pa_read_options){.threads = 1, .block_bytes = blocks[b]});
            assert_string_equal(err.message, cases[i].message);
            assert_int_equal(err.offset, place);
            assert_int_equal(err.line, 6 * (cases[i].which + 1));
        }
    }
}

/* ---- options ------------------------------------------------------------------------------------------------------ */

static void units(void **state)
{
    (void)state;
    static const struct {
        const char *unit;
        int64_t value;
        pa_dimension dimension;
    } cases[] = {{NULL, 1500, PA_DIM_COUNT},
                 {"us", 1500000, PA_DIM_TIME},
                 {"ns", 1500, PA_DIM_TIME},
                 {"bytes", 1500, PA_DIM_BYTES},
                 {"count", 1500, PA_DIM_COUNT}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        pa_profile *p = read_as(PA_STR("a;b 1500\n"), (pa_read_options){.input_unit = cases[i].unit});
        assert_int_equal(p->streams[0].values[0], cases[i].value);
        assert_int_equal(p->streams[0].metrics[0].dimension, cases[i].dimension);
        pa_profile_free(p);
    }
}

static void units_go_back(void **state)
{
    pa_arena *a = *state;
    pa_read_options us = {.input_unit = "us"};
    assert_text(written(a, PA_STR("b 2\na;b 1500\n"), us), PA_STR("a;b 1500\nb 2\n"));
    assert_text(written(a, PA_STR("a 0.5\nb 3\n"), us), PA_STR("a 0.5\nb 3\n"));
}

static void two_columns(void **state)
{
    pa_arena *a = *state;
    pa_str text = PA_STR("a 1 5 7\nb;c 0 2\nd 3\n");
    pa_profile *p = read_as(PA_STR("a;x 1 5 7\nb;c 0 2\nb;d 3 3\nb;e 4 4\nb;f 5 5\n"),
                            (pa_read_options){.two_columns = true});
    assert_int_equal(p->streams[0].n_metrics, 2);
    assert_int_equal(p->default_metric, 1);
    pa_profile_free(p);
    p = read_as(text, usual); /* not every line has two */
    assert_int_equal(p->streams[0].n_metrics, 1);
    pa_profile_free(p);
    assert_text(written(a, text, usual), PA_STR("a 1_5 7\nb;c_0 2\nd 3\n"));
}

/* ---- writing ------------------------------------------------------------------------------------------------------ */

static void names_that_are_no_names(void **state)
{
    pa_arena *a = *state;
    const struct {
        pa_str read, write;
    } cases[] = {
        {PA_STR("b 2\na 1\n"), PA_STR("a 1\nb 2\n")},
        {PA_STR("a;b 2\na 1\na b 3\na! 4\n"),
         PA_STR("a 1\na b 3\na! 4\na;b 2\n")}, /* by bytes, ' ' '!' ';' */
        {PA_STR("a;b 1\na;;b 2\na;b; 3\n ; 4\n"), PA_STR("[unknown] 4\na;[unknown];b 2\na;b 4\n")},
        {PA_STR(" 5\nz 1\n[no stack] 2\nA 3\n"), PA_STR("A 3\n[no stack] 7\nz 1\n")},
        {PA_STR("a;tier 2 30\na;tier_2 5\na;tier 2;b 1\n"), PA_STR("a;tier 2;b 1\na;tier_2 35\n")},
        {PA_STR("a;b -4 1\na;b 1e5 2\na;b 1.2.3 4\nc 3\n"),
         PA_STR("a;b 1.2.3 4\na;b_-4 1\na;b_1e5 2\nc 3\n")},
        {PA_STR("a 0\nb 1\nb -1\nc 2\n"), PA_STR("c 2\n")},
        {PA_STR("a 1\na 1\na;a 1\na;a;a 1\n"), PA_STR("a 2\na;a 1\na;a;a 1\n")},
        {PA_STR(" #x;y 1\n #x 2\na;#x 3\n_#x 4\n"), PA_STR("_#x 6\n_#x;y 1\na;#x 3\n")},
        {PA_STR("\xef\xbb\xbf\xef\xbb\xbf"
                "a 1\n"),
         PA_STR("_\xef\xbb\xbf"
                "a 1\n")},
        {PA_STR(" \xff\xfe 1\n \x1f\x8b;a 2\n \x28\xb5\x2f\xfd 3\n"),
         PA_STR("_\x1f\x8b;a 2\n_\x28\xb5\x2f\xfd 3\n_\xff\xfe 1\n")},
        {PA_STR("P1;a 1\nT2;T3 1\nx 1\nT4 1\nT4 x 1\n"), PA_STR("T4 x 1\n_P1;a 1\n_T2;T3 1\n_T4 1\nx 1\n")},
        {PA_STR("z;a 1\n{\"x 1\n<svg;b 1\n[{;c 1\ndesc: 1\n"),
         PA_STR("_<svg;b 1\n_[{;c 1\n_desc: 1\n_{\"x 1\nz;a 1\n")},
        {PA_STR("a_[k];b_[j];c_[i];d_[1];e_[0];f_[x] 1\n"),
         PA_STR("a_[k];b_[j];c_[i];d_[1];e_[0];f_[x] 1\n")},
        {PA_STR("a;[libc.so.6];[libc.so.6]_[k];[unknown]_[k];-;-- 1\n"),
         PA_STR("a;[libc.so.6];[libc.so.6]_[k];[unknown]_[k];-;-- 1\n")},
        {PA_STR("a\0b;c 1\n"), PA_STR("a b;c 1\n")},
        {PA_STR("a 1.50\nb 2\nc 1e-3\nd -0.25\n"), PA_STR("a 1.5\nb 2\nc 0.001\nd -0.25\n")},
        {PA_STR("a 9223372036854775807\nb -9223372036854775808\n"),
         PA_STR("a 9223372036854775807\nb -9223372036854775808\n")},
        {PA_STR("P1;T2;x.py:f:3 5\nP1;T3;x.py:f:4 6\n"), PA_STR("f 11\n")}, /* threads and lines are lost */
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_text(written(a, cases[i].read, usual), cases[i].write);
        assert_text(written(a, cases[i].write, usual), cases[i].write);
    }
}

static void nothing_to_write(void **state)
{
    assert_text(written(*state, PA_STR("a 0\n"), usual), PA_STR(""));
}

/* Any input: the second time nothing changes, and lines stand in the order of their stacks' bytes. */
static void written_twice(void **state)
{
    pa_arena *a = *state;
    for (uint64_t seed = 1; seed <= 12; seed++) {
        pa_str once = written(a, joined(a, some_lines(a, 300, seed * 7919, seed % 3 == 0)), usual);
        assert_text(written(a, once, usual), once);
        pa_str last = {0}, rest = once, line, word;
        while (collapsed_next_line(&rest, &line)) {
            pa_str stack = line;
            assert_true(collapsed_last_word(&stack, &word));
            assert_true(last.p == NULL || pa_str_cmp(last, stack) < 0);
            last = stack;
        }
    }
}

static pa_profile *with_names(pa_arena *a, const char *const *names, size_t n)
{
    pa_err err = {0};
    pa_builder *b = pa_builder_new(a);
    pa_begin_input(b, PA_STR("made"), "pprof", false);
    pa_metric m = {.name = pa_add_str(b, PA_STR("cpu")), .unit = pa_add_str(b, PA_STR("ns")), .factor = 1};
    pa_stream_id s = pa_add_stream(b, pa_add_str(b, PA_STR("")), &m, 1);
    for (size_t i = 0; i < n; i++) {
        pa_function f = {.name = pa_add_str(b, pa_cstr(names[i]))};
        pa_frame frame = {.function = pa_add_function(b, &f), .flags = PA_FRAME_KERNEL};
        pa_frame_id id = pa_add_frame(b, &frame);
        int64_t value = (int64_t)i + 1;
        assert_true(pa_add_row(b, s, pa_add_stack(b, &id, 1), (pa_context_id){0}, &value, &err));
    }
    pa_profile *p = pa_builder_finish(b, &err);
    assert_non_null(p);
    return p;
}

/* Names that no collapsed input can have, from other formats; their frame kinds are not made part of names. */
static void names_of_other_formats(void **state)
{
    (void)state;
    static const char *const names[] = {
        "a;b", "a:b",        "line\nbreak\r", " around ",         "   ", "", "#c",
        "x 7", "[no stack]", "y _[k]",        "z _[j]  _[k] _[i]"};
    pa_arena *mine = pa_arena_new(NULL);
    pa_profile *p = with_names(mine, names, sizeof names / sizeof *names);
    pa_arena *a = pa_arena_new(NULL);
    pa_out *out = pa_out_to_memory(a);
    pa_err err = {0};
    assert_true(pa_write(p, "collapsed", out, &err));
    pa_str want = PA_STR("[no stack] 9\n[unknown] 11\n_#c 7\na:b 3\naround 4\nline break 3\nx_7 8\ny_[k] "
                         "10\nz_[j]_[k]_[i] 11\n");
    assert_text(pa_out_written(out), want);
    assert_text(written(a, want, usual), want);
    pa_arena_free(a);
    pa_profile_free(p);
}

static void sums_too_large_to_write(void **state)
{
    pa_arena *a = *state;
    pa_err err = {0};
    pa_profile *p = read_as(PA_STR("P1;T1;a:b:1 9223372036854775\nP1;T2;a:b:1 9223372036854775\n"), usual);
    assert_false(pa_write(p, "collapsed", pa_out_to_memory(a), &err)); /* two threads, one stack */
    assert_string_equal(err.message, "sum of a stack exceeds 64 bits");
    pa_profile_free(p);
    memset(&err, 0, sizeof err);
    p = read_as(PA_STR("x 1 9223372036854775807\nx_1 1\ny 1\n"), usual); /* two names, written as one */
    assert_false(pa_write(p, "collapsed", pa_out_to_memory(a), &err));
    assert_string_equal(err.message, "sum of a stack exceeds 64 bits");
    pa_profile_free(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ARENA_TEST(weights),
        ARENA_TEST(order_of_lines),
        ARENA_TEST(blocks_and_threads),
        ARENA_TEST(first_failure),
        ARENA_TEST(units),
        ARENA_TEST(units_go_back),
        ARENA_TEST(two_columns),
        ARENA_TEST(written_twice),
        ARENA_TEST(names_that_are_no_names),
        ARENA_TEST(nothing_to_write),
        ARENA_TEST(names_of_other_formats),
        ARENA_TEST(sums_too_large_to_write),
    };
    return cmocka_run_group_tests_name("collapsed", tests, NULL, NULL);
}
