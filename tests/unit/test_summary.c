/* summary: the hot path and why it stops, the five hottest, and the command line it proposes. */
#include "tests/unit/reports.h"

static pa_report *summary_of(pa_arena *a, const pa_profile *p, const pa_view_options *o)
{
    pa_err err = {0};
    pa_report *r = pa_summary(view_of(a, p, o), NULL, a, &err);
    if (!r)
        fail_msg("summary: %s", err.message);
    return r;
}

/* "a b c: leaf" */
static void assert_path(pa_arena *a, const pa_report *r, const char *want)
{
    const pa_object *path = field_in(&r->root, "hot_path")->object;
    const pa_table *steps = field_in(path, "steps")->table;
    const pa_cell *end = field_in(path, "end");
    pa_out *out = pa_out_to_memory(a);
    for (size_t i = 0; i < pa_table_rows(steps); i++) {
        pa_out_str(out, cell_of(steps, i, "function")->s);
        pa_out_char(out, i + 1 < pa_table_rows(steps) ? ' ' : ':');
    }
    pa_out_char(out, ' ');
    pa_out_str(out, end->kind == PA_CELL_STR ? end->s : PA_STR("-"));
    assert_same_text(pa_out_written(out), pa_cstr(want));
}

#define PATH(want, ...)                                          \
    do {                                                         \
        const sample samples_[] = {__VA_ARGS__};                 \
        pa_profile *p_ = PROFILE(samples_);                      \
        assert_path(*state, summary_of(*state, p_, NULL), want); \
        pa_profile_free(p_);                                     \
    } while (0)

static void paths(void **state)
{
    /* 60 of 100, then three calls of 20: none holds half, and a has nothing of its own */
    PATH("r a: fan-out", {"r;a;b", NULL, 20}, {"r;a;c", NULL, 20}, {"r;a;d", NULL, 20}, {"r;e;f", NULL, 40});
    /* exactly half is enough, one less is not */
    PATH("r a: leaf", {"r;a", NULL, 50}, {"r;b", NULL, 49}, {"r", NULL, 1});
    PATH("r: fan-out", {"r;a", NULL, 49}, {"r;b", NULL, 49}, {"r", NULL, 2});
    PATH("r: self-dominant", {"r;a", NULL, 30}, {"r;b", NULL, 20}, {"r", NULL, 50});
    PATH("r: self-dominant", {"r;a", NULL, 33}, {"r;b", NULL, 34}, {"r", NULL, 34});
    /* the heaviest root, though another has the heaviest function */
    PATH("s a: fan-out", {"s;a;x", NULL, 20}, {"s;a;y", NULL, 20}, {"s;a;z", NULL, 20}, {"t;u", NULL, 50});
    /* equal children: more of its own first, then by name */
    PATH("r b: leaf", {"r;a;c", NULL, 10}, {"r;b", NULL, 10});
    PATH("r a: leaf", {"r;b", NULL, 10}, {"r;a", NULL, 10});
    PATH("r r r: leaf", {"r;r;r", NULL, 10}, {"r", NULL, 1});
    PATH("r: leaf", {"r", NULL, 10});
}

/* A path of one function is one line. */
static void recursion_in_text(void **state)
{
    static const sample deep[] = {{"main;f;f;f;f;g", NULL, 10}};
    pa_profile *p = PROFILE(deep);
    pa_report *r = summary_of(*state, p, NULL);
    assert_shows(*state, r, "f (4 deep)\n");
    pa_profile_free(p);
    static const sample tall[] = {{"a;b;c;d;e;f;g;h;i;j;k;l;m", NULL, 10}};
    p = PROFILE(tall);
    r = summary_of(*state, p, NULL);
    assert_shows(*state, r, " e\n              ... 2 more\n 10ns   100%  h\n");
    pa_profile_free(p);
}

/* What is left of a difference is no path; neither is nothing, nor groups that are no frames. */
static void no_path(void **state)
{
    static const sample difference[] = {{"a;b", NULL, 10}, {"a;c", NULL, -5}}, nothing[] = {{"a", NULL, 0}},
                        labelled[] = {{"a", "k=v", 10}};
    pa_profile *p = PROFILE(difference);
    assert_path(*state, summary_of(*state, p, NULL), " -");
    pa_profile_free(p);
    p = PROFILE(nothing);
    pa_report *r = summary_of(*state, p, NULL);
    assert_shows(*state, r, "no samples are left to show");
    assert_int_equal(field_in(&r->root, "next")->kind, PA_CELL_NONE);
    pa_profile_free(p);
    p = PROFILE(labelled);
    r = summary_of(*state, p, &(pa_view_options){.by = PA_BY_LABEL, .by_label = "k"});
    for (size_t i = 0; i < r->root.items.n; i++)
        assert_true(!r->root.items.p[i].key || strcmp(r->root.items.p[i].key, "hot_path") != 0);
    pa_profile_free(p);
}

