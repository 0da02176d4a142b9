/* Writing what a view shows: filters, names and metric in pa_view_profile, the ledger of pa_losses, gzip around a format;
 * scaling of inputs; and many inputs read in threads. */
#include "tests/unit/profiles.h"

#include <stdio.h>
#include <unistd.h>

#include "libanalysis/model/scale.h"
#include "libanalysis/model/view.h"

/* Two metrics, labels, lines, an inlined frame; a second stream, an interval and a fact on request. */
static pa_profile *sample(bool more)
{
    pa_builder *b = new_builder();
    pa_err err = {0};
    pa_metric metrics[] = {metric_of(b, "samples", "count"), metric_of(b, "cpu", "ns")};
    pa_stream_id s = pa_add_stream(b, str(b, ""), metrics, 2);
    pa_function_id f = pa_add_function(b, &(pa_function){.name = str(b, "work"), .file = str(b, "w.c")});
    pa_module_id m = pa_add_module(b, &(pa_module){.path = str(b, "/bin/prog")});
    pa_frame_id frames[] = {
        frame_named(b, "main"),
        pa_add_frame(b, &(pa_frame){.function = f, .module = m, .line = 7, .address = 0x10}),
        pa_add_frame(b, &(pa_frame){.function = f, .flags = PA_FRAME_INLINED})};
    pa_stack_id stack = pa_add_stack(b, frames, 3), other = stack_of(b, "main;rest");
    pa_context_id label = context_of(b, "handler", "list");
    assert_true(pa_add_row(b, s, stack, label, (const int64_t[]){3, 300}, &err));
    assert_true(pa_add_row(b, s, other, (pa_context_id){0}, (const int64_t[]){1, 100}, &err));
    pa_set_default(b, s, 1);
    if (more) {
        row(b, stream_of(b, "alloc", "space", "bytes"), other, label, 64);
        pa_add_interval(b, &(pa_interval){.stream = s, .stack = other, .start_ns = 5});
        pa_add_interval(b, &(pa_interval){.stream = s, .stack = stack, .context = label, .start_ns = 6});
        pa_add_fact(b, &(pa_fact){.kind = str(b, "gc")});
    }
    return finished(b);
}

static const pa_profile *shown(const pa_profile *p, const pa_view_options *options, pa_arena *a)
{
    pa_err err = {0};
    pa_view *view = pa_view_new(p, options, a, &err);
    const pa_profile *to = view ? pa_view_profile(view, a, &err) : NULL;
    if (!to)
        fail_msg("view: %s", err.message);
    return to;
}

static uint64_t lost(const pa_profile *p, const char *format, const char *what)
{
    pa_loss losses[32];
    size_t n = pa_losses(p, format, losses, 32);
    for (size_t i = 0; i < n; i++)
        if (strcmp(losses[i].what, what) == 0)
            return losses[i].count;
    return 0;
}

static pa_str written(pa_arena *a, const pa_profile *p, const char *format, bool gzip)
{
    pa_err err = {0};
    pa_out *out = pa_out_to_memory(a);
    if (!(gzip ? pa_write_gzip : pa_write)(p, format, out, &err))
        fail_msg("write: %s", err.message);
    return pa_out_written(out);
}

static void ledger(void **state)
{
    pa_loss one[1];
    (void)state;
    pa_profile *p = sample(true), *less = sample(false);
    assert_int_equal(lost(p, "collapsed", "other streams"), 1);
    assert_int_equal(lost(p, "collapsed", "other metrics"), 1);
    assert_int_equal(lost(p, "collapsed", "label sets"), 1);
    assert_int_equal(lost(p, "collapsed", "timeline entries"), 2);
    assert_int_equal(lost(p, "collapsed", "facts without a stack"), 1);
    assert_int_equal(lost(p, "collapsed", "frames' files and lines"), 2);
    assert_int_equal(lost(p, "collapsed", "frames' modules"), 1);
    assert_int_equal(lost(p, "collapsed", "frames' addresses"), 1);
    assert_int_equal(lost(p, "collapsed", "marks of inlined frames"), 1);
    assert_int_equal(lost(p, "pprof", "other streams"), 1);
    assert_int_equal(lost(p, "pprof", "label sets"), 0);
    assert_int_equal(pa_losses(less, "pprof", one, 1), 0);
    assert_int_equal(pa_losses(p, "collapsed", one, 1), 1); /* no more than there is room for */
    assert_int_equal(pa_losses(p, "collapsed", one, 0), 0);
    assert_int_equal(pa_losses(p, "no such format", one, 1), 0);
    pa_profile_free(p);
    pa_profile_free(less);
}

