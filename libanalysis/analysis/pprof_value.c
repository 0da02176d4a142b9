/* pprof_value.c: values as pprof's reports print them.
 * In: a view, the unit asked for.  Out: texts: in one unit for the whole report, or each in the unit that suits it.
 * pprof converts between units of time and of memory, but not those that only we know: KiB and its like, and the micro
 * sign, whose s it takes for a plural. */
#include "libanalysis/analysis/analysis.h"

bool pa_pprof_scales(pa_dimension dimension, pa_str unit)
{
    if (dimension != PA_DIM_TIME && dimension != PA_DIM_BYTES)
        return false;
    for (size_t i = 0; i + 1 < unit.n; i++)
        if ((unit.p[i] == 'i' || unit.p[i] == 'I') && (unit.p[i + 1] == 'b' || unit.p[i + 1] == 'B'))
            return false;
    return unit.n == 0 || (unsigned char)unit.p[0] < 0x80;
}

pa_str pa_pprof_suffix(pa_str unit)
{
    static const char *const silent[] = {"count", "sample", "unit", "minimum", "auto"};
    for (size_t i = 0; i < sizeof silent / sizeof *silent; i++)
        if (pa_str_is(unit, silent[i]))
            return (pa_str){0};
    return unit;
}

pa_pprof_values pa_pprof_values_of(const pa_view *view, pa_arena *arena, const char *unit, bool common,
                                   int64_t min)
{
    const pa_metric *m = pa_view_metric(view);
    pa_str asked = pa_cstr(unit), own = pa_string(view->source, m->unit);
    bool minimum = asked.n == 0 || pa_str_is(asked, "minimum");
    pa_pprof_values v = {.metric = m, .scaled = pa_pprof_scales(m->dimension, own)};
    v.display = (pa_display){v.scaled ? 1 : (double)m->factor, ""};
    v.each = pa_str_is(asked, "auto") || (minimum && !common);
    if (v.each)
        return v;
    if (!v.scaled) {
        v.display.suffix = pa_arena_cstr(arena, pa_pprof_suffix(minimum ? own : asked));
        return v;
    }
    if (!minimum && !pa_display_named(m->dimension, asked, &v.display))
        pa_display_named(m->dimension, pa_cstr(m->dimension == PA_DIM_TIME ? "s" : "B"), &v.display);
    int64_t scale = m->decimals ? PA_FRACTION_SCALE : 1;
    if (minimum)
        v.display = pa_display_pick(m->dimension, min / scale, view->total / scale);
    return v;
}

const char *pa_pprof_value(const pa_pprof_values *v, int64_t value, char text[PA_VALUE_TEXT])
{
    int64_t scale = v->metric->decimals ? PA_FRACTION_SCALE : 1;
    pa_display d = v->display;
    if (v->each && v->scaled)
        d = pa_display_one(v->metric->dimension, value / scale);
    pa_value_text(text, value, v->metric->decimals, d);
    return text;
}
