/* pprof_head.c: the lines that stand above pprof's reports, and what they share in trimming.
 * In: a view, values as pprof prints them.  Out: lines for people.
 * The time of day is printed in UTC; pprof takes the zone of the machine. */
#include <math.h>
#include <time.h>

#include "libanalysis/analysis/analysis.h"
#include "libanalysis/base/output.h"

void pa_pprof_line(pa_report *r, const char *before, pa_str middle, const char *after)
{
    pa_out *out = pa_out_to_memory(r->arena);
    pa_out_cstr(out, before);
    pa_out_str(out, middle);
    pa_out_cstr(out, after);
    pa_report_line(r, "%s", "")->cell = pa_cell_str(pa_out_written(out));
}

const char *pa_pprof_percent(int64_t value, int64_t of, char text[PA_VALUE_TEXT])
{
    pa_percent_text(text, of ? (double)value / (double)of : 0);
    return text;
}

int pa_pprof_width(const char *text, int width)
{
    for (; *text; text++)
        width += ((unsigned char)*text & 0xC0) == 0x80;
    return width;
}

int64_t pa_pprof_cutoff(const pa_metric *m, int64_t sum, double fraction)
{
    int64_t unit = m->factor * (m->decimals ? PA_FRACTION_SCALE : 1);
    double whole = fabs(trunc((double)sum / (double)unit * fraction)) * (double)unit;
    return whole < 9.2e18 ? (int64_t)whole : INT64_MAX;
}

static void time_line(pa_report *r, int64_t ns)
{
    time_t seconds = (time_t)(ns / 1000000000 - (ns % 1000000000 < 0));
    struct tm t;
    if (ns && gmtime_r(&seconds, &t))
        pa_report_line(r, "Time: %04d-%02d-%02d %02d:%02d:%02d UTC", t.tm_year + 1900, t.tm_mon + 1,
                       t.tm_mday, t.tm_hour, t.tm_min, t.tm_sec);
}

static void duration_line(pa_report *r, const pa_view *view, const pa_pprof_values *v, int64_t ns)
{
    char duration[PA_VALUE_TEXT], total[PA_VALUE_TEXT], ratio[PA_VALUE_TEXT] = "";
    if (ns == 0)
        return;
    pa_value_text(duration, ns, 0, pa_display_one(PA_DIM_TIME, ns));
    bool shown = v->scaled && v->metric->dimension == PA_DIM_TIME && view->total;
    double scale = v->metric->decimals ? PA_FRACTION_SCALE : 1;
    if (shown)
        pa_percent_text(ratio, (double)view->total / scale / (double)ns);
    pa_report_line(r, "Duration: %s, Total samples = %s %s%s%s", duration,
                   pa_pprof_value(v, view->total, total), shown ? "(" : "", ratio, shown ? ")" : "");
}

void pa_pprof_profile_lines(pa_report *r, const pa_view *view, const pa_pprof_values *values)
{
    const pa_profile *s = view->source;
    if (s->n_modules > 1) {
        pa_str path = pa_string(s, s->modules[1].path), id = pa_string(s, s->modules[1].build_id);
        if (path.n)
            pa_pprof_line(r, "File: ", pa_str_basename(path), "");
        if (id.n)
            pa_pprof_line(r, "Build ID: ", id, "");
    }
    for (size_t i = 0; i < s->meta.comments.n; i++) {
        pa_str comment = pa_string(s, s->meta.comments.p[i]);
        if (comment.n == 0 || comment.p[0] != '#')
            pa_pprof_line(r, "", comment, "");
    }
    pa_str type = pa_string(s, values->metric->name), doc = pa_string(s, s->meta.doc_url);
    if (type.n)
        pa_pprof_line(r, "Type: ", type, "");
    if (doc.n)
        pa_pprof_line(r, "Doc: ", doc, "");
    time_line(r, s->meta.start_ns);
    duration_line(r, view, values, s->meta.duration_ns);
}

/* The filters pprof lists; it cuts long ones by bytes. */
static void filter_lines(pa_report *r, const pa_view_options *o)
{
    const struct {
        const char *name, *text;
    } filters[] = {{"focus", o->focus},        {"ignore", o->ignore},       {"hide", o->hide},
                   {"show", o->show},          {"show_from", o->show_from}, {"tagfocus", o->tagfocus},
                   {"tagignore", o->tagignore}};
    bool first = true;
    for (size_t i = 0; i < sizeof filters / sizeof *filters; i++) {
        if (!filters[i].text || !filters[i].text[0])
            continue;
        if (first)
            pa_pprof_line(r, "Active filters:", (pa_str){0}, "");
        first = false;
        pa_str text = pa_arena_format(r->arena, "%s=%s", filters[i].name, filters[i].text);
        pa_pprof_line(r, "   ", pa_str_head(text, 80), text.n > 80 ? "\xE2\x80\xA6" : "");
    }
}

void pa_pprof_head(pa_report *r, const pa_view *view, const pa_pprof_values *values,
                   const pa_pprof_shown *shown)
{
    char text[PA_VALUE_TEXT], total[PA_VALUE_TEXT], part[PA_VALUE_TEXT];
    pa_pprof_profile_lines(r, view, values);
    filter_lines(r, &view->options);
    pa_str share = pa_str_trim(pa_cstr(pa_pprof_percent(shown->flat, view->total, part)));
    pa_report_line(r, "Showing nodes accounting for %s, %.*s of %s total",
                   pa_pprof_value(values, shown->flat, text), (int)share.n, share.p,
                   pa_pprof_value(values, view->total, total));
    if (view->total == 0)
        return;
    int64_t bound = pa_pprof_cutoff(values->metric, view->total, shown->node_fraction);
    if (shown->n_dropped)
        pa_report_line(r, "Dropped %zu node%s (cum <= %s)", shown->n_dropped, shown->n_dropped > 1 ? "s" : "",
                       pa_pprof_value(values, bound, text));
    if (shown->n && shown->n < shown->n_left)
        pa_report_line(r, "Showing top %zu nodes out of %zu", shown->n, shown->n_left);
}
