/* top: figures worked out by hand, ranks, thresholds, the text of both modes, and sums against a plain recount. */
#include "tests/unit/views.h"

#include <math.h>

#include "libanalysis/base/output.h"
#include "libanalysis/report/report.h"
#include "libanalysis/stats/wilson.h"

static pa_report *top_of(pa_arena *a, const pa_view *v, const pa_top_options *o)
{
    pa_err err = {0};
    pa_report *r = pa_top(v, o, a, &err);
    if (!r)
        fail_msg("top: %s", err.message);
    return r;
}

static const pa_cell *field(const pa_report *r, const char *key)
{
    for (size_t i = 0; i < r->root.items.n; i++)
        if (r->root.items.p[i].key && strcmp(r->root.items.p[i].key, key) == 0)
            return &r->root.items.p[i].cell;
    fail_msg("no field '%s'", key);
    return NULL;
}

static const pa_cell *cell(const pa_table *t, size_t row, const char *key)
{
    for (size_t i = 0; i < t->n_columns; i++)
        if (t->columns[i].key && strcmp(t->columns[i].key, key) == 0)
            return &t->cells.p[row * t->n_columns + i];
    fail_msg("no column '%s'", key);
    return NULL;
}

/* "f 1/2 g 3/4": names, flat and cum of the rows machines get (all: of those below the rule too). */
static void assert_rows(pa_arena *a, const pa_report *r, bool all, const char *want)
{
    const pa_table *t = field(r, "rows")->table;
    size_t n = pa_table_rows(t);
    if (t->rule_hides && !all)
        n = t->rule_at;
    pa_out *out = pa_out_to_memory(a);
    for (size_t i = 0; i < n; i++) {
        pa_out_cstr(out, i ? " " : "");
        pa_out_str(out, cell(t, i, "function")->s);
        pa_out_format(out, " %lld/%lld", (long long)cell(t, i, "flat")->i, (long long)cell(t, i, "cum")->i);
    }
    assert_same_text(pa_out_written(out), pa_cstr(want));
}

static pa_str text_of(pa_arena *a, const pa_report *r)
{
    pa_out *out = pa_out_to_memory(a);
    pa_err err = {0};
    assert_true(pa_render(r, "text", &(pa_render_options){0}, out, &err));
    return pa_arena_str(a, pa_out_written(out));
}

static const pa_top_options every = {.has_threshold = true};

/* a;f;g;f 10 counts once for f: cum(f) = 10, never 20. */
static void recursion(void **state)
{
    static const sample samples[] = {{"a;f;g;f", NULL, 10}, {"a;g", NULL, 1}};
    pa_profile *p = PROFILE(samples);
    assert_rows(*state, top_of(*state, view_of(*state, p, NULL), &every), true, "f 10/10 g 1/11 a 0/11");
    pa_profile_free(p);
}

static const sample eleven[] = {
    {"r;a", NULL, 500}, {"r;b", NULL, 300}, {"r;c", NULL, 100}, {"r;d", NULL, 50},
    {"r;e", NULL, 20},  {"r;f", NULL, 10},  {"r;g", NULL, 10},  {"r;h", NULL, 5},
    {"r;i", NULL, 3},   {"r;j", NULL, 1},   {"r;k", NULL, 1},
};

