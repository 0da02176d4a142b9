/* alloc_counts: reading asks for memory by columns, never by sample.  A gate that does not depend on the machine: blocks
 * and bytes for a generated pprof profile, against committed bounds per sample.  Raise one only with a reason. */
#include "tests/unit/pprof_make.h"

#define SAMPLES 20000u

/* Measured, plus a tenth. A stack of 15 frames is 60 bytes, a row of two values 36, both in doubling columns. */
#define PLAIN_BLOCKS    80
#define PLAIN_HELD      213
#define PLAIN_PEAK      415
#define LABELLED_BLOCKS 99
#define LABELLED_HELD   235
#define LABELLED_PEAK   466

typedef struct cost {
    long blocks;
    size_t held, peak_per_sample; /* bytes of the finished profile; of the largest moment */
    size_t raw;
} cost;

/* The least budget that is enough is the peak: found by halving. */
static size_t peak_of(pa_str bytes)
{
    size_t low = 0, high = (size_t)16 << 20; /* 800 bytes a sample: whoever needs more has failed anyway */
    while (high - low > 65536) {
        pa_budget budget = {.max_bytes = low + (high - low) / 2};
        pa_err err = {0};
        pa_profile *p = pa_read_memory("x", bytes, &(pa_read_options){.threads = 1, .budget = &budget}, &err);
        if (p)
            high = budget.max_bytes;
        else
            low = budget.max_bytes;
        pa_profile_free(p);
    }
    return high;
}

static cost cost_of(shape s, bool with_peak)
{
    pa_arena *a = pa_arena_new(NULL);
    pa_str bytes = make_pprof(a, s);
    pa_budget budget = {0};
    pa_err err = {0};
    pa_profile *p = pa_read_memory("x", bytes, &(pa_read_options){.threads = 1, .budget = &budget}, &err);
    if (!p)
        fail_msg("%s", err.message);
    cost c = {.blocks = budget.n_blocks, .held = budget.used_bytes, .raw = bytes.n};
    pa_profile_free(p);
    assert_int_equal(budget.used_bytes, 0);
    c.peak_per_sample = with_peak ? peak_of(bytes) / s.samples : 0;
    print_message("%zu samples, labels %d: %ld blocks, %zu bytes held, %zu peak bytes a sample, %zu raw "
                  "bytes a sample\n",
                  s.samples, s.labels, c.blocks, c.held, c.peak_per_sample, c.raw / s.samples);
    pa_arena_free(a);
    return c;
}

static void plain(void **state)
{
    (void)state;
    cost c = cost_of((shape){.samples = SAMPLES, .functions = 500, .depth = 20}, true);
    assert_in_range(c.blocks, 1, PLAIN_BLOCKS);
    assert_in_range(c.held / SAMPLES, 1, PLAIN_HELD);
    assert_in_range(c.peak_per_sample, 1, PLAIN_PEAK);
}

static void labelled(void **state)
{
    (void)state;
    cost c = cost_of((shape){.samples = SAMPLES, .functions = 500, .depth = 20, .labels = true}, true);
    assert_in_range(c.blocks, 1, LABELLED_BLOCKS);
    assert_in_range(c.held / SAMPLES, 1, LABELLED_HELD);
    assert_in_range(c.peak_per_sample, 1, LABELLED_PEAK);
}

/* Four times the samples: some more doublings, not four times the blocks. */
static void growth(void **state)
{
    (void)state;
    cost one = cost_of((shape){.samples = SAMPLES, .functions = 500, .depth = 20, .labels = true}, false);
    cost four =
        cost_of((shape){.samples = 4 * SAMPLES, .functions = 500, .depth = 20, .labels = true}, false);
    assert_in_range(four.blocks, one.blocks, one.blocks + 60);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(plain), cmocka_unit_test(labelled),
                                       cmocka_unit_test(growth)};
    return cmocka_run_group_tests_name("alloc_counts", tests, NULL, NULL);
}
