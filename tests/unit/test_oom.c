/* oom: reading, viewing, every analysis and every renderer of a small profile with each block of memory refused in
 * turn: PA_E_MEMORY every time, nothing else, and nothing left behind. */
#include "tests/unit/pprof_make.h"

static const shape small = {
    .samples = 60, .functions = 12, .depth = 6, .labels = true, .unknown_mappings = 1};

/* Blocks of 256 bytes, so that nearly every allocation is a block and can be refused. */
typedef struct limited {
    pa_budget budget;
    pa_err err;
} limited;

static limited refusing(long n) { return (limited){.budget = {.block_bytes = 256, .fail_block = n}}; }

/* true once no block was left to refuse.  Coming through in spite of a refusal is allowed where something is only faster
 * with memory (compiled expressions): then *helped counts it. */
static bool finished(const limited *l, bool ok, unsigned *helped)
{
    bool refused = l->budget.n_blocks >= l->budget.fail_block;
    assert_true(ok || refused);
    assert_int_equal(l->err.code, ok ? PA_E_NONE : PA_E_MEMORY);
    if (!ok)
        assert_int_equal(pa_err_exit_status(&l->err), 4);
    *helped += ok && refused;
    return !refused;
}

static void reading(void **state)
{
    pa_arena *a = *state;
    pa_str bytes = make_pprof(a, small);
    long n = 1;
    unsigned helped = 0;
    for (bool done = false; !done; n++) {
        limited l = refusing(n);
        pa_profile *p =
            pa_read_memory("x", bytes, &(pa_read_options){.threads = 1, .budget = &l.budget}, &l.err);
        done = finished(&l, p != NULL, &helped);
        pa_profile_free(p);
        assert_int_equal(l.budget.used_bytes, 0);
    }
    assert_in_range(n, 30, 5000);
    assert_int_equal(helped, 0);
}

/* ---- everything behind a profile: in an arena of its own with the limit ---------------------------------------- */

typedef pa_report *step(const pa_profile *p, pa_arena *arena, pa_err *err);

static pa_report *top_in(const pa_profile *p, const pa_view_options *vo, const pa_top_options *to,
                         pa_arena *arena, pa_err *err)
{
    pa_view *view = pa_view_new(p, vo, arena, err);
    return view ? pa_top(view, to, arena, err) : NULL;
}

static pa_report *plain_top(const pa_profile *p, pa_arena *arena, pa_err *err)
{
    return top_in(p, &(pa_view_options){0}, &(pa_top_options){.has_threshold = true}, arena, err);
}

static pa_report *filtered_top(const pa_profile *p, pa_arena *arena, pa_err *err)
{
    const pa_view_options vo = {.focus = "function_[2-9]",
                                .ignore = "function_3",
                                .hide = "function_4",
                                .tagfocus = "request",
                                .tagroot = "request",
                                .by = PA_BY_LINE};
    return top_in(p, &vo, &(pa_top_options){.cum = true, .node_count = 5}, arena, err);
}

static pa_report *compat_top(const pa_profile *p, pa_arena *arena, pa_err *err)
{
    const pa_view_options vo = {.compat = PA_COMPAT_PPROF, .show = "function", .apply_drop_frames = true};
    return top_in(p, &vo, &(pa_top_options){0}, arena, err);
}

static pa_report *top_by_file(const pa_profile *p, pa_arena *arena, pa_err *err)
{
    return top_in(p, &(pa_view_options){.by = PA_BY_FILE}, &(pa_top_options){0}, arena, err);
}

static pa_report *top_by_label(const pa_profile *p, pa_arena *arena, pa_err *err)
{
    return top_in(p, &(pa_view_options){.by = PA_BY_LABEL, .by_label = "request"}, &(pa_top_options){0},
                  arena, err);
}

static pa_report *tree_in(const pa_profile *p, pa_compat compat, const pa_tree_options *o, pa_arena *arena,
                          pa_err *err)
{
    pa_view *view = pa_view_new(p, &(pa_view_options){.compat = compat}, arena, err);
    return view ? pa_call_tree(view, o, arena, err) : NULL;
}

static pa_report *plain_tree(const pa_profile *p, pa_arena *arena, pa_err *err)
{
    return tree_in(p, PA_COMPAT_NONE, &(pa_tree_options){.has_node_count = true, .node_count = 20}, arena,
                   err);
}

static pa_report *compat_tree(const pa_profile *p, pa_arena *arena, pa_err *err)
{
    return tree_in(p, PA_COMPAT_PPROF, NULL, arena, err);
}