/* More than 5 % of 1000: a, b, c; d has exactly 5 %.  People see ten rows. */
static void thresholds(void **state)
{
    pa_profile *p = PROFILE(eleven);
    pa_view *v = view_of(*state, p, NULL);
    const char *ten = "a 500/500 b 300/300 c 100/100 d 50/50 e 20/20 f 10/10 g 10/10 h 5/5 i 3/3 j 1/1";
    assert_rows(*state, top_of(*state, v, NULL), false, "a 500/500 b 300/300 c 100/100");
    assert_rows(*state, top_of(*state, v, NULL), true, ten);
    assert_rows(*state, top_of(*state, v, &(pa_top_options){.has_threshold = true, .threshold = 0.4}), false,
                "a 500/500");
    assert_rows(*state, top_of(*state, v, &(pa_top_options){.has_threshold = true, .threshold = 0.4}), true,
                ten);
    assert_rows(*state, top_of(*state, v, &(pa_top_options){.node_count = 2}), false, "a 500/500 b 300/300");
    assert_rows(*state, top_of(*state, v, &(pa_top_options){.node_count = 4}), true,
                "a 500/500 b 300/300 c 100/100 d 50/50");
    assert_rows(
        *state, top_of(*state, v, &every), false,
        "a 500/500 b 300/300 c 100/100 d 50/50 e 20/20 f 10/10 g 10/10 h 5/5 i 3/3 j 1/1 k 1/1 r 0/1000");
    assert_rows(*state, top_of(*state, v, &(pa_top_options){.cum = true}), false,
                "r 0/1000 a 500/500 b 300/300 c 100/100");
    assert_rows(*state,
                top_of(*state, v, &(pa_top_options){.has_node_fraction = true, .node_fraction = 0.05}), true,
                "a 500/500 b 300/300 c 100/100 d 50/50 r 0/1000");
    const pa_object *rest = field(top_of(*state, v, NULL), "rest")->object;
    assert_int_equal(rest->items.p[0].cell.i, 9);
    assert_int_equal(rest->items.p[1].cell.i, 100);
    pa_profile_free(p);
}

/* Nothing above the threshold: machines get no row, people ten. */
static void flat_profile(void **state)
{
    static sample samples[40];
    static char names[40][16];
    for (int i = 0; i < 40; i++) {
        snprintf(names[i], sizeof names[i], "f%02d", i);
        samples[i] = (sample){names[i], NULL, 100};
    }
    pa_profile *p = PROFILE(samples);
    pa_report *r = top_of(*state, view_of(*state, p, NULL), NULL);
    assert_rows(*state, r, true, "");
    pa_str text = text_of(*state, r);
    assert_true(pa_str_search(text, PA_STR("f09")) > 0);
    assert_true(pa_str_search(text, PA_STR("f10")) < 0);
    assert_true(pa_str_search(text, PA_STR("30 other functions hold 75.00% of the time")) > 0);
    assert_true(pa_str_search(text, PA_STR("80 % of the time is in 32 of 40 functions")) > 0);
    pa_profile_free(p);
}

/* One record a sample: of 1000 equal ones, 500 and 300 differ, 10 and 10 and 5 do not (5 / sqrt(15) = 1.3). */
static void ranks(void **state)
{
    pa_builder *b = new_builder();
    pa_stream_id s = stream_of(b, "", "samples", "count");
    for (size_t i = 0; i < sizeof eleven / sizeof *eleven; i++)
        for (int64_t n = 0; n < eleven[i].value; n++)
            row(b, s, stack_from(b, eleven[i].stack), (pa_context_id){0}, 1);
    pa_profile *p = finished(b);
    pa_report *r = top_of(*state, view_of(*state, p, NULL), &every);
    const pa_table *t = field(r, "rows")->table;
    static const int want[] = {1, 2, 3, 4, 5, 5, 5, 8, 8, 8, 8, 12};
    /* e 20 against f 10: 10 / sqrt(30) = 1.83; against h 5: 15 / 5 = 3; h 5 against k 1: 4 / sqrt(6) = 1.63; r 0: 2.24 */
    for (size_t i = 0; i < sizeof want / sizeof *want; i++)
        assert_int_equal(cell(t, i, "rank")->i, want[i]);
    assert_int_equal(field(r, "samples")->i, 1000);
    assert_true(fabs(field(r, "samples_effective")->d - 1000) < 1e-9);
    assert_int_equal(cell(t, 0, "samples")->i, 500);
    pa_interval95 w = pa_wilson(0.3, 1000, PA_Z95);
    assert_true(fabs(cell(t, 1, "flat_share_low")->d - w.low) < 1e-12);
    assert_true(fabs(cell(t, 1, "flat_share_high")->d - w.high) < 1e-12);
    assert_true(pa_str_search(text_of(*state, r), PA_STR("5=")) > 0);
    r = top_of(*state, view_of(*state, p, NULL), &(pa_top_options){.has_threshold = true, .cum = true});
    t = field(r, "rows")->table; /* by cum only equal values share a rank */
    assert_int_equal(cell(t, 6, "rank")->i, 7);
    assert_int_equal(cell(t, 7, "rank")->i, 7);
    assert_int_equal(cell(t, 8, "rank")->i, 9);
    pa_profile_free(p);
}

