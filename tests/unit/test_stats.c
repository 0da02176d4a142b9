/* stats: intervals, effective sample sizes and ties against published and hand-worked figures. */
#include "tests/unit/unit.h"

#include <math.h>

#include "libanalysis/stats/wilson.h"

static void near(double got, double want, double tolerance)
{
    if (!(fabs(got - want) <= tolerance))
        fail_msg("got %.9g, wanted %.9g", got, want);
}

/* R. G. Newcombe, "Two-sided confidence intervals for the single proportion" (1998), table I, method 3 (score, no
 * continuity correction): 81/263, 15/148, 0/20, 1/29. */
static void newcombe(void **state)
{
    (void)state;
    static const struct {
        double x, n, low, high;
    } rows[] = {{81, 263, 0.2553, 0.3662},
                {15, 148, 0.0624, 0.1605},
                {0, 20, 0.0000, 0.1611},
                {1, 29, 0.0061, 0.1718}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        pa_interval95 w = pa_wilson(rows[i].x / rows[i].n, rows[i].n, PA_Z95);
        near(w.low, rows[i].low, 0.00005);
        near(w.high, rows[i].high, 0.00005);
    }
}

/* The ends are the shares p0 with (p - p0)^2 = z^2 p0 (1 - p0) / n; mirrored for 1 - p; inside [0, 1]. */
static void definition(void **state)
{
    (void)state;
    for (int step = 0; step < 12 * 17; step++) {
        int size = step / 17;
        double n = pow(3.7, size), p = (step % 17) / 16.0;
        pa_interval95 w = pa_wilson(p, n, PA_Z95), m = pa_wilson(1 - p, n, PA_Z95);
        assert_true(w.low >= 0 && w.low <= p && p <= w.high && w.high <= 1);
        near((p - w.low) * (p - w.low), PA_Z95 * PA_Z95 * w.low * (1 - w.low) / n, 1e-12);
        near((p - w.high) * (p - w.high), PA_Z95 * PA_Z95 * w.high * (1 - w.high) / n, 1e-12);
        near(w.low, 1 - m.high, 1e-12);
    }
    assert_true(pa_wilson(0, 10, PA_Z95).low == 0);
    assert_true(pa_wilson(1, 10, PA_Z95).high == 1);
}

static void nothing_known(void **state)
{
    (void)state;
    pa_interval95 w = pa_wilson(0.5, 0, PA_Z95);
    assert_true(w.low == 0 && w.high == 1);
    w = pa_wilson(0.5, NAN, PA_Z95);
    assert_true(w.low == 0 && w.high == 1);
    w = pa_wilson(1.5, 100, PA_Z95); /* a share above 1 (of a diff's base) is not one */
    assert_true(w.low > 0.9 && w.high == 1);
}

/* 900 weights of 1 and 10 of 10: 1000^2 / (900 + 1000) = 526.3 */
static void kish(void **state)
{
    (void)state;
    near(pa_kish(900 + 100, 900 + 1000), 526.315789, 1e-5);
    near(pa_kish(50, 50), 50, 0);
    assert_true(pa_kish(0, 0) == 0);
}

/* With 100 samples: 30 against 18: z = 12 / sqrt(48) = 1.73; against 16: 14 / sqrt(46) = 2.06. */
static void ties(void **state)
{
    (void)state;
    assert_false(pa_share_below(0.30, 0.18, 100));
    assert_true(pa_share_below(0.30, 0.16, 100));
    assert_true(pa_share_below(0.30, 0.29, 1e6));
    assert_false(pa_share_below(0.3, 0.3, 1e9));
    assert_false(pa_share_below(0.2, 0.3, 1e9));
    assert_false(pa_share_below(0, 0, 100));
    assert_false(pa_share_below(1, 0.1, 0));
}

/* How often two equal shares look different: about 5 in 100, never much more. */
static void ties_by_simulation(void **state)
{
    (void)state;
    uint64_t seed = 42;
    int different = 0;
    enum { RUNS = 4000, N = 400 };
    for (int run = 0; run < RUNS; run++) {
        int a = 0, b = 0;
        for (int i = 0; i < N; i++) {
            uint64_t x = random_below(&seed, 100);
            a += x < 20;
            b += x >= 20 && x < 40;
        }
        different += pa_share_below(a / (double)N, b / (double)N, N) ||
                     pa_share_below(b / (double)N, a / (double)N, N);
    }
    near(different / (double)RUNS, 0.05, 0.012);
}

static void needed(void **state)
{
    (void)state;
    near(pa_samples_needed(0.5, 0.01, PA_Z95), 9603.65, 0.01);
    assert_true(isinf(pa_samples_needed(0.5, 0, PA_Z95)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(newcombe), cmocka_unit_test(definition), cmocka_unit_test(nothing_known),
        cmocka_unit_test(kish),     cmocka_unit_test(ties),       cmocka_unit_test(ties_by_simulation),
        cmocka_unit_test(needed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