/* Values that a format rounds are in the ledger too. */
static void ledger_of_the_writer(void **state)
{
    (void)state;
    pa_builder *b = new_builder();
    pa_err err = {0};
    pa_stream_id s = stream_of(b, "", "weight", "count");
    assert_true(pa_metric_fractional(b, s, 0, &err));
    row(b, s, stack_of(b, "a"), (pa_context_id){0}, PA_FRACTION_SCALE / 2);
    row(b, s, stack_of(b, "b"), (pa_context_id){0}, PA_FRACTION_SCALE);
    pa_profile *p = finished(b);
    assert_int_equal(lost(p, "pprof", "value rounded to a whole number"), 1);
    assert_int_equal(lost(p, "collapsed", "value rounded to a whole number"), 0);
    pa_profile_free(p);
}

static void rows_that_pass(void **state)
{
    pa_arena *a = *state;
    pa_profile *p = sample(true);
    const pa_profile *q = shown(p, &(pa_view_options){.tagfocus = "handler=list", .names = PA_NAMES_RAW}, a);
    assert_int_equal(q->streams[0].n_rows, 1);
    assert_int_equal(q->streams[0].values[0], 3);
    assert_int_equal(q->streams[0].values[1], 300);
    assert_int_equal(q->streams[1].n_rows, 1);
    assert_int_equal(q->n_intervals, 1);
    assert_int_equal(q->intervals[0].start_ns, 6);
    assert_int_equal(p->streams[0].n_rows, 2); /* the source is as it was */
    q = shown(p, &(pa_view_options){.focus = "rest", .names = PA_NAMES_RAW}, a);
    assert_same_text(written(a, q, "collapsed", false), PA_STR("main;rest 100\n"));
    q = shown(p, &(pa_view_options){.names = PA_NAMES_RAW}, a);
    assert_same_dump(a, q, p);
    pa_profile_free(p);
}

static void metric_and_names(void **state)
{
    pa_arena *a = *state;
    pa_profile *p = sample(false);
    pa_view_options options = {.metric = "samples", .rename = "s/work/play/", .names = PA_NAMES_RAW};
    const pa_profile *q = shown(p, &options, a);
    assert_same_text(written(a, q, "collapsed", false), PA_STR("main;play;play 3\nmain;rest 1\n"));
    assert_true(pa_str_is(pa_string(q, q->meta.default_metric), "samples"));
    assert_int_equal(q->default_metric, 0);
    options = (pa_view_options){.tagroot = "handler", .rename = "s/list/none/", .names = PA_NAMES_RAW};
    q = shown(p, &options, a); /* a label's value is no function's name */
    assert_true(pa_str_search(written(a, q, "collapsed", false), PA_STR("list;main;work;work 300\n")) >= 0);
    pa_profile_free(p);
}

static void inside_gzip(void **state)
{
    pa_arena *a = *state;
    pa_err err = {0};
    pa_profile *p = sample(false);
    pa_str plain = written(a, p, "collapsed", false), packed = written(a, p, "collapsed", true);
    assert_true(pa_str_starts(packed, PA_STR("\x1f\x8b")));
    pa_profile *x = pa_read_memory("x", plain, NULL, &err), *y = pa_read_memory("x", packed, NULL, &err);
    assert_non_null(x);
    assert_non_null(y);
    assert_same_dump(a, x, y);
    assert_same_text(written(a, p, "pprof", true), written(a, p, "pprof", false)); /* once is enough */
    assert_false(pa_write(p, "no such format", pa_out_to_memory(a), &err));
    assert_int_equal(err.code, PA_E_USAGE);
    pa_profile_free(x);
    pa_profile_free(y);
    pa_profile_free(p);
}

/* ---- weights ------------------------------------------------------------------------------------------------ */