/* Weights: 900 records of 1 and 10 of 10 are worth 1000^2 / 1900 = 526.3 samples. */
static void effective_samples(void **state)
{
    pa_builder *b = new_builder();
    pa_stream_id s = stream_of(b, "", "period", "count");
    for (int i = 0; i < 910; i++)
        row(b, s, stack_from(b, i < 900 ? "a" : "b"), (pa_context_id){0}, i < 900 ? 1 : 10);
    pa_profile *p = finished(b);
    pa_report *r = top_of(*state, view_of(*state, p, NULL), NULL);
    assert_int_equal(field(r, "samples")->i, 910);
    assert_true(fabs(field(r, "samples_effective")->d - 526.3157895) < 1e-6);
    pa_profile_free(p);
}

/* Where the count of samples comes from: another metric, a divisor, a sampled heap, or nowhere. */
static void count_sources(void **state)
{
    static const struct {
        pa_count_source source;
        int64_t period;
        double n; /* NAN: unknown */
    } rows[] = {
        {PA_COUNT_METRIC, 0, 30},
        {PA_COUNT_GCD, 0, 3}, /* 1000 and 2000: divisor 1000 */
        {PA_COUNT_GCD, 500, 6},
        {PA_COUNT_EXACT, 0, NAN},
        /* 10 objects of 100 bytes and 20 of 100, one byte in 100 seen: 30 (1 - 1/e) */
        {PA_COUNT_ESTIMATED, 100, 18.9636167648567},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        pa_builder *b = new_builder();
        pa_metric m[] = {metric_of(b, "objects", "count"), metric_of(b, "space", "bytes")};
        m[1].count_source = rows[i].source;
        m[1].period = rows[i].period;
        pa_stream_id s = pa_add_stream(b, str(b, ""), m, 2);
        pa_err err = {0};
        assert_true(pa_add_row(b, s, stack_from(b, "a"), (pa_context_id){0}, (int64_t[]){10, 1000}, &err));
        assert_true(pa_add_row(b, s, stack_from(b, "b"), (pa_context_id){0}, (int64_t[]){20, 2000}, &err));
        pa_profile *p = finished(b);
        pa_report *r = top_of(*state, view_of(*state, p, &(pa_view_options){.metric = "space"}), NULL);
        const pa_cell *n = field(r, "samples");
        if (isnan(rows[i].n)) {
            assert_int_equal(n->kind, PA_CELL_NONE);
            assert_int_equal(cell(field(r, "rows")->table, 0, "flat_share_low")->kind, PA_CELL_NONE);
            assert_int_equal(cell(field(r, "rows")->table, 1, "rank")->i, 2); /* and nothing is tied */
        } else {
            assert_int_equal(n->i, (int64_t)llround(rows[i].n));
            assert_true(fabs(field(r, "samples_effective")->d - rows[i].n) < 1e-6 * rows[i].n + 1e-9);
        }
        pa_profile_free(p);
    }
}

static void negative_values(void **state)
{
    static const sample samples[] = {{"a", NULL, 10}, {"b", NULL, -30}, {"c", NULL, 5}, {"c", "k=v", -5}};
    pa_profile *p = PROFILE(samples);
    pa_report *r = top_of(*state, view_of(*state, p, NULL), NULL);
    assert_rows(*state, r, true, "b -30/-30 a 10/10"); /* c cancels */
    assert_int_equal(field(r, "samples")->kind, PA_CELL_NONE);
    assert_int_equal(field(r, "total")->i, 50);
    assert_true(pa_str_search(text_of(*state, r), PA_STR("80 %")) < 0);
    pa_profile_free(p);
}

