/* tags: sums per key and value, samples with several values of a key or none, numbers, and the text of both modes. */
#include "tests/unit/reports.h"

static pa_report *tags_of(pa_arena *a, const pa_profile *p, const pa_view_options *v,
                          const pa_tags_options *o)
{
    pa_err err = {0};
    pa_report *r = pa_tags(view_of(a, p, v), o, a, &err);
    if (!r)
        fail_msg("tags: %s", err.message);
    return r;
}

static const sample labelled[] = {
    {"a", "user=x,size=64bytes", 10},
    {"a;b", "user=y,size=64bytes", 20},
    {"a;b", "user=y,user=z", 30},
    {"a", "user=,size=64#", 5},
    {"c", NULL, 35},
};

static void sums(void **state)
{
    pa_profile *p = PROFILE(labelled);
    pa_report *r = tags_of(*state, p, NULL, NULL);
    assert_table(*state, table_of(r, "keys"), "key values total share untagged untagged_share",
                 "size|2|35|0.35|65|0.65\n"
                 "user|4|65|0.65|35|0.35\n");
    assert_table(*state, table_of(r, "rows"), "key value number unit total share samples",
                 "size|64 bytes|64|bytes|30|0.3|2\n"
                 "size|64|64|-|5|0.05|1\n"
                 "user|y|-|-|50|0.5|2\n"
                 "user|z|-|-|30|0.3|1\n"
                 "user|x|-|-|10|0.1|1\n"
                 "user||-|-|5|0.05|1\n");
    assert_shows(*state, r, "35ns  35.00%  [no such label]");
    assert_shows(*state, r, "5ns   5.00%  <empty>");
    pa_profile_free(p);
}

static void limits(void **state)
{
    pa_profile *p = PROFILE(labelled);
    pa_report *r = tags_of(*state, p, NULL, &(pa_tags_options){.value_count = 1, .has_value_count = true});
    assert_table(*state, table_of(r, "rows"), "key value total", "size|64 bytes|30\nuser|y|50\n");
    assert_shows(*state, r, "45ns  45.00%  [3 other values]");
    pa_profile_free(p);
}

/* Shares stay those of the whole, untagged is of what is left. */
static void filtered(void **state)
{
    pa_profile *p = PROFILE(labelled);
    pa_report *r = tags_of(*state, p, &(pa_view_options){.focus = "a", .tagignore = "user=x"}, NULL);
    assert_table(*state, table_of(r, "keys"), "key total share untagged",
                 "size|25|0.25|30\nuser|55|0.55|0\n");
    pa_profile_free(p);
    static const sample none[] = {{"a", NULL, 1}};
    p = PROFILE(none);
    assert_shows(*state, tags_of(*state, p, NULL, NULL), "no sample has a label");
    pa_profile_free(p);
}

/* pprof: 64 is in the unit that another label of its key has; what prints the same is the same; every value of a key
 * counts for the key. */
static void as_pprof(void **state)
{
    pa_profile *p = PROFILE(labelled);
    pa_view_options v = {.compat = PA_COMPAT_PPROF};
    assert_shows(*state, tags_of(*state, p, &v, NULL),
                 " size: Total 35ns of 100ns (35.00%)\n"
                 "       35ns (35.00%): 64B\n"
                 "\n"
                 " user: Total 95ns of 100ns (95.00%)\n"
                 "       50ns (50.00%): y\n"
                 "       30ns (30.00%): z\n"
                 "       10ns (10.00%): x\n"
                 "        5ns ( 5.00%): \n");
    pa_profile_free(p);
}

/* A number in 64 bits, in units up to the largest. */
static void large_numbers(void **state)
{
    static const sample samples[] = {
        {"a", "n=4503599627370497petabytes", 1},
        {"a", "n=-4503599627370497petabytes", 2},
        {"a", "m=1500us", 3},
    };
    pa_profile *p = PROFILE(samples);
    pa_view_options v = {.compat = PA_COMPAT_PPROF};
    pa_report *r = tags_of(*state, p, &v, NULL);
    assert_shows(*state, r, "3ns (50.00%): 1.50ms");
    assert_shows(*state, r, "1ns (16.67%): 4503599627370497PB");
    pa_profile_free(p);
}

static void overflow(void **state)
{
    /* one context twice, once with another sign: the total of the view stays below the limit, sums do not matter */
    static const sample samples[] = {
        {"a", "k=v", INT64_MAX / 2}, {"b", "k=v", INT64_MAX / 2}, {"c", "k=w,k=u", 1}};
    pa_profile *p = PROFILE(samples);
    pa_report *r = tags_of(*state, p, NULL, NULL);
    assert_table(*state, table_of(r, "keys"), "key total", "k|9223372036854775807\n");
    pa_profile_free(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ARENA_TEST(sums),     ARENA_TEST(limits),        ARENA_TEST(filtered),
        ARENA_TEST(as_pprof), ARENA_TEST(large_numbers), ARENA_TEST(overflow),
    };
    return cmocka_run_group_tests_name("tags", tests, NULL, NULL);
}
