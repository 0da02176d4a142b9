/* tree: worked examples, and on random profiles the properties that make it a tree. */
#include "tests/unit/views.h"

#include "libanalysis/model/tree.h"

/* "root(total/self) [ child(..) [ .. ] ]" with children in order of their names. */
static void print_node(pa_out *out, const pa_view *v, const pa_tree *t, uint32_t n)
{
    pa_out_str(out, t->group[n] == PA_NO_GROUP ? PA_STR("*") : v->groups[t->group[n]].name);
    pa_out_format(out, " %lld/%lld", (long long)t->total[n], (long long)t->self[n]);
    if (n + 1 < t->end[n])
        pa_out_cstr(out, " [");
    pa_str last = {"", 0};
    for (;;) { /* the child with the next name */
        uint32_t next = 0;
        for (uint32_t c = n + 1; c < t->end[n]; c = t->end[c]) {
            pa_str name = v->groups[t->group[c]].name;
            if (pa_str_cmp(name, last) > 0 && (!next || pa_str_cmp(name, v->groups[t->group[next]].name) < 0))
                next = c;
        }
        if (!next)
            break;
        pa_out_char(out, ' ');
        print_node(out, v, t, next);
        last = v->groups[t->group[next]].name;
    }
    if (n + 1 < t->end[n])
        pa_out_cstr(out, " ]");
}

static const pa_tree *tree_of(pa_arena *a, const pa_view *v)
{
    pa_err err = {0};
    const pa_tree *t = pa_tree_build(v, a, &err);
    if (!t)
        fail_msg("tree: %s", err.message);
    return t;
}

static void assert_tree(pa_arena *a, const pa_profile *p, const pa_view_options *o, const char *want)
{
    pa_view *v = view_of(a, p, o);
    const pa_tree *t = tree_of(a, v);
    pa_out *out = pa_out_to_memory(a);
    print_node(out, v, t, 0);
    assert_same_text(pa_out_written(out), pa_cstr(want));
}

static void small_trees(void **state)
{
    static const sample samples[] = {
        {"a;b;c", NULL, 1}, {"a;b", NULL, 2}, {"a;d", NULL, 4}, {"", NULL, 8}, {"b", NULL, 16}};
    pa_profile *p = PROFILE(samples);
    assert_tree(*state, p, NULL, "* 31/8 [ a 7/0 [ b 3/2 [ c 1/1 ] d 4/4 ] b 16/16 ]");
    assert_tree(*state, p, &(pa_view_options){.focus = "b"}, "* 19/0 [ a 3/0 [ b 3/2 [ c 1/1 ] ] b 16/16 ]");
    assert_tree(*state, p, &(pa_view_options){.hide = "b"}, "* 7/0 [ a 7/2 [ c 1/1 d 4/4 ] ]");
    assert_tree(*state, p, &(pa_view_options){.focus = "nowhere"}, "* 0/0");
    assert_tree(*state, p, &(pa_view_options){.rename = "s/d/b/"},
                "* 31/8 [ a 7/0 [ b 7/6 [ c 1/1 ] ] b 16/16 ]");
    pa_profile_free(p);
}

/* a;f;g;f: f stands twice on the path, and is two nodes. */
static void recursion(void **state)
{
    static const sample samples[] = {{"a;f;g;f", NULL, 10}};
    pa_profile *p = PROFILE(samples);
    assert_tree(*state, p, NULL, "* 10/0 [ a 10/0 [ f 10/0 [ g 10/0 [ f 10/10 ] ] ] ]");
    pa_profile_free(p);
}

/* Contexts do not make nodes; what cancels is still a path that was taken. */
static void rows_of_one_stack(void **state)
{
    static const sample samples[] = {{"a;b", "k=1", 5}, {"a;b", "k=2", -5}, {"a;c", NULL, 0}};
    pa_profile *p = PROFILE(samples);
    assert_tree(*state, p, NULL, "* 0/0 [ a 0/0 [ b 0/0 ] ]");
    pa_profile_free(p);
}