static void no_stack(void **state)
{
    static const sample samples[] = {{"a", NULL, 10}, {"", NULL, 5}};
    pa_profile *p = PROFILE(samples);
    assert_rows(*state, top_of(*state, view_of(*state, p, NULL), NULL), true, "a 10/10 [no stack] 5/5");
    assert_rows(*state, top_of(*state, view_of(*state, p, &(pa_view_options){.hide = "x"}), NULL), true,
                "a 10/10");
    assert_rows(*state,
                top_of(*state, view_of(*state, p, &(pa_view_options){.compat = PA_COMPAT_PPROF}), NULL), true,
                "a 10/10");
    pa_profile_free(p);
    static const sample threads[] = {{"a;b", "thread=x", 3}, {"a", "thread=x", 1}, {"a", NULL, 2}};
    p = PROFILE(threads);
    assert_rows(*state, top_of(*state, view_of(*state, p, &(pa_view_options){.by = PA_BY_THREAD}), NULL),
                true, "x 4/4 [no label] 2/2");
    pa_profile_free(p);
}

/* A call-graph source's own figures, as long as the view is of the whole. */
static void costs(void **state)
{
    static const sample samples[] = {{"main;f", NULL, 70}, {"main;g", NULL, 29}, {"main", NULL, 1}};
    pa_builder *b = builder_of(samples, 3);
    const struct {
        const char *name;
        pa_function_cost cost;
    } rows[] = {{"main", {.calls = 1, .primitive_calls = 1, .self = 0.6, .cumulative = 100}},
                {"f", {.calls = 9, .primitive_calls = 3, .self = 70.2, .cumulative = 75.5}}};
    for (size_t i = 0; i < 2; i++) {
        pa_function_cost c = rows[i].cost;
        c.function = pa_add_function(
            b, &(pa_function){.name = str(b, rows[i].name), .system_name = str(b, rows[i].name)});
        pa_add_cost(b, &c);
    }
    pa_set_estimated(b);
    pa_profile *p = finished(b);
    pa_report *r = top_of(*state, view_of(*state, p, NULL), &every);
    assert_rows(*state, r, true, "f 70/76 g 29/29 main 1/100");
    const pa_table *t = field(r, "rows")->table;
    assert_int_equal(cell(t, 0, "calls")->i, 9);
    assert_int_equal(cell(t, 0, "primitive_calls")->i, 3);
    assert_int_equal(cell(t, 1, "calls")->kind, PA_CELL_NONE);
    assert_true(pa_str_search(text_of(*state, r), PA_STR("estimated: ")) >= 0);
    r = top_of(*state, view_of(*state, p, &(pa_view_options){.focus = "f"}), &every);
    assert_rows(*state, r, true, "f 70/70 main 0/70");
    pa_profile_free(p);
}

static void fields_that_differ(void **state)
{
    static const sample samples[] = {
        {"f@a.c#m", NULL, 5}, {"f@b.c#m", NULL, 4}, {"g@c.c#m", NULL, 3}, {"g@c.c#n", NULL, 1}};
    pa_profile *p = PROFILE(samples);
    const pa_table *t = field(top_of(*state, view_of(*state, p, NULL), NULL), "rows")->table;
    assert_int_equal(cell(t, 0, "file")->kind, PA_CELL_NONE);
    assert_true(pa_str_is(cell(t, 0, "module")->s, "m"));
    assert_true(pa_str_is(cell(t, 1, "file")->s, "c.c"));
    assert_int_equal(cell(t, 1, "module")->kind, PA_CELL_NONE);
    pa_profile_free(p);
}

