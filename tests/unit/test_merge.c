/* merge: whatever a profile holds comes through pa_add_profile unchanged (one synthetic profile for each kind of
 * thing), the parts of a split make the whole, and workers' profiles join in the order of the input. */
#include "tests/unit/profiles.h"

/* Things nobody refers to, so that all ids of what is merged after them change. */
static pa_profile *strangers(void)
{
    pa_builder *b = new_builder();
    (void)stack_of(b, "stranger;danger");
    (void)context_of(b, "strange", "value");
    return finished(b);
}

/* The dump says want, and says it again after a merge. Takes the profile. */
static void comes_through(pa_arena *a, pa_profile *p, const char *want)
{
    assert_same_text(dump_of(a, p), pa_cstr(want));
    pa_profile *first = strangers(), *again = merged((const pa_profile *const[]){first, p}, 2);
    assert_same_dump(a, again, p);
    pa_profile_free(first);
    pa_profile_free(again);
    pa_profile_free(p);
}

/* ---- one of each --------------------------------------------------------------------------------------------- */

static void streams(void **state)
{
    pa_builder *b = new_builder();
    pa_stream_id cycles = stream_of(b, "cycles", "cycles", "count");
    const pa_metric two[] = {
        {str(b, "objects"), str(b, "count"), PA_DIM_COUNT, 1, 0, PA_COUNT_EXACT, 0, 0},
        {str(b, "space"), str(b, "kB"), PA_DIM_BYTES, 1024, 0, PA_COUNT_ESTIMATED, 0, 524288},
    };
    pa_stream_id heap = pa_add_stream(b, str(b, "heap"), two, 2);
    pa_err err = {0};
    row(b, cycles, stack_of(b, "main;work"), (pa_context_id){0}, 7);
    row(b, cycles, stack_of(b, "main;work"), (pa_context_id){0}, 2);
    assert_true(pa_add_row(b, heap, stack_of(b, "main"), (pa_context_id){0}, (int64_t[]){3, 2048}, &err));
    pa_set_default(b, heap, 1);
    comes_through(*state, finished(b),
                  "start 0 duration 0 period 0\n"
                  "stream cycles\n"
                  "metric cycles count count x1 count=records\n"
                  "row main ; work : n=2 9^0.35\n"
                  "stream heap default\n"
                  "metric objects count count x1 count=exact\n"
                  "metric space kB bytes x1024 count=estimated:0 period=524288 default\n"
                  "row main : n=1 3 2048\n");
}

static void contexts(void **state)
{
    pa_builder *b = new_builder();
    pa_stream_id s = stream_of(b, "", "m", "count");
    const pa_label labels[] = {
        {.key = str(b, "thread"), .str = str(b, "w\n1")},
        {str(b, "size"), str(b, "bytes"), -64, true},
        {.key = str(b, "thread"), .str = str(b, "w2")},
    };
    row(b, s, stack_of(b, "f"), pa_add_context(b, labels, 3), 1);
    row(b, s, stack_of(b, "f"), pa_add_context(b, labels, 2), 2);
    row(b, s, stack_of(b, ""), context_of(b, "cpu", "0"), 4);
    comes_through(*state, finished(b),
                  "start 0 duration 0 period 0\n"
                  "stream '' default\n"
                  "metric m count count x1 count=records default\n"
                  "row  | cpu=0 : n=1 4\n"
                  "row f | thread=w\\x0a1, size=#-64:bytes : n=1 2\n"
                  "row f | thread=w\\x0a1, size=#-64:bytes, thread=w2 : n=1 1\n");
}

static void timeline(void **state)
{
    pa_builder *b = new_builder();
    (void)stream_of(b, "cpu", "m", "count");
    pa_stream_id sched = stream_of(b, "sched", "m", "count");
    pa_add_interval(b, &(pa_interval){.stream = sched,
                                      .stack = stack_of(b, "main;wait"),
                                      .context = context_of(b, "thread", "a"),
                                      .waker = context_of(b, "thread", "b"),
                                      .start_ns = 100,
                                      .duration_ns = 50,
                                      .wake_ns = 140,
                                      .value = 3,
                                      .state = str(b, "sleeping"),
                                      .flags = PA_INTERVAL_IRQ | PA_INTERVAL_TIMED_OUT});
    pa_add_interval(b, &(pa_interval){.start_ns = -5});
    comes_through(*state, finished(b),
                  "start 0 duration 0 period 0\n"
                  "stream cpu default\n"
                  "metric m count count x1 count=records default\n"
                  "stream sched\n"
                  "metric m count count x1 count=records\n"
                  "interval -5+0 cpu 0 flags=0 '' :  woken 0\n"
                  "interval 100+50 sched 3 flags=3 sleeping : main ; wait | thread=a woken 140 | thread=b\n");
}

