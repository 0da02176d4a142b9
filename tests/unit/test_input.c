/* input: the same bytes from memory, file and pipe, as a stream and as a buffer; limits to the byte; errors of the
 * system; nothing left open. */
#include "tests/unit/input_ways.h"

static void plain(void **state)
{
    pa_arena *a = *state;
    const size_t sizes[] = {0, 1, 3, 4, 5, 65535, 65536, 65537, 262143, 262144, 262145, 1048576, 2500001};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        pa_str text = some_text(a, sizes[i], i + 1);
        every_way(text, (pa_input_options){0}, (expected){.want = text});
    }
}

/* Starts of the magics, but not enough of them; and what is not text at all. */
static void not_compressed(void **state)
{
    (void)state;
    const pa_str odd[] = {PA_STR("\x1f"), PA_STR("\x28\xb5\x2f"), PA_STR("\0\0\0\0\0"),
                          PA_STR("\x1e\x8b\x08\0")};
    for (size_t i = 0; i < sizeof odd / sizeof *odd; i++)
        every_way(odd[i], (pa_input_options){0}, (expected){.want = odd[i]});
}

static void head(void **state)
{
    pa_arena *a = *state;
    const size_t sizes[] = {0, 10, PA_INPUT_HEAD - 1, PA_INPUT_HEAD, PA_INPUT_HEAD + 1, 3 * PA_INPUT_HEAD};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        pa_str text = some_text(a, sizes[i], i + 1), got;
        pa_err err = {0};
        pa_input *in = pa_input_memory("m", text, NULL, a, &err);
        for (int again = 0; again < 2; again++) {
            assert_true(pa_input_head(in, &got, &err));
            assert_int_equal(got.n, sizes[i] < PA_INPUT_HEAD ? sizes[i] : PA_INPUT_HEAD);
            if (got.n)
                assert_memory_equal(got.p, text.p, got.n);
        }
        pa_input_close(in);
    }
}

static void names(void **state)
{
    pa_err err = {0};
    pa_input *in = pa_input_memory("a name", PA_STR("x"), NULL, *state, &err);
    assert_string_equal(pa_input_name(in), "a name");
    assert_false(pa_input_inflated(in));
    pa_input_close(in);
    feeder f;
    int kept = feed_stdin(&f, PA_STR("x"));
    in = pa_input_open("-", NULL, *state, &err);
    assert_string_equal(pa_input_name(in), "<stdin>");
    pa_input_close(in);
    stop_feeding(&f, kept);
    pa_input_close(NULL);
}

/* Somebody else has read the beginning of our standard input: it is not ours. */
static void from_the_middle(void **state)
{
    pa_arena *a = *state;
    int kept = dup(STDIN_FILENO);
    for (taking how = 0; how < N_TAKINGS; how++) {
        int fd = open(file_with(PA_STR("0123456789abcdef")), O_RDONLY);
        unlink(way_path);
        assert_int_equal(lseek(fd, 10, SEEK_SET), 10);
        dup2(fd, STDIN_FILENO);
        close(fd);
        pa_err err = {0};
        pa_input_options options = {.ahead = how == BY_BUFFER_AHEAD};
        outcome o = take(pa_input_open("-", &options, a, &err), how, a, err);
        assert_true(o.ok);
        assert_int_equal(o.bytes.n, 6);
        assert_memory_equal(o.bytes.p, "abcdef", 6);
    }
    dup2(kept, STDIN_FILENO);
    close(kept);
}

/* ---- limits -------------------------------------------------------------------------------------------------- */

static void max_size(void **state)
{
    pa_arena *a = *state;
    const size_t sizes[] = {1,       100,    PA_INPUT_HEAD - 1, PA_INPUT_HEAD, PA_INPUT_HEAD + 1, 262144,
                            1 << 20, 1500000};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        pa_str text = some_text(a, sizes[i] + 1, i + 1);
        char message[80];
        snprintf(message, sizeof message, "size exceeds %zu bytes (use --max-size)", sizes[i]);
        every_way(pa_str_head(text, sizes[i]), (pa_input_options){.max_size = sizes[i]},
                  (expected){.want = pa_str_head(text, sizes[i])});
        every_way(text, (pa_input_options){.max_size = sizes[i]},
                  (expected){.code = PA_E_LIMIT, .offset = PA_NO_OFFSET, .message = message});
    }
}

static void over_the_budget(void **state)
{
    pa_arena *a = *state;
    const char *path = file_with(some_text(a, 3 << 20, 1));
    for (int ahead = 0; ahead < 2; ahead++) {
        pa_budget budget = {.max_bytes = 2 << 20};
        pa_arena *small = pa_arena_new(&budget);
        pa_err err = {0};
        pa_input_options options = {.ahead = ahead};
        outcome o = take(pa_input_open(path, &options, small, &err), BY_BUFFER, a, err);
        assert_int_equal(o.err.code, PA_E_MEMORY);
        assert_string_equal(o.err.input, path);
        pa_arena_free(small);
        assert_int_equal(budget.used_bytes, 0);
    }
    unlink(path);
}

/* ---- what the system says ------------------------------------------------------------------------------------ */

