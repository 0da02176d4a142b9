/* top_pprof.c: top as `go tool pprof -top` prints it: the same nodes, the same numbers, the same bytes.
 * In: the rows of all nodes, in pprof's order.  Out: lines; job->rows, n_shown and n_above are what pprof keeps.
 * The time of day is printed in UTC; pprof takes the zone of the machine. */
#include <math.h>
#include <stdio.h>
#include <time.h>

#include "libanalysis/analysis/analysis.h"
#include "libanalysis/base/index.h"

#define NODE_FRACTION 0.005
#define EDGE_FRACTION 0.001

static int64_t magnitude(int64_t v) { return v < 0 ? (v == INT64_MIN ? INT64_MAX : -v) : v; }

/* ---- units --------------------------------------------------------------------------------------------------- */

typedef struct printer {
    pa_top_job *job;
    const pa_metric *metric;
    bool scaled;        /* values are converted between units */
    bool each;          /* every value in the unit that suits it */
    pa_display display; /* else */
} printer;

/* pprof converts between units of time and of memory, but not those that only we know: KiB and its like, and the micro
 * sign, whose s it takes for a plural. */
static bool scales(const pa_top_job *job, const pa_metric *m)
{
    pa_str unit = pa_string(job->view->source, m->unit);
    if (m->dimension != PA_DIM_TIME && m->dimension != PA_DIM_BYTES)
        return false;
    for (size_t i = 0; i + 1 < unit.n; i++)
        if ((unit.p[i] == 'i' || unit.p[i] == 'I') && (unit.p[i + 1] == 'b' || unit.p[i + 1] == 'B'))
            return false;
    return unit.n == 0 || (unsigned char)unit.p[0] < 0x80;
}

/* A unit without a scale is printed behind the number, but for these. */
static const char *plain_suffix(pa_top_job *job, pa_str unit)
{
    static const char *const silent[] = {"count", "sample", "unit", "minimum", "auto"};
    for (size_t i = 0; i < sizeof silent / sizeof *silent; i++)
        if (pa_str_is(unit, silent[i]))
            return "";
    return pa_arena_cstr(job->arena, unit);
}

static void choose_unit(printer *p)
{
    pa_top_job *job = p->job;
    const pa_metric *m = p->metric;
    pa_str asked = pa_cstr(job->options->unit);
    bool minimum = asked.n == 0 || pa_str_is(asked, "minimum");
    p->scaled = scales(job, m);
    p->display = (pa_display){p->scaled ? 1 : (double)m->factor, ""};
    p->each = pa_str_is(asked, "auto") || (minimum && job->n_shown == 0);
    if (p->each)
        return;
    if (!p->scaled) {
        p->display.suffix = plain_suffix(job, minimum ? pa_string(job->view->source, m->unit) : asked);
        return;
    }
    if (!minimum && !pa_display_named(m->dimension, asked, &p->display))
        pa_display_named(m->dimension, pa_cstr(m->dimension == PA_DIM_TIME ? "s" : "B"), &p->display);
    if (!minimum)
        return;
    int64_t min = 0, scale = m->decimals ? PA_FRACTION_SCALE : 1;
    for (size_t i = 0; i < job->n_shown; i++) {
        int64_t v = magnitude(job->rows[i].flat ? job->rows[i].flat : job->rows[i].cum);
        if (v && (min == 0 || v < min))
            min = v;
    }
    p->display = pa_display_pick(m->dimension, min / scale, job->view->total / scale);
}

static const char *value(printer *p, int64_t v, char text[PA_VALUE_TEXT])
{
    int64_t scale = p->metric->decimals ? PA_FRACTION_SCALE : 1;
    pa_display d = p->display;
    if (p->each && p->scaled)
        d = pa_display_one(p->metric->dimension, v / scale);
    pa_value_text(text, v, p->metric->decimals, d);
    return text;
}