static void deep_stacks(void **state)
{
    pa_builder *b = new_builder();
    pa_stream_id s = stream_of(b, "", "cpu", "ns");
    enum { DEPTH = 60000 };
    pa_frame_id *frames = pa_new(*state, pa_frame_id, DEPTH);
    for (size_t i = 0; i < DEPTH; i++)
        frames[i] = frame_named(b, i % 2 ? "f" : "g");
    for (size_t n = DEPTH - 3; n <= DEPTH; n++)
        row(b, s, pa_add_stack(b, frames, n), (pa_context_id){0}, 1);
    pa_profile *p = finished(b);
    const pa_tree *t = tree_of(*state, view_of(*state, p, NULL));
    assert_int_equal(t->n_nodes, DEPTH + 1);
    assert_int_equal(t->total[1], 4);
    assert_int_equal(t->depth[DEPTH], DEPTH);
    assert_int_equal(t->self[DEPTH], 1);
    pa_profile_free(p);
}

/* Every node against its definition: total = self + children, ends nest, every stack's path is in it once. */
static void properties(void **state)
{
    for (uint64_t seed = 1; seed <= 30; seed++) {
        uint64_t random = seed;
        pa_builder *b = new_builder();
        pa_stream_id s = stream_of(b, "", "cpu", "ns");
        int64_t sum = 0;
        for (int i = 0; i < 200; i++) {
            pa_frame_id frames[12];
            size_t n = random_below(&random, 12);
            for (size_t j = 0; j < n; j++)
                frames[j] = frame_named(b, (const char *[]){"a", "b", "c", "d"}[random_below(&random, 4)]);
            int64_t v = (int64_t)random_below(&random, 50);
            row(b, s, pa_add_stack(b, frames, n), (pa_context_id){0}, v);
            sum += v;
        }
        pa_profile *p = finished(b);
        const pa_tree *t = tree_of(*state, view_of(*state, p, NULL));
        assert_int_equal(t->total[0], sum);
        assert_int_equal(t->end[0], t->n_nodes);
        for (uint32_t n = 0; n < t->n_nodes; n++) {
            int64_t children = 0;
            uint32_t c = n + 1;
            for (; c < t->end[n]; c = t->end[c]) {
                assert_int_equal(t->parent[c], n);
                assert_int_equal(t->depth[c], t->depth[n] + 1);
                for (uint32_t d = t->end[c]; d < t->end[n]; d = t->end[d])
                    assert_int_not_equal(t->group[c], t->group[d]); /* siblings are different */
                children += t->total[c];
            }
            assert_int_equal(c, t->end[n]);
            assert_int_equal(t->total[n], t->self[n] + children);
        }
        pa_profile_free(p);
    }
}

static void refusals(void **state)
{
    static const sample samples[] = {{"a", "thread=x", INT64_MAX - 1}, {"b", "thread=y", 1}};
    pa_profile *p = PROFILE(samples);
    pa_err err = {0};
    assert_null(pa_tree_build(view_of(*state, p, &(pa_view_options){.by = PA_BY_THREAD}), *state, &err));
    assert_int_equal(err.code, PA_E_USAGE);
    pa_profile_free(p);
}

static void no_memory(void **state)
{
    (void)state;
    static const sample samples[] = {{"a;b;c", NULL, 1}, {"a;b", NULL, 2}, {"a;d", NULL, 4}};
    pa_profile *p = PROFILE(samples);
    for (long fail = 1;; fail++) {
        pa_budget budget = {.block_bytes = 256};
        pa_arena *a = pa_arena_new(&budget);
        pa_view *v = view_of(a, p, NULL);
        budget.fail_block = budget.n_blocks + fail;
        pa_err err = {0};
        const pa_tree *t = pa_tree_build(v, a, &err);
        pa_arena_free(a);
        assert_int_equal(err.code, t ? PA_E_NONE : PA_E_MEMORY);
        if (t)
            break;
        assert_true(fail < 10000);
    }
    pa_profile_free(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ARENA_TEST(small_trees),     ARENA_TEST(recursion),  ARENA_TEST(rows_of_one_stack),
        ARENA_TEST(deep_stacks),     ARENA_TEST(properties), ARENA_TEST(refusals),
        cmocka_unit_test(no_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
