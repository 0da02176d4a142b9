/* info: what is said about a profile with everything in it, about an empty one, and about several. */
#include "tests/unit/views.h"

#include <math.h>

#include "libanalysis/base/output.h"
#include "libanalysis/report/report.h"

static pa_report *info_of(pa_arena *a, const pa_profile *const *p, size_t n)
{
    pa_err err = {0};
    pa_report *r = pa_info(p, n, a, &err);
    if (!r)
        fail_msg("info: %s", err.message);
    return r;
}

static pa_str rendered(pa_arena *a, const pa_report *r, const char *renderer)
{
    pa_out *out = pa_out_to_memory(a);
    pa_err err = {0};
    assert_true(pa_render(r, renderer, &(pa_render_options){0}, out, &err));
    return pa_arena_str(a, pa_out_written(out));
}

static void assert_has(pa_str text, const char *part)
{
    if (pa_str_search(text, pa_cstr(part)) < 0)
        fail_msg("no '%s' in:\n%.*s", part, (int)text.n, text.p);
}

static void assert_has_not(pa_str text, const char *part)
{
    if (pa_str_search(text, pa_cstr(part)) >= 0)
        fail_msg("'%s' in:\n%.*s", part, (int)text.n, text.p);
}

static pa_profile *full(void)
{
    pa_builder *b = new_builder();
    pa_begin_input(b, PA_STR("run.pb"), "pprof", false);
    pa_metric m[] = {metric_of(b, "samples", "count"), metric_of(b, "cpu", "nanoseconds")};
    m[1].count_source = PA_COUNT_METRIC;
    pa_stream_id s = pa_add_stream(b, str(b, ""), m, 2);
    pa_err err = {0};
    assert_true(pa_add_row(b, s, stack_from(b, "main@m.c:3#app;>f@m.c:9#app"),
                           context_from(b, "thread=a,thread_id=1#"), (int64_t[]){2, 20000000}, &err));
    assert_true(pa_add_row(b, s, stack_from(b, "main@m.c:3#app"),
                           context_from(b, "thread=a,thread_id=2#,handler=x"), (int64_t[]){1, 10000000},
                           &err));
    pa_set_default(b, s, 1);
    pa_merge_meta(b, &(pa_meta){.producer = str(b, "maker 1.0"),
                                .start_ns = 1700000000000000000,
                                .duration_ns = 1500000000});
    pa_input_incomplete(b);
    pa_note(b, "unknown mapping id", 77);
    return finished(b);
}

static void text(void **state)
{
    pa_profile *p = full();
    const pa_profile *all[] = {p};
    pa_str t = rendered(*state, info_of(*state, all, 1), "text");
    static const char *const parts[] = {
        "run.pb",
        "pprof",
        "maker 1.0",
        "truncated or broken",
        "2023-11-14 22:13:20 UTC",
        "1.50s",
        "30ms",
        "unknown mapping id",
        "3 effective; +-1 percentage point takes 9,604",
        "top --by thread, --thread",
        "top --by line",
        "top --noinlines",
        "+-57 pp", /* 1.96 sqrt(1/4 / 3) = 0.566 */
    };
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        assert_has(t, parts[i]);
    assert_has_not(t, "--by address"); /* no frame has one */
    assert_has_not(t, "--cpu");
    assert_has_not(t, "--by process");
    pa_profile_free(p);
}

static void json(void **state)
{
    pa_profile *p = full();
    const pa_profile *all[] = {p};
    pa_str t = rendered(*state, info_of(*state, all, 1), "json");
    static const char *const parts[] = {
        "\"schema\": \"panalyze/info/1\"",
        "\"file\": \"run.pb\"",
        "\"complete\": false",
        "{\"name\": \"cpu\", \"unit\": \"ns\", \"stream\": \"\", \"total\": 30000000, \"samples\": 3, ",
        "\"samples\": 3, \"samples_effective\": 3, ",
        "\"threads\": 2",
        "\"processes\": null",
        "{\"key\": \"handler\", \"values\": 1}",
        "{\"key\": \"thread_id\", \"values\": 2}",
        "\"functions\": 2",
        "\"stacks\": 2",
        "\"start_ns\": 1700000000000000000",
        "\"duration_ns\": 1500000000",
        "{\"kind\": \"unknown mapping id\", \"count\": 1, \"first\": 77, \"file\": \"run.pb\"}",
    };
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        assert_has(t, parts[i]);
    pa_profile_free(p);
}

static void empty_and_several(void **state)
{
    pa_profile *empty = finished(new_builder()), *p = full();
    const pa_profile *all[] = {empty, p};
    pa_str t = rendered(*state, info_of(*state, all, 2), "json");
    assert_has(t, "\"functions\": 0");
    assert_has(t, "\"functions\": 2");
    assert_has(t, "\"metrics\": []");
    assert_has(t, "\"supports\": []");
    t = rendered(*state, info_of(*state, all, 0), "json");
    assert_has(t, "\"files\": []");
    pa_profile_free(empty);
    pa_profile_free(p);
}

/* Measured, not sampled: no number of samples, no margin. */
static void exact_values(void **state)
{
    pa_builder *b = new_builder();
    pa_metric m = metric_of(b, "tottime", "seconds");
    m.count_source = PA_COUNT_EXACT;
    row(b, pa_add_stream(b, str(b, ""), &m, 1), stack_from(b, "f"), (pa_context_id){0}, 5);
    pa_set_estimated(b);
    pa_profile *p = finished(b);
    const pa_profile *all[] = {p};
    pa_report *r = info_of(*state, all, 1);
    assert_has(rendered(*state, r, "text"), "exact");
    assert_has(rendered(*state, r, "json"), "\"samples\": null");
    assert_has(rendered(*state, r, "json"), "\"estimated\": true");
    pa_profile_free(p);
}

static void overflow(void **state)
{
    static const sample samples[] = {{"a", NULL, INT64_MAX}, {"b", NULL, 1}};
    pa_profile *p = PROFILE(samples);
    const pa_profile *all[] = {p};
    pa_err err = {0};
    assert_null(pa_info(all, 1, *state, &err));
    assert_int_equal(err.code, PA_E_OVERFLOW);
    pa_profile_free(p);
}

static void no_memory(void **state)
{
    (void)state;
    pa_profile *p = full();
    const pa_profile *all[] = {p};
    for (long fail = 2;; fail++) {
        pa_budget budget = {.block_bytes = 256, .fail_block = fail};
        pa_arena *a = pa_arena_new(&budget);
        pa_err err = {0};
        pa_report *r = pa_info(all, 1, a, &err);
        pa_arena_free(a);
        assert_int_equal(err.code, r ? PA_E_NONE : PA_E_MEMORY);
        if (r)
            break;
        assert_true(fail < 10000);
    }
    pa_profile_free(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ARENA_TEST(text),         ARENA_TEST(json),     ARENA_TEST(empty_and_several),
        ARENA_TEST(exact_values), ARENA_TEST(overflow), cmocka_unit_test(no_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
