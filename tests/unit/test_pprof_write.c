/* pprof writing: what is said does not depend on the order in which a profile was built, what pprof has no place for is
 * merged and counted, and what a source did not say is made true to the data. */
#include "tests/unit/profiles.h"

#include "formats/pprof_write.h"

static pa_str written(pa_arena *a, const pa_profile *p)
{
    pa_err err = {0};
    pa_out *out = pa_out_to_memory(a);
    if (!pa_write(p, "pprof", out, &err))
        fail_msg("write: %s", err.message);
    return pa_out_written(out);
}

static pa_profile *read_back(pa_str bytes)
{
    pa_err err = {0};
    pa_profile *p = pa_read_memory("written", bytes, &(pa_read_options){.threads = 1}, &err);
    if (!p)
        fail_msg("read: %s", err.message);
    return p;
}

/* Written and read; a second writing must not change a byte.  Frees what it is given. */
static pa_profile *through(pa_arena *a, pa_profile *p)
{
    pa_str once = written(a, p);
    pa_profile *back = read_back(once);
    pa_str twice = written(a, back);
    assert_true(pa_str_eq(once, twice));
    pa_profile_free(p);
    return back;
}

static uint64_t lost(pa_arena *a, const pa_profile *p, const char *kind)
{
    pa_diags d = {0};
    pprof_write_losses(p, a, &d);
    for (size_t i = 0; i < d.n; i++)
        if (strcmp(d.p[i].kind, kind) == 0)
            return d.p[i].count;
    return 0;
}

static void assert_dumps(pa_arena *a, const pa_profile *p, const char *needle)
{
    if (!dump_has(a, p, needle))
        fail_msg("no '%s' in\n%.*s", needle, (int)dump_of(a, p).n, dump_of(a, p).p);
}

/* ---- order -------------------------------------------------------------------------------------------------- */

static const char *const stacks[] = {"main;a", "main;a;b", "main;b;a;b;a;b", "main", "", "z;a", "main;a;c"};
#define N_STACKS (sizeof stacks / sizeof *stacks)

/* The same thousand rows, in an order of its own for every seed. */
static pa_profile *shuffled(uint64_t seed)
{
    enum { ROWS = 1000 };
    static unsigned order[ROWS];
    for (unsigned i = 0; i < ROWS; i++)
        order[i] = i;
    for (unsigned i = ROWS; i-- > 1;) {
        unsigned j = (unsigned)random_below(&seed, i + 1), t = order[i];
        order[i] = order[j], order[j] = t;
    }
    pa_builder *b = new_builder();
    pa_stream_id s = stream_of(b, "", "cpu", "ns");
    for (unsigned i = 0; i < ROWS; i++) {
        unsigned n = order[i];
        char stack[64], thread[16];
        snprintf(stack, sizeof stack, "%s%sleaf%u", stacks[n % N_STACKS], n % N_STACKS == 4 ? "" : ";",
                 n % 50);
        snprintf(thread, sizeof thread, "thread %u", n % 13);
        row(b, s, stack_of(b, stack), n % 3 ? context_of(b, "thread", thread) : (pa_context_id){0}, n);
    }
    return finished(b);
}

static void order_of_building(void **state)
{
    pa_profile *p = shuffled(1);
    pa_str want = written(*state, p);
    pa_profile_free(p);
    for (uint64_t seed = 2; seed < 12; seed++) {
        p = shuffled(seed);
        assert_true(pa_str_eq(written(*state, p), want));
        pa_profile_free(through(*state, p));
    }
}

/* ---- metrics ------------------------------------------------------------------------------------------------ */

static pa_profile *one_metric(const char *unit, int64_t value, bool fractional)
{
    pa_builder *b = new_builder();
    pa_err err = {0};
    pa_stream_id s = stream_of(b, "", "cpu", unit);
    if (fractional)
        assert_true(pa_metric_fractional(b, s, 0, &err));
    row(b, s, stack_of(b, "main"), (pa_context_id){0}, value);
    return finished(b);
}

