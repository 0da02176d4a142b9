/* index: every id added is found again under its hash, equal hashes give all of theirs, and nothing else comes. */
#include "tests/unit/unit.h"

#include "libanalysis/base/index.h"

/* How many entries carry id under hash; *n counts all that were offered. */
static unsigned count(const pa_index *ix, uint64_t hash, uint32_t id, unsigned *n)
{
    unsigned hits = 0;
    uint32_t got;
    *n = 0;
    for (pa_slot at = pa_index_find(ix, hash); pa_index_next(ix, &at, &got); (*n)++)
        hits += got == id;
    return hits;
}

static void empty(void **state)
{
    (void)state;
    pa_index ix = {0};
    unsigned n;
    assert_int_equal(count(&ix, 1, 0, &n), 0);
    assert_int_equal(n, 0);
    pa_index_prefetch(&ix, 1);
    pa_index_release(*state, &ix);
}

static void a_million(void **state)
{
    pa_arena *a = *state;
    pa_index ix = {0};
    unsigned n;
    for (uint32_t i = 0; i < 1000000; i++)
        pa_index_add(a, &ix, pa_mix(i, 7), i);
    assert_int_equal(ix.n, 1000000);
    assert_true((size_t)ix.mask + 1 >= 2000000);
    unsigned offered = 0;
    for (uint32_t i = 0; i < 1000000; i++) {
        assert_int_equal(count(&ix, pa_mix(i, 7), i, &n), 1);
        offered += n;
    }
    assert_in_range(offered, 1000000, 1000500); /* 32 bits of tag: about a hundred pairs share one */
    unsigned strangers = 0;
    for (uint32_t i = 0; i < 100000; i++) {
        (void)count(&ix, pa_mix(i, 8), i, &n);
        strangers += n;
    }
    assert_in_range(strangers, 0, 100);
}

/* Thousands under one tag, among others whose tags stand next to it: all found, also after growing. */
static void one_tag(void **state)
{
    pa_arena *a = *state;
    pa_index ix = {0};
    unsigned n;
    for (uint32_t i = 0; i < 2000; i++) {
        pa_index_add(a, &ix, (uint64_t)0x12345 << 32 | i, i);              /* the low half does not matter */
        pa_index_add(a, &ix, (uint64_t)(0x12346 + i % 3) << 32, 5000 + i); /* the slots after it */
    }
    for (uint32_t i = 0; i < 2000; i++) {
        assert_int_equal(count(&ix, (uint64_t)0x12345 << 32, i, &n), 1);
        assert_int_equal(n, 2000);
        assert_int_equal(count(&ix, (uint64_t)(0x12346 + i % 3) << 32, 5000 + i, &n), 1);
    }
    assert_int_equal(count(&ix, (uint64_t)0x22345 << 32, 0, &n), 0);
    assert_int_equal(n, 0);
}

/* From the last slot on to the first. */
static void wraps_around(void **state)
{
    pa_arena *a = *state;
    pa_index ix = {0};
    unsigned n;
    for (uint32_t i = 0; i < 20; i++)
        pa_index_add(a, &ix, UINT64_MAX, i);
    for (uint32_t i = 0; i < 20; i++)
        assert_int_equal(count(&ix, UINT64_MAX, i, &n), 1);
    assert_int_equal(n, 20);
    assert_int_equal(count(&ix, 0, 3, &n), 0); /* tag 0: the slots they overflowed into */
}

static void extreme_ids(void **state)
{
    pa_arena *a = *state;
    pa_index ix = {0};
    unsigned n;
    pa_index_add(a, &ix, 0, 0);
    pa_index_add(a, &ix, 0, 0xffffffefu);
    assert_int_equal(count(&ix, 0, 0, &n), 1);
    assert_int_equal(count(&ix, 0, 0xffffffefu, &n), 1);
    assert_int_equal(n, 2);
}

static void reserve_and_release(void **state)
{
    (void)state;
    pa_budget budget = {0};
    pa_arena *a = pa_arena_new(&budget);
    pa_index ix = {0};
    unsigned n;
    pa_index_add(a, &ix, pa_mix(1, 1), 1);
    pa_index_reserve(a, &ix, 100000);
    uint64_t *slots = ix.slots;
    long blocks = budget.n_blocks;
    for (uint32_t i = 2; i < 100000; i++)
        pa_index_add(a, &ix, pa_mix(i, 1), i);
    assert_ptr_equal(ix.slots, slots);
    assert_int_equal(budget.n_blocks, blocks);
    for (uint32_t i = 1; i < 100000; i++)
        assert_int_equal(count(&ix, pa_mix(i, 1), i, &n), 1);
    pa_index_reserve(a, &ix, 10); /* never shrinks */
    assert_ptr_equal(ix.slots, slots);
    pa_index_release(a, &ix);
    assert_int_equal(ix.n, 0);
    assert_in_range(budget.used_bytes, 0, 100000);
    pa_index_add(a, &ix, 3, 3);
    assert_int_equal(count(&ix, 3, 3, &n), 1);
    pa_arena_free(a);
}

/* Growing gives the old table back: never more than three times the final one at once. */
static void growing_is_not_hoarding(void **state)
{
    (void)state;
    pa_budget budget = {0};
    pa_arena *a = pa_arena_new(&budget);
    pa_index ix = {0};
    for (uint32_t i = 0; i < 300000; i++)
        pa_index_add(a, &ix, pa_mix(i, 1), i);
    assert_in_range(budget.used_bytes, 0, ((size_t)ix.mask + 1) * 8 + 200000);
    pa_arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ARENA_TEST(empty),
        ARENA_TEST(a_million),
        ARENA_TEST(one_tag),
        ARENA_TEST(wraps_around),
        ARENA_TEST(extreme_ids),
        cmocka_unit_test(reserve_and_release),
        cmocka_unit_test(growing_is_not_hoarding),
    };
    return cmocka_run_group_tests_name("index", tests, NULL, NULL);
}