static void hottest(void **state)
{
    static const sample samples[] = {{"a", NULL, 60}, {"b", NULL, 50}, {"c", NULL, 40},
                                     {"d", NULL, 30}, {"e", NULL, 20}, {"f", NULL, 10}};
    pa_profile *p = PROFILE(samples);
    assert_table(*state, table_of(summary_of(*state, p, NULL), "rows"), "function flat",
                 "a|60\nb|50\nc|40\nd|30\ne|20\n");
    pa_profile_free(p);
}

/* ---- the next command ----------------------------------------------------------------------------------------- */

static void assert_next(pa_arena *a, const char *stack, const char *metric, const char *unit,
                        const char *const *files, size_t n, const char *want)
{
    pa_builder *b = new_builder();
    pa_err err = {0};
    for (size_t i = 0; i < n; i++)
        pa_begin_input(b, pa_cstr(files[i]), "toy", false);
    pa_stream_id s = stream_of(b, "", metric, unit);
    row(b, s, stack_from(b, stack), (pa_context_id){0}, 5);
    pa_profile *p = pa_builder_finish(b, &err);
    assert_non_null(p);
    const pa_cell *next = field_in(&summary_of(a, p, NULL)->root, "next");
    assert_same_text(next->kind == PA_CELL_STR ? next->s : PA_STR("-"), pa_cstr(want));
    pa_profile_free(p);
}

static void next_commands(void **state)
{
    static const char *const one[] = {"a.pb"}, *const odd[] = {"it's a.pb", "-x"},
                             *const many[] = {"d/1", "d/2", "d/3", "d/4", "d/5"},
                             *const apart[] = {"d/1", "d/2", "d/3", "d/4", "e/5"}, *const in[] = {"<stdin>"};
    assert_next(*state, "f@x.c:3", "cpu", "ns", one, 1, "panalyze list '^f$' a.pb");
    assert_next(*state, "f", "cpu", "ns", one, 1, "panalyze peek '^f$' a.pb");
    assert_next(*state, "(*T).f'{}", "cpu", "ns", odd, 2,
                "panalyze peek '^\\(\\*T\\)\\.f'\\''\\{\\}$' 'it'\\''s a.pb' ./-x");
    assert_next(*state, "f", "delay", "ns", many, 5, "panalyze locks d");
    assert_next(*state, "f", "alloc_space", "bytes", in, 1, "panalyze alloc -");
    assert_next(*state, "f", "io_time", "ns", one, 1, "panalyze io a.pb");
    assert_next(*state, "f", "cpu", "ns", apart, 5, "-");
}

/* ---- without memory -------------------------------------------------------------------------------------------- */

static pa_report *ask(int which, const pa_view *v, pa_arena *a, pa_err *err)
{
    if (which == 0)
        return pa_summary(v, NULL, a, err);
    return which == 1 ? pa_tags(v, NULL, a, err) : pa_resource(v, "alloc", NULL, a, err);
}

/* Every block refused in turn: an error each time, never a report. */
static void out_of_memory(void **state)
{
    pa_builder *b = new_builder();
    pa_metric m[2] = {metric_of(b, "alloc_objects", "count"), metric_of(b, "alloc_space", "bytes")};
    pa_stream_id s = pa_add_stream(b, str(b, ""), m, 2);
    pa_err err = {0};
    assert_true(pa_add_row(b, s, stack_from(b, "a;b@x.c:1;c"), context_from(b, "k=v,n=64bytes"),
                           (int64_t[]){2, 10}, &err));
    pa_profile *p = finished(b);
    (void)state;
    for (int which = 0; which < 3; which++) {
        bool done = false;
        for (long i = 1; !done; i++) {
            pa_budget budget = {.fail_block = i, .block_bytes = 512};
            pa_arena *a = pa_arena_new(&budget);
            err = (pa_err){0};
            pa_view *v = a ? pa_view_new(p, &(pa_view_options){.metric = "alloc_space"}, a, &err) : NULL;
            pa_report *r = v ? ask(which, v, a, &err) : NULL;
            done = r && budget.n_blocks < i;
            assert_true(done || !a || err.code == PA_E_MEMORY);
            pa_arena_free(a);
            assert_true(i < 1000);
        }
    }
    pa_profile_free(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ARENA_TEST(paths),   ARENA_TEST(recursion_in_text), ARENA_TEST(no_path),
        ARENA_TEST(hottest), ARENA_TEST(next_commands),     cmocka_unit_test(out_of_memory),
    };
    return cmocka_run_group_tests_name("summary", tests, NULL, NULL);
}