static const char *percent(const pa_top_job *job, int64_t v, char text[PA_VALUE_TEXT])
{
    pa_percent_text(text, job->view->total ? (double)v / (double)job->view->total : 0);
    return text;
}

/* ---- which nodes --------------------------------------------------------------------------------------------- */

/* fraction of sum, cut to whole units of the source. */
static int64_t cutoff(const pa_metric *m, int64_t sum, double fraction)
{
    int64_t unit = m->factor * (m->decimals ? PA_FRACTION_SCALE : 1);
    double whole = fabs(trunc((double)sum / (double)unit * fraction)) * (double)unit;
    return whole < 9.2e18 ? (int64_t)whole : INT64_MAX;
}

static double node_fraction(const pa_top_options *o)
{
    if (o->has_node_fraction)
        return o->node_fraction;
    return o->has_threshold && o->threshold <= 0 ? 0 : NODE_FRACTION;
}

/* Keep the nodes of enough cum, then the first of them.  Returns how many the first step left. */
static size_t trim(pa_top_job *job, size_t *n_dropped)
{
    int64_t least = cutoff(pa_view_metric(job->view), job->of_all, node_fraction(job->options));
    size_t n = 0;
    for (size_t i = 0; i < job->n_rows; i++)
        if (magnitude(job->rows[i].cum) >= least)
            job->rows[n++] = job->rows[i];
    *n_dropped = job->n_rows - n;
    job->n_rows = n;
    size_t limit = job->options->node_count;
    job->n_shown = job->n_above = limit && limit < n ? limit : n;
    for (size_t i = 0; i < job->n_shown; i++)
        job->rows[i].rank = (uint32_t)i + 1;
    return n;
}

/* ---- inlined calls ------------------------------------------------------------------------------------------- */

/* A call from one kept node to another, over nodes that were not kept. */
typedef struct edge {
    uint32_t from, to;
    int64_t weight;
    uint32_t last; /* stack + 1 that last counted */
    bool called;   /* not only inlined */
} edge;

typedef struct edges {
    pa_index index;
    PA_VEC(edge) list;
} edges;

static edge *edge_of(pa_arena *arena, edges *e, uint32_t from, uint32_t to)
{
    uint64_t hash = pa_mix(from, to);
    uint32_t id;
    for (pa_slot at = pa_index_find(&e->index, hash); pa_index_next(&e->index, &at, &id);)
        if (e->list.p[id].from == from && e->list.p[id].to == to)
            return &e->list.p[id];
    id = (uint32_t)e->list.n;
    pa_push(arena, &e->list) = (edge){.from = from, .to = to};
    pa_index_add(arena, &e->index, hash, id);
    return &e->list.p[id];
}

static bool walk(pa_top_job *job, edges *e, const unsigned char *kept, uint32_t stack)
{
    const pa_view *v = job->view;
    pa_frames f = pa_stack_at(v->profile, (pa_stack_id){stack});
    uint32_t parent = PA_NO_GROUP;
    for (size_t i = 0; i < f.n; i++) {
        uint32_t g = v->group_of_frame[f.p[i].v];
        if (!kept[g])
            continue;
        if (parent != PA_NO_GROUP && parent != g) {
            edge *x = edge_of(job->scratch, e, parent, g);
            if (x->last != stack + 1 && __builtin_add_overflow(x->weight, job->sums.of_stack[stack], &x->weight))
                return pa_fail(job->err, PA_E_OVERFLOW, PA_NO_OFFSET, "a sum exceeds 64 bits");
            x->called |= x->last != stack + 1 && !(pa_frame_at(v->profile, f.p[i])->flags & PA_FRAME_INLINED);
            x->last = stack + 1;
        }
        parent = g;
    }
    return true;
}

enum { INLINED = 1, CALLED = 2 };

