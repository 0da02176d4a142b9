/* tree_table.c: the nodes of a call tree as tables: one for machines, one for people.
 * In: picked nodes in preorder.  Out: a row each; people also get a row where children were left out.
 * Only the table for people makes a string a node.  Indentation has an end: below it the depth is written. */
#include "libanalysis/analysis/tree.h"

#define DEEPEST_INDENT 30 /* levels of two columns */

enum { M_ID, M_PARENT, M_NAME, M_FILE, M_LINE, M_MODULE, M_SELF, M_TOTAL, M_DEPTH, M_CUT, M_CUT_TOTAL, N_M };

static const pa_column for_machines[N_M] = {
    [M_ID] = {.key = "id"},
    [M_PARENT] = {.key = "parent"},
    [M_NAME] = {.key = "function"},
    [M_FILE] = {.key = "file"},
    [M_LINE] = {.key = "line"},
    [M_MODULE] = {.key = "module"},
    [M_SELF] = {.key = "self"},
    [M_TOTAL] = {.key = "total"},
    [M_DEPTH] = {.key = "depth"},
    [M_CUT] = {.key = "cut_children"},
    [M_CUT_TOTAL] = {.key = "cut_total"},
};

enum { P_TOTAL, P_TOTAL_SHARE, P_SELF, P_SELF_SHARE, P_NAME, N_P };

static const pa_column for_people[N_P] = {
    [P_TOTAL] = {.title = "total"},
    [P_TOTAL_SHARE] = {.title = "total%", .flags = PA_COL_EMPHASIS},
    [P_SELF] = {.title = "self"},
    [P_SELF_SHARE] = {.title = "self%"},
    [P_NAME] = {.title = "function", .flags = PA_COL_NAME | PA_COL_LEFT},
};

static int64_t self_of(const pa_tree_job *job, const pa_picked *n) { return job->tree->self[n->node]; }

static int64_t total_of(const pa_tree_job *job, const pa_picked *n)
{
    return n->no_stack ? job->tree->self[0] : job->tree->total[n->node];
}

/* Calls above it: the outermost function has none. */
static uint32_t depth_of(const pa_tree_job *job, const pa_picked *n)
{
    uint32_t depth = job->tree->depth[n->node];
    return depth ? depth - 1 : 0;
}

static pa_table *own_table(const pa_tree_job *job, const pa_column *columns, size_t n)
{
    pa_column *own = pa_new(job->arena, pa_column, n);
    memcpy(own, columns, n * sizeof *own);
    for (size_t i = 0; i < n; i++)
        own[i].quantity = job->quantity;
    return pa_table_new(job->arena, own, n);
}

/* ---- machines ------------------------------------------------------------------------------------------------ */

const pa_table *pa_tree_for_machines(const pa_tree_job *job, const pa_picks *picks)
{
    pa_table *t = own_table(job, for_machines, N_M);
    for (size_t i = 1; i < picks->n; i++) {
        const pa_picked *n = &picks->p[i];
        pa_cell *row = pa_table_row(job->arena, t);
        row[M_ID] = pa_cell_int((int64_t)i - 1);
        if (n->up)
            row[M_PARENT] = pa_cell_int((int64_t)n->up - 1);
        row[M_NAME] = pa_cell_str(pa_picked_name(job, n));
        if (!n->no_stack) {
            const pa_group *g = &job->view->groups[job->tree->group[n->node]];
            if (g->file.n && !g->many_files)
                row[M_FILE] = pa_cell_str(g->file);
            if (g->line && !g->many_lines && !g->many_files)
                row[M_LINE] = pa_cell_int(g->line);
            if (g->module.n && !g->many_modules)
                row[M_MODULE] = pa_cell_str(g->module);
        }
        row[M_SELF] = pa_cell_value(self_of(job, n));
        row[M_TOTAL] = pa_cell_value(total_of(job, n));
        row[M_DEPTH] = pa_cell_int(depth_of(job, n));
        row[M_CUT] = pa_cell_int(n->cut);
        row[M_CUT_TOTAL] = pa_cell_value(n->cut_total);
    }
    return t;
}