/* Damage first; two samples can rank nothing. */
static void whole_text(void **state)
{
    static const sample samples[] = {{"main;f", NULL, 2000000}, {"main;g", NULL, 1000000}};
    pa_builder *b = builder_of(samples, 2);
    pa_begin_input(b, PA_STR("a.pb"), "pprof", false);
    pa_begin_input(b, PA_STR("b.pb"), "pprof", false);
    pa_input_incomplete(b);
    pa_note(b, "odd thing", 3);
    pa_profile *p = finished(b);
    pa_report *r = top_of(*state, view_of(*state, p, &(pa_view_options){.ignore = "g"}), NULL);
    assert_same_text(
        text_of(*state, r),
        PA_STR("damaged: b.pb is truncated or broken; figures are of the part that could be read\n"
               "note: odd thing (1 time)\n"
               "2 files summed\n"
               "metric: cpu, total 3ms\n"
               "filters: ignore=g\n"
               "rank  flat   flat%    sum%  cum    cum%  function\n"
               "1=     2ms  66.67%  66.67%  2ms  66.67%  f\n"
               "-------------------------------------------------\n"
               "1=       0      0%  66.67%  2ms  66.67%  main\n"
               "the rows sum to 2ms, 66.67% of the total\n"
               "80 % of the selected time is in 1 of 2 functions\n"));
    assert_false(field(r, "complete")->b);
    pa_profile_free(p);
}

/* What pprof prints: header, filters, dropped nodes (cum under 0.5 % of 1000), inlined functions. */
static void as_pprof(void **state)
{
    static const sample samples[] = {{"main#/bin/app;>in;leaf", NULL, 600},
                                     {"main#/bin/app;mid;in", NULL, 396},
                                     {"main#/bin/app;>solo", NULL, 7},
                                     {"main#/bin/app;tiny", NULL, 4}};
    pa_builder *b = builder_of(samples, sizeof samples / sizeof *samples);
    pa_merge_meta(b,
                  &(pa_meta){.start_ns = 1700000000000000000, .duration_ns = 2000, .doc_url = str(b, "doc")});
    pa_profile *p = finished(b);
    pa_view_options o = {.compat = PA_COMPAT_PPROF, .focus = "main"};
    assert_same_text(text_of(*state, top_of(*state, view_of(*state, p, &o), NULL)),
                     PA_STR("File: app\n"
                            "Type: cpu\n"
                            "Doc: doc\n"
                            "Time: 2023-11-14 22:13:20 UTC\n"
                            "Duration: 2us, Total samples = 1007ns (50.35%)\n"
                            "Active filters:\n"
                            "   focus=main\n"
                            "Showing nodes accounting for 1003ns, 99.60% of 1007ns total\n"
                            "Dropped 1 node (cum <= 5ns)\n"
                            "      flat  flat%   sum%        cum   cum%\n"
                            "     600ns 59.58% 59.58%      600ns 59.58%  leaf\n"
                            "     396ns 39.32% 98.91%      996ns 98.91%  in (partial-inline)\n"
                            "       7ns   0.7% 99.60%        7ns   0.7%  solo (inline)\n"
                            "         0     0% 99.60%     1007ns   100%  main\n"
                            "         0     0% 99.60%      396ns 39.32%  mid\n"));
    pa_str text = text_of(
        *state, top_of(*state, view_of(*state, p, &o), &(pa_top_options){.node_count = 1, .cum = true}));
    assert_true(pa_str_search(text, PA_STR("Showing top 1 nodes out of 5\n")) > 0);
    text = text_of(*state,
                   top_of(*state, view_of(*state, p, &o), &every)); /* --threshold 0: nothing is dropped */
    assert_true(pa_str_search(text, PA_STR("tiny")) > 0);
    pa_profile_free(p);
}

static void units(void **state)
{
    static const sample samples[] = {{"f", NULL, 1500000}};
    pa_profile *p = PROFILE(samples);
    pa_view *v = view_of(*state, p, NULL);
    assert_true(pa_str_search(text_of(*state, top_of(*state, v, &(pa_top_options){.unit = "us"})),
                              PA_STR("1500us")) > 0);
    pa_err err = {0};
    assert_null(pa_top(v, &(pa_top_options){.unit = "MB"}, *state, &err));
    assert_int_equal(err.code, PA_E_USAGE);
    assert_string_equal(err.message, "unit: values in 'nanoseconds' cannot be shown in 'MB'");
    pa_profile_free(p);
}

