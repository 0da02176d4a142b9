/* scale.c: see scale.h.  In: a profile nobody else looks at yet.  Out: its rows with other values.
 * Integers throughout: a value is multiplied in 128 bits and divided with rounding, and what the rounding took or gave is
 * carried to the next value of the metric.  So no value is off by one or more, however small it is the values of a
 * metric sum to what they should, and the same rows give the same result. */
#include "libanalysis/model/scale.h"

#include "libanalysis/base/arena.h"

__extension__ typedef __int128 wide;

/* numerator / denominator, both positive and below 2^63. */
typedef struct ratio {
    int64_t numerator, denominator;
} ratio;

bool pa_weight_of(const pa_profile *p, pa_weight *weight, pa_err *err)
{
    *weight = (pa_weight){0};
    if (p->n_streams == 0)
        return true;
    const pa_stream *s = &p->streams[p->default_stream.v];
    const pa_metric *m = &s->metrics[p->default_metric];
    uint64_t sum = 0;
    for (size_t i = p->default_metric; i < s->n_rows * s->n_metrics; i += s->n_metrics) {
        int64_t v = s->values[i];
        if (__builtin_add_overflow(sum, v < 0 ? 0 - (uint64_t)v : (uint64_t)v, &sum) || sum > INT64_MAX)
            return pa_fail(err, PA_E_OVERFLOW, PA_NO_OFFSET, "total exceeds 64 bits");
    }
    *weight = (pa_weight){.known = sum > 0,
                          .total = (int64_t)sum,
                          .decimals = m->decimals,
                          .name = pa_string(p, m->name),
                          .dimension = m->dimension};
    return true;
}

/* Totals in the same unit; where that takes more than 63 bits, both lose their last ones. */
static ratio ratio_of(const pa_weight *to, const pa_weight *from)
{
    wide numerator = to->total, denominator = from->total;
    if (to->decimals < from->decimals)
        numerator *= PA_FRACTION_SCALE;
    if (from->decimals < to->decimals)
        denominator *= PA_FRACTION_SCALE;
    while (numerator > INT64_MAX || denominator > INT64_MAX) {
        numerator >>= 1;
        denominator >>= 1;
    }
    return (ratio){numerator > 0 ? (int64_t)numerator : 1, denominator > 0 ? (int64_t)denominator : 1};
}

/* One metric of a stream; what is not zero and had to be rounded is counted. */
static bool scale_values(pa_stream *s, uint32_t metric, ratio r, uint64_t *rounded)
{
    wide carry = 0;
    for (size_t i = metric; i < s->n_rows * s->n_metrics; i += s->n_metrics) {
        if (s->values[i] == 0)
            continue;
        wide exact = (wide)s->values[i] * r.numerator, all = exact + carry;
        wide whole = all / r.denominator, left = all % r.denominator;
        if (left * 2 >= r.denominator)
            whole++;
        else if (left * 2 <= -(wide)r.denominator)
            whole--;
        if (whole > INT64_MAX || whole < INT64_MIN)
            return false;
        carry = all - whole * r.denominator;
        *rounded += exact % r.denominator != 0;
        s->values[i] = (int64_t)whole;
    }
    return true;
}

/* Squares only tell how many samples a sum is worth: sixty-four bits of them are enough. */
static void scale_squares(pa_stream *s, ratio r)
{
    const long double most = 3.4e38L, by = (long double)r.numerator / (long double)r.denominator;
    for (size_t i = 0; s->squares && i < s->n_rows * s->n_metrics; i++) {
        long double square = (long double)s->squares[i] * by * by;
        s->squares[i] = square < most ? (pa_u128)square : ~(pa_u128)0;
    }
}

static void note(pa_profile *p, const char *kind, uint64_t n)
{
    pa_diag_add(p->arena, &p->diags, kind, n, PA_NO_OFFSET, 0);
}

bool pa_scale_profile(pa_profile *p, const pa_weight *wanted, pa_err *err)
{
    pa_weight own;
    if (!pa_weight_of(p, &own, err))
        return false;
    if (own.known && !wanted->known)
        return true; /* the first of them */
    if (!own.known || own.dimension != wanted->dimension || !pa_str_eq(own.name, wanted->name)) {
        note(p,
             own.known ? "input with another default metric, not scaled"
                       : "input whose total is 0, not scaled",
             1);
        return true;
    }
    ratio r = ratio_of(wanted, &own);
    uint64_t rounded = 0;
    for (size_t i = 0; r.numerator != r.denominator && i < p->n_streams; i++) {
        for (uint32_t m = 0; m < p->streams[i].n_metrics; m++)
            if (!scale_values(&p->streams[i], m, r, &rounded))
                return pa_fail(err, PA_E_OVERFLOW, PA_NO_OFFSET, "scaled value does not fit 64 bits");
        scale_squares(&p->streams[i], r);
    }
    note(p, "value rounded when its input was scaled", rounded);
    return true;
}