static void facts(void **state)
{
    pa_builder *b = new_builder();
    pa_add_fact(b, &(pa_fact){.kind = str(b, "gc"),
                              .context = context_of(b, "heap", "old"),
                              .start_ns = 7,
                              .duration_ns = 3,
                              .value = 0.1,
                              .text = str(b, "full")});
    pa_add_fact(b, &(pa_fact){.kind = str(b, "flag"), .text = str(b, "x=y")});
    comes_through(*state, finished(b),
                  "start 0 duration 0 period 0\n"
                  "fact flag 0+0 0 'x=y'\n"
                  "fact gc 7+3 0.10000000000000001 full | heap=old\n");
}

static void call_graph(void **state)
{
    pa_builder *b = new_builder();
    pa_function_id f = pa_add_function(b, &(pa_function){str(b, "f"), {0}, str(b, "f.py"), 3}),
                   g = pa_add_function(b, &(pa_function){.name = str(b, "g")});
    pa_add_cost(b, &(pa_function_cost){f, 10, 7, 1.5, 4.25});
    pa_add_cost(b, &(pa_function_cost){g, 1, 1, 0, 1e300});
    pa_add_edge(b, &(pa_edge){f, g, 5, 4, 0.25, 0.5, 0});
    pa_add_edge(b, &(pa_edge){g, f, 1, 1, 0.125, 1, 1});
    pa_set_estimated(b);
    comes_through(*state, finished(b),
                  "start 0 duration 0 period 0 estimated\n"
                  "cost f sys='' f.py:0 start=3 : 10/7 1.5 4.25\n"
                  "cost g sys='' : 1/1 0 1.0000000000000001e+300\n"
                  "edge f sys='' f.py:0 start=3 -> g sys='' : 5/4 0.25 0.5\n"
                  "edge g sys='' -> f sys='' f.py:0 start=3 : 1/1 0.125 1 estimated\n");
}

/* The bit is contagious: one estimated part makes the whole so. */
static void estimated(void **state)
{
    (void)state;
    pa_builder *b = new_builder();
    pa_set_estimated(b);
    pa_profile *p[] = {finished(new_builder()), finished(b), finished(new_builder())};
    pa_profile *m = merged((const pa_profile *const *)p, 3),
               *n = merged((const pa_profile *const[]){p[0], p[2]}, 2);
    assert_true(m->estimated);
    assert_false(n->estimated);
    for (size_t i = 0; i < 3; i++)
        pa_profile_free(p[i]);
    pa_profile_free(m);
    pa_profile_free(n);
}

static void frames_and_metadata(void **state)
{
    pa_builder *b = new_builder();
    pa_begin_input(b, PA_STR("in"), "toy", false);
    pa_module_id m = pa_add_module(b, &(pa_module){str(b, "/lib/x.so"), str(b, "beef"), 0x10, 0x20, 0x30, 5});
    pa_function_id f = pa_add_function(b, &(pa_function){str(b, "f"), str(b, "_f"), str(b, "f.c"), 9});
    pa_frame_id frame = pa_add_frame(b, &(pa_frame){f, m, 0x15, 10, 2, PA_FRAME_INLINED | PA_FRAME_FOLDED});
    pa_meta meta = {str(b, "p"), 1,           2,           str(b, "cpu"), str(b, "ns"), 3,
                    str(b, "m"), str(b, "u"), str(b, "d"), str(b, "k"),   {0}};
    pa_push(pa_builder_arena(b), &meta.comments) = str(b, "hello");
    pa_merge_meta(b, &meta);
    row(b, stream_of(b, "", "m", "count"), pa_add_stack(b, &frame, 1), (pa_context_id){0}, 1);
    pa_note(b, "odd", 77);
    pa_input_incomplete(b);
    comes_through(*state, finished(b),
                  "producer p\nperiod_type cpu\nperiod_unit ns\ndefault_metric m\ndoc_url u\ndrop_frames d\n"
                  "keep_frames k\nstart 1 duration 2 period 3\ncomment hello\ninput 0 incomplete\n"
                  "note odd: 1, first at 77\n"
                  "module 1 /lib/x.so id=beef 10-20+30 flags=5\n"
                  "stream '' default\n"
                  "metric m count count x1 count=records default\n"
                  "row f sys=_f f.c:10 start=9 col=2 @15 mod=1 if : n=1 1\n");
}

