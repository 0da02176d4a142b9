/* builder: equal things get equal ids, things that differ in any field do not; limits, diagnostics, metadata, origin. */
#include "tests/unit/profiles.h"

static void nothing_at_all(void **state)
{
    pa_profile *p = finished(new_builder());
    assert_int_equal(p->n_strings, 1);
    assert_int_equal(p->n_frames, 1);
    assert_int_equal(p->n_stacks, 1);
    assert_int_equal(p->n_contexts, 1);
    assert_int_equal(p->n_streams, 0);
    assert_int_equal(pa_string(p, (pa_str_id){0}).n, 0);
    assert_int_equal(pa_stack_at(p, (pa_stack_id){0}).n, 0);
    assert_int_equal(pa_context_at(p, (pa_context_id){0}).n, 0);
    assert_int_equal(pa_frame_at(p, (pa_frame_id){0})->flags, PA_FRAME_UNKNOWN);
    assert_int_equal(pa_frame_name(p, (pa_frame_id){0}).n, 0);
    assert_int_equal(pa_module_at(p, (pa_module_id){0})->path.v, 0);
    assert_null(pa_context_label(p, (pa_context_id){0}, PA_STR("k")));
    (void)dump_of(*state, p);
    pa_profile_free(p);
    pa_profile_free(NULL);
}

static void zero_ids(void **state)
{
    (void)state;
    pa_builder *b = new_builder();
    assert_int_equal(pa_add_str(b, (pa_str){NULL, 0}).v, 0);
    assert_int_equal(pa_add_module(b, &(pa_module){0}).v, 0);
    assert_int_equal(pa_add_function(b, &(pa_function){0}).v, 0);
    assert_int_equal(pa_add_frame(b, &(pa_frame){.flags = PA_FRAME_UNKNOWN}).v, 0);
    assert_int_not_equal(pa_add_frame(b, &(pa_frame){0}).v, 0);
    assert_int_equal(pa_add_stack(b, NULL, 0).v, 0);
    assert_int_equal(pa_add_context(b, NULL, 0).v, 0);
    assert_int_not_equal(pa_add_stack(b, (pa_frame_id[]){{0}}, 1).v, 0); /* one unknown frame is a stack */
    pa_profile_free(finished(b));
}

static void strings(void **state)
{
    (void)state;
    pa_builder *b = new_builder();
    const pa_str odd[] = {PA_STR("a"), PA_STR("a\0"), PA_STR("a\0b"), PA_STR("\xff\xfe"), PA_STR("A")};
    uint32_t id[5];
    for (size_t i = 0; i < 5; i++)
        for (size_t j = (id[i] = pa_add_str(b, odd[i]).v, 0); j < i; j++)
            assert_int_not_equal(id[i], id[j]);
    char changing[] = "a";
    assert_int_equal(pa_add_str(b, pa_cstr(changing)).v, id[0]);
    changing[0] = 'z'; /* was copied */
    for (int i = 0; i < 50000; i++) {
        char name[20];
        snprintf(name, sizeof name, "name %d", i % 10000);
        assert_int_equal(str(b, name).v, 6 + (uint32_t)i % 10000);
    }
    pa_profile *p = finished(b);
    assert_int_equal(p->n_strings, 10006);
    for (size_t i = 0; i < 5; i++)
        assert_true(pa_str_eq(pa_string(p, (pa_str_id){id[i]}), odd[i]));
    assert_true(pa_str_is(p->strings[10005], "name 9999"));
    pa_profile_free(p);
}

static void modules(void **state)
{
    (void)state;
    pa_builder *b = new_builder();
    pa_str_id x = str(b, "x"), y = str(b, "y");
    const pa_module m[] = {
        {.path = x},          {.path = y},  {.build_id = x},    {.start = 1},        {.limit = 1},
        {.file_offset = 1},   {.flags = 1}, {x, x, 1, 1, 1, 1}, {x, x, 1, 1, 1, 15}, {.start = 1, .limit = 1},
        {.limit = UINT64_MAX}};
    enum { N = sizeof m / sizeof *m };
    for (uint32_t i = 0; i < N; i++)
        assert_int_equal(pa_add_module(b, &m[i]).v, i + 1);
    for (uint32_t i = 0; i < N; i++)
        assert_int_equal(pa_add_module(b, &m[i]).v, i + 1);
    pa_profile *p = finished(b);
    assert_int_equal(p->n_modules, N + 1);
    assert_int_equal(p->modules[9].flags, 15);
    pa_profile_free(p);
}