static void units(void **state)
{
    static const struct {
        const char *unit;
        int64_t value;
        bool fractional;
        const char *metric, *row;
        uint64_t rounded;
    } cases[] = {
        {"us", 7000, false, "cpu microseconds time", ": n=1 7000\n", 0},
        {"us", 7001, false, "cpu nanoseconds time", ": n=1 7001\n", 0},
        {"KB", 2048, false, "cpu kilobytes bytes", ": n=1 2048\n", 0},
        {"count", 3, false, "cpu count count", ": n=1 3\n", 0},
        {"jiffy", 3, false, "cpu jiffy other", ": n=1 3\n", 0},
        {"count", 2500000000, true, "cpu count count", ": n=1 3\n", 1},
        {"count", -2500000000, true, "cpu count count", ": n=1 -3\n", 1},
        {"count", 2499999999, true, "cpu count count", ": n=1 2\n", 1},
        {"count", 2000000000, true, "cpu count count", ": n=1 2\n", 0},
        {"ms", 1000000000000000, true, "cpu milliseconds time", ": n=1 1000000\n", 0},
        {"ms", 1000000400000000, true, "cpu nanoseconds time", ": n=1 1000000\n", 1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        pa_profile *p = one_metric(cases[i].unit, cases[i].value, cases[i].fractional);
        assert_int_equal(lost(*state, p, "value rounded to a whole number"), cases[i].rounded);
        p = through(*state, p);
        assert_dumps(*state, p, cases[i].metric);
        assert_dumps(*state, p, cases[i].row);
        pa_profile_free(p);
    }
}

/* What the default metric is and how far samples are apart: said in pprof's words when the source has others. */
static void defaults(void **state)
{
    pa_builder *b = new_builder();
    pa_metric m[] = {metric_of(b, "", "count"), metric_of(b, "wall", "us")};
    m[1].period = 20000;
    pa_stream_id s = pa_add_stream(b, str(b, ""), m, 2);
    pa_err err = {0};
    assert_true(pa_add_row(b, s, stack_of(b, "main"), (pa_context_id){0}, (int64_t[]){1, 20000}, &err));
    pa_set_default(b, s, 0);
    pa_set_default(b, s, 1); /* the first stays */
    pa_profile *p = through(*state, finished(b));
    assert_dumps(*state, p, "default_metric samples\n");
    assert_dumps(*state, p, "period_type samples\n");
    assert_dumps(*state, p, "metric samples count count");
    assert_dumps(*state, p, "metric wall microseconds time x1000");
    pa_profile_free(p);

    p = one_metric("ns", 5, false);
    p->streams[0].metrics[0].period = 10;
    p = through(*state, p);
    assert_dumps(*state, p, "period_type cpu\nperiod_unit nanoseconds\ndefault_metric cpu\n");
    assert_dumps(*state, p, " period 10\n");
    pa_profile_free(p);
}

static void nothing(void **state)
{
    pa_profile *p = through(*state, finished(new_builder()));
    assert_int_equal(p->n_streams, 0);
    pa_profile_free(p);
}

/* ---- frames ------------------------------------------------------------------------------------------------- */

static pa_frame_id frame(pa_builder *b, const char *name, uint64_t address, uint32_t flags)
{
    pa_function_id f = name ? pa_add_function(b, &(pa_function){.name = str(b, name)}) : (pa_function_id){0};
    return pa_add_frame(b, &(pa_frame){.function = f, .address = address, .flags = flags});
}

static void inlined_frames(void **state)
{
    pa_builder *b = new_builder();
    pa_stream_id s = stream_of(b, "", "cpu", "ns");
    pa_frame_id frames[] = {frame(b, "outer", 16, 0), frame(b, "middle", 16, PA_FRAME_INLINED),
                            frame(b, "inner", 0, PA_FRAME_INLINED), frame(b, "other", 32, PA_FRAME_INLINED),
                            frame(b, "leaf", 48, PA_FRAME_INLINED | PA_FRAME_FOLDED)};
    row(b, s, pa_add_stack(b, frames, 5), (pa_context_id){0}, 1);
    row(b, s, pa_add_stack(b, frames, 2), (pa_context_id){0}, 1);
    row(b, s, pa_add_stack(b, frames + 1, 1), (pa_context_id){0}, 1);
    pa_profile *p = through(*state, finished(b));
    /* the flag of a first frame has no place: nothing is there that it could be inlined into */
    assert_dumps(*state, p, "row outer @10 ; middle @10 i ; inner @10 i ; other @20 ; leaf @30 f : n=1 1\n");
    assert_dumps(*state, p, "row outer @10 ; middle @10 i : n=1 1\n");
    assert_dumps(*state, p, "row middle @10 : n=1 1\n");
    pa_profile_free(p);
}

static void unknown_frames(void **state)
{
    pa_builder *b = new_builder();
    pa_stream_id s = stream_of(b, "", "cpu", "ns");
    pa_frame_id frames[] = {{0},
                            frame(b, "[unknown]", 16, PA_FRAME_UNKNOWN),
                            frame(b, "[unknown]", 0, PA_FRAME_UNKNOWN),
                            frame(b, "", 0, 0),
                            frame(b, NULL, 32, PA_FRAME_UNKNOWN),
                            frame(b, "in", 32, PA_FRAME_INLINED)};
    row(b, s, pa_add_stack(b, frames, 6), (pa_context_id){0}, 1);
    row(b, s, (pa_stack_id){0}, (pa_context_id){0}, 0);
    pa_profile *p = through(*state, finished(b));
    assert_dumps(*state, p, "row '' u ; '' @10 u ; [unknown] ; '' ; '' @20 u ; in @20 : n=1 1\n");
    assert_dumps(*state, p, "row  : n=1 0\n");
    pa_profile_free(p);
}

/* Kernel or not: pprof cannot say, so these are one sample. */
static void frames_that_become_equal(void **state)
{
    pa_builder *b = new_builder();
    pa_stream_id s = stream_of(b, "", "cpu", "ns");
    for (uint32_t flags = 0; flags < 3; flags++) {
        pa_frame_id frames[] = {frame(b, "main", 0, 0), frame(b, "read", 0, flags << 1)};
        row(b, s, pa_add_stack(b, frames, 2), (pa_context_id){0}, 5);
        row(b, s, pa_add_stack(b, frames, 2), context_of(b, "k", "v"), 7);
    }
    /* used more often than "read" once the three are one: their number must not depend on when that happens */
    row(b, s, stack_of(b, "main;zeta"), (pa_context_id){0}, 1);
    row(b, s, stack_of(b, "other;zeta"), (pa_context_id){0}, 1);
    pa_profile *p = finished(b);
    assert_int_equal(lost(*state, p, "frame whose kind pprof has no place for"), 2);
    p = through(*state, p);
    assert_int_equal(p->n_stacks, 4); /* and the empty one */
    assert_dumps(*state, p, "row main ; read : n=1 15\n");
    assert_dumps(*state, p, "row main ; read | k=v : n=1 21\n");
    pa_profile_free(p);

    b = new_builder();
    s = stream_of(b, "", "cpu", "ns");
    for (uint32_t flags = 0; flags < 2; flags++) {
        pa_frame_id one = frame(b, "read", 0, flags << 1);
        row(b, s, pa_add_stack(b, &one, 1), (pa_context_id){0}, INT64_MAX);
    }
    p = finished(b);
    pa_err err = {0};
    assert_false(pa_write(p, "pprof", pa_out_to_memory(*state), &err));
    assert_int_equal(err.code, PA_E_OVERFLOW);
    pa_profile_free(p);
}

/* ---- mappings ----------------------------------------------------------------------------------------------- */

static pa_frame_id frame_in(pa_builder *b, const char *module, const char *name, const char *file,
                            int64_t line)
{
    pa_module_id m = pa_add_module(b, &(pa_module){.path = str(b, module)});
    pa_function_id f = pa_add_function(b, &(pa_function){.name = str(b, name), .file = str(b, file)});
    return pa_add_frame(b, &(pa_frame){.function = f, .module = m, .line = line});
}

static void main_binary(void **state)
{
    pa_builder *b = new_builder();
    pa_stream_id s = stream_of(b, "", "cpu", "ns");
    pa_frame_id frames[] = {
        frame_in(b, "[kernel.kallsyms]", "entry", "", 0), frame_in(b, "/lib/libc.so.6", "start", "", 0),
        frame_in(b, "/lib/libc.so.6", "exit", "", 0), frame_in(b, "/usr/bin/server", "main", "main.c", 4)};
    row(b, s, pa_add_stack(b, frames, 4), (pa_context_id){0}, 1);
    pa_profile *p = through(*state, finished(b));
    assert_true(pa_str_is(pa_string(p, pa_module_at(p, (pa_module_id){1})->path), "/usr/bin/server"));
    assert_dumps(*state, p, "/usr/bin/server id='' 0-0+0 flags=7\n");
    assert_dumps(*state, p, "/lib/libc.so.6 id='' 0-0+0 flags=1\n");
    pa_profile_free(p);

    /* no module at all: one without a name says that there is nothing to look up */
    p = through(*state, one_metric("ns", 1, false));
    assert_dumps(*state, p, "module 1 '' id='' 0-0+0 flags=7\n");
    pa_profile_free(p);
}

/* ---- labels and the rest ------------------------------------------------------------------------------------ */

static void labels(void **state)
{
    pa_builder *b = new_builder();
    pa_stream_id s = stream_of(b, "", "cpu", "ns");
    pa_label l[] = {
        {.key = str(b, "z"), .str = str(b, "second")},
        {.key = str(b, "empty"), .str = str(b, "")},
        {.key = str(b, "zero"), .numeric = true},
        {.key = str(b, "size"), .num = -1, .str = str(b, "kb"), .numeric = true},
        {.key = str(b, "a"), .str = str(b, "first")},
        {.key = str(b, "z"), .str = str(b, "again")},
    };
    row(b, s, stack_of(b, "main"), pa_add_context(b, l, 6), 1);
    pa_profile *p = through(*state, finished(b));
    assert_dumps(*state, p,
                 "row main | z=second, empty='', zero=#0, size=#-1:kb, a=first, z=again : n=1 1\n");
    pa_profile_free(p);
}

static void other_losses(void **state)
{
    pa_builder *b = new_builder();
    pa_begin_input(b, PA_STR("recording"), "other", false);
    pa_input_incomplete(b);
    pa_stream_id s = stream_of(b, "", "cpu", "ns"), t = stream_of(b, "second", "wall", "ns");
    row(b, s, stack_of(b, "main"), (pa_context_id){0}, 1);
    row(b, t, stack_of(b, "main;elsewhere"), context_of(b, "only", "there"), 1);
    pa_add_interval(b, &(pa_interval){.stream = s});
    pa_add_fact(b, &(pa_fact){.value = 1});
    pa_add_cost(b, &(pa_function_cost){.calls = 1});
    pa_add_edge(b, &(pa_edge){.calls = 1});
    pa_set_estimated(b);
    pa_merge_meta(b, &(pa_meta){.producer = str(b, "tracer 3")});
    pa_profile *p = finished(b);
    assert_int_equal(lost(*state, p, "mark that the input was read in part"), 1);
    assert_int_equal(lost(*state, p, "value rounded to a whole number"), 0);
    p = through(*state, p);
    assert_dumps(*state, p,
                 "comment 'tracer 3'\ncomment 'stacks are estimated from a call graph, not recorded'\n");
    assert_false(dump_has(*state, p, "elsewhere"));
    for (size_t i = 0; i < p->n_strings; i++)
        assert_false(pa_str_is(p->strings[i], "only") || pa_str_is(p->strings[i], "elsewhere"));
    pa_profile_free(p);
}

/* ---- without memory ----------------------------------------------------------------------------------------- */

static void every_block_refused(void **state)
{
    (void)state;
    pa_profile *from = shuffled(3);
    pa_arena *a = pa_arena_new(NULL);
    pa_str bytes = written(a, from), again = {0};
    pa_profile_free(from);
    long n = 1;
    for (bool ok = false; !ok; n++) {
        pa_budget budget = {.block_bytes = 256};
        pa_err err = {0};
        pa_profile *p =
            pa_read_memory("written", bytes, &(pa_read_options){.threads = 1, .budget = &budget}, &err);
        assert_non_null(p);
        pa_out *out = pa_out_to_memory(a);
        budget.fail_block = budget.n_blocks + n;
        ok = pa_write(p, "pprof", out, &err);
        assert_true(ok || err.code == PA_E_MEMORY);
        again = pa_out_written(out);
        assert_true(ok || again.n == 0);
        pa_profile_free(p);
        assert_int_equal(budget.used_bytes, 0);
    }
    assert_true(n > 20);
    assert_true(pa_str_eq(bytes, again));
    pa_arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ARENA_TEST(order_of_building),
        ARENA_TEST(units),
        ARENA_TEST(defaults),
        ARENA_TEST(nothing),
        ARENA_TEST(inlined_frames),
        ARENA_TEST(unknown_frames),
        ARENA_TEST(frames_that_become_equal),
        ARENA_TEST(main_binary),
        ARENA_TEST(labels),
        ARENA_TEST(other_losses),
        cmocka_unit_test(every_block_refused),
    };
    pa_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