/* Streams and modules of two profiles under each other's numbers. */
static void streams_and_modules_move(void **state)
{
    (void)state;
    pa_profile *p[2];
    for (int i = 0; i < 2; i++) {
        pa_builder *b = new_builder();
        pa_stream_id s = stream_of(b, i ? "second" : "first", "m", "count");
        pa_module_id m = pa_add_module(b, &(pa_module){.path = str(b, i ? "b.so" : "a.so")});
        pa_frame_id f = pa_add_frame(b, &(pa_frame){.module = m});
        pa_add_interval(b, &(pa_interval){.stream = s, .stack = pa_add_stack(b, &f, 1)});
        row(b, s, pa_add_stack(b, &f, 1), (pa_context_id){0}, 1);
        if (i)
            pa_set_default(b, s, 0);
        p[i] = finished(b);
    }
    pa_profile *m = merged((const pa_profile *const *)p, 2);
    assert_int_equal(m->n_streams, 2);
    assert_int_equal(m->default_stream.v, 0);
    for (size_t i = 0; i < 2; i++) {
        const pa_interval *v = &m->intervals[i];
        assert_true(pa_str_is(pa_string(m, m->streams[v->stream.v].name), i ? "second" : "first"));
        const pa_frame *f = pa_frame_at(m, pa_stack_at(m, v->stack).p[0]);
        assert_true(pa_str_is(pa_string(m, pa_module_at(m, f->module)->path), i ? "b.so" : "a.so"));
        assert_int_equal(m->streams[i].stack[0].v, v->stack.v);
    }
    pa_profile_free(p[0]);
    pa_profile_free(p[1]);
    pa_profile_free(m);
}

/* ---- parts and whole ----------------------------------------------------------------------------------------- */

#define PARTS 4

typedef struct parts {
    pa_builder *b[PARTS + 1]; /* the last gets everything */
    pa_stream_id one[PARTS + 1], two[PARTS + 1];
} parts;

static void random_record(pa_builder *b, pa_stream_id one, pa_stream_id two, uint64_t seed)
{
    char names[64] = "r";
    pa_err err = {0};
    uint64_t depth = random_below(&seed, 4);
    for (uint64_t i = 0; i < depth; i++)
        snprintf(names + strlen(names), sizeof names - strlen(names), ";f%u",
                 (unsigned)random_below(&seed, 4));
    pa_stack_id stack = stack_of(b, names);
    pa_context_id context = {0};
    if (random_below(&seed, 2))
        context = context_of(b, random_below(&seed, 2) ? "k" : "l", random_below(&seed, 2) ? "v" : "w");
    int64_t value = (int64_t)random_next(&seed) / 2000; /* a few hundred of them fit, squares need 128 bits */
    if (random_below(&seed, 3))
        row(b, one, stack, context, value);
    else
        assert_true(pa_add_row(b, two, stack, context, (int64_t[]){1, value}, &err));
}

static parts random_parts(uint64_t seed, size_t n)
{
    parts p;
    for (size_t i = 0; i <= PARTS; i++) {
        p.b[i] = new_builder();
        p.one[i] = stream_of(p.b[i], "one", "m", "count");
        const pa_metric two[] = {metric_of(p.b[i], "x", "count"), metric_of(p.b[i], "y", "ns")};
        p.two[i] = pa_add_stream(p.b[i], str(p.b[i], "two"), two, 2);
    }
    for (size_t i = 0; i < n; i++) {
        uint64_t record = random_next(&seed);
        size_t part = random_below(&seed, PARTS);
        random_record(p.b[part], p.one[part], p.two[part], record | 1);
        random_record(p.b[PARTS], p.one[PARTS], p.two[PARTS], record | 1);
    }
    return p;
}

