/* tags_pprof.c: tags as `go tool pprof -tags` prints them.
 * In: sorted keys and values.  Out: lines of right-aligned columns.
 * A number is shown in the unit of the first label of its key that has one; a key without units is its own unit, or
 * bytes for "alignment" and "request". */
#include "libanalysis/analysis/tags.h"

static pa_str unit_of(pa_tags_job *job, pa_str_id key)
{
    const pa_profile *p = job->view->source;
    pa_str name = pa_string(job->view->profile, key), *unit;
    if (!job->units)
        job->units = pa_new(job->scratch, pa_str, job->view->profile->n_strings);
    unit = &job->units[key.v];
    for (size_t i = 0; !unit->p && i < p->context_at[p->n_contexts]; i++)
        if (p->labels[i].numeric && p->labels[i].str.v && pa_str_eq(pa_string(p, p->labels[i].key), name))
            *unit = pa_string(p, p->labels[i].str);
    if (!unit->p)
        *unit = pa_str_is(name, "alignment") || pa_str_is(name, "request") ? PA_STR("bytes")
                : name.n                                                   ? name
                                                                           : PA_STR("");
    return *unit;
}

pa_str pa_tag_pprof_text(pa_tags_job *job, const pa_label *l)
{
    if (!l->numeric)
        return pa_string(job->view->profile, l->str);
    pa_str unit = unit_of(job, l->key), asked = pa_cstr(job->options->unit);
    pa_dimension dimension = PA_DIM_OTHER;
    int64_t factor = 1, base;
    char text[PA_VALUE_TEXT];
    bool each = asked.n == 0 || pa_str_is(asked, "minimum") || pa_str_is(asked, "auto");
    if (!pa_unit_parse(unit, &dimension, &factor) || !pa_pprof_scales(dimension, unit)) {
        pa_value_text(text, l->num, 0,
                      (pa_display){1, each ? "" : pa_arena_cstr(job->scratch, pa_pprof_suffix(asked))});
        return pa_arena_str(job->arena, pa_cstr(text));
    }
    if (__builtin_mul_overflow(l->num, factor, &base))
        base = l->num < 0 ? -INT64_MAX : INT64_MAX; /* only the unit is taken from it */
    pa_display d = pa_display_one(dimension, base);
    if (!each && !pa_display_named(dimension, asked, &d))
        pa_display_named(dimension, pa_cstr(dimension == PA_DIM_TIME ? "s" : "B"), &d);
    d.divisor /= (double)factor;
    pa_value_text(text, l->num, 0, d);
    return pa_arena_str(job->arena, pa_cstr(text));
}

static size_t characters(pa_str s)
{
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++)
        n += ((unsigned char)s.p[i] & 0xC0) != 0x80;
    return n;
}

/* "  cell tail", the cell right-aligned one blank behind its column's widest. */
static void line(pa_tags_job *job, size_t indent, pa_str cell, pa_str tail)
{
    size_t width = characters(cell), n = cell.n + tail.n + (indent > width ? indent - width : 0),
           at = n - cell.n - tail.n;
    char *text = pa_new(job->arena, char, n);
    memset(text, ' ', at);
    if (cell.n)
        memcpy(text + at, cell.p, cell.n);
    if (tail.n)
        memcpy(text + at + cell.n, tail.p, tail.n);
    pa_report_line(job->report, "%s", "")->cell = pa_cell_str((pa_str){text, n});
}

static pa_str with_share(pa_tags_job *job, const char *text, int64_t value)
{
    char part[PA_VALUE_TEXT];
    if (job->view->total <= 0)
        return pa_arena_format(job->scratch, "%s:", text);
    pa_percent_text(part, (double)value / (double)job->view->total);
    return pa_arena_format(job->scratch, "%s (%s):", text, part);
}

static void key_lines(pa_tags_job *job, const pa_pprof_values *values, const pa_tag_key *k)
{
    char sum[PA_VALUE_TEXT], total[PA_VALUE_TEXT], part[PA_VALUE_TEXT];
    pa_str name = pa_arena_format(job->scratch, "%.*s:", (int)k->name.n, k->name.n ? k->name.p : "");
    pa_percent_text(part, job->view->total ? (double)k->of_all / (double)job->view->total : 0);
    bool shares = job->view->total > 0;
    size_t first = characters(name) + 1, second = 0;
    line(job, first, name,
         pa_arena_format(job->scratch, " Total %s of %s%s%s%s", pa_pprof_value(values, k->of_all, sum),
                         pa_pprof_value(values, job->view->total, total), shares ? " (" : "",
                         shares ? part : "", shares ? ")" : ""));
    pa_str *cells = pa_new(job->scratch, pa_str, k->n_values);
    for (size_t i = 0; i < k->n_values; i++) {
        cells[i] = with_share(job, pa_pprof_value(values, k->values[i].sum, sum), k->values[i].sum);
        second = characters(cells[i]) > second ? characters(cells[i]) : second;
    }
    for (size_t i = 0; i < k->n_values; i++) {
        pa_str value = k->values[i].text;
        line(job, first + second + 1, cells[i],
             pa_arena_format(job->scratch, " %.*s", (int)value.n, value.n ? value.p : ""));
    }
    pa_report_line(job->report, "%s", "");
}

void pa_tags_as_pprof(pa_tags_job *job)
{
    pa_pprof_values values = pa_pprof_values_of(job->view, job->arena, job->options->unit, false, 0);
    for (size_t i = 0; i < job->keys.n; i++)
        key_lines(job, &values, &job->keys.p[i]);
}
