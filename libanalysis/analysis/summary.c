/* summary.c: pa_summary: a profile on one screen: what it is, the five hottest functions, the hot path, what to ask next.
 * In: a view.  Out: a report.
 * The hot path starts at the heaviest root and goes to the heaviest child as long as that holds at least half of its
 * parent; of children that hold the same the one with more of its own, then the first by name. */
#include "libanalysis/analysis/summary.h"

#include <math.h>
#include <time.h>

#define HOTTEST   5
#define HALF      0.5
#define PATH_HEAD 5 /* steps shown of a long path: so many from its root... */
#define PATH_TAIL 6 /* ...and so many at its end */
#define COVERED   0.8
#define CHILDREN  5

static double share(const pa_summary_job *job, int64_t value)
{
    return job->view->total ? (double)value / (double)job->view->total : 0;
}

static pa_str name_of(const pa_summary_job *job, uint32_t node)
{
    return job->view->groups[job->tree->group[node]].name;
}

/* ---- the hot path -------------------------------------------------------------------------------------------- */

static bool heavier(const pa_summary_job *job, uint32_t a, uint32_t b)
{
    const pa_tree *t = job->tree;
    if (t->total[a] != t->total[b])
        return t->total[a] > t->total[b];
    if (t->self[a] != t->self[b])
        return t->self[a] > t->self[b];
    return pa_str_cmp(name_of(job, a), name_of(job, b)) < 0;
}

/* 0: it has none. */
static uint32_t heaviest_child(const pa_summary_job *job, uint32_t node)
{
    const pa_tree *t = job->tree;
    uint32_t best = 0;
    for (uint32_t c = node + 1; c < t->end[node]; c = t->end[c])
        if (best == 0 || heavier(job, c, best))
            best = c;
    return best;
}

static void follow(pa_summary_job *job)
{
    const pa_tree *t = job->tree;
    uint32_t at = heaviest_child(job, 0);
    if (at == 0 || t->total[at] <= 0)
        return;
    for (;;) {
        pa_push(job->scratch, &job->path.nodes) = at;
        uint32_t child = heaviest_child(job, at);
        if (child && (double)t->total[child] >= HALF * (double)t->total[at]) {
            at = child;
            continue;
        }
        bool leaf = child == 0 || t->total[child] <= 0, own = !leaf && t->self[at] >= t->total[child];
        job->path.end = leaf ? PA_PATH_LEAF : own ? PA_PATH_SELF_DOMINANT : PA_PATH_FAN_OUT;
        return;
    }
}

static const char *const end_names[] = {
    [PA_PATH_NONE] = NULL,
    [PA_PATH_LEAF] = "leaf",
    [PA_PATH_SELF_DOMINANT] = "self-dominant",
    [PA_PATH_FAN_OUT] = "fan-out",
};

enum { P_DEPTH, P_FUNCTION, P_FILE, P_SELF, P_TOTAL, P_SHARE, P_OF_PARENT, N_P };

static const pa_table *path_rows(pa_summary_job *job)
{
    static const pa_column columns[N_P] = {
        [P_DEPTH] = {.key = "depth"},
        [P_FUNCTION] = {.key = "function"},
        [P_FILE] = {.key = "file"},
        [P_SELF] = {.key = "self"},
        [P_TOTAL] = {.key = "total"},
        [P_SHARE] = {.key = "share"},
        [P_OF_PARENT] = {.key = "share_of_parent"},
    };
    pa_column *own = pa_new(job->arena, pa_column, N_P);
    memcpy(own, columns, sizeof columns);
    own[P_SELF].quantity = own[P_TOTAL].quantity = job->quantity;
    pa_table *t = pa_table_new(job->arena, own, N_P);
    for (size_t i = 0; i < job->path.nodes.n; i++) {
        uint32_t node = job->path.nodes.p[i];
        const pa_group *g = &job->view->groups[job->tree->group[node]];
        pa_cell *row = pa_table_row(job->arena, t);
        row[P_DEPTH] = pa_cell_int((int64_t)i + 1);
        row[P_FUNCTION] = pa_cell_str(g->name);
        if (g->file.n && !g->many_files)
            row[P_FILE] = pa_cell_str(g->file);
        row[P_SELF] = pa_cell_value(job->tree->self[node]);
        row[P_TOTAL] = pa_cell_value(job->tree->total[node]);
        row[P_SHARE] = pa_cell_share(share(job, job->tree->total[node]));
        if (i)
            row[P_OF_PARENT] = pa_cell_share((double)job->tree->total[node] /
                                             (double)job->tree->total[job->path.nodes.p[i - 1]]);
    }
    return t;
}