static void parts_make_the_whole(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 60; seed++) {
        pa_arena *a = pa_arena_new(NULL);
        parts b = random_parts(seed, seed * 10);
        pa_profile *p[PARTS + 1], *reversed[PARTS];
        for (size_t i = 0; i <= PARTS; i++)
            p[i] = finished(b.b[i]);
        for (size_t i = 0; i < PARTS; i++)
            reversed[i] = p[PARTS - 1 - i];
        pa_profile *m = merged((const pa_profile *const *)p, PARTS);
        pa_profile *r = merged((const pa_profile *const *)reversed, PARTS);
        pa_profile *left = merged((const pa_profile *const *)p, 2);
        pa_profile *nested = merged((const pa_profile *const[]){left, p[2], p[3]}, 3);
        assert_same_dump(a, m, p[PARTS]);
        assert_same_dump(a, r, p[PARTS]);
        assert_same_dump(a, nested, p[PARTS]);
        pa_profile *const all[] = {m, r, left, nested};
        for (size_t i = 0; i <= PARTS; i++)
            pa_profile_free(p[i]);
        for (size_t i = 0; i < 4; i++)
            pa_profile_free(all[i]);
        pa_arena_free(a);
    }
}

static pa_profile *with_fraction(bool fractional, int64_t value, bool second)
{
    pa_builder *b = new_builder();
    pa_err err = {0};
    const pa_metric two[] = {metric_of(b, "x", "count"), metric_of(b, "y", "count")};
    pa_stream_id s = pa_add_stream(b, str(b, ""), two, 2);
    if (fractional)
        assert_true(pa_metric_fractional(b, s, second, &err));
    if (value)
        assert_true(pa_add_row(b, s, stack_of(b, "a"), (pa_context_id){0}, (int64_t[]){value, value}, &err));
    return finished(b);
}

/* In any order, with parts that have no rows, two metrics that become fractional at different times. */
static void fractions(void **state)
{
    (void)state;
    pa_profile *whole = with_fraction(false, 3, false), *x = with_fraction(true, 4, false),
               *y = with_fraction(true, 5, true), *empty = with_fraction(false, 0, false),
               *empty_x = with_fraction(true, 0, false);
    const pa_profile *const orders[][5] = {{whole, x, y, empty, empty_x},
                                           {empty_x, empty, y, x, whole},
                                           {y, whole, empty, empty_x, x},
                                           {x, y, whole, empty_x, empty}};
    const int64_t unit = 1000000000;
    for (size_t i = 0; i < 4; i++) {
        pa_profile *m = merged(orders[i], 5);
        pa_stream *s = &m->streams[0];
        assert_int_equal(s->n_rows, 1);
        assert_int_equal(s->metrics[0].decimals, 9);
        assert_int_equal(s->metrics[1].decimals, 9);
        assert_int_equal(s->values[0], 3 * unit + 4 + 5 * unit);
        assert_int_equal(s->values[1], 3 * unit + 4 * unit + 5);
        assert_true(pa_row_square(s, 0, 0) == (pa_u128)34 * unit * unit + 16);
        assert_true(pa_row_square(s, 0, 1) == (pa_u128)25 * unit * unit + 25);
        pa_profile_free(m);
    }
    pa_profile *const all[] = {whole, x, y, empty, empty_x};
    for (size_t i = 0; i < 5; i++)
        pa_profile_free(all[i]);
}

static void fraction_overflow(void **state)
{
    (void)state;
    pa_profile *big = with_fraction(false, 9223372037, false), *x = with_fraction(true, 1, false);
    const pa_profile *const orders[][2] = {{big, x}, {x, big}};
    for (size_t i = 0; i < 2; i++) {
        pa_builder *b = new_builder();
        pa_err err = {0};
        assert_true(pa_add_profile(b, orders[i][0], &err));
        assert_false(pa_add_profile(b, orders[i][1], &err));
        assert_int_equal(err.code, PA_E_OVERFLOW);
        pa_arena_free(pa_builder_arena(b));
    }
    pa_profile_free(big);
    pa_profile_free(x);
}

