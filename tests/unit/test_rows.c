/* rows: equal (stack, context) add up in each stream, sums are checked, squares of record values are exact in 128 bits,
 * the first fraction rescales; streams are found again by their metrics. */
#include "tests/unit/profiles.h"

typedef struct fixture {
    pa_builder *b;
    pa_stream_id s;
    pa_stack_id stack[3];
    pa_err err;
} fixture;

static fixture new_fixture(void)
{
    fixture f = {.b = new_builder()};
    f.s = stream_of(f.b, "", "m", "count");
    f.stack[0] = stack_of(f.b, "a");
    f.stack[1] = stack_of(f.b, "a;b");
    f.stack[2] = stack_of(f.b, "a;c");
    return f;
}

static bool add(fixture *f, unsigned stack, int64_t value)
{
    return pa_add_row(f->b, f->s, f->stack[stack], (pa_context_id){0}, &value, &f->err);
}

static bool same128(pa_u128 got, uint64_t high, uint64_t low)
{
    return (uint64_t)(got >> 64) == high && (uint64_t)got == low;
}

static void adds_up(void **state)
{
    (void)state;
    fixture f = new_fixture();
    pa_context_id k = context_of(f.b, "k", "v");
    int64_t nine = 9;
    assert_true(add(&f, 0, 5) && add(&f, 1, 7) && add(&f, 0, -8) && add(&f, 0, 0));
    assert_true(pa_add_row(f.b, f.s, f.stack[0], k, &nine, &f.err));
    pa_profile *p = finished(f.b);
    pa_stream *s = &p->streams[0];
    assert_int_equal(s->n_rows, 3);
    assert_int_equal(s->values[0], -3);
    assert_int_equal(s->records[0], 3);
    assert_true(same128(pa_row_square(s, 0, 0), 0, 25 + 64));
    assert_int_equal(s->values[1], 7);
    assert_int_equal(s->records[1], 1);
    assert_true(same128(pa_row_square(s, 1, 0), 0, 49));
    assert_int_equal(s->values[2], 9);
    assert_int_equal(s->context[2].v, k.v);
    pa_profile_free(p);
}

/* While every row is one record there is no column of squares: they are those of the values. */
static void implicit_squares(void **state)
{
    (void)state;
    fixture f = new_fixture();
    assert_true(add(&f, 0, INT64_MIN) && add(&f, 1, INT64_MAX) && add(&f, 2, -3));
    pa_profile *p = finished(f.b);
    assert_null(p->streams[0].squares);
    assert_true(same128(pa_row_square(&p->streams[0], 0, 0), (uint64_t)1 << 62, 0));
    assert_true(same128(pa_row_square(&p->streams[0], 1, 0), ((uint64_t)1 << 62) - 1, 1));
    assert_true(same128(pa_row_square(&p->streams[0], 2, 0), 0, 9));
    pa_profile_free(p);
}

/* 2^62 squared is 2^124: the sum of rows before and after the first repetition, to the last bit. */
static void exact_squares(void **state)
{
    (void)state;
    fixture f = new_fixture();
    int64_t big = (int64_t)1 << 62;
    assert_true(add(&f, 0, big - 1) && add(&f, 1, 3) && add(&f, 0, -big) && add(&f, 0, big) &&
                add(&f, 2, big));
    pa_profile *p = finished(f.b);
    pa_stream *s = &p->streams[0];
    assert_non_null(s->squares);
    pa_u128 want = (pa_u128)(big - 1) * (uint64_t)(big - 1) + 2 * ((pa_u128)1 << 124);
    assert_true(pa_row_square(s, 0, 0) == want);
    assert_true(same128(pa_row_square(s, 1, 0), 0, 9));
    assert_true(same128(pa_row_square(s, 2, 0), (uint64_t)1 << 60, 0));
    assert_int_equal(s->values[0], big - 1);
    pa_profile_free(p);
}