/* Per group: whether it was inlined, called, or both, by the edges that are not too light to count. */
static bool find_inlined(pa_top_job *job, unsigned char *how)
{
    const pa_profile *p = job->view->profile;
    bool any = false;
    for (size_t i = 0; i < p->n_frames && !any; i++)
        any = p->frames[i].flags & PA_FRAME_INLINED;
    if (!any || !job->view->group_of_frame)
        return true;
    unsigned char *kept = pa_new(job->scratch, unsigned char, job->view->n_groups);
    for (size_t i = 0; i < job->n_shown; i++)
        kept[job->rows[i].group] = 1;
    edges e = {0};
    for (uint32_t i = 0; i < p->n_stacks; i++)
        if (job->sums.stack_in_use[i] && !walk(job, &e, kept, i))
            return false;
    int64_t least = cutoff(pa_view_metric(job->view), job->of_all, EDGE_FRACTION);
    for (size_t i = 0; i < e.list.n; i++)
        if (magnitude(e.list.p[i].weight) >= least)
            how[e.list.p[i].to] |= e.list.p[i].called ? CALLED : INLINED;
    return true;
}

/* ---- lines --------------------------------------------------------------------------------------------------- */

/* A line with bytes that printf would stop at. */
static void line(pa_top_job *job, const char *before, pa_str middle, const char *after)
{
    size_t b = strlen(before), a = strlen(after);
    char *text = pa_new(job->arena, char, b + middle.n + a);
    memcpy(text, before, b);
    if (middle.n)
        memcpy(text + b, middle.p, middle.n);
    memcpy(text + b + middle.n, after, a);
    pa_report_line(job->report, "%s", "")->cell = pa_cell_str((pa_str){text, b + middle.n + a});
}

static void time_line(pa_top_job *job, int64_t ns)
{
    time_t seconds = (time_t)(ns / 1000000000 - (ns % 1000000000 < 0));
    struct tm t;
    if (ns && gmtime_r(&seconds, &t))
        pa_report_line(job->report, "Time: %04d-%02d-%02d %02d:%02d:%02d UTC", t.tm_year + 1900, t.tm_mon + 1, t.tm_mday,
                       t.tm_hour, t.tm_min, t.tm_sec);
}

static void duration_line(pa_top_job *job, printer *p, int64_t ns)
{
    char duration[PA_VALUE_TEXT], total[PA_VALUE_TEXT], ratio[PA_VALUE_TEXT] = "";
    if (ns == 0)
        return;
    pa_value_text(duration, ns, 0, pa_display_one(PA_DIM_TIME, ns));
    bool shown = p->scaled && p->metric->dimension == PA_DIM_TIME && job->view->total;
    double scale = p->metric->decimals ? PA_FRACTION_SCALE : 1;
    if (shown)
        pa_percent_text(ratio, (double)job->view->total / scale / (double)ns);
    pa_report_line(job->report, "Duration: %s, Total samples = %s %s%s%s", duration, value(p, job->view->total, total),
                   shown ? "(" : "", ratio, shown ? ")" : "");
}

static void profile_lines(pa_top_job *job, printer *p)
{
    const pa_profile *s = job->view->source;
    if (s->n_modules > 1) {
        pa_str path = pa_string(s, s->modules[1].path), id = pa_string(s, s->modules[1].build_id);
        if (path.n)
            line(job, "File: ", pa_str_basename(path), "");
        if (id.n)
            line(job, "Build ID: ", id, "");
    }
    for (size_t i = 0; i < s->meta.comments.n; i++) {
        pa_str comment = pa_string(s, s->meta.comments.p[i]);
        if (comment.n == 0 || comment.p[0] != '#')
            line(job, "", comment, "");
    }
    pa_str type = pa_string(s, p->metric->name), doc = pa_string(s, s->meta.doc_url);
    if (type.n)
        line(job, "Type: ", type, "");
    if (doc.n)
        line(job, "Doc: ", doc, "");
    time_line(job, s->meta.start_ns);
    duration_line(job, p, s->meta.duration_ns);
}