static pa_report *traces(const pa_profile *p, pa_arena *arena, pa_err *err)
{
    return tree_in(p, PA_COMPAT_PPROF, &(pa_tree_options){.traces = true}, arena, err);
}

static pa_report *peek(const pa_profile *p, pa_arena *arena, pa_err *err)
{
    pa_view *view = pa_view_new(p, &(pa_view_options){0}, arena, err);
    return view ? pa_peek(view, &(pa_peek_options){.expression = "function_[1-5]"}, arena, err) : NULL;
}

static pa_report *info(const pa_profile *p, pa_arena *arena, pa_err *err)
{
    return pa_info(&p, 1, arena, err);
}

static pa_str rendered(const pa_report *report, const char *renderer, pa_arena *a)
{
    pa_err err = {0};
    pa_out *out = pa_out_to_memory(a);
    if (!pa_render(report, renderer, NULL, out, &err))
        fail_msg("%s: %s", renderer, err.message);
    return pa_out_written(out);
}

static void refuse_each(const char *name, step *run, const pa_profile *p, pa_arena *a, unsigned *helped)
{
    pa_err err = {0};
    const pa_report *report = run(p, a, &err);
    if (!report)
        fail_msg("%s: %s", name, err.message);
    pa_str want = rendered(report, "json", a);
    long n = 2; /* 1 is the arena itself */
    for (bool done = false; !done; n++) {
        limited l = refusing(n);
        pa_arena *arena = pa_arena_new(&l.budget);
        report = run(p, arena, &l.err);
        done = finished(&l, report != NULL, helped);
        l.budget.fail_block = 0;
        if (report && !pa_str_eq(rendered(report, "json", a), want)) /* not even a name may be different */
            fail_msg("%s: block %ld refused: another report", name, n);
        pa_arena_free(arena);
        assert_int_equal(l.budget.used_bytes, 0);
    }
    assert_in_range(n, 5, 20000);
}

static void each_step(void **state)
{
    pa_arena *a = *state;
    static const struct {
        const char *name;
        step *run;
        unsigned helped;
    } steps[] = {{"top", plain_top, 0},
                 {"filtered top", filtered_top, 60},
                 {"top as pprof", compat_top, 20},
                 {"top by file", top_by_file, 0},
                 {"top by label", top_by_label, 0},
                 {"info", info, 0},
                 {"tree", plain_tree, 0},
                 {"tree as pprof", compat_tree, 0},
                 {"traces", traces, 0},
                 {"peek", peek, 20}};
    pa_err err = {0};
    pa_profile *p = pa_read_memory("x", make_pprof(a, small), NULL, &err);
    assert_non_null(p);
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        unsigned helped = 0;
        refuse_each(steps[i].name, steps[i].run, p, a, &helped);
        assert_in_range(helped, 0, steps[i].helped);
    }
    pa_profile_free(p);
}

/* Renderers take what they need from the report's arena. */
static void each_renderer(void **state)
{
    pa_arena *a = *state;
    pa_err err = {0};
    pa_profile *p = pa_read_memory("x", make_pprof(a, small), NULL, &err);
    pa_renderer_info renderer;
    size_t r = 0;
    for (; pa_renderer_at(r, &renderer); r++) {
        pa_str want = rendered(plain_top(p, a, &err), renderer.name, a);
        assert_true(want.n > 100);
        unsigned refusals = 0;
        for (bool done = false; !done; refusals++) {
            limited l = {.budget = {.block_bytes = 256}};
            pa_arena *arena = pa_arena_new(&l.budget);
            const pa_report *report = plain_top(p, arena, &l.err);
            pa_out *out = pa_out_to_memory(a);
            l.budget.fail_block = l.budget.n_blocks + 1 + refusals;
            unsigned helped = 0;
            bool ok = pa_render(report, renderer.name, NULL, out, &l.err);
            done = finished(&l, ok, &helped);
            assert_true(!ok || pa_str_eq(pa_out_written(out), want));
            assert_int_equal(helped, 0);
            pa_arena_free(arena);
            assert_int_equal(l.budget.used_bytes, 0);
        }
        assert_in_range(refusals, 2, 1000);
    }
    assert_true(r >= 4);
    pa_profile_free(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {ARENA_TEST(reading), ARENA_TEST(each_step), ARENA_TEST(each_renderer)};
    return cmocka_run_group_tests_name("oom", tests, NULL, NULL);
}
