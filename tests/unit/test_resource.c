/* resource: which metric answers locks, io and alloc, what is charged to whom, and how many there were. */
#include "tests/unit/reports.h"

static const pa_resource_options every = {.top = {.has_threshold = true}};

typedef struct measured {
    const char *stack;
    int64_t values[2];
} measured;

/* One stream of two metrics, "name/unit". */
static pa_profile *two_metrics(const char *first, const char *first_unit, const char *second,
                               const char *second_unit, const measured *rows, size_t n)
{
    pa_builder *b = new_builder();
    pa_metric m[2] = {metric_of(b, first, first_unit), metric_of(b, second, second_unit)};
    pa_stream_id s = pa_add_stream(b, str(b, ""), m, 2);
    pa_err err = {0};
    for (size_t i = 0; i < n; i++)
        if (!pa_add_row(b, s, stack_from(b, rows[i].stack), (pa_context_id){0}, rows[i].values, &err))
            fail_msg("row: %s", err.message);
    return finished(b);
}

static const measured mutex[] = {
    {"main.run;main.hold;sync.(*Mutex).Unlock", {3, 30}},
    {"main.run;main.hold;sync.(*RWMutex).Unlock;>internal/sync.(*Mutex).Unlock", {1, 5}},
    {"main.run;sync.(*Once).doSlow;main.init;runtime.chanrecv1", {1, 10}},
    {"main.run", {0, 0}},
    {"runtime._LostContendedRuntimeLock", {4, 2}},
};

static pa_profile *mutex_profile(void)
{
    return two_metrics("contentions", "count", "delay", "nanoseconds", mutex, sizeof mutex / sizeof *mutex);
}

static pa_report *answer(pa_arena *a, const pa_profile *p, const char *question, const pa_resource_options *o)
{
    pa_err err = {0};
    const char *metric = pa_resource_metric(p, question, a, &err);
    pa_report *r =
        metric ? pa_resource(view_of(a, p, &(pa_view_options){.metric = metric}), question, o, a, &err)
               : NULL;
    if (!r)
        fail_msg("%s: %s", question, err.message);
    return r;
}

/* The runtime's frames at the end of a stack go, those in the middle stay, and a stack of nothing else stays whole. */
static void locks(void **state)
{
    pa_profile *p = mutex_profile();
    pa_report *r = answer(*state, p, "locks", &every);
    assert_string_equal(r->command, "locks");
    assert_table(*state, table_of(r, "rows"), "function waits flat mean_wait cum",
                 "main.hold|4|35|8.75|35\n"
                 "main.init|1|10|10|10\n"
                 "runtime._LostContendedRuntimeLock|4|2|0.5|2\n"
                 "main.run|0|0|-|45\n"
                 "sync.(*Once).doSlow|0|0|-|10\n");
    assert_shows(*state, r, "runtime frames skipped: charged to their callers");
    assert_true(field_in(&r->root, "runtime_frames_skipped")->b);
    pa_profile_free(p);
}

static void runtime_kept(void **state)
{
    pa_profile *p = mutex_profile();
    pa_report *r =
        answer(*state, p, "locks", &(pa_resource_options){.top = {.node_count = 2}, .runtime_frames = true});
    assert_table(*state, table_of(r, "rows"), "function waits flat",
                 "sync.(*Mutex).Unlock|3|30\n"
                 "runtime.chanrecv1|1|10\n");
    assert_true(pa_str_search(shown(*state, r), PA_STR("skipped")) < 0);
    pa_profile_free(p);
}

/* By the number of waits when that is asked for: there is no mean of it. */
static void by_count(void **state)
{
    pa_profile *p = mutex_profile();
    pa_err err = {0};
    pa_view *v = view_of(*state, p, &(pa_view_options){.metric = "contentions"});
    pa_report *r = pa_resource(v, "locks", &(pa_resource_options){.top = {.node_count = 2}}, *state, &err);
    assert_non_null(r);
    assert_table(*state, table_of(r, "rows"), "function flat cum",
                 "main.hold|4|4\nruntime._LostContendedRuntimeLock|4|4\n");
    assert_shows(*state, r, "rank  waits");
    pa_profile_free(p);
}

static void alloc(void **state)
{
    static const measured heap[] = {{"a;b", {2, 64}}, {"a", {1, 1000}}};
    pa_profile *p = two_metrics("alloc_objects", "count", "alloc_space", "bytes", heap, 2);
    pa_report *r = answer(*state, p, "alloc", &every);
    assert_table(*state, table_of(r, "rows"), "function objects flat mean_size cum cum_share",
                 "a|1|1000|1000|1064|1\n"
                 "b|2|64|32|64|0.06015\n");
    assert_shows(*state, r, "objects  bytes");
    pa_profile_free(p);
}

