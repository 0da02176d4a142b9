/* pa_peek: callers and callees by hand, against a plain recount on random stacks, and from recorded edges. */
#include "tests/unit/views.h"

#include "libanalysis/base/output.h"
#include "libanalysis/report/report.h"

static pa_report *peek_of(pa_arena *a, const pa_view *v, const pa_peek_options *o)
{
    pa_err err = {0};
    pa_report *r = pa_peek(v, o, a, &err);
    if (!r)
        fail_msg("peek: %s", err.message);
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

static void put_calls(pa_out *out, const pa_table *t, const char *mark)
{
    for (size_t i = 0; i < pa_table_rows(t); i++) {
        pa_out_cstr(out, mark);
        pa_out_str(out, cell(t, i, "function")->s);
        pa_out_format(out, "=%lld", (long long)cell(t, i, "value")->i);
        if (cell(t, i, "inlined")->b)
            pa_out_cstr(out, "i");
        if (cell(t, i, "calls")->kind == PA_CELL_INT)
            pa_out_format(out, "*%lld", (long long)cell(t, i, "calls")->i);
        if (cell(t, i, "estimated")->b)
            pa_out_cstr(out, "?");
    }
}

/* "f 3/10 <caller=10 >callee=7": flat, cum and calls. */
static void assert_peek(pa_arena *a, const pa_report *r, const char *want)
{
    const pa_table *t = field(r, "functions")->table;
    pa_out *out = pa_out_to_memory(a);
    for (size_t i = 0; i < pa_table_rows(t); i++) {
        pa_out_cstr(out, i ? " | " : "");
        pa_out_str(out, cell(t, i, "function")->s);
        pa_out_format(out, " %lld/%lld", (long long)cell(t, i, "flat")->i, (long long)cell(t, i, "cum")->i);
        put_calls(out, cell(t, i, "callers")->table, " <");
        put_calls(out, cell(t, i, "callees")->table, " >");
    }
    assert_same_text(pa_out_written(out), pa_cstr(want));
}

static const sample samples[] = {
    {"main;f;g", NULL, 10},      {"main;f;>h", NULL, 5}, {"main;g", NULL, 2},
    {"main;f;g;f;g", NULL, 100}, {"f;f;f", NULL, 1},
};

/* A stack counts once for a call; a function that calls itself is no call. */
static void by_hand(void **state)
{
    pa_profile *p = PROFILE(samples);
    pa_view *v = view_of(*state, p, NULL);
    assert_peek(*state, peek_of(*state, v, &(pa_peek_options){.expression = "^f$"}),
                "f 1/116 <main=115 <g=100 >g=110 >h=5i");
    assert_peek(*state, peek_of(*state, v, &(pa_peek_options){.expression = "[gh]"}),
                "g 112/112 <f=110 <main=2 >f=100 | h 5/5 <f=5i");
    assert_peek(*state,
                peek_of(*state, v, &(pa_peek_options){.expression = ".", .cum = true, .node_count = 1}),
                "main 0/117 >f=115 >g=2");
    pa_profile_free(p);
}

static void text(void **state)
{
    pa_profile *p = PROFILE(samples);
    pa_out *out = pa_out_to_memory(*state);
    pa_err err = {0};
    const pa_report *r = peek_of(*state, view_of(*state, p, NULL),
                                 &(pa_peek_options){.expression = "f|main", .node_count = 1});
    assert_true(pa_render(r, "text", &(pa_render_options){0}, out, &err));
    assert_same_text(pa_out_written(out), PA_STR("metric: cpu, total 118ns\n"
                                                 "\n"
                                                 "f: flat 1ns (0.85%), cum 116ns (98.31%)\n"
                                                 "        value  of cum  function\n"
                                                 "caller  115ns  99.14%  main\n"
                                                 "caller  100ns  86.21%  g\n"
                                                 "callee  110ns  94.83%  g\n"
                                                 "callee    5ns   4.31%  h (inlined)\n"
                                                 "\xE2\x80\xA6 1 more matching\n"));
    pa_profile_free(p);
}

static void filtered(void **state)
{
    pa_profile *p = PROFILE(samples);
    assert_peek(*state,
                peek_of(*state, view_of(*state, p, &(pa_view_options){.hide = "^f$"}),
                        &(pa_peek_options){.expression = "g"}),
                "g 112/112 <main=112");
    pa_profile_free(p);
}

static void refusals(void **state)
{
    static const char *const bad[] = {"nosuch", "*"};
    pa_profile *p = PROFILE(samples);
    for (size_t i = 0; i < 2; i++) {
        pa_err err = {0};
        assert_null(
            pa_peek(view_of(*state, p, NULL), &(pa_peek_options){.expression = bad[i]}, *state, &err));
        assert_int_equal(err.code, PA_E_USAGE);
    }
    pa_profile_free(p);
    static const sample labelled[] = {{"f", "k=x", 1}};
    p = PROFILE(labelled);
    pa_err err = {0};
    assert_null(pa_peek(view_of(*state, p, &(pa_view_options){.by = PA_BY_LABEL, .by_label = "k"}),
                        &(pa_peek_options){.expression = "f"}, *state, &err));
    assert_int_equal(err.code, PA_E_USAGE);
    pa_profile_free(p);
}

/* ---- against a recount --------------------------------------------------------------------------------------- */

#define LETTERS 5

typedef struct recount {
    int64_t edge[LETTERS][LETTERS];
} recount;

static pa_profile *random_profile(uint64_t *seed, recount *r)
{
    pa_builder *b = new_builder();
    pa_stream_id s = stream_of(b, "", "cpu", "nanoseconds");
    *r = (recount){0};
    for (int i = 0; i < 40; i++) {
        pa_frame_id frames[16];
        size_t n = 1 + random_below(seed, 15);
        int64_t value = (int64_t)random_below(seed, 100) - 20;
        bool seen[LETTERS][LETTERS] = {0};
        unsigned last = LETTERS;
        for (size_t j = 0; j < n; j++) {
            unsigned letter = (unsigned)random_below(seed, LETTERS);
            char name[2] = {(char)('a' + letter), 0};
            frames[j] = frame_named(b, name);
            if (last < LETTERS && last != letter && !seen[last][letter]) {
                seen[last][letter] = true;
                r->edge[last][letter] += value;
            }
            last = letter;
        }
        row(b, s, pa_add_stack(b, frames, n), (pa_context_id){0}, value);
    }
    return finished(b);
}

static void check_calls(const pa_table *t, const recount *r, unsigned letter, bool callers)
{
    bool there[LETTERS] = {0};
    for (size_t i = 0; i < pa_table_rows(t); i++) {
        unsigned other = (unsigned)(cell(t, i, "function")->s.p[0] - 'a');
        there[other] = true;
        assert_int_equal(cell(t, i, "value")->i, callers ? r->edge[other][letter] : r->edge[letter][other]);
        if (i)
            assert_true(llabs(cell(t, i, "value")->i) <= llabs(cell(t, i - 1, "value")->i));
    }
    for (unsigned other = 0; other < LETTERS; other++)
        assert_true(there[other] || (callers ? r->edge[other][letter] : r->edge[letter][other]) == 0);
}

static void random_profiles(void **state)
{
    uint64_t seed = 17;
    for (int round = 0; round < 100; round++) {
        pa_arena *a = pa_arena_scratch(*state);
        recount r;
        pa_profile *p = random_profile(&seed, &r);
        const pa_table *t =
            field(peek_of(a, view_of(a, p, NULL), &(pa_peek_options){.expression = "[bd]"}), "functions")
                ->table;
        assert_in_range(pa_table_rows(t), 1, 2);
        for (size_t i = 0; i < pa_table_rows(t); i++) {
            unsigned letter = (unsigned)(cell(t, i, "function")->s.p[0] - 'a');
            check_calls(cell(t, i, "callers")->table, &r, letter, true);
            check_calls(cell(t, i, "callees")->table, &r, letter, false);
        }
        pa_profile_free(p);
        pa_arena_free(a);
    }
}

/* ---- recorded edges ------------------------------------------------------------------------------------------ */

static pa_function_id function_of(pa_builder *b, const char *name)
{
    return pa_add_function(b, &(pa_function){.name = str(b, name), .system_name = str(b, name)});
}

/* Rows derived by somebody's rule; the edges say something else, so that one can see which were taken. */
static pa_profile *call_graph(void)
{
    pa_builder *b = new_builder();
    pa_stream_id s = stream_of(b, "", "tottime", "nanoseconds");
    row(b, s, stack_of(b, "main;f;g"), (pa_context_id){0}, 70);
    row(b, s, stack_of(b, "main;g"), (pa_context_id){0}, 30);
    pa_function_id m = function_of(b, "main"), f = function_of(b, "f"), g = function_of(b, "g");
    pa_add_cost(b, &(pa_function_cost){m, 1, 1, 0, 100});
    pa_add_cost(b, &(pa_function_cost){f, 4, 4, 0, 71});
    pa_add_cost(b, &(pa_function_cost){g, 9, 7, 99, 100});
    pa_add_edge(b, &(pa_edge){m, f, 4, 4, 0, 71, 0});
    pa_add_edge(b, &(pa_edge){f, g, 6, 6, 71, 71.4, 0});
    pa_add_edge(b, &(pa_edge){m, g, 1, 1, 28, 29, 1});
    pa_add_edge(b, &(pa_edge){g, g, 2, 0, 1, 1, 0});
    pa_set_estimated(b);
    pa_set_default(b, s, 0);
    return finished(b);
}

static void recorded(void **state)
{
    pa_profile *p = call_graph();
    const pa_peek_options o = {.expression = "^g$"};
    assert_peek(*state, peek_of(*state, view_of(*state, p, NULL), &o), "g 99/100 <f=71*6 <main=29*1?");
    const pa_report *r = peek_of(*state, view_of(*state, p, &(pa_view_options){.focus = "f"}), &o);
    assert_peek(*state, r, "g 70/70 <f=70?");
    assert_false(field(r, "calls_recorded")->b);
    pa_profile_free(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {ARENA_TEST(by_hand),         ARENA_TEST(text),
                                       ARENA_TEST(filtered),        ARENA_TEST(refusals),
                                       ARENA_TEST(random_profiles), ARENA_TEST(recorded)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