static void several_metrics(void **state)
{
    (void)state;
    pa_builder *b = new_builder();
    const pa_metric m[] = {metric_of(b, "samples", "count"), metric_of(b, "cpu", "nanoseconds")};
    pa_stream_id s = pa_add_stream(b, str(b, ""), m, 2);
    pa_stack_id stacks[40];
    pa_context_id none[40] = {{0}};
    int64_t values[80];
    uint64_t records[40];
    for (int64_t i = 0; i < 40; i++) {
        char name[8];
        snprintf(name, sizeof name, "f%d", (int)(i % 5));
        stacks[i] = stack_of(b, name);
        values[2 * i] = 1;
        values[2 * i + 1] = i;
        records[i] = (uint64_t)i;
    }
    pa_err err = {0};
    size_t failed = 77;
    pa_rows rows = {.n = 40, .stack = stacks, .context = none, .values = values, .failed = &failed};
    assert_true(pa_add_rows(b, s, &rows, &err));
    rows.records = records;
    assert_true(pa_add_rows(b, s, &rows, &err));
    assert_int_equal(failed, 77);
    pa_profile *p = finished(b);
    assert_int_equal(p->streams[0].n_rows, 5);
    for (int64_t r = 0; r < 5; r++) {
        int64_t sum = 0, squares = 0;
        for (int64_t i = r; i < 40; i += 5) {
            sum += i;
            squares += i * i;
        }
        assert_int_equal(p->streams[0].values[2 * r], 16);
        assert_int_equal(p->streams[0].values[2 * r + 1], 2 * sum);
        assert_int_equal(p->streams[0].records[r], 8 + sum);
        assert_true(pa_row_square(&p->streams[0], (size_t)r, 0) == 16);
        assert_true(pa_row_square(&p->streams[0], (size_t)r, 1) == (pa_u128)(2 * squares));
    }
    pa_profile_free(p);
}

static void many_rows(void **state)
{
    (void)state;
    fixture f = new_fixture();
    pa_stack_id *stacks = pa_new(pa_builder_arena(f.b), pa_stack_id, 50000);
    for (size_t i = 0; i < 50000; i++) {
        char name[12];
        snprintf(name, sizeof name, "f%zu", i);
        stacks[i] = stack_of(f.b, name);
    }
    for (int64_t round = 0; round < 3; round++)
        for (size_t i = 0; i < 50000; i++)
            row(f.b, f.s, stacks[i], (pa_context_id){0}, (int64_t)i + round);
    pa_profile *p = finished(f.b);
    assert_int_equal(p->streams[0].n_rows, 50000);
    for (size_t i = 0; i < 50000; i++) {
        assert_int_equal(p->streams[0].values[i], 3 * i + 3);
        assert_int_equal(p->streams[0].records[i], 3);
    }
    pa_profile_free(p);
}

/* ---- overflow ------------------------------------------------------------------------------------------------ */

static void overflow(void **state)
{
    (void)state;
    for (int negative = 0; negative < 2; negative++) {
        fixture f = new_fixture();
        pa_at(f.b, 0x123);
        assert_true(add(&f, 0, negative ? INT64_MIN : INT64_MAX));
        assert_true(add(&f, 1, negative ? INT64_MIN : INT64_MAX)); /* rows are summed each for itself */
        assert_true(add(&f, 0, 0));
        int64_t values[] = {1, 2, negative ? -1 : 1};
        pa_context_id none[3] = {{0}};
        size_t failed = 77;
        pa_stack_id stacks[] = {f.stack[2], f.stack[2], f.stack[0]};
        pa_rows rows = {.n = 3, .stack = stacks, .context = none, .values = values, .failed = &failed};
        assert_false(pa_add_rows(f.b, f.s, &rows, &f.err));
        assert_int_equal(failed, 2);
        assert_int_equal(f.err.code, PA_E_OVERFLOW);
        assert_int_equal(f.err.offset, 0x123);
        assert_string_equal(f.err.message, "sum of 'm' exceeds 64 bits");
        pa_arena_free(pa_builder_arena(f.b));
    }
}

/* ---- fractions ----------------------------------------------------------------------------------------------- */