/* A sum that leaves 64 bits is an error: 2^62 four times on one function, though the total is of magnitudes first. */
static void overflow(void **state)
{
    static const sample samples[] = {{"f;a", NULL, INT64_MAX}, {"f;b", NULL, 1}};
    pa_profile *p = PROFILE(samples);
    pa_err err = {0};
    assert_null(pa_view_new(p, NULL, *state, &err));
    assert_int_equal(err.code, PA_E_OVERFLOW);
    pa_profile_free(p);
}

/* flat and cum of every function by a plain recount over rows; self sums to the total. */
static void recount(void **state)
{
    for (uint64_t seed = 1; seed <= 30; seed++) {
        uint64_t random = seed;
        pa_builder *b = new_builder();
        pa_stream_id s = stream_of(b, "", "cpu", "ns");
        for (int i = 0; i < 150; i++) {
            pa_frame_id frames[10];
            size_t n = 1 + random_below(&random, 9);
            for (size_t j = 0; j < n; j++)
                frames[j] =
                    frame_named(b, (const char *[]){"a", "b", "c", "d", "e"}[random_below(&random, 5)]);
            pa_context_id c = context_from(b, random_below(&random, 2) ? "k=1" : "k=2");
            row(b, s, pa_add_stack(b, frames, n), c, (int64_t)random_below(&random, 100));
        }
        pa_profile *p = finished(b);
        pa_view *v =
            view_of(*state, p,
                    &(pa_view_options){.tagfocus = seed % 2 ? "k=1" : NULL, .ignore = seed % 3 ? NULL : "e"});
        const pa_table *t = field(top_of(*state, v, &every), "rows")->table;
        int64_t flats = 0, whole = 0;
        for (size_t i = 0; i < pa_table_rows(t); i++) {
            int64_t flat = 0, cum = 0;
            const pa_stream *st = pa_view_stream(v);
            for (size_t r = 0; r < st->n_rows; r++) {
                pa_frames f = pa_stack_at(p, st->stack[r]);
                bool in = false, leaf = pa_str_eq(pa_frame_name(p, f.p[f.n - 1]), cell(t, i, "function")->s);
                for (size_t j = 0; j < f.n; j++)
                    in |= pa_str_eq(pa_frame_name(p, f.p[j]), cell(t, i, "function")->s);
                int64_t value = pa_view_has_row(v, r) ? pa_view_value(v, r) : 0;
                flat += leaf ? value : 0;
                cum += in ? value : 0;
                whole += i == 0 ? value : 0;
            }
            assert_int_equal(cell(t, i, "flat")->i, flat);
            assert_int_equal(cell(t, i, "cum")->i, cum);
            flats += flat;
        }
        assert_int_equal(flats, whole);
        pa_profile_free(p);
    }
}

static void no_memory(void **state)
{
    (void)state;
    pa_profile *p = PROFILE(eleven);
    for (int compat = 0; compat < 2; compat++)
        for (long fail = 1;; fail++) {
            pa_budget budget = {.block_bytes = 256};
            pa_arena *a = pa_arena_new(&budget);
            pa_view *v =
                view_of(a, p, &(pa_view_options){.compat = compat ? PA_COMPAT_PPROF : PA_COMPAT_NONE});
            budget.fail_block = budget.n_blocks + fail;
            pa_err err = {0};
            pa_report *r = pa_top(v, NULL, a, &err);
            pa_arena_free(a);
            assert_int_equal(err.code, r ? PA_E_NONE : PA_E_MEMORY);
            if (r)
                break;
            assert_true(fail < 10000);
        }
    pa_profile_free(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ARENA_TEST(recursion),
        ARENA_TEST(thresholds),
        ARENA_TEST(flat_profile),
        ARENA_TEST(ranks),
        ARENA_TEST(effective_samples),
        ARENA_TEST(count_sources),
        ARENA_TEST(negative_values),
        ARENA_TEST(no_stack),
        ARENA_TEST(costs),
        ARENA_TEST(fields_that_differ),
        ARENA_TEST(whole_text),
        ARENA_TEST(as_pprof),
        ARENA_TEST(units),
        ARENA_TEST(overflow),
        ARENA_TEST(recount),
        cmocka_unit_test(no_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