static void functions(void **state)
{
    (void)state;
    pa_builder *b = new_builder();
    pa_str_id x = str(b, "x"), y = str(b, "y");
    const pa_function f[] = {{.name = x},       {.name = y},        {.system_name = x}, {.file = x},
                             {.start_line = 1}, {.start_line = -1}, {x, x, x, 1},       {x, y, x, 1},
                             {y, x, x, 1},      {x, x, y, 1}};
    enum { N = sizeof f / sizeof *f };
    for (uint32_t i = 0; i < 2 * N; i++)
        assert_int_equal(pa_add_function(b, &f[i % N]).v, i % N + 1);
    pa_profile *p = finished(b);
    assert_int_equal(p->n_functions, N + 1);
    assert_int_equal(pa_function_at(p, (pa_function_id){6})->start_line, -1);
    pa_profile_free(p);
}

static void frames(void **state)
{
    (void)state;
    pa_builder *b = new_builder();
    pa_function_id f = pa_add_function(b, &(pa_function){.name = str(b, "f")});
    pa_module_id m = pa_add_module(b, &(pa_module){.path = str(b, "m")});
    const pa_frame x[] = {{.function = f},
                          {.module = m},
                          {.address = 1},
                          {.line = 1},
                          {.column = 1},
                          {.flags = 1},
                          {.flags = 128},
                          {.line = -1},
                          {.line = 65536},
                          {f, m, 1, 1, 1, 1},
                          {f, m, 1, 1, 1, 2},
                          {f, m, 1, 1, 2, 1},
                          {f, m, 1, 2, 1, 1},
                          {f, m, 2, 1, 1, 1},
                          /* equal hashes: only comparing tells them apart */
                          {.column = 1 + ((int64_t)1 << 48)},
                          {.flags = 65536}};
    enum { N = sizeof x / sizeof *x };
    for (uint32_t i = 0; i < 2 * N; i++)
        assert_int_equal(pa_add_frame(b, &x[i % N]).v, i % N + 1);
    pa_profile *p = finished(b);
    assert_int_equal(p->n_frames, N + 1);
    assert_true(pa_str_is(pa_frame_name(p, (pa_frame_id){1}), "f"));
    pa_profile_free(p);
}

static void stacks(void **state)
{
    (void)state;
    pa_builder *b = new_builder();
    pa_stack_id ab = stack_of(b, "a;b"), ba = stack_of(b, "b;a"), a = stack_of(b, "a"),
                aab = stack_of(b, "a;a;b");
    assert_int_equal(stack_of(b, "a;b").v, ab.v);
    assert_int_not_equal(ab.v, ba.v);
    assert_int_not_equal(ab.v, a.v);
    assert_int_not_equal(ab.v, aab.v);
    pa_profile *p = finished(b);
    assert_int_equal(p->n_stacks, 5);
    pa_frames s = pa_stack_at(p, aab);
    assert_int_equal(s.n, 3);
    assert_true(pa_str_is(pa_frame_name(p, s.p[0]), "a"));
    assert_true(pa_str_is(pa_frame_name(p, s.p[2]), "b"));
    assert_true(pa_str_is(pa_frame_name(p, pa_stack_at(p, ba).p[0]), "b"));
    pa_profile_free(p);
}

