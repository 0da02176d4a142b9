/* arena: zeroed aligned memory, growing across the threshold of large pieces, rewinding, budgets that come back to
 * zero, guards that nest; and nothing lost when any single block is refused. */
#include "tests/unit/unit.h"

#include "libanalysis/base/err.h"

/* Sanitizers must not turn a refused huge calloc into an abort: refusing is what is tested. */
PA_API const char *__asan_default_options(void);
const char *__asan_default_options(void) { return "allocator_may_return_null=1"; }

static bool all_zero(const unsigned char *p, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (p[i])
            return false;
    return true;
}

static void zeroed_and_aligned(void **state)
{
    pa_arena *a = *state;
    for (size_t i = 0; i < 5000; i++) {
        size_t align = (size_t)1 << i % 5, n = i * 7 % 300;
        unsigned char *p = pa_arena_alloc(a, n, 1, align);
        assert_int_equal((uintptr_t)p % align, 0);
        assert_true(all_zero(p, n));
        memset(p, 0xAB, n);
    }
    for (size_t n = PA_ARENA_LARGE - 2; n < PA_ARENA_LARGE + 3; n++) {
        unsigned char *p = pa_arena_alloc(a, n, 1, 16);
        assert_int_equal((uintptr_t)p % 16, 0);
        assert_true(all_zero(p, n));
        memset(p, 0xAB, n);
    }
}

/* A block that is used again was written to before. */
static void zeroed_after_rewind(void **state)
{
    pa_arena *a = *state;
    pa_mark empty = pa_arena_mark(a);
    memset(pa_new(a, char, 1000), 0xAB, 1000);
    pa_arena_rewind(a, empty);
    assert_true(all_zero(pa_new(a, unsigned char, 1000), 1000));
}

static void pieces_do_not_overlap(void **state)
{
    enum { N = 3000 };
    static unsigned char *p[N];
    pa_arena *a = *state;
    for (size_t i = 0; i < N; i++) {
        p[i] = pa_new(a, unsigned char, 40 + i % 60);
        memset(p[i], (int)(i & 0xFF), 40 + i % 60);
    }
    for (size_t i = 0; i < N; i++)
        for (size_t j = 0; j < 40 + i % 60; j++)
            assert_int_equal(p[i][j], i & 0xFF);
}

static void grows_in_place(void **state)
{
    pa_arena *a = *state;
    char *p = pa_arena_grow(a, NULL, 0, 100);
    memset(p, 'x', 100);
    char *q = pa_arena_grow(a, p, 100, 3000);
    assert_ptr_equal(p, q); /* the last piece */
    char *last = pa_new(a, char, 8);
    assert_true(last >= q + 3000);
    char *r = pa_arena_grow(a, q, 3000, 4000);
    assert_ptr_not_equal(q, r); /* no longer the last */
    for (int i = 0; i < 100; i++)
        assert_int_equal(r[i], 'x');
}

/* Small, large, larger: the bytes go along whatever the way, and nothing is held twice. */
static void grows_over_the_threshold(void **state)
{
    (void)state;
    pa_budget budget = {0};
    pa_arena *a = pa_arena_new(&budget);
    size_t n = 16;
    unsigned char *p = pa_arena_grow(a, NULL, 0, n);
    for (size_t i = 0; i < n; i++)
        p[i] = (unsigned char)(i * 31);
    while (n < (size_t)8 << 20) {
        p = pa_arena_grow(a, p, n, n * 2);
        for (size_t i = n; i < 2 * n; i++)
            p[i] = (unsigned char)(i * 31);
        n *= 2;
        (void)pa_new(a, char, 3); /* so that small ones cannot grow in place */
    }
    for (size_t i = 0; i < n; i++)
        assert_int_equal(p[i], (unsigned char)(i * 31));
    assert_ptr_equal(pa_arena_grow(a, p, n, n), p);
    assert_in_range(budget.used_bytes, n, n + 3 * PA_ARENA_LARGE * 4);
    assert_int_equal(pa_arena_bytes(a), budget.used_bytes);
    pa_arena_release(a, p, n);
    assert_in_range(budget.used_bytes, 1, 3 * PA_ARENA_LARGE * 4);
    pa_arena_free(a);
    assert_int_equal(budget.used_bytes, 0);
}

