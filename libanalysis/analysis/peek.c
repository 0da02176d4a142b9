/* peek.c: pa_peek: the callers and callees of some functions.
 * In: a view and an expression.  Out: a report: every group whose name matches, with the value that went through each
 * call to and from it; a stack counts once for a call, however often it holds it.
 * A call-graph source's own edges are taken where they say what the view asks; else its derived stacks. */
#include "libanalysis/analysis/graph.h"
#include "libanalysis/model/regex.h"

typedef struct peek_job {
    pa_top_job top;
    const pa_peek_options *options;
    pa_regex_pool pool;
    unsigned char *matched; /* per group */
    size_t n_matched;
    const pa_graph *graph;
    bool recorded; /* the graph is the source's */
} peek_job;

/* ---- which functions ----------------------------------------------------------------------------------------- */

/* Rows that match come first, and are n_matched. */
static bool match(peek_job *job)
{
    pa_top_job *top = &job->top;
    pa_str pattern = pa_cstr(job->options->expression);
    pa_regex *re = pa_regex_new(&job->pool, "peek", pattern, top->err);
    job->matched = pa_new(top->scratch, unsigned char, top->view->n_groups);
    for (size_t i = 0; re && i < top->n_rows; i++) {
        bool hit;
        if (top->rows[i].group == PA_NO_GROUP)
            continue;
        if (!pa_regex_match(re, pa_top_name(top, &top->rows[i]), &hit, top->err))
            return false;
        job->matched[top->rows[i].group] = hit;
        job->n_matched += hit;
    }
    if (re && job->n_matched == 0)
        return pa_fail(top->err, PA_E_USAGE, PA_NO_OFFSET, "no function with samples matches '%.*s'",
                       (int)pattern.n, pattern.n ? pattern.p : "");
    return re != NULL;
}

static bool find_calls(peek_job *job)
{
    const pa_view *v = job->top.view;
    pa_graph_options options = {.wanted = job->matched};
    bool functions = v->options.by == PA_BY_FUNCTION || v->options.by == PA_BY_FILEFUNCTION;
    job->recorded = v->profile->n_edges > 0 && functions && pa_costs_apply(v);
    job->graph = job->recorded
                     ? pa_graph_of_edges(v, &options, job->top.scratch, job->top.err)
                     : pa_graph_of_stacks(v, &job->top.sums, &options, job->top.scratch, job->top.err);
    return job->graph != NULL;
}

/* ---- tables -------------------------------------------------------------------------------------------------- */

enum { C_NAME, C_FILE, C_LINE, C_MODULE, C_VALUE, C_SHARE, C_INLINED, C_CALLS, C_ESTIMATED, N_C };

static const pa_column call_columns[N_C] = {
    [C_NAME] = {.key = "function"},   [C_FILE] = {.key = "file"},   [C_LINE] = {.key = "line"},
    [C_MODULE] = {.key = "module"},   [C_VALUE] = {.key = "value"}, [C_SHARE] = {.key = "share"},
    [C_INLINED] = {.key = "inlined"}, [C_CALLS] = {.key = "calls"}, [C_ESTIMATED] = {.key = "estimated"},
};

enum {
    F_NAME,
    F_KEY,
    F_FILE,
    F_LINE,
    F_MODULE,
    F_FLAT,
    F_FLAT_SHARE,
    F_CUM,
    F_CUM_SHARE,
    F_CALLERS,
    F_CALLEES,
    N_F
};

static const pa_column function_columns[N_F] = {
    [F_NAME] = {.key = "function"},
    [F_KEY] = {.key = "key"},
    [F_FILE] = {.key = "file"},
    [F_LINE] = {.key = "line"},
    [F_MODULE] = {.key = "module"},
    [F_FLAT] = {.key = "flat"},
    [F_FLAT_SHARE] = {.key = "flat_share"},
    [F_CUM] = {.key = "cum"},
    [F_CUM_SHARE] = {.key = "cum_share"},
    [F_CALLERS] = {.key = "callers"},
    [F_CALLEES] = {.key = "callees"},
};

enum { P_WHO, P_VALUE, P_SHARE, P_CALLS, P_NAME, N_P };

static const pa_column people_columns[N_P] = {
    [P_WHO] = {.title = "", .flags = PA_COL_LEFT},
    [P_VALUE] = {.title = "value"},
    [P_SHARE] = {.title = "of cum", .flags = PA_COL_EMPHASIS},
    [P_CALLS] = {.title = "calls"},
    [P_NAME] = {.title = "function", .flags = PA_COL_NAME | PA_COL_LEFT},
};

static double part(int64_t value, int64_t of) { return of ? (double)value / (double)of : 0; }