static void first_fraction(void **state)
{
    (void)state;
    pa_builder *b = new_builder();
    const pa_metric m[] = {metric_of(b, "whole", "count"), metric_of(b, "split", "count")};
    pa_stream_id s = pa_add_stream(b, str(b, ""), m, 2);
    pa_stack_id one = stack_of(b, "a"), two = stack_of(b, "b");
    pa_err err = {0};
    pa_context_id none = {0};
    assert_true(pa_add_row(b, s, one, none, (int64_t[]){2, 3}, &err));
    assert_true(pa_add_row(b, s, one, none, (int64_t[]){2, -4}, &err));
    assert_true(pa_add_row(b, s, two, none, (int64_t[]){5, 6}, &err));
    assert_true(pa_metric_fractional(b, s, 1, &err));
    assert_true(pa_metric_fractional(b, s, 1, &err)); /* once */
    assert_true(pa_add_row(b, s, one, none, (int64_t[]){1, 500000000}, &err));
    pa_profile *p = finished(b);
    pa_stream *x = &p->streams[0];
    assert_int_equal(x->metrics[0].decimals, 0);
    assert_int_equal(x->metrics[1].decimals, 9);
    assert_int_equal(x->values[0], 5);
    assert_int_equal(x->values[1], -500000000);
    assert_int_equal(x->values[3], 6000000000);
    assert_true(pa_row_square(x, 0, 0) == 9);
    pa_u128 unit = (pa_u128)1000000000 * 1000000000;
    assert_true(pa_row_square(x, 0, 1) == 25 * unit + unit / 4);
    assert_true(pa_row_square(x, 1, 1) == 36 * unit);
    pa_profile_free(p);
}

/* Nothing has been added up yet: squares stay implicit and follow the values. */
static void fraction_before_squares(void **state)
{
    (void)state;
    fixture f = new_fixture();
    assert_true(add(&f, 0, 3));
    assert_true(pa_metric_fractional(f.b, f.s, 0, &f.err));
    pa_profile *p = finished(f.b);
    assert_null(p->streams[0].squares);
    assert_true(pa_row_square(&p->streams[0], 0, 0) == (pa_u128)3000000000 * 3000000000u);
    pa_profile_free(p);
}

static void fraction_overflow(void **state)
{
    (void)state;
    fixture f = new_fixture();
    assert_true(add(&f, 0, 9223372036));
    assert_true(pa_metric_fractional(f.b, f.s, 0, &f.err));
    pa_arena_free(pa_builder_arena(f.b));
    f = new_fixture();
    assert_true(add(&f, 0, 9223372037));
    pa_at(f.b, 4);
    assert_false(pa_metric_fractional(f.b, f.s, 0, &f.err));
    assert_int_equal(f.err.code, PA_E_OVERFLOW);
    assert_int_equal(f.err.offset, 4);
    pa_arena_free(pa_builder_arena(f.b));
}

/* Squares beyond 128 bits stay at the greatest there is: no wrap. */
static void squares_saturate(void **state)
{
    (void)state;
    fixture f = new_fixture();
    pa_u128 half = (pa_u128)1 << 127;
    pa_context_id none = {0};
    int64_t zero = 0;
    pa_rows rows = {.n = 1, .stack = f.stack, .context = &none, .values = &zero, .squares = &half};
    assert_true(pa_add_rows(f.b, f.s, &rows, &f.err));
    assert_true(pa_add_rows(f.b, f.s, &rows, &f.err));
    pa_profile *p = finished(f.b);
    assert_true(pa_row_square(&p->streams[0], 0, 0) == ~(pa_u128)0);
    pa_profile_free(p);
}

/* ---- streams ------------------------------------------------------------------------------------------------- */