static void contexts(void **state)
{
    pa_arena *arena = *state;
    pa_builder *b = new_builder();
    pa_str_id k = str(b, "k"), x = str(b, "x"), y = str(b, "y"), bytes = str(b, "bytes");
    const pa_label kx = {.key = k, .str = x}, ky = {.key = k, .str = y}, yx = {.key = y, .str = x},
                   zero = {.key = k, .numeric = true}, empty = {.key = k}, seven = {k, bytes, 7, true},
                   eight = {k, bytes, 8, true}, bare = {.key = k, .num = 7, .numeric = true},
                   minus = {.key = k, .num = -1, .numeric = true}; /* hashes like empty */
    const pa_label *sets[][2] = {{&kx, NULL},    {&ky, NULL},    {&yx, NULL},   {&kx, &ky},
                                 {&ky, &kx},     {&kx, &kx},     {&zero, NULL}, {&empty, NULL},
                                 {&seven, NULL}, {&eight, NULL}, {&bare, NULL}, {&minus, NULL}};
    enum { N = sizeof sets / sizeof *sets };
    for (uint32_t i = 0; i < 2 * N; i++) {
        pa_label two[2] = {*sets[i % N][0]};
        if (sets[i % N][1])
            two[1] = *sets[i % N][1];
        assert_int_equal(pa_add_context(b, two, sets[i % N][1] ? 2 : 1).v, i % N + 1);
    }
    pa_profile *p = finished(b);
    assert_int_equal(p->n_contexts, N + 1);
    pa_labels repeated = pa_context_at(p, (pa_context_id){5}); /* ky kx: both, in order */
    assert_int_equal(repeated.n, 2);
    assert_int_equal(repeated.p[0].str.v, y.v);
    assert_int_equal(repeated.p[1].str.v, x.v);
    assert_ptr_equal(pa_context_label(p, (pa_context_id){5}, PA_STR("k")), &repeated.p[0]);
    assert_null(pa_context_label(p, (pa_context_id){5}, PA_STR("nokey")));
    assert_true(pa_str_is(pa_label_text(p, &seven, arena), "7 bytes"));
    assert_true(pa_str_is(pa_label_text(p, &bare, arena), "7"));
    assert_true(pa_str_is(pa_label_text(p, &kx, arena), "x"));
    pa_profile_free(p);
}

/* ---- limits -------------------------------------------------------------------------------------------------- */

static void fails(pa_builder *b, uint64_t at, const char *message)
{
    pa_err err = {0};
    assert_false(pa_builder_ok(b, &err));
    assert_int_equal(err.code, PA_E_LIMIT);
    assert_int_equal(err.offset, at);
    assert_string_equal(err.message, message);
    pa_arena *arena = pa_builder_arena(b);
    err = (pa_err){0};
    assert_null(pa_builder_finish(b, &err));
    assert_int_equal(err.code, PA_E_LIMIT);
    pa_arena_free(arena);
}

static void deep_stacks(void **state)
{
    pa_frame_id *frames = pa_new(*state, pa_frame_id, PA_MAX_STACK_DEPTH + 1);
    pa_builder *b = new_builder();
    pa_at(b, 10);
    (void)pa_add_stack(b, frames, PA_DEEP_STACK);
    pa_at(b, 20);
    (void)pa_add_stack(b, frames, PA_DEEP_STACK + 1);
    pa_at(b, 30);
    pa_stack_id deepest = pa_add_stack(b, frames, PA_MAX_STACK_DEPTH);
    assert_int_not_equal(deepest.v, 0);
    pa_profile *p = finished(b);
    assert_int_equal(p->diags.n, 1);
    assert_string_equal(p->diags.p[0].kind, "stack deeper than 4096 frames");
    assert_int_equal(p->diags.p[0].count, 2);
    assert_int_equal(p->diags.p[0].first, 20);
    assert_int_equal(pa_stack_at(p, deepest).n, PA_MAX_STACK_DEPTH);
    pa_profile_free(p);

    b = new_builder();
    pa_at(b, 40);
    assert_int_equal(pa_add_stack(b, frames, PA_MAX_STACK_DEPTH + 1).v, 0);
    pa_at(b, 50);
    assert_int_equal(pa_add_stack(b, frames, PA_MAX_STACK_DEPTH + 1).v, 0); /* the first failure stays */
    fails(b, 40, "stack with 65537 frames exceeds the limit of 65536");
}

static void many_labels(void **state)
{
    pa_label *labels = pa_new(*state, pa_label, PA_MAX_LABELS + 1);
    pa_builder *b = new_builder();
    pa_at(b, 5);
    assert_int_not_equal(pa_add_context(b, labels, PA_MAX_LABELS).v, 0);
    assert_true(pa_builder_ok(b, NULL));
    assert_int_equal(pa_add_context(b, labels, PA_MAX_LABELS + 1).v, 0);
    fails(b, 5, "record with 65537 labels exceeds the limit of 65536");
}