/* Which metric, by name and unit; "-": none. */
static void choices(void **state)
{
    static const struct {
        const char *first, *first_unit, *second, *second_unit, *locks, *io, *alloc;
    } cases[] = {
        {"samples", "count", "cpu", "nanoseconds", "-", "-", "-"},
        {"contentions", "count", "delay", "nanoseconds", "1", "-", "-"},
        {"contentions", "count", "delay", "microseconds", "1", "-", "-"},
        {"contentions", "count", "delay", "furlongs", "0", "-", "-"}, /* the number of waits is left */
        {"locks", "nanoseconds", "x", "count", "0", "-", "-"},
        {"wall_clock", "nanoseconds", "x", "count", "-", "-", "-"},
        {"inuse_space", "bytes", "alloc_space", "bytes", "-", "-", "1"},
        {"inuse_objects", "count", "inuse_space", "bytes", "-", "-", "1"},
        {"objects", "count", "space", "bytes", "-", "-", "1"},
        {"sample", "count", "HEAP", "bytes", "-", "-", "1"},
        {"allocations", "bytes", "x", "count", "-", "-", "0"},
        {"io_bytes", "bytes", "io_time", "milliseconds", "-", "1", "-"},
        {"x", "count", "socket-read-size", "bytes", "-", "1", "-"},
        {"file-io-read-time", "ns", "file-io-read-size", "bytes", "-", "0", "-"},
    };
    static const measured one = {"a", {1, 1}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *const questions[] = {"locks", "io", "alloc"}, *const want[] = {cases[i].locks,
                                                                                   cases[i].io,
                                                                                   cases[i].alloc};
        pa_profile *p =
            two_metrics(cases[i].first, cases[i].first_unit, cases[i].second, cases[i].second_unit, &one, 1);
        for (size_t q = 0; q < 3; q++) {
            pa_err err = {0};
            const char *metric = pa_resource_metric(p, questions[q], *state, &err);
            if (strcmp(metric ? metric : "-", want[q]) != 0)
                fail_msg("%s of %s, %s: %s, not %s", questions[q], cases[i].first, cases[i].second, metric,
                         want[q]);
            if (!metric)
                assert_non_null(strstr(err.message, cases[i].second));
        }
        pa_profile_free(p);
    }
}

static void refusals(void **state)
{
    pa_profile *p = mutex_profile();
    pa_err err = {0};
    assert_null(pa_resource_metric(p, "io", *state, &err));
    assert_int_equal(pa_err_exit_status(&err), 2);
    assert_string_equal(
        err.message,
        "io: the profile has no metric of I/O, it has: contentions, delay; recordings with one: JFR "
        "(jdk.SocketRead, jdk.FileRead and their like), perf with tracepoints of block or syscalls");
    static const struct {
        const char *question, *message;
        pa_compat compat;
    } cases[] = {
        {"alloc", "alloc: the metric delay (of contentions, delay) does not measure allocations",
         PA_COMPAT_NONE},
        {"nothing", "'nothing' is no question", PA_COMPAT_NONE},
        {NULL, "'' is no question", PA_COMPAT_NONE},
        {"locks", "no such report", PA_COMPAT_PPROF},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        err = (pa_err){0};
        pa_view *v = view_of(*state, p, &(pa_view_options){.metric = "delay", .compat = cases[i].compat});
        assert_null(pa_resource(v, cases[i].question, NULL, *state, &err));
        assert_int_equal(err.code, PA_E_USAGE);
        assert_non_null(strstr(err.message, cases[i].message));
    }
    pa_profile_free(p);
}

/* Groups of contexts have no frames to skip. */
static void by_label(void **state)
{
    pa_builder *b = new_builder();
    pa_metric m[2] = {metric_of(b, "contentions", "count"), metric_of(b, "delay", "nanoseconds")};
    pa_stream_id s = pa_add_stream(b, str(b, ""), m, 2);
    pa_err err = {0};
    assert_true(
        pa_add_row(b, s, stack_from(b, "a;sync.x"), context_from(b, "k=v"), (int64_t[]){2, 10}, &err));
    assert_true(pa_add_row(b, s, stack_from(b, "a;sync.x"), (pa_context_id){0}, (int64_t[]){3, 9}, &err));
    pa_profile *p = finished(b);
    pa_view *v =
        view_of(*state, p, &(pa_view_options){.metric = "delay", .by = PA_BY_LABEL, .by_label = "k"});
    pa_report *r = pa_resource(v, "locks", &every, *state, &err);
    assert_non_null(r);
    assert_table(*state, table_of(r, "rows"), "function waits flat mean_wait",
                 "v|2|10|5\n[no label]|3|9|3\n");
    pa_profile_free(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ARENA_TEST(locks),   ARENA_TEST(runtime_kept), ARENA_TEST(by_count), ARENA_TEST(alloc),
        ARENA_TEST(choices), ARENA_TEST(refusals),     ARENA_TEST(by_label),
    };
    return cmocka_run_group_tests_name("resource", tests, NULL, NULL);
}