static void streams_match(void **state)
{
    pa_arena *a = *state;
    pa_builder *b = new_builder();
    pa_at(b, 11);
    pa_stream_id us = stream_of(b, "cpu", "time", "us");
    assert_int_equal(stream_of(b, "cpu", "time", "us").v, us.v);
    assert_int_equal(stream_of(b, "cpu", "time", "ns").v, us.v); /* finer: kept */
    assert_int_equal(stream_of(b, "cpu", "time", "ms").v, us.v);
    assert_int_equal(pa_stream_metric(b, us, 0)->factor, 1);
    assert_int_not_equal(stream_of(b, "wall", "time", "us").v, us.v);
    pa_profile *p = finished(b);
    assert_int_equal(p->n_streams, 2);
    assert_int_equal(p->diags.n, 0);
    assert_int_equal(p->streams[0].first, 11);
    assert_true(pa_str_is(pa_string(p, p->streams[0].metrics[0].unit), "ns"));
    assert_true(dump_has(a, p, "metric time ns time x1"));
    pa_profile_free(p);
}

static void streams_differ(void **state)
{
    (void)state;
    pa_builder *b = new_builder();
    pa_stream_id s = stream_of(b, "s", "m", "count");
    pa_at(b, 20);
    assert_int_not_equal(stream_of(b, "s", "other", "count").v, s.v); /* name */
    assert_int_not_equal(stream_of(b, "s", "m", "bytes").v, s.v);     /* dimension */
    pa_stream_id pages = stream_of(b, "s", "m", "pages");             /* units nobody knows: by their name */
    assert_int_not_equal(stream_of(b, "s", "m", "widgets").v, pages.v);
    assert_int_equal(stream_of(b, "s", "m", "pages").v, pages.v);
    const pa_metric two[] = {metric_of(b, "m", "count"), metric_of(b, "n", "count")};
    const pa_metric swapped[] = {two[1], two[0]};
    pa_stream_id t = pa_add_stream(b, str(b, "s"), two, 2);
    assert_int_not_equal(pa_add_stream(b, str(b, "s"), swapped, 2).v, t.v);
    assert_int_equal(pa_add_stream(b, str(b, "s"), two, 2).v, t.v);
    pa_profile *p = finished(b);
    assert_int_equal(p->n_streams, 7);
    assert_int_equal(noted(p, "stream with other metrics than an earlier one of its name"), 6);
    assert_int_equal(p->diags.p[0].first, 20);
    pa_profile_free(p);
}

/* A factor nobody stated means 1, the first time and every time. */
static void unknown_factor(void **state)
{
    (void)state;
    pa_builder *b = new_builder();
    pa_metric m = {.name = str(b, "m"), .unit = str(b, "widgets")};
    pa_stream_id s = pa_add_stream(b, str(b, "s"), &m, 1);
    assert_int_equal(pa_stream_metric(b, s, 0)->factor, 1);
    assert_int_equal(pa_add_stream(b, str(b, "s"), &m, 1).v, s.v);
    assert_int_equal(pa_stream_metric(b, s, 0)->factor, 1);
    pa_profile_free(finished(b));
}

static void defaults(void **state)
{
    (void)state;
    pa_builder *b = new_builder();
    (void)stream_of(b, "s", "m", "count");
    pa_stream_id t = stream_of(b, "t", "m", "count"), u = stream_of(b, "u", "m", "count");
    pa_set_default(b, t, 0);
    pa_set_default(b, u, 0); /* the first stays */
    pa_profile *p = finished(b);
    assert_int_equal(p->default_stream.v, t.v);
    pa_profile_free(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(adds_up),           cmocka_unit_test(implicit_squares),
        cmocka_unit_test(exact_squares),     cmocka_unit_test(several_metrics),
        cmocka_unit_test(many_rows),         cmocka_unit_test(overflow),
        cmocka_unit_test(first_fraction),    cmocka_unit_test(fraction_before_squares),
        cmocka_unit_test(fraction_overflow), cmocka_unit_test(squares_saturate),
        ARENA_TEST(streams_match),           cmocka_unit_test(streams_differ),
        cmocka_unit_test(unknown_factor),    cmocka_unit_test(defaults),
    };
    return cmocka_run_group_tests_name("rows", tests, NULL, NULL);
}