static void overflow(void **state)
{
    (void)state;
    pa_builder *b = new_builder();
    row(b, stream_of(b, "", "m", "count"), stack_of(b, "a"), (pa_context_id){0}, INT64_MAX);
    pa_profile *p = finished(b);
    b = new_builder();
    pa_err err = {0};
    assert_true(pa_add_profile(b, p, &err));
    assert_false(pa_add_profile(b, p, &err));
    assert_int_equal(err.code, PA_E_OVERFLOW);
    assert_int_equal(err.offset, PA_NO_OFFSET);
    assert_string_equal(err.message, "sum of 'm' exceeds 64 bits");
    pa_arena_free(pa_builder_arena(b));
    pa_profile_free(p);
}

/* ---- what is counted, is counted once ------------------------------------------------------------------------ */

#define OTHER_METRICS "stream with other metrics than an earlier one of its name"

static void streams_that_do_not_match(void **state)
{
    pa_arena *a = *state;
    pa_builder *b = new_builder(), *c = new_builder();
    row(b, stream_of(b, "s", "m", "count"), stack_of(b, "a"), (pa_context_id){0}, 1);
    row(c, stream_of(c, "s", "n", "bytes"), stack_of(c, "a"), (pa_context_id){0}, 2);
    pa_profile *p[] = {finished(b), finished(c)}, *m = merged((const pa_profile *const *)p, 2);
    assert_int_equal(m->n_streams, 2);
    assert_int_equal(noted(m, OTHER_METRICS), 1);
    pa_profile *again = merged((const pa_profile *const[]){m}, 1);
    assert_same_dump(a, again, m);
    pa_profile *const all[] = {p[0], p[1], m, again};
    for (size_t i = 0; i < 4; i++)
        pa_profile_free(all[i]);
}

static void deep_stacks(void **state)
{
    pa_arena *a = *state;
    pa_builder *b = new_builder();
    (void)pa_add_stack(b, pa_new(a, pa_frame_id, 5000), 5000);
    pa_profile *p = finished(b), *m = merged((const pa_profile *const[]){p}, 1);
    assert_int_equal(noted(p, "stack deeper than 4096 frames"), 1);
    assert_same_dump(a, m, p);
    pa_profile_free(p);
    pa_profile_free(m);
}

static void inputs(void **state)
{
    (void)state;
    pa_profile *p[2];
    for (size_t i = 0; i < 2; i++) {
        pa_builder *b = new_builder();
        pa_begin_input(b, i ? PA_STR("c") : PA_STR("a"), "toy", false);
        pa_begin_input(b, i ? PA_STR("d") : PA_STR("b"), "toy", false);
        pa_note(b, i ? "odd" : "strange", 5);
        p[i] = finished(b);
    }
    pa_profile *m = merged((const pa_profile *const *)p, 2);
    assert_int_equal(m->n_inputs, 4);
    assert_true(pa_str_is(pa_string(m, m->inputs[3].name), "d"));
    assert_int_equal(m->diags.n, 2);
    assert_string_equal(m->diags.p[0].kind, "strange");
    assert_int_equal(m->diags.p[0].input, 1);
    assert_int_equal(m->diags.p[1].input, 3);
    pa_profile_free(p[0]);
    pa_profile_free(p[1]);
    pa_profile_free(m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ARENA_TEST(streams),
        ARENA_TEST(contexts),
        ARENA_TEST(timeline),
        ARENA_TEST(facts),
        ARENA_TEST(call_graph),
        cmocka_unit_test(estimated),
        ARENA_TEST(frames_and_metadata),
        cmocka_unit_test(streams_and_modules_move),
        cmocka_unit_test(parts_make_the_whole),
        cmocka_unit_test(fractions),
        cmocka_unit_test(fraction_overflow),
        cmocka_unit_test(overflow),
        ARENA_TEST(streams_that_do_not_match),
        ARENA_TEST(deep_stacks),
        cmocka_unit_test(inputs),
    };
    return cmocka_run_group_tests_name("merge", tests, NULL, NULL);
}