static const pa_column *own_columns(const peek_job *job, const pa_column *columns, size_t n)
{
    pa_column *own = pa_new(job->top.arena, pa_column, n);
    memcpy(own, columns, n * sizeof *own);
    for (size_t i = 0; i < n; i++)
        own[i].quantity = job->top.quantity;
    return own;
}

/* file, line and module, which stand together in both tables for machines. */
static void fill_place(const pa_group *g, pa_cell *file)
{
    if (g->file.n && !g->many_files)
        file[0] = pa_cell_str(g->file);
    if (g->line && !g->many_lines && !g->many_files)
        file[1] = pa_cell_int(g->line);
    if (g->module.n && !g->many_modules)
        file[2] = pa_cell_str(g->module);
}

static const pa_table *calls_table(const peek_job *job, const pa_column *columns, const pa_top_row *row,
                                   bool callers)
{
    const pa_graph *g = job->graph;
    const uint32_t *at = callers ? g->in_at : g->out_at, *list = callers ? g->in : g->out;
    pa_table *t = pa_table_new(job->top.arena, columns, N_C);
    for (uint32_t i = at[row->group]; i < at[row->group + 1]; i++) {
        const pa_call *c = &g->calls[list[i]];
        const pa_group *other = &job->top.view->groups[callers ? c->from : c->to];
        pa_cell *cells = pa_table_row(job->top.arena, t);
        cells[C_NAME] = pa_cell_str(other->name);
        fill_place(other, cells + C_FILE);
        cells[C_VALUE] = pa_cell_value(c->weight);
        cells[C_SHARE] = pa_cell_share(part(c->weight, row->cum));
        cells[C_INLINED] = pa_cell_bool(!c->called);
        if (c->calls >= 0)
            cells[C_CALLS] = pa_cell_int(c->calls);
        cells[C_ESTIMATED] =
            pa_cell_bool(c->estimated || (job->top.view->source->estimated && !job->recorded));
    }
    return t;
}

static void add_functions(peek_job *job)
{
    pa_top_job *top = &job->top;
    const pa_column *calls = own_columns(job, call_columns, N_C);
    pa_table *t = pa_table_new(top->arena, own_columns(job, function_columns, N_F), N_F);
    for (size_t i = 0; i < top->n_shown; i++) {
        const pa_top_row *row = &top->rows[i];
        const pa_group *g = &top->view->groups[row->group];
        pa_cell *cells = pa_table_row(top->arena, t);
        cells[F_NAME] = pa_cell_str(g->name);
        cells[F_KEY] = pa_cell_str(g->key);
        fill_place(g, cells + F_FILE);
        cells[F_FLAT] = pa_cell_value(row->flat);
        cells[F_FLAT_SHARE] = pa_cell_share(part(row->flat, top->view->total));
        cells[F_CUM] = pa_cell_value(row->cum);
        cells[F_CUM_SHARE] = pa_cell_share(part(row->cum, top->view->total));
        cells[F_CALLERS] = pa_cell_table(calls_table(job, calls, row, true));
        cells[F_CALLEES] = pa_cell_table(calls_table(job, calls, row, false));
    }
    pa_report_field(top->report, "functions", "", pa_cell_table(t));
}

/* ---- lines --------------------------------------------------------------------------------------------------- */

static void add_calls(const peek_job *job, pa_table *t, const pa_top_row *row, bool callers)
{
    const pa_graph *g = job->graph;
    const uint32_t *at = callers ? g->in_at : g->out_at, *list = callers ? g->in : g->out;
    for (uint32_t i = at[row->group]; i < at[row->group + 1]; i++) {
        const pa_call *c = &g->calls[list[i]];
        pa_str name = job->top.view->groups[callers ? c->from : c->to].name;
        if (!c->called)
            name = pa_arena_format(job->top.arena, "%.*s (inlined)", (int)name.n, name.p);
        pa_cell *cells = pa_table_row(job->top.arena, t);
        cells[P_WHO] = pa_cell_cstr(callers ? "caller" : "callee");
        cells[P_VALUE] = pa_cell_value(c->weight);
        cells[P_SHARE] = pa_cell_share(part(c->weight, row->cum));
        if (c->calls >= 0)
            cells[P_CALLS] = pa_cell_int(c->calls);
        cells[P_NAME] = pa_cell_str(name);
    }
}