static void many_metrics(void **state)
{
    (void)state;
    pa_builder *b = new_builder();
    pa_metric m[PA_MAX_METRICS + 1];
    for (size_t i = 0; i <= PA_MAX_METRICS; i++) {
        char name[10];
        snprintf(name, sizeof name, "m%zu", i);
        m[i] = metric_of(b, name, "count");
    }
    pa_stream_id s = pa_add_stream(b, str(b, "s"), m, PA_MAX_METRICS);
    assert_true(pa_builder_ok(b, NULL));
    assert_int_equal(pa_stream_metric(b, s, 63)->name.v, m[63].name.v);
    pa_at(b, 7);
    (void)pa_add_stream(b, str(b, "t"), m, PA_MAX_METRICS + 1);
    fails(b, 7, "65 value types, between 1 and 64 are supported");
    b = new_builder();
    (void)pa_add_stream(b, str(b, "t"), m, 0);
    fails(b, PA_NO_OFFSET, "0 value types, between 1 and 64 are supported");
}

static void many_streams(void **state)
{
    (void)state;
    pa_builder *b = new_builder();
    for (uint32_t i = 0; i < 3000; i++) { /* all of them is a test of patience */
        char name[20];
        snprintf(name, sizeof name, "s%u", i);
        assert_int_equal(stream_of(b, name, "m", "count").v, i);
    }
    pa_profile *p = finished(b);
    assert_int_equal(p->n_streams, 3000);
    assert_true(pa_str_is(pa_string(p, p->streams[2999].name), "s2999"));
    pa_profile_free(p);
}

/* ---- inputs, diagnostics, metadata --------------------------------------------------------------------------- */

static void diagnostics(void **state)
{
    (void)state;
    pa_builder *b = new_builder();
    pa_begin_input(b, PA_STR("one"), "toy", false);
    pa_note(b, "odd", 30);
    pa_note(b, "odd", 10); /* further in front */
    pa_note(b, "odd", 40);
    pa_begin_input(b, PA_STR("two"), "toy", false);
    pa_note(b, "odd", 5);
    pa_note(b, "strange", 50);
    pa_input_incomplete(b);
    pa_profile *p = finished(b);
    assert_int_equal(p->diags.n, 2);
    assert_int_equal(noted(p, "odd"), 4);
    assert_int_equal(p->diags.p[0].first, 10);
    assert_int_equal(p->diags.p[0].input, 0);
    assert_string_equal(p->diags.p[1].kind, "strange");
    assert_int_equal(p->diags.p[1].first, 50);
    assert_int_equal(p->diags.p[1].input, 1);
    assert_int_equal(p->n_inputs, 2);
    assert_true(p->inputs[0].complete);
    assert_false(p->inputs[1].complete);
    assert_true(pa_str_is(pa_string(p, p->inputs[1].name), "two"));
    assert_string_equal(p->inputs[1].format, "toy");
    pa_profile_free(p);
}

/* Whatever order they were noted in: by input, then by where they were first seen. */
static void diagnostics_in_order(void **state)
{
    (void)state;
    pa_builder *b = new_builder();
    pa_begin_input(b, PA_STR("one"), "toy", false);
    pa_note(b, "nowhere", PA_NO_OFFSET);
    pa_note(b, "late", 100);
    pa_note(b, "early", 10);
    pa_note(b, "at ten too", 10);
    pa_profile *p = finished(b);
    const char *const want[] = {"at ten too", "early", "late", "nowhere"};
    assert_int_equal(p->diags.n, 4);
    for (size_t i = 0; i < 4; i++)
        assert_string_equal(p->diags.p[i].kind, want[i]);
    pa_profile_free(p);
}

static void own_failures(void **state)
{
    (void)state;
    pa_builder *b = new_builder();
    pa_arena *arena = pa_builder_arena(b);
    pa_at(b, 9);
    assert_false(pa_builder_fail(b, PA_E_SYNTAX, "bad '%s'", "thing"));
    pa_err err = {0};
    pa_stream_id s = stream_of(b, "s", "m", "count");
    int64_t one = 1;
    assert_false(
        pa_add_row(b, s, (pa_stack_id){0}, (pa_context_id){0}, &one, &err)); /* told by the next row */
    assert_string_equal(err.message, "bad 'thing'");
    assert_int_equal(err.offset, 9);
    pa_arena_free(arena);
}

