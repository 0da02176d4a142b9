/* labels: the names under which labels with a fixed meaning are known, and what groups and filters make of them. */
#include "tests/unit/reports.h"

static void meanings(void **state)
{
    static const struct {
        const char *key, *meaning;
        bool means;
    } cases[] = {
        {"thread", PA_LABEL_THREAD, true},       {"Thread Name", PA_LABEL_THREAD, true},
        {"thread-name", PA_LABEL_THREAD, true},  {"thread_id", PA_LABEL_THREAD, false},
        {"Thread ID", PA_LABEL_THREAD_ID, true}, {"TID", PA_LABEL_THREAD_ID, true},
        {"tid2", PA_LABEL_THREAD_ID, false},     {"", PA_LABEL_THREAD_ID, false},
        {"comm", PA_LABEL_PROCESS, true},        {"pid", PA_LABEL_PROCESS_ID, true},
        {"pid", PA_LABEL_THREAD_ID, false},      {"CPU", PA_LABEL_CPU, true},
        {"Cpu-Id", PA_LABEL_CPU, true},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (pa_label_means(pa_cstr(cases[i].key), cases[i].meaning) != cases[i].means)
            fail_msg("'%s' as %s", cases[i].key, cases[i].meaning);
}

static const sample threads[] = {
    {"a", "thread name=w,Thread ID=7#,pid=1#,CPU=3#", 10},
    {"b", "thread name=w,Thread ID=8#,pid=1#,CPU=4#", 20},
    {"c", NULL, 5},
};

static void groups(void **state)
{
    pa_profile *p = PROFILE(threads);
    static const struct {
        pa_by by;
        const char *want;
    } cases[] = {
        {PA_BY_THREAD, "w (8)|20\nw (7)|10\n[no label]|5\n"},
        {PA_BY_PROCESS, "1|30\n[no label]|5\n"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        pa_err err = {0};
        pa_view *v = view_of(*state, p, &(pa_view_options){.by = cases[i].by});
        pa_report *r = pa_top(v, &(pa_top_options){.has_threshold = true}, *state, &err);
        assert_non_null(r);
        assert_table(*state, table_of(r, "rows"), "function flat", cases[i].want);
    }
    pa_profile_free(p);
}

static void filters(void **state)
{
    pa_profile *p = PROFILE(threads);
    assert_passing(*state, p, &(pa_view_options){.thread = "^7$"}, "a=10");
    assert_passing(*state, p, &(pa_view_options){.thread = "w"}, "a=10 b=20");
    assert_passing(*state, p, &(pa_view_options){.process = "1"}, "a=10 b=20");
    assert_passing(*state, p, &(pa_view_options){.cpu = "4-9"}, "b=20");
    pa_profile_free(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(meanings), ARENA_TEST(groups), ARENA_TEST(filters)};
    return cmocka_run_group_tests_name("labels", tests, NULL, NULL);
}