static void releases_any_of_the_ring(void **state)
{
    (void)state;
    pa_budget budget = {0};
    pa_arena *a = pa_arena_new(&budget);
    size_t start = budget.used_bytes;
    char *p[4];
    for (int order = 0; order < 4; order++) {
        for (int i = 0; i < 4; i++)
            p[i] = memset(pa_new(a, char, PA_ARENA_LARGE), i, PA_ARENA_LARGE);
        for (int i = 0; i < 4; i++)
            pa_arena_release(a, p[(i * 3 + order) % 4], PA_ARENA_LARGE);
        assert_int_equal(budget.used_bytes, start);
    }
    char *small = pa_new(a, char, 10);
    size_t with_small = budget.used_bytes;
    pa_arena_release(a, small, 10); /* stays */
    pa_arena_release(a, NULL, PA_ARENA_LARGE);
    assert_int_equal(budget.used_bytes, with_small);
    pa_arena_free(a);
    assert_int_equal(budget.used_bytes, 0);
}

static void reservations(void **state)
{
    (void)state;
    pa_budget budget = {.max_bytes = 1 << 20};
    pa_arena *a = pa_arena_new(&budget);
    char *p = pa_arena_reserve(a, (size_t)1 << 30);
    char *q = pa_arena_reserve(a, (size_t)1 << 20);
    assert_non_null(p);
    assert_non_null(q);
    p[0] = p[(1 << 30) - 1] = q[0] = 1;
    size_t before = budget.used_bytes;
    assert_true(pa_arena_commit(a, 1000));
    assert_int_equal(budget.used_bytes, before + 1000);
    assert_false(pa_arena_commit(a, 1 << 20));
    assert_int_equal(budget.used_bytes, before + 1000);
    pa_arena_unreserve(a, p, 1000);
    assert_int_equal(budget.used_bytes, before);
    q[1] = 1; /* still there */
    pa_arena_free(a);
    assert_int_equal(budget.used_bytes, 0);
}

static void mark_and_rewind(void **state)
{
    (void)state;
    pa_budget budget = {0};
    pa_arena *a = pa_arena_new(&budget);
    char *kept = memset(pa_new(a, char, 10), 'k', 10);
    pa_mark mark = pa_arena_mark(a);
    size_t held = budget.used_bytes;
    char *first = pa_new(a, char, 64);
    for (int i = 0; i < 100; i++)
        (void)pa_new(a, char, 5000);
    assert_true(budget.used_bytes > held);
    pa_arena_rewind(a, mark);
    assert_int_equal(budget.used_bytes, held);
    assert_ptr_equal(pa_new(a, char, 64), first);
    for (int i = 0; i < 10; i++)
        assert_int_equal(kept[i], 'k');
    pa_arena_free(a);
    assert_int_equal(budget.used_bytes, 0);
}

/* A loop of mark and rewind in an empty arena asks for a block once. */
static void rewinding_keeps_a_block(void **state)
{
    (void)state;
    pa_budget budget = {0};
    pa_arena *a = pa_arena_new(&budget);
    for (int i = 0; i < 10; i++) {
        pa_mark mark = pa_arena_mark(a);
        (void)pa_new(a, char, 100);
        pa_arena_rewind(a, mark);
    }
    assert_int_equal(budget.n_blocks, 2); /* the arena and one block */
    pa_arena_free(a);
}