static void metadata(void **state)
{
    (void)state;
    pa_builder *b = new_builder();
    pa_meta first = {.duration_ns = 5, .period = 10, .period_type = str(b, "cpu"), .doc_url = str(b, "")};
    pa_meta second = {.start_ns = 200,
                      .duration_ns = 7,
                      .period = 30,
                      .period_type = str(b, "cpu"),
                      .doc_url = str(b, "u"),
                      .producer = str(b, "p")};
    pa_meta third = {.start_ns = 100,
                     .duration_ns = INT64_MAX,
                     .period = 40,
                     .period_type = str(b, "wall"), /* not the longest of one kind */
                     .producer = str(b, "q"),
                     .default_metric = str(b, "d"),
                     .drop_frames = str(b, "x"),
                     .keep_frames = str(b, "y"),
                     .period_unit = str(b, "ns")};
    pa_arena *a = pa_builder_arena(b);
    pa_push(a, &first.comments) = str(b, "c1");
    pa_push(a, &first.comments) = str(b, "c2");
    pa_push(a, &second.comments) = str(b, "c2");
    pa_push(a, &second.comments) = str(b, "c3");
    pa_merge_meta(b, &first);
    pa_merge_meta(b, &second);
    pa_merge_meta(b, &third);
    pa_profile *p = finished(b);
    const pa_meta *m = &p->meta;
    assert_int_equal(m->start_ns, 100);
    assert_int_equal(m->duration_ns, INT64_MAX);
    assert_int_equal(m->period, 30);
    assert_true(pa_str_is(pa_string(p, m->period_type), "cpu"));
    assert_true(pa_str_is(pa_string(p, m->period_unit), "ns"));
    assert_true(pa_str_is(pa_string(p, m->doc_url), "u"));
    assert_true(pa_str_is(pa_string(p, m->producer), "p"));
    assert_true(pa_str_is(pa_string(p, m->default_metric), "d"));
    assert_true(pa_str_is(pa_string(p, m->drop_frames), "x"));
    assert_true(pa_str_is(pa_string(p, m->keep_frames), "y"));
    assert_int_equal(m->comments.n, 3);
    assert_true(pa_str_is(pa_string(p, m->comments.p[2]), "c3"));
    pa_profile_free(p);
}

static void origin(void **state)
{
    (void)state;
    pa_builder *b = new_builder();
    pa_stream_id s = stream_of(b, "", "m", "count");
    pa_begin_input(b, PA_STR("one"), "toy", true);
    row(b, s, stack_of(b, "a"), (pa_context_id){0}, 1);
    row(b, s, stack_of(b, "a"), context_of(b, "k", "v"), 1);
    pa_begin_input(b, PA_STR("two"), "toy", true);
    row(b, s, stack_of(b, "a"), (pa_context_id){0}, 1);
    pa_begin_input(b, PA_STR("three"), "toy", false);
    row(b, s, stack_of(b, "a"), (pa_context_id){0}, 1);
    pa_profile *p = finished(b);
    const char *const want[] = {"one", "one", "two", NULL};
    assert_int_equal(p->streams[0].n_rows, 4);
    for (size_t i = 0; i < 4; i++) {
        const pa_label *l = pa_context_label(p, p->streams[0].context[i], PA_STR(PA_LABEL_ORIGIN));
        assert_true(want[i] ? l && pa_str_is(pa_string(p, l->str), want[i]) : !l);
    }
    pa_labels both = pa_context_at(p, p->streams[0].context[1]);
    assert_int_equal(both.n, 2);
    assert_true(pa_str_is(pa_string(p, both.p[0].key), "k"));
    pa_profile_free(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ARENA_TEST(nothing_at_all),     cmocka_unit_test(zero_ids),
        cmocka_unit_test(strings),      cmocka_unit_test(modules),
        cmocka_unit_test(functions),    cmocka_unit_test(frames),
        cmocka_unit_test(stacks),       ARENA_TEST(contexts),
        ARENA_TEST(deep_stacks),        ARENA_TEST(many_labels),
        cmocka_unit_test(many_metrics), cmocka_unit_test(many_streams),
        cmocka_unit_test(diagnostics),  cmocka_unit_test(diagnostics_in_order),
        cmocka_unit_test(own_failures), cmocka_unit_test(metadata),
        cmocka_unit_test(origin),
    };
    return cmocka_run_group_tests_name("builder", tests, NULL, NULL);
}