static void function_lines(peek_job *job, const pa_column *columns, const pa_top_row *row)
{
    pa_top_job *top = &job->top;
    char a[PA_VALUE_TEXT], b[PA_VALUE_TEXT];
    pa_percent_text(a, part(row->flat, top->view->total));
    pa_percent_text(b, part(row->cum, top->view->total));
    pa_str name = pa_top_name(top, row), flat = pa_quantity_text(top->scratch, row->flat, top->quantity);
    pa_str cum = pa_quantity_text(top->scratch, row->cum, top->quantity);
    pa_str flat_share = pa_str_trim(pa_cstr(a)), cum_share = pa_str_trim(pa_cstr(b));
    pa_report_line(top->report, "%s", "");
    pa_pprof_line(top->report, "", name,
                  pa_arena_format(top->scratch, ": flat %.*s (%.*s), cum %.*s (%.*s)", (int)flat.n, flat.p,
                                  (int)flat_share.n, flat_share.p, (int)cum.n, cum.p, (int)cum_share.n,
                                  cum_share.p)
                      .p);
    top->report->root.items.p[top->report->root.items.n - 1].emphasis = true;
    pa_table *t = pa_table_new(top->arena, columns, N_P);
    add_calls(job, t, row, true);
    add_calls(job, t, row, false);
    if (pa_table_rows(t))
        pa_report_field(top->report, NULL, "", pa_cell_table(t));
    else
        pa_report_line(top->report, "calls nothing and is called by nothing");
}

static void add_lines(peek_job *job)
{
    pa_top_job *top = &job->top;
    const pa_column *columns = own_columns(job, people_columns, N_P);
    if (top->view->source->estimated)
        pa_report_line(top->report, "%s",
                       job->recorded
                           ? "calls: as the source recorded them"
                           : "calls: from the derived paths; the source's own say nothing about filters");
    for (size_t i = 0; i < top->n_shown; i++)
        function_lines(job, columns, &top->rows[i]);
    char more[PA_VALUE_TEXT];
    pa_count_text(more, (int64_t)(job->n_matched - top->n_shown));
    if (job->n_matched > top->n_shown)
        pa_report_line(top->report, "\xE2\x80\xA6 %s more matching", more);
}

/* ---- the report ---------------------------------------------------------------------------------------------- */

static bool lines_of_pprof(peek_job *job)
{
    pa_pprof_graph how = {.matched = job->matched};
    return pa_graph_as_pprof(&job->top, &how);
}

/* Of the rows only those that match. */
static void keep_matched(peek_job *job)
{
    pa_top_job *top = &job->top;
    size_t n = 0, limit = job->options->node_count;
    for (size_t i = 0; i < top->n_rows; i++)
        if (top->rows[i].group != PA_NO_GROUP && job->matched[top->rows[i].group])
            top->rows[n++] = top->rows[i];
    top->n_rows = n;
    top->n_shown = limit && limit < n ? limit : n;
}

static bool choose_unit(peek_job *job)
{
    pa_top_job *top = &job->top;
    int64_t min = 0;
    for (size_t i = 0; i < top->n_shown; i++) {
        int64_t v = pa_magnitude(top->rows[i].flat ? top->rows[i].flat : top->rows[i].cum);
        if (v && (min == 0 || v < min))
            min = v;
    }
    return pa_view_quantity(top->view, min, job->options->unit, &top->quantity, top->err);
}

static bool run(void *arg)
{
    peek_job *job = arg;
    pa_top_job *top = &job->top;
    bool pprof = top->view->options.compat == PA_COMPAT_PPROF;
    if (!top->view->group_of_frame)
        return pa_fail(top->err, PA_E_USAGE, PA_NO_OFFSET,
                       "callers and callees need rows that are frames, not %s",
                       "threads, processes or labels");
    job->pool.arena = top->scratch = pa_arena_scratch(top->arena);
    top->report = pa_report_new(top->arena, "peek");
    if (!pa_top_collect(top) || !match(job) || (pprof && !lines_of_pprof(job)) || !find_calls(job))
        return false;
    keep_matched(job);
    if (!choose_unit(job))
        return false;
    pa_report_head(top->report, top->view, top->quantity, pprof);
    pa_report_field(top->report, "expression", NULL, pa_cell_cstr(job->options->expression));
    pa_report_field(top->report, "calls_recorded", NULL, pa_cell_bool(job->recorded));
    add_functions(job);
    if (!pprof)
        add_lines(job);
    return true;
}

pa_report *pa_peek(const pa_view *view, const pa_peek_options *options, pa_arena *arena, pa_err *err)
{
    pa_top_options top = {.cum = options->cum, .unit = options->unit};
    peek_job job = {.top = {.view = view, .options = &top, .arena = arena, .err = err}, .options = options};
    bool ok = pa_guard(arena, err, run, &job);
    pa_regex_release(&job.pool);
    pa_arena_free(job.top.scratch);
    return ok ? job.top.report : NULL;
}