static void scratch_tree(void **state)
{
    (void)state;
    pa_budget budget = {0};
    pa_arena *root = pa_arena_new(&budget), *child[5];
    size_t alone = budget.used_bytes;
    for (int i = 0; i < 5; i++) {
        child[i] = pa_arena_scratch(root);
        (void)pa_new(child[i], char, 100);
        (void)pa_new(pa_arena_scratch(child[i]), char, PA_ARENA_LARGE);
        assert_ptr_equal(pa_arena_budget(child[i]), &budget);
    }
    assert_int_equal(pa_arena_bytes(root), budget.used_bytes);
    pa_arena_free(child[2]); /* middle, newest, oldest */
    pa_arena_free(child[4]);
    pa_arena_free(child[0]);
    assert_int_equal(pa_arena_bytes(root), budget.used_bytes);
    pa_arena_free(child[3]);
    pa_arena_free(child[1]);
    assert_int_equal(budget.used_bytes, alone);
    (void)pa_new(pa_arena_scratch(pa_arena_scratch(root)), char, 10);
    pa_arena_free(root); /* takes them along */
    assert_int_equal(budget.used_bytes, 0);
    pa_arena_free(NULL);
}

static void strings(void **state)
{
    pa_arena *a = *state;
    char text[] = "a\0b";
    pa_str s = pa_arena_str(a, (pa_str){text, 3});
    text[0] = 'x';
    assert_int_equal(s.n, 3);
    assert_memory_equal(s.p, "a\0b", 4);
    assert_string_equal(pa_arena_cstr(a, (pa_str){NULL, 0}), "");
    pa_str f = pa_arena_format(a, "%s-%0500d", "n", 7);
    assert_int_equal(f.n, 502);
    assert_int_equal(f.p[501], '7');
    assert_int_equal(f.p[502], 0);
}

/* ---- budgets and guards -------------------------------------------------------------------------------------- */

static bool take_forever(void *arena)
{
    for (int i = 0; i < 1000000; i++)
        (void)pa_new(arena, char, 1000);
    return true;
}

static void over_the_budget(void **state)
{
    (void)state;
    pa_budget budget = {.max_bytes = 500000};
    pa_arena *a = pa_arena_new(&budget);
    pa_err err = {0};
    assert_false(pa_guard(a, &err, take_forever, a));
    assert_int_equal(err.code, PA_E_MEMORY);
    assert_int_equal(err.offset, PA_NO_OFFSET);
    assert_in_range(budget.used_bytes, 400000, 500000);
    pa_arena_free(a);
    assert_int_equal(budget.used_bytes, 0);
    budget.max_bytes = 10;
    assert_null(pa_arena_new(&budget));
    assert_int_equal(budget.used_bytes, 0);
}

static bool everything(void *arg)
{
    pa_arena *a = arg;
    char *p = pa_arena_grow(a, NULL, 0, 100);
    pa_arena *scratch = pa_arena_scratch(a);
    for (int i = 0; i < 20; i++)
        (void)pa_new(scratch, char, 100);
    p = pa_arena_grow(a, p, 100, PA_ARENA_LARGE);
    p = pa_arena_grow(a, p, PA_ARENA_LARGE, 3 * PA_ARENA_LARGE);
    p[3 * PA_ARENA_LARGE - 1] = 1;
    void *reserved = pa_arena_reserve(a, 4096);
    if (!reserved || !pa_arena_commit(a, 4096))
        return false;
    pa_arena_free(scratch);
    pa_arena_unreserve(a, reserved, 4096);
    pa_arena_release(a, p, 3 * PA_ARENA_LARGE);
    return true;
}

/* Every block refused in turn: always back at the guard, always back at zero. */
static void each_block_refused(void **state)
{
    (void)state;
    long n = 0;
    for (bool done = false; !done; n++) {
        pa_budget budget = {.block_bytes = 256, .fail_block = n + 1};
        pa_arena *a = pa_arena_new(&budget);
        pa_err err = {0};
        done = a && pa_guard(a, &err, everything, a);
        assert_int_equal(n == 0, a == NULL);
        assert_int_equal(done, budget.n_blocks <= n);
        pa_arena_free(a);
        assert_int_equal(budget.used_bytes, 0);
    }
    assert_in_range(n, 14, 40); /* 20 pieces of 100 in blocks of 256 are 10 blocks already */
}

