/* vec: what was pushed is there, in order, whatever moved; reserving is not counting. */
#include "tests/unit/unit.h"

#include "libanalysis/base/vec.h"

static void pushes(void **state)
{
    pa_arena *a = *state;
    PA_VEC(uint64_t) v = {0};
    PA_VEC(char) other = {0};
    for (uint64_t i = 0; i < 200000; i++) {
        pa_push(a, &v) = i * i;
        if (i % 100 == 0)
            pa_push(a, &other) = (char)(i / 100 % 128); /* in the way */
    }
    assert_int_equal(v.n, 200000);
    assert_int_equal(other.n, 2000);
    for (uint64_t i = 0; i < 200000; i++)
        assert_int_equal(v.p[i], i * i);
    for (size_t i = 0; i < other.n; i++)
        assert_int_equal(other.p[i], i % 128);
    assert_true(v.cap >= v.n && v.cap <= 2 * v.n);
}

static void reserves(void **state)
{
    pa_arena *a = *state;
    PA_VEC(uint32_t) v = {0};
    pa_reserve(a, &v, 1000);
    assert_true(v.cap >= 1000);
    assert_int_equal(v.n, 0);
    uint32_t *p = v.p;
    for (uint32_t i = 0; i < 1000; i++)
        pa_push(a, &v) = i;
    assert_ptr_equal(v.p, p);
    size_t cap = v.cap;
    pa_reserve(a, &v, cap - v.n);
    assert_int_equal(v.cap, cap);
    pa_reserve(a, &v, cap - v.n + 1);
    assert_true(v.cap > cap);
    assert_int_equal(v.n, 1000);
    assert_int_equal(v.p[999], 999);
}

typedef struct wide {
    char bytes[3000];
} wide;

static void wide_items(void **state)
{
    pa_arena *a = *state;
    PA_VEC(wide) v = {0};
    for (int i = 0; i < 100; i++)
        memset(pa_push(a, &v).bytes, i, sizeof(wide));
    for (int i = 0; i < 100; i++)
        assert_int_equal(v.p[i].bytes[2999], i);
}

/* One vector costs at most twice what is in it, and a bounded number of blocks: doubling, not adding. */
static void cost(void **state)
{
    (void)state;
    pa_budget budget = {0};
    pa_arena *a = pa_arena_new(&budget);
    PA_VEC(uint64_t) v = {0};
    for (uint64_t i = 0; i < 1000000; i++)
        pa_push(a, &v) = i;
    assert_in_range(budget.used_bytes, 8000000, 2 * 8000000 + 200000);
    assert_in_range(budget.n_blocks, 2, 20);
    pa_arena_free(a);
    assert_int_equal(budget.used_bytes, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {ARENA_TEST(pushes), ARENA_TEST(reserves), ARENA_TEST(wide_items),
                                       cmocka_unit_test(cost)};
    return cmocka_run_group_tests_name("vec", tests, NULL, NULL);
}
