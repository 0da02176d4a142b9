/* pa_call_tree: text and figures worked out by hand, what is cut and how it is said, sums on random profiles, deep
 * stacks. */
#include "tests/unit/views.h"

#include "libanalysis/base/output.h"
#include "libanalysis/report/report.h"

static pa_report *tree_of(pa_arena *a, const pa_view *v, const pa_tree_options *o)
{
    pa_err err = {0};
    pa_report *r = pa_call_tree(v, o, a, &err);
    if (!r)
        fail_msg("tree: %s", err.message);
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

/* The lines people see, from the heading of the table on. */
static void assert_text(pa_arena *a, const pa_report *r, const char *want)
{
    pa_out *out = pa_out_to_memory(a);
    pa_err err = {0};
    assert_true(pa_render(r, "text", &(pa_render_options){0}, out, &err));
    pa_str text = pa_out_written(out);
    ptrdiff_t at = pa_str_search(text, PA_STR("total  total%"));
    while (at > 0 && text.p[at - 1] != '\n')
        at--;
    assert_same_text(pa_str_from(text, at < 0 ? 0 : (size_t)at), pa_cstr(want));
}

/* "f0- 3/4": name, depth, parent, self and total of what machines get. */
static void assert_nodes(pa_arena *a, const pa_report *r, const char *want)
{
    const pa_table *t = field(r, "nodes")->table;
    pa_out *out = pa_out_to_memory(a);
    for (size_t i = 0; i < pa_table_rows(t); i++) {
        const pa_cell *parent = cell(t, i, "parent");
        assert_int_equal(cell(t, i, "id")->i, i);
        pa_out_cstr(out, i ? " " : "");
        pa_out_str(out, cell(t, i, "function")->s);
        pa_out_format(out, "%lld", (long long)cell(t, i, "depth")->i);
        if (parent->kind == PA_CELL_INT)
            pa_out_format(out, "<%lld", (long long)parent->i);
        pa_out_format(out, " %lld/%lld", (long long)cell(t, i, "self")->i, (long long)cell(t, i, "total")->i);
    }
    assert_same_text(pa_out_written(out), pa_cstr(want));
}

static const pa_tree_options every = {.has_node_fraction = true};

static const sample small[] = {
    {"main;work;read", NULL, 300}, {"main;work", NULL, 100}, {"main;work;parse;read", NULL, 500},
    {"main;idle", NULL, 96},       {"exit", NULL, 4},
};

static void by_hand(void **state)
{
    pa_profile *p = PROFILE(small);
    pa_view *v = view_of(*state, p, NULL);
    assert_nodes(
        *state, tree_of(*state, v, &every),
        "main0 0/996 work1<0 100/900 parse2<1 0/500 read3<2 500/500 read2<1 300/300 idle1<0 96/96 exit0 4/4");
    assert_nodes(*state, tree_of(*state, v, NULL),
                 "main0 0/996 work1<0 100/900 parse2<1 0/500 read3<2 500/500 read2<1 300/300 idle1<0 96/96");
    assert_text(*state, tree_of(*state, v, NULL),
                "total  total%   self   self%  function\n"
                "996ns  99.60%      0      0%  main\n"
                "900ns  90.00%  100ns  10.00%    work\n"
                "500ns  50.00%      0      0%      parse\n"
                "500ns  50.00%  500ns  50.00%        read\n"
                "300ns  30.00%  300ns  30.00%      read\n"
                " 96ns   9.60%   96ns   9.60%    idle\n"
                "                              \xE2\x80\xA6 1 more stack root, 0.4%\n"
                "6 of 7 nodes are shown\n"
                "  none below 0.5% of the total; --nodefraction 0 has no such bound\n");
    pa_profile_free(p);
}

static void cuts(void **state)
{
    pa_profile *p = PROFILE(small);
    pa_view *v = view_of(*state, p, NULL);
    const pa_report *r = tree_of(*state, v, &(pa_tree_options){.depth = 2, .has_node_fraction = true});
    const pa_table *t = field(r, "nodes")->table;
    assert_nodes(*state, r, "main0 0/996 work1<0 100/900 idle1<0 96/96 exit0 4/4");
    assert_int_equal(cell(t, 1, "cut_children")->i, 2);
    assert_int_equal(cell(t, 1, "cut_total")->i, 800);
    assert_text(*state, r,
                "total  total%   self   self%  function\n"
                "996ns  99.60%      0      0%  main\n"
                "900ns  90.00%  100ns  10.00%    work\n"
                "                                  \xE2\x80\xA6 2 more children, 80.00%\n"
                " 96ns   9.60%   96ns   9.60%    idle\n"
                "  4ns    0.4%    4ns    0.4%  exit\n"
                "4 of 7 nodes are shown\n"
                "  none deeper than 2 calls; --depth 0 goes to the end\n");
    r = tree_of(*state, v, &(pa_tree_options){.has_node_count = true, .node_count = 3});
    assert_nodes(*state, r, "main0 0/996 work1<0 100/900 parse2<1 0/500");
    assert_int_equal(field(r, "cut_children")->i, 1);
    assert_int_equal(field(r, "cut_total")->i, 4);
    pa_profile_free(p);
}

/* Values that cancel: a heavy node under a light one is shown with it, or, without room for both, not at all. */
static void mixed_signs(void **state)
{
    static const sample samples[] = {{"a;b", NULL, 1000}, {"a;c", NULL, -1000}, {"d", NULL, 500}};
    pa_profile *p = PROFILE(samples);
    pa_view *v = view_of(*state, p, NULL);
    assert_nodes(*state, tree_of(*state, v, NULL), "d0 500/500 a0 0/0 b1<1 1000/1000 c1<1 -1000/-1000");
    assert_nodes(*state, tree_of(*state, v, &(pa_tree_options){.has_node_count = true, .node_count = 2}),
                 "a0 0/0 b1<0 1000/1000");
    assert_nodes(*state, tree_of(*state, v, &(pa_tree_options){.has_node_count = true, .node_count = 1}),
                 "d0 500/500");
    pa_profile_free(p);
}

static void equal_totals(void **state)
{
    static const sample samples[] = {
        {"z", NULL, 5}, {"b", NULL, 5}, {"a;y", NULL, 3}, {"a;x", NULL, 3}, {"", NULL, 7}};
    pa_profile *p = PROFILE(samples);
    assert_nodes(*state, tree_of(*state, view_of(*state, p, NULL), NULL),
                 "[no stack]0 7/7 a0 0/6 x1<1 3/3 y1<1 3/3 b0 5/5 z0 5/5");
    pa_profile_free(p);
}

/* Every node's self, its children's totals and what was cut make up its total; children are in order. */
static void check_sums(const pa_report *r, int64_t whole)
{
    const pa_table *t = field(r, "nodes")->table;
    size_t n = pa_table_rows(t);
    int64_t *left = calloc(n + 1, sizeof *left), *before = calloc(n + 1, sizeof *before);
    left[0] = whole - field(r, "cut_total")->i;
    memset(before, 0x7f, (n + 1) * sizeof *before);
    for (size_t i = 0; i < n; i++) {
        const pa_cell *parent = cell(t, i, "parent");
        size_t up = parent->kind == PA_CELL_INT ? (size_t)parent->i + 1 : 0;
        int64_t total = cell(t, i, "total")->i;
        assert_true(up <= i);
        assert_true(total <= before[up]);
        before[up] = total;
        left[up] -= total;
        left[i + 1] = total - cell(t, i, "self")->i - cell(t, i, "cut_total")->i;
    }
    for (size_t i = 0; i <= n; i++)
        assert_int_equal(left[i], 0);
    free(left);
    free(before);
}

static pa_profile *random_profile(uint64_t *seed, int64_t *whole)
{
    pa_builder *b = new_builder();
    pa_stream_id s = stream_of(b, "", "cpu", "nanoseconds");
    *whole = 0;
    for (int i = 0; i < 60; i++) {
        pa_frame_id frames[12];
        size_t n = random_below(seed, 12);
        char name[8] = "a";
        for (size_t j = 0; j < n; j++) {
            name[0] = (char)('a' + random_below(seed, 4));
            frames[j] = frame_named(b, name);
        }
        int64_t value = (int64_t)random_below(seed, 1000);
        *whole += value;
        row(b, s, pa_add_stack(b, frames, n), (pa_context_id){0}, value);
    }
    return finished(b);
}

static void random_profiles(void **state)
{
    uint64_t seed = 3;
    for (int round = 0; round < 100; round++) {
        pa_arena *a = pa_arena_scratch(*state);
        int64_t whole;
        pa_profile *p = random_profile(&seed, &whole);
        pa_view *v = view_of(a, p, NULL);
        check_sums(tree_of(a, v, &every), whole);
        check_sums(tree_of(a, v, NULL), whole);
        check_sums(tree_of(a, v, &(pa_tree_options){.depth = 1 + random_below(&seed, 5)}), whole);
        size_t n = 1 + random_below(&seed, 40);
        const pa_report *r = tree_of(
            a, v, &(pa_tree_options){.has_node_count = true, .node_count = n, .has_node_fraction = true});
        check_sums(r, whole);
        assert_true(pa_table_rows(field(r, "nodes")->table) <= n);
        pa_profile_free(p);
        pa_arena_free(a);
    }
}

#define DEEP 10000

/* Text of a stack of 10,000 frames: 1,000 lines unless more are asked for, none of them long. */
static void deep_stacks(void **state)
{
    pa_builder *b = new_builder();
    pa_stream_id s = stream_of(b, "", "cpu", "nanoseconds");
    static pa_frame_id frames[DEEP];
    for (size_t i = 0; i < DEEP; i++)
        frames[i] = frame_named(b, i % 2 ? "odd" : "even");
    row(b, s, pa_add_stack(b, frames, DEEP), (pa_context_id){0}, 1000);
    pa_profile *p = finished(b);
    pa_view *v = view_of(*state, p, NULL);
    const pa_report *r = tree_of(*state, v, NULL);
    assert_int_equal(pa_table_rows(field(r, "nodes")->table), DEEP);
    pa_out *out = pa_out_to_memory(*state);
    pa_err err = {0};
    assert_true(pa_render(r, "text", &(pa_render_options){0}, out, &err));
    pa_str text = pa_out_written(out);
    assert_in_range(text.n, 60000, 130000);
    assert_true(pa_str_search(text, PA_STR("(depth 999) odd")) > 0);
    assert_true(pa_str_search(text, PA_STR("(depth 1000) even")) < 0);
    assert_true(pa_str_search(text, PA_STR("1 more child, 100%")) > 0);
    assert_true(pa_str_search(text, PA_STR("1,000 of 10,000 nodes are shown")) > 0);
    pa_profile_free(p);
}

static void refusals(void **state)
{
    pa_profile *p = PROFILE(small);
    pa_err err = {0};
    assert_null(pa_call_tree(view_of(*state, p, NULL), &(pa_tree_options){.traces = true}, *state, &err));
    assert_int_equal(err.code, PA_E_USAGE);
    err = (pa_err){0};
    assert_null(pa_call_tree(view_of(*state, p, NULL), &(pa_tree_options){.unit = "MB"}, *state, &err));
    assert_int_equal(err.code, PA_E_USAGE);
    pa_profile_free(p);
}

static void nothing(void **state)
{
    pa_profile *p = PROFILE(small);
    pa_view *v = view_of(*state, p, &(pa_view_options){.focus = "nosuch"});
    const pa_report *r = tree_of(*state, v, NULL);
    assert_int_equal(pa_table_rows(field(r, "nodes")->table), 0);
    pa_profile_free(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {ARENA_TEST(by_hand),         ARENA_TEST(cuts),
                                       ARENA_TEST(mixed_signs),     ARENA_TEST(equal_totals),
                                       ARENA_TEST(random_profiles), ARENA_TEST(deep_stacks),
                                       ARENA_TEST(refusals),        ARENA_TEST(nothing)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