static pa_profile *column(const int64_t *values, size_t n, int decimals)
{
    pa_builder *b = new_builder();
    pa_err err = {0};
    pa_stream_id s = stream_of(b, "", "weight", "count");
    if (decimals)
        assert_true(pa_metric_fractional(b, s, 0, &err));
    for (size_t i = 0; i < n; i++) {
        char name[32];
        snprintf(name, sizeof name, "f%zu", i);
        row(b, s, stack_of(b, name), (pa_context_id){0}, values[i]);
    }
    return finished(b);
}

static void scaling(void **state)
{
    (void)state;
    pa_err err = {0};
    uint64_t seed = 7;
    for (int round = 0; round < 200; round++) {
        int64_t values[40], sum = 0;
        for (size_t i = 0; i < 40; i++)
            sum += values[i] = (int64_t)random_below(&seed, round % 2 ? 5 : 1000000007);
        int64_t wanted = 1 + (int64_t)random_below(&seed, round % 3 ? 100 : (uint64_t)1 << 62);
        pa_profile *p = column(values, 40, 0);
        pa_weight w = {.known = true, .total = wanted, .name = PA_STR("weight"), .dimension = PA_DIM_COUNT};
        assert_true(pa_scale_profile(p, &w, &err));
        int64_t got = 0;
        for (size_t i = 0; i < 40; i++) {
            long double exact = (long double)values[i] * (long double)wanted / (long double)sum;
            long double off = (long double)p->streams[0].values[i] - exact;
            assert_true(off < 1 && off > -1);
            got += p->streams[0].values[i];
        }
        assert_int_equal(got, wanted);
        pa_profile_free(p);
    }
}

static void scaling_fractions(void **state)
{
    (void)state;
    pa_err err = {0};
    pa_profile *p =
        column((const int64_t[]){PA_FRACTION_SCALE / 2, PA_FRACTION_SCALE / 2}, 2, 9); /* 0.5 and 0.5 */
    pa_weight w = {.known = true, .total = 30, .name = PA_STR("weight"), .dimension = PA_DIM_COUNT};
    assert_true(pa_scale_profile(p, &w, &err));
    assert_int_equal(p->streams[0].values[0], (int64_t)15 * PA_FRACTION_SCALE);
    pa_profile_free(p);
    p = column((const int64_t[]){6}, 1, 0);
    w = (pa_weight){.known = true,
                    .total = 1500000000,
                    .decimals = 9,
                    .name = PA_STR("weight"),
                    .dimension = PA_DIM_COUNT};
    assert_true(pa_scale_profile(p, &w, &err)); /* to 1.5 */
    assert_int_equal(p->streams[0].values[0], 2);
    assert_int_equal(noted(p, "value rounded when its input was scaled"), 1);
    pa_profile_free(p);
}

static void not_scaled(void **state)
{
    (void)state;
    pa_err err = {0};
    pa_profile *p = column((const int64_t[]){0, 0}, 2, 0);
    pa_weight w = {.known = true, .total = 30, .name = PA_STR("weight"), .dimension = PA_DIM_COUNT};
    assert_true(pa_scale_profile(p, &w, &err));
    assert_int_equal(noted(p, "input whose total is 0, not scaled"), 1);
    pa_profile_free(p);
    p = column((const int64_t[]){1, 2}, 2, 0);
    w.name = PA_STR("cpu");
    assert_true(pa_scale_profile(p, &w, &err));
    assert_int_equal(noted(p, "input with another default metric, not scaled"), 1);
    assert_int_equal(p->streams[0].values[1], 2);
    pa_profile_free(p);
    p = column((const int64_t[]){INT64_MAX, INT64_MAX}, 2, 0);
    w.name = PA_STR("weight");
    assert_false(pa_scale_profile(p, &w, &err));
    assert_int_equal(err.code, PA_E_OVERFLOW);
    pa_profile_free(p);
}

/* ---- many inputs ---------------------------------------------------------------------------------------------- */

#define N_FILES 90

typedef struct files {
    char directory[32];
    char names[N_FILES][48];
    const char *paths[N_FILES];
} files;

static void put_file(files *f, size_t i, const char *text)
{
    FILE *to = fopen(f->names[i], "w");
    assert_non_null(to);
    assert_true(fputs(text, to) >= 0);
    assert_int_equal(fclose(to), 0);
}