/* How many steps from i on are calls of one function by itself. */
static size_t repeats(const pa_summary_job *job, size_t i)
{
    const uint32_t *nodes = job->path.nodes.p, *group = job->tree->group;
    size_t n = 1;
    while (i + n < job->path.nodes.n && group[nodes[i + n]] == group[nodes[i]])
        n++;
    return n;
}

static pa_str step_name(pa_summary_job *job, size_t i)
{
    size_t n = repeats(job, i);
    pa_str name = name_of(job, job->path.nodes.p[i]);
    return n == 1 ? name : pa_arena_format(job->arena, "%.*s (%zu deep)", (int)name.n, name.p, n);
}

/* One line a function; of a long path its two ends. */
static const pa_table *path_text(pa_summary_job *job)
{
    static const pa_column columns[] = {
        {.title = "total"},
        {.title = "share", .flags = PA_COL_EMPHASIS},
        {.title = "function", .flags = PA_COL_NAME | PA_COL_LEFT},
    };
    pa_column *own = pa_new(job->arena, pa_column, 3);
    memcpy(own, columns, sizeof columns);
    own[0].quantity = job->quantity;
    pa_table *t = pa_table_new(job->arena, own, 3);
    size_t n = 0, at = 0;
    for (size_t i = 0; i < job->path.nodes.n; i += repeats(job, i))
        n++;
    for (size_t i = 0; i < job->path.nodes.n; i += repeats(job, i), at++) {
        bool long_one = n > PATH_HEAD + PATH_TAIL + 1;
        if (long_one && at > PATH_HEAD && at < n - PATH_TAIL)
            continue;
        pa_cell *row = pa_table_row(job->arena, t);
        if (long_one && at == PATH_HEAD) {
            row[2] = pa_cell_str(pa_arena_format(job->arena, "... %zu more", n - PATH_HEAD - PATH_TAIL));
            continue;
        }
        uint32_t node = job->path.nodes.p[i];
        row[0] = pa_cell_value(job->tree->total[node]);
        row[1] = pa_cell_share(share(job, job->tree->total[node]));
        row[2] = pa_cell_str(step_name(job, i));
    }
    return t;
}

/* ---- where it stops ------------------------------------------------------------------------------------------ */

/* Children of the last step, heaviest first, until they hold most of what it calls. */
static pa_str children_text(pa_summary_job *job, uint32_t node)
{
    const pa_tree *t = job->tree;
    PA_VEC(uint32_t) left = {0};
    for (uint32_t c = node + 1; c < t->end[node]; c = t->end[c])
        pa_push(job->scratch, &left) = c;
    pa_str text = {0};
    double wanted = COVERED * (double)(t->total[node] - t->self[node]), sum = 0;
    for (size_t n = 0; n < CHILDREN && left.n && sum < wanted; n++) {
        size_t best = 0;
        for (size_t i = 1; i < left.n; i++)
            if (heavier(job, left.p[i], left.p[best]))
                best = i;
        uint32_t c = left.p[best];
        left.p[best] = left.p[--left.n];
        char part[PA_VALUE_TEXT];
        pa_percent_text(part, share(job, t->total[c]));
        pa_str p = pa_str_trim(pa_cstr(part)), name = name_of(job, c);
        text = pa_arena_format(job->arena, "%.*s%s%.*s %.*s", (int)text.n, text.n ? text.p : "",
                               text.n ? ", " : "", (int)name.n, name.p, (int)p.n, p.p);
        sum += (double)t->total[c];
    }
    return left.n ? pa_arena_format(job->arena, "%.*s, ...", (int)text.n, text.p) : text;
}