static void refused(const char *path, pa_arena *a, const char *message)
{
    pa_err err = {0};
    size_t open_before = COUNT_DESCRIPTORS();
    assert_null(pa_input_open(path, NULL, a, &err));
    assert_int_equal(err.code, PA_E_IO);
    assert_int_equal(err.offset, PA_NO_OFFSET);
    assert_string_equal(err.message, message);
    assert_string_equal(err.input, path);
    assert_int_equal(COUNT_DESCRIPTORS(), open_before);
}

static void not_a_file(void **state)
{
    refused("/tmp", *state, "is a directory");
    refused("/nonexistent/file", *state, "cannot open: No such file or directory");
    refused("", *state, "cannot open: No such file or directory");
    refused("/proc/self/mem", *state, "cannot read: Input/output error"); /* nothing is mapped at 0 */
}

static void no_permission(void **state)
{
    const char *path = file_with(PA_STR("x"));
    assert_int_equal(chmod(path, 0), 0);
    uid_t me = geteuid();
    if (me == 0 && seteuid(65534) != 0)
        skip();
    refused(path, *state, "cannot open: Permission denied");
    if (me == 0)
        assert_int_equal(seteuid(0), 0);
    unlink(path);
}

static void stdin_closed(void **state)
{
    int kept = dup(STDIN_FILENO);
    close(STDIN_FILENO);
    pa_err err = {0};
    pa_input *in = pa_input_open("-", NULL, *state, &err);
    assert_null(in);
    assert_int_equal(err.code, PA_E_IO);
    assert_string_equal(err.message, "cannot read: Bad file descriptor");
    assert_string_equal(err.input, "<stdin>");
    dup2(kept, STDIN_FILENO);
    close(kept);
}

/* ---- progress ------------------------------------------------------------------------------------------------ */

typedef struct seen {
    uint64_t done, total;
    unsigned calls;
} seen;

static void note_progress(void *arg, uint64_t done, uint64_t total)
{
    seen *s = arg;
    assert_true(done >= s->done && (total == 0 || done <= total));
    *s = (seen){done, total, s->calls + 1};
}

static void progress(void **state)
{
    pa_arena *a = *state;
    pa_str text = some_text(a, 3000000, 1);
    for (source from = 0; from < N_SOURCES; from++)
        for (taking how = 0; how < N_TAKINGS; how++) {
            if (from == FROM_MEMORY && how >= BY_BUFFER)
                continue; /* handed out as it is */
            seen s = {0};
            pa_input_options options = {.progress = note_progress, .progress_arg = &s};
            outcome o = one_way(from, how, text, options, a);
            assert_true(o.ok);
            assert_true(s.calls > 2);
            assert_int_equal(s.done, text.n);
            assert_int_equal(s.total, from == FROM_PIPE ? 0 : text.n);
        }
}

/* ---- out of memory ------------------------------------------------------------------------------------------- */

static void each_block_refused(void **state)
{
    pa_arena *kept = *state;
    const char *path = file_with(some_text(kept, 200000, 1));
    size_t open_before = COUNT_DESCRIPTORS();
    for (taking how = 0; how < N_TAKINGS; how++) {
        bool done = false;
        long n = 1;
        for (; !done; n++) {
            pa_budget budget = {.block_bytes = 256, .fail_block = n};
            pa_arena *a = pa_arena_new(&budget);
            if (!a)
                continue;
            pa_err err = {0};
            pa_input_options options = {.ahead = how == BY_BUFFER_AHEAD};
            outcome o = take(pa_input_open(path, &options, a, &err), how, kept, err);
            done = budget.n_blocks < n;
            assert_int_equal(o.err.code, done ? PA_E_NONE : PA_E_MEMORY);
            pa_arena_free(a);
            assert_int_equal(budget.used_bytes, 0);
            assert_int_equal(COUNT_DESCRIPTORS(), open_before);
        }
        assert_in_range(n, 5, 60);
    }
    unlink(path);
}

static size_t descriptors, threads;

static void *nothing(void *arg) { return arg; }

static int remember_resources(void **state)
{
    (void)state;
    pthread_t first; /* with the first thread, the thread sanitizer starts one of its own */
    if (pthread_create(&first, NULL, nothing, NULL) != 0 || pthread_join(first, NULL) != 0)
        return -1;
    descriptors = COUNT_DESCRIPTORS();
    threads = COUNT_THREADS();
    return 0;
}

/* After all the others. */
static void nothing_left_open(void **state)
{
    (void)state;
    assert_int_equal(COUNT_DESCRIPTORS(), descriptors);
    assert_int_equal(COUNT_THREADS(), threads);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ARENA_TEST(plain),
        ARENA_TEST(not_compressed),
        ARENA_TEST(head),
        ARENA_TEST(names),
        ARENA_TEST(from_the_middle),
        ARENA_TEST(max_size),
        ARENA_TEST(over_the_budget),
        ARENA_TEST(not_a_file),
        ARENA_TEST(no_permission),
        ARENA_TEST(stdin_closed),
        ARENA_TEST(progress),
        ARENA_TEST(each_block_refused),
        cmocka_unit_test(nothing_left_open),
    };
    return cmocka_run_group_tests_name("input", tests, remember_resources, NULL);
}