/* ---- people -------------------------------------------------------------------------------------------------- */

static double share(const pa_tree_job *job, int64_t value)
{
    return job->view->total ? (double)value / (double)job->view->total : 0;
}

static pa_cell indented(const pa_tree_job *job, uint32_t depth, pa_str name)
{
    uint32_t shown = depth < DEEPEST_INDENT ? depth : DEEPEST_INDENT;
    pa_str mark = depth > DEEPEST_INDENT ? pa_arena_format(job->scratch, "(depth %u) ", depth) : (pa_str){0};
    size_t blanks = 2 * (size_t)shown;
    char *text = pa_new(job->arena, char, blanks + mark.n + name.n);
    memset(text, ' ', blanks);
    if (mark.n)
        memcpy(text + blanks, mark.p, mark.n);
    if (name.n)
        memcpy(text + blanks + mark.n, name.p, name.n);
    return pa_cell_str((pa_str){text, blanks + mark.n + name.n});
}

static void add_node(const pa_tree_job *job, pa_table *t, const pa_picked *n)
{
    pa_cell *row = pa_table_row(job->arena, t);
    row[P_TOTAL] = pa_cell_value(total_of(job, n));
    row[P_TOTAL_SHARE] = pa_cell_share(share(job, total_of(job, n)));
    row[P_SELF] = pa_cell_value(self_of(job, n));
    row[P_SELF_SHARE] = pa_cell_share(share(job, self_of(job, n)));
    row[P_NAME] = indented(job, depth_of(job, n), pa_picked_name(job, n));
}

/* "... 12 more children, 3.1%", where the children of n end. */
static void add_cut(const pa_tree_job *job, pa_table *t, const pa_picked *n)
{
    char count[PA_VALUE_TEXT], part[PA_VALUE_TEXT];
    if (n->cut == 0)
        return;
    pa_count_text(count, n->cut);
    pa_percent_text(part, share(job, n->cut_total));
    pa_str cut = pa_str_trim(pa_cstr(part));
    bool root = n->node == 0;
    pa_str text = pa_arena_format(job->scratch, "\xE2\x80\xA6 %s more %s, %.*s", count,
                                  root ? (n->cut == 1 ? "stack root" : "stack roots")
                                       : (n->cut == 1 ? "child" : "children"),
                                  (int)cut.n, cut.p);
    pa_cell name = indented(job, root ? 0 : depth_of(job, n) + 1, text);
    pa_table_row(job->arena, t)[P_NAME] = name;
}

/* A node's cut is said behind the last node under it: once a node comes that is not under it. */
const pa_table *pa_tree_for_people(const pa_tree_job *job, const pa_picks *picks)
{
    pa_table *t = own_table(job, for_people, N_P);
    uint32_t open = 0; /* the node whose children are being listed */
    for (size_t i = 1; i < picks->n; i++) {
        for (; open != picks->p[i].up; open = picks->p[open].up)
            add_cut(job, t, &picks->p[open]);
        add_node(job, t, &picks->p[i]);
        open = (uint32_t)i;
    }
    for (; open; open = picks->p[open].up)
        add_cut(job, t, &picks->p[open]);
    if (picks->n)
        add_cut(job, t, &picks->p[0]);
    return t;
}

/* ---- pprof --------------------------------------------------------------------------------------------------- */

#define PPROF_NODES 80

bool pa_tree_as_pprof(pa_tree_job *job)
{
    const pa_tree_options *o = job->options;
    pa_top_options options = {.cum = o->cum, .unit = o->unit};
    pa_top_job top = {.view = job->view,
                      .options = &options,
                      .report = job->report,
                      .arena = job->arena,
                      .scratch = job->scratch,
                      .err = job->err};
    pa_pprof_graph how = {
        .node_count = o->has_node_count ? o->node_count : PPROF_NODES,
        .node_fraction = o->has_node_fraction ? o->node_fraction : PA_PPROF_NODE_FRACTION,
        .edge_fraction = o->has_edge_fraction ? o->edge_fraction : PA_PPROF_EDGE_FRACTION,
    };
    return pa_top_collect(&top) && pa_graph_as_pprof(&top, &how);
}