static void end_line(pa_summary_job *job)
{
    uint32_t last = job->path.nodes.p[job->path.nodes.n - 1];
    char part[PA_VALUE_TEXT];
    pa_percent_text(part, share(job, job->tree->self[last]));
    pa_str own = pa_str_trim(pa_cstr(part)), children;
    switch (job->path.end) {
    case PA_PATH_LEAF:
        pa_report_line(job->report, "it ends there: leaf, %.*s are its own", (int)own.n, own.p);
        break;
    case PA_PATH_SELF_DOMINANT:
        pa_report_line(job->report,
                       "it ends there: self-dominant, %.*s are its own and nothing that it calls holds more",
                       (int)own.n, own.p);
        break;
    case PA_PATH_FAN_OUT:
        children = children_text(job, last);
        pa_report_line(job->report, "it ends there: fan-out, no call holds half: %.*s", (int)children.n,
                       children.p);
        break;
    case PA_PATH_NONE: break;
    }
}

static void add_path(pa_summary_job *job)
{
    pa_object *path = pa_object_new(job->arena);
    const char *end = end_names[job->path.end];
    if (!job->tree)
        return;
    pa_object_field(job->arena, path, "end", NULL, end ? pa_cell_cstr(end) : (pa_cell){.kind = PA_CELL_NONE});
    pa_object_field(job->arena, path, "steps", NULL, pa_cell_table(path_rows(job)));
    pa_report_field(job->report, "hot_path", NULL, pa_cell_object(path));
    if (!end)
        return;
    pa_report_line(job->report, "%s", "");
    pa_report_line(job->report, "hot path, each step at least half of the one before:");
    pa_report_field(job->report, NULL, "", pa_cell_table(path_text(job)));
    end_line(job);
}

/* ---- what it is ---------------------------------------------------------------------------------------------- */

static pa_str time_text(pa_summary_job *job)
{
    int64_t start = job->view->source->meta.start_ns;
    time_t seconds = (time_t)(start / 1000000000 - (start % 1000000000 < 0));
    struct tm t;
    if (!start || !gmtime_r(&seconds, &t))
        return (pa_str){0};
    return pa_arena_format(job->arena, ", started %04d-%02d-%02d %02d:%02d:%02d UTC", t.tm_year + 1900,
                           t.tm_mon + 1, t.tm_mday, t.tm_hour, t.tm_min, t.tm_sec);
}

static const char *format_of(const pa_profile *p)
{
    for (size_t i = 1; i < p->n_inputs; i++)
        if (strcmp(p->inputs[i].format, p->inputs[0].format) != 0)
            return NULL;
    return p->n_inputs ? p->inputs[0].format : NULL;
}

/* "pprof profile of fixture, 3s, started ..., 313 samples" */
static void what_line(pa_summary_job *job)
{
    const pa_profile *p = job->view->source;
    const pa_evidence *e = &job->top.sums.evidence;
    const char *format = format_of(p);
    char duration[PA_VALUE_TEXT], samples[PA_VALUE_TEXT];
    pa_str producer = pa_string(p, p->meta.producer), by = {0}, of = {0}, lasts = {0}, n = {0},
           started = time_text(job);
    pa_str module = p->n_modules > 1 ? pa_str_basename(pa_string(p, p->modules[1].path)) : (pa_str){0};
    if (producer.n)
        by = pa_arena_format(job->arena, " by %.*s", (int)producer.n, producer.p);
    if (module.n && module.p[0] != '[')
        of = pa_arena_format(job->arena, " of %.*s", (int)module.n, module.p);
    pa_value_text(duration, p->meta.duration_ns, 0, pa_display_one(PA_DIM_TIME, p->meta.duration_ns));
    if (p->meta.duration_ns)
        lasts = pa_arena_format(job->arena, ", %s", duration);
    pa_count_text(samples, (int64_t)llround(e->n));
    if (e->has)
        n = pa_arena_format(job->arena, ", %s sample%s", samples, llround(e->n) == 1 ? "" : "s");
    pa_report_line(job->report, "%s%sprofile%.*s%.*s%.*s%.*s%.*s", format ? format : "", format ? " " : "",
                   (int)of.n, of.n ? of.p : "", (int)by.n, by.n ? by.p : "", (int)lasts.n,
                   lasts.n ? lasts.p : "", (int)started.n, started.n ? started.p : "", (int)n.n,
                   n.n ? n.p : "");
}