/* The filters pprof lists; it cuts long ones by bytes. */
static void filter_lines(pa_top_job *job)
{
    const pa_view_options *o = &job->view->options;
    const struct {
        const char *name, *text;
    } filters[] = {{"focus", o->focus},         {"ignore", o->ignore},     {"hide", o->hide},          {"show", o->show},
                   {"show_from", o->show_from}, {"tagfocus", o->tagfocus}, {"tagignore", o->tagignore}};
    bool first = true;
    for (size_t i = 0; i < sizeof filters / sizeof *filters; i++) {
        if (!filters[i].text || !filters[i].text[0])
            continue;
        if (first)
            line(job, "Active filters:", (pa_str){0}, "");
        first = false;
        pa_str text = pa_arena_format(job->scratch, "%s=%s", filters[i].name, filters[i].text);
        line(job, "   ", pa_str_head(text, 80), text.n > 80 ? "\xE2\x80\xA6" : "");
    }
}

static void showing_lines(pa_top_job *job, printer *p, size_t n_left, size_t n_dropped)
{
    char text[PA_VALUE_TEXT], total[PA_VALUE_TEXT], part[PA_VALUE_TEXT];
    int64_t shown = 0;
    for (size_t i = 0; i < job->n_shown; i++)
        shown += job->rows[i].flat;
    pa_str share = pa_str_trim(pa_cstr(percent(job, shown, part)));
    pa_report_line(job->report, "Showing nodes accounting for %s, %.*s of %s total", value(p, shown, text), (int)share.n,
                   share.p, value(p, job->view->total, total));
    if (job->view->total == 0)
        return;
    int64_t bound = cutoff(p->metric, job->view->total, node_fraction(job->options));
    if (n_dropped)
        pa_report_line(job->report, "Dropped %zu node%s (cum <= %s)", n_dropped, n_dropped > 1 ? "s" : "",
                       value(p, bound, text));
    if (job->n_shown && job->n_shown < n_left)
        pa_report_line(job->report, "Showing top %zu nodes out of %zu", job->n_shown, n_left);
}

/* Ten characters, not bytes. */
static int column(const char *text)
{
    int width = 10;
    for (; *text; text++)
        width += ((unsigned char)*text & 0xC0) == 0x80;
    return width;
}

static void row_line(pa_top_job *job, printer *p, const pa_top_row *row, int64_t sum, unsigned char how)
{
    static const char *const labels[] = {"", " (inline)", "", " (partial-inline)"};
    char flat[PA_VALUE_TEXT], cum[PA_VALUE_TEXT], a[PA_VALUE_TEXT], b[PA_VALUE_TEXT], c[PA_VALUE_TEXT];
    value(p, row->flat, flat);
    value(p, row->cum, cum);
    pa_str figures = pa_arena_format(job->scratch, "%*s %s %s %*s %s  ", column(flat), flat, percent(job, row->flat, a),
                                     percent(job, sum, b), column(cum), cum, percent(job, row->cum, c));
    line(job, figures.p, pa_top_name(job, row), labels[how]);
}

bool pa_top_as_pprof(pa_top_job *job)
{
    size_t n_dropped, n_left = trim(job, &n_dropped);
    printer p = {.job = job, .metric = pa_view_metric(job->view)};
    choose_unit(&p);
    job->quantity = (pa_quantity){p.display, p.metric->decimals};
    unsigned char *how = pa_new(job->scratch, unsigned char, job->view->n_groups);
    if (!find_inlined(job, how))
        return false;
    profile_lines(job, &p);
    filter_lines(job);
    showing_lines(job, &p, n_left, n_dropped);
    pa_report_line(job->report, "%10s %5s%% %5s%% %10s %5s%%", "flat", "flat", "sum", "cum", "cum");
    int64_t sum = 0;
    for (size_t i = 0; i < job->n_shown; i++) {
        sum += job->rows[i].flat;
        row_line(job, &p, &job->rows[i], sum, how[job->rows[i].group]);
    }
    return true;
}