typedef struct nesting {
    pa_arena *a, *other;
    bool inner_ok, after;
    pa_err inner;
} nesting;

static bool huge_from_scratch(void *arg)
{
    (void)pa_arena_alloc(pa_arena_scratch(arg), SIZE_MAX / 4, 1, 1);
    return true;
}

static bool outer(void *arg)
{
    nesting *n = arg;
    n->inner_ok = pa_guard(n->a, &n->inner, huge_from_scratch, n->a);
    n->after = true;
    (void)pa_arena_alloc(pa_arena_scratch(n->a), SIZE_MAX, 2, 1); /* the outer guard's turn again */
    n->after = false;
    return true;
}

static bool other_arena_inside(void *arg)
{
    nesting *n = arg;
    n->inner_ok = pa_guard(n->other, &n->inner, huge_from_scratch, n->other);
    n->after = true;
    return true;
}

static void guards_nest(void **state)
{
    nesting n = {.a = *state, .inner_ok = true};
    pa_err err = {0};
    assert_false(pa_guard(n.a, &err, outer, &n));
    assert_false(n.inner_ok);
    assert_true(n.after);
    assert_int_equal(n.inner.code, PA_E_MEMORY);
    assert_int_equal(err.code, PA_E_MEMORY);

    n = (nesting){.a = *state, .other = pa_arena_new(NULL), .inner_ok = true};
    err = (pa_err){0};
    assert_true(pa_guard(n.a, &err, other_arena_inside, &n));
    assert_false(n.inner_ok);
    assert_true(n.after);
    assert_int_equal(err.code, PA_E_NONE);
    pa_arena_free(n.other);
}

static bool fails_itself(void *err) { return pa_fail(err, PA_E_SYNTAX, 7, "mine"); }

static void guard_keeps_the_error(void **state)
{
    pa_err err = {0};
    assert_false(pa_guard(*state, &err, fails_itself, &err));
    assert_int_equal(err.code, PA_E_SYNTAX);
    assert_false(pa_guard(*state, NULL, huge_from_scratch, *state)); /* nobody wants to know */
}

static void overflowing_sizes(void **state)
{
    pa_arena *a = *state;
    assert_null(pa_arena_try(a, SIZE_MAX, 2, 1));
    assert_null(pa_arena_try(a, SIZE_MAX / 2, 3, 1));
    assert_null(pa_arena_try(a, 3, SIZE_MAX / 2, 1));
    assert_null(pa_arena_try(a, SIZE_MAX - 8, 1, 1));
    assert_non_null(pa_arena_try(a, 0, 8, 8));
    assert_non_null(pa_arena_try(a, 8, 0, 8));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ARENA_TEST(zeroed_and_aligned),
        ARENA_TEST(zeroed_after_rewind),
        ARENA_TEST(pieces_do_not_overlap),
        ARENA_TEST(grows_in_place),
        cmocka_unit_test(grows_over_the_threshold),
        cmocka_unit_test(releases_any_of_the_ring),
        cmocka_unit_test(reservations),
        cmocka_unit_test(mark_and_rewind),
        cmocka_unit_test(rewinding_keeps_a_block),
        cmocka_unit_test(scratch_tree),
        ARENA_TEST(strings),
        cmocka_unit_test(over_the_budget),
        cmocka_unit_test(each_block_refused),
        ARENA_TEST(guards_nest),
        ARENA_TEST(guard_keeps_the_error),
        ARENA_TEST(overflowing_sizes),
    };
    return cmocka_run_group_tests_name("arena", tests, NULL, NULL);
}