static void add_facts(pa_summary_job *job)
{
    const pa_profile *p = job->view->source;
    const pa_evidence *e = &job->top.sums.evidence;
    pa_cell none = {.kind = PA_CELL_NONE};
    pa_report *r = job->report;
    pa_report_field(r, "format", NULL, format_of(p) ? pa_cell_cstr(format_of(p)) : none);
    pa_report_field(r, "producer", NULL,
                    p->meta.producer.v ? pa_cell_str(pa_string(p, p->meta.producer)) : none);
    pa_report_field(r, "start_ns", NULL, p->meta.start_ns ? pa_cell_int(p->meta.start_ns) : none);
    pa_report_field(r, "duration_ns", NULL, p->meta.duration_ns ? pa_cell_int(p->meta.duration_ns) : none);
    pa_report_field(r, "functions", NULL, pa_cell_int((int64_t)(p->n_functions - 1)));
    pa_report_field(r, "stacks", NULL, pa_cell_int((int64_t)(p->n_stacks - 1)));
    pa_report_field(r, "samples", NULL, e->has ? pa_cell_int((int64_t)llround(e->n)) : none);
}

/* ---- the report ---------------------------------------------------------------------------------------------- */

static size_t n_hottest(const pa_summary_job *job)
{
    return job->options->count ? job->options->count : HOTTEST;
}

static bool choose_quantity(pa_summary_job *job)
{
    int64_t min = 0;
    for (size_t i = 0; i < job->top.n_rows && i < n_hottest(job); i++) {
        int64_t v = pa_magnitude(job->top.rows[i].flat ? job->top.rows[i].flat : job->top.rows[i].cum);
        min = v && (min == 0 || v < min) ? v : min;
    }
    return pa_view_quantity(job->view, min, job->options->unit, &job->quantity, job->err);
}

static void add_hottest(pa_summary_job *job)
{
    pa_top_job *top = &job->top;
    top->quantity = job->quantity;
    pa_top_rank(top);
    top->n_shown = top->n_above = top->n_rows < n_hottest(job) ? top->n_rows : n_hottest(job);
    pa_report_line(job->report, "%s", "");
    pa_report_field(job->report, "rows", "", pa_cell_table(pa_top_table(top, true)));
    if (top->n_rows == 0)
        pa_report_line(job->report, "no samples are left to show");
}

static bool run(void *arg)
{
    static const pa_top_options by_flat;
    pa_summary_job *job = arg;
    job->scratch = pa_arena_scratch(job->arena);
    job->report = pa_report_new(job->arena, "summary");
    job->top = (pa_top_job){.view = job->view,
                            .options = &by_flat,
                            .report = job->report,
                            .arena = job->arena,
                            .scratch = job->scratch,
                            .err = job->err};
    if (!pa_top_collect(&job->top) || !choose_quantity(job))
        return false;
    if (job->view->group_of_frame) {
        job->tree = pa_tree_build(job->view, job->scratch, job->err);
        if (!job->tree)
            return false;
        if (!job->top.sums.mixed) /* parts of a difference are no path */
            follow(job);
    }
    what_line(job);
    pa_report_head(job->report, job->view, job->quantity, false);
    add_facts(job);
    add_hottest(job);
    add_path(job);
    const char *next = pa_summary_next(job);
    pa_report_field(job->report, "next", NULL, next ? pa_cell_cstr(next) : (pa_cell){.kind = PA_CELL_NONE});
    if (next) {
        pa_report_line(job->report, "%s", "");
        pa_report_line(job->report, "next: %s", next);
    }
    return true;
}

pa_report *pa_summary(const pa_view *view, const pa_summary_options *options, pa_arena *arena, pa_err *err)
{
    static const pa_summary_options defaults;
    pa_summary_job job = {.view = view, .options = options ? options : &defaults, .arena = arena, .err = err};
    bool ok = pa_guard(arena, err, run, &job);
    pa_arena_free(job.scratch);
    return ok ? job.report : NULL;
}