/* Every third file has values of its own kind, so that streams are appended on the way. */
static void make_files(files *f)
{
    snprintf(f->directory, sizeof f->directory, "/tmp/pa-write-XXXXXX");
    assert_non_null(mkdtemp(f->directory));
    for (size_t i = 0; i < N_FILES; i++) {
        char text[128];
        snprintf(f->names[i], sizeof f->names[i], "%s/%zu.folded", f->directory, i);
        f->paths[i] = f->names[i];
        snprintf(text, sizeof text, i % 40 == 39 ? "main;f%zu 1 2\nrest 3 4\n" : "main;f%zu %zu.5\nrest 3\n",
                 i % 7, i);
        put_file(f, i, text);
    }
}

static void remove_files(files *f)
{
    for (size_t i = 0; i < N_FILES; i++)
        assert_int_equal(remove(f->names[i]), 0);
    assert_int_equal(rmdir(f->directory), 0);
}

static uint32_t first_noted(const pa_profile *p, const char *kind)
{
    for (size_t i = 0; i < p->diags.n; i++)
        if (strcmp(p->diags.p[i].kind, kind) == 0)
            return p->diags.p[i].input;
    return UINT32_MAX;
}

static void any_number_of_threads(void **state)
{
    static const char other[] = "stream with other metrics than an earlier one of its name";
    pa_arena *a = *state;
    files f;
    make_files(&f);
    for (int equal = 0; equal < 2; equal++) {
        pa_profile *want = NULL;
        for (unsigned threads = 1; threads < 6; threads++) {
            pa_err err = {0};
            pa_read_options options = {.threads = threads, .equal_weight = equal};
            pa_profile *p = pa_read(f.paths, N_FILES, &options, &err);
            if (!p) {
                fail_msg("%s", err.message);
                return;
            }
            assert_int_equal(p->n_inputs, N_FILES);
            assert_int_equal(p->n_streams, 2);
            assert_int_equal(noted(p, other), 1);
            assert_int_equal(first_noted(p, other), 39);
            if (want) {
                assert_same_dump(a, p, want);
                pa_profile_free(p);
            } else {
                want = p;
            }
        }
        pa_profile_free(want);
    }
    remove_files(&f);
}

static void first_failure(void **state)
{
    (void)state;
    files f;
    make_files(&f);
    put_file(&f, 30, "no numbers here\nnor here\n");
    put_file(&f, 31, "\x1f\x8b damaged");
    put_file(&f, 80, "\x1f\x8b damaged");
    for (unsigned threads = 1; threads < 6; threads++) {
        pa_err err = {0};
        assert_null(pa_read(f.paths, N_FILES, &(pa_read_options){.threads = threads}, &err));
        assert_string_equal(err.input, f.names[30]);
    }
    remove_files(&f);
}

/* Whatever block is refused, in whichever thread: an error, and nothing left behind (which the sanitizer sees). */
static void each_block_refused(void **state)
{
    (void)state;
    files f;
    make_files(&f);
    for (int equal = 0; equal < 2; equal++) {
        pa_profile *p = NULL;
        for (long block = 1; !p; block += 1 + block / 16) {
            pa_budget budget = {.fail_block = block};
            pa_err err = {0};
            p = pa_read(f.paths, 12,
                        &(pa_read_options){.threads = 3, .equal_weight = equal, .budget = &budget}, &err);
            assert_true(p || err.code == PA_E_MEMORY);
            if (!p)
                assert_int_equal(budget.used_bytes, 0);
            assert_true(block < 100000);
            pa_profile_free(p);
        }
    }
    remove_files(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ledger),
        cmocka_unit_test(ledger_of_the_writer),
        ARENA_TEST(rows_that_pass),
        ARENA_TEST(metric_and_names),
        ARENA_TEST(inside_gzip),
        cmocka_unit_test(scaling),
        cmocka_unit_test(scaling_fractions),
        cmocka_unit_test(not_scaled),
        ARENA_TEST(any_number_of_threads),
        cmocka_unit_test(first_failure),
        cmocka_unit_test(each_block_refused),
    };
    pa_init();
    return cmocka_run_group_tests_name("write", tests, NULL, NULL);
}
