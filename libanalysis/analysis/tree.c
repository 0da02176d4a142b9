/* tree.c: pa_call_tree: the call tree of a view.
 * In: the tree's columns.  Out: a report: the nodes worth showing, children heaviest first, and what is not shown.
 * A node is picked by the size of its total; the nodes it is under are shown with it.  Names are looked at only to order
 * picked siblings of equal total.  Trees are as deep as the input says: nothing here recurses over them. */
#include <math.h>
#include <stdlib.h>

#include "libanalysis/analysis/tree.h"

#define NODE_FRACTION 0.005
#define FOR_PEOPLE    1000 /* lines of text, unless asked for more */

static int64_t total_of(const pa_tree_job *job, const pa_picked *n)
{
    return n->no_stack ? job->tree->self[0] : job->tree->total[n->node];
}

pa_str pa_picked_name(const pa_tree_job *job, const pa_picked *n)
{
    return n->no_stack ? PA_STR("[no stack]") : job->view->groups[job->tree->group[n->node]].name;
}

/* ---- which nodes --------------------------------------------------------------------------------------------- */

static double node_fraction(const pa_tree_options *o)
{
    return o->has_node_fraction ? o->node_fraction : NODE_FRACTION;
}

/* Not below `least`, which is a share of the total. */
static bool is_large(int64_t value, double least) { return !(fabs((double)value) < least); }

/* Shares are of what the filters leave, unless values cancel in that sum. */
static double least_total(const pa_tree_job *job)
{
    const pa_tree *t = job->tree;
    int64_t of = t->total[0];
    for (size_t i = 0; i < t->n_nodes && of != job->view->total; i++)
        if (t->self[i] < 0)
            of = job->view->total;
    return node_fraction(job->options) * (double)of;
}

/* Totals of mixed sign cancel, so a small node may stand above a large one: then it is picked too. */
static void pick(pa_tree_job *job)
{
    const pa_tree *t = job->tree;
    double least = job->least = least_total(job);
    size_t depth = job->options->depth ? job->options->depth : SIZE_MAX;
    job->in = pa_new(job->scratch, unsigned char, t->n_nodes);
    for (size_t i = t->n_nodes; i-- > 1;) {
        job->in[i] |= t->depth[i] <= depth && is_large(t->total[i], least);
        job->in[t->parent[i]] |= job->in[i];
    }
    job->in[0] = 1;
}

/* The picked nodes in preorder, the root first; then what has no stack. */
static void gather(pa_tree_job *job, pa_picks *picks)
{
    const pa_tree *t = job->tree;
    PA_VEC(uint32_t) path = {0}; /* places in picks: above the node, without the root */
    pa_push(job->scratch, picks) = (pa_picked){0};
    for (size_t i = 1; i < t->n_nodes;) {
        if (!job->in[i]) { /* nor is anything under it */
            i = t->end[i];
            continue;
        }
        while (path.n && t->end[picks->p[path.p[path.n - 1]].node] <= i)
            path.n--;
        uint32_t up = path.n ? path.p[path.n - 1] : 0;
        pa_push(job->scratch, &path) = (uint32_t)picks->n;
        pa_push(job->scratch, picks) = (pa_picked){.node = (uint32_t)i, .up = up};
        i++;
    }
    if (t->self[0] && is_large(t->self[0], job->least))
        pa_push(job->scratch, picks) = (pa_picked){.no_stack = true};
}

/* ---- their order --------------------------------------------------------------------------------------------- */

typedef struct siblings {
    const pa_tree_job *job;
    const pa_picks *picks;
} siblings;

static int compare_siblings(const void *a, const void *b, void *arg)
{
    const siblings *s = arg;
    const pa_picked *x = &s->picks->p[*(const uint32_t *)a], *y = &s->picks->p[*(const uint32_t *)b];
    int64_t vx = pa_magnitude(total_of(s->job, x)), vy = pa_magnitude(total_of(s->job, y));
    if (vx != vy)
        return vx > vy ? -1 : 1;
    int order = pa_str_cmp(pa_picked_name(s->job, x), pa_picked_name(s->job, y));
    if (order)
        return order;
    return (x->node > y->node) - (x->node < y->node);
}

/* Places of the children of each picked node, in at[node's place] .. at[node's place + 1], sorted. */
static uint32_t *sorted_children(pa_tree_job *job, const pa_picks *picks, uint32_t *at)
{
    siblings s = {job, picks};
    uint32_t *children = pa_new(job->scratch, uint32_t, picks->n);
    for (size_t i = 1; i < picks->n; i++)
        at[picks->p[i].up + 2]++;
    for (size_t i = 2; i < picks->n + 2; i++)
        at[i] += at[i - 1];
    for (size_t i = 1; i < picks->n; i++)
        children[at[picks->p[i].up + 1]++] = (uint32_t)i;
    for (size_t i = 0; i < picks->n; i++)
        if (at[i + 1] - at[i] > 1)
            qsort_r(children + at[i], at[i + 1] - at[i], sizeof *children, compare_siblings, &s);
    return children;
}

/* Parents before children, children in order; picks that are not `kept` (NULL: all are) are left out with all they
 * hold.  The root stays at the front. */
static void put_in_order(pa_tree_job *job, pa_picks *picks, const unsigned char *kept)
{
    typedef struct open {
        uint32_t place, up;
    } open;
    uint32_t *at = pa_new(job->scratch, uint32_t, picks->n + 2);
    const uint32_t *children = sorted_children(job, picks, at);
    pa_picked *ordered = pa_new(job->scratch, pa_picked, picks->n);
    open *todo = pa_new(job->scratch, open, picks->n + 1); /* each is there once */
    size_t n = 0, n_todo = 1;                              /* the root */
    while (n_todo) {
        open next = todo[--n_todo];
        ordered[n] = picks->p[next.place];
        ordered[n].up = next.up;
        for (uint32_t i = at[next.place + 1]; i-- > at[next.place];)
            if (!kept || kept[children[i]])
                todo[n_todo++] = (open){children[i], (uint32_t)n};
        n++;
    }
    picks->p = ordered;
    picks->n = picks->cap = n;
}

/* ---- the heaviest of them ------------------------------------------------------------------------------------ */

static int compare_weights(const void *a, const void *b, void *arg)
{
    const siblings *s = arg;
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    int64_t vx = pa_magnitude(total_of(s->job, &s->picks->p[x]));
    int64_t vy = pa_magnitude(total_of(s->job, &s->picks->p[y]));
    if (vx != vy)
        return vx > vy ? -1 : 1;
    return (x > y) - (x < y);
}

/* Nodes from place up to the first that is kept already. */
static size_t missing(const pa_picks *picks, const unsigned char *kept, uint32_t place, size_t most)
{
    size_t n = 0;
    for (; !kept[place] && n <= most; place = picks->p[place].up)
        n++;
    return n;
}

/* Keep `limit` of the picks, which are in order: the heaviest, as far as those above them find room too. */
static void limit_picks(pa_tree_job *job, pa_picks *picks, size_t limit)
{
    siblings s = {job, picks};
    if (limit == 0 || picks->n <= limit + 1)
        return;
    uint32_t *ranked = pa_new(job->scratch, uint32_t, picks->n);
    unsigned char *kept = pa_new(job->scratch, unsigned char, picks->n);
    for (size_t i = 0; i < picks->n; i++)
        ranked[i] = (uint32_t)i;
    qsort_r(ranked + 1, picks->n - 1, sizeof *ranked, compare_weights, &s);
    kept[0] = 1;
    for (size_t i = 1, room = limit; i < picks->n && room > 0; i++) {
        size_t n = missing(picks, kept, ranked[i], room);
        if (n > room)
            continue;
        for (uint32_t at = ranked[i]; !kept[at]; at = picks->p[at].up)
            kept[at] = 1;
        room -= n;
    }
    put_in_order(job, picks, kept);
}

/* ---- what is not shown --------------------------------------------------------------------------------------- */

static bool count_cut(pa_tree_job *job, pa_picks *picks)
{
    const pa_tree *t = job->tree;
    bool no_stack = t->self[0] != 0;
    memset(job->in, 0, t->n_nodes);
    for (size_t i = 0; i < picks->n; i++) {
        job->in[picks->p[i].node] = 1;
        no_stack &= !picks->p[i].no_stack;
    }
    for (size_t i = 0; i < picks->n; i++) {
        pa_picked *n = &picks->p[i];
        n->cut = 0;
        n->cut_total = 0;
        for (uint32_t c = n->node + 1; !n->no_stack && c < t->end[n->node]; c = t->end[c]) {
            if (job->in[c])
                continue;
            n->cut++;
            if (__builtin_add_overflow(n->cut_total, t->total[c], &n->cut_total))
                return pa_fail(job->err, PA_E_OVERFLOW, PA_NO_OFFSET,
                               "a sum of the call tree exceeds 64 bits");
        }
    }
    picks->p[0].cut += no_stack;
    return !no_stack || !__builtin_add_overflow(picks->p[0].cut_total, t->self[0], &picks->p[0].cut_total) ||
           pa_fail(job->err, PA_E_OVERFLOW, PA_NO_OFFSET, "a sum of the call tree exceeds 64 bits");
}

static bool choose_unit(pa_tree_job *job, const pa_picks *picks)
{
    int64_t min = 0;
    for (size_t i = 1; i < picks->n; i++) {
        const pa_picked *n = &picks->p[i];
        int64_t self = n->no_stack ? job->tree->self[0] : job->tree->self[n->node];
        int64_t v = pa_magnitude(self ? self : total_of(job, n));
        if (v && (min == 0 || v < min))
            min = v;
    }
    return pa_view_quantity(job->view, min, job->options->unit, &job->quantity, job->err);
}

/* ---- the report ---------------------------------------------------------------------------------------------- */

static void closing_lines(pa_tree_job *job, size_t shown, size_t picked)
{
    char few[PA_VALUE_TEXT], all[PA_VALUE_TEXT], share[PA_VALUE_TEXT];
    size_t n = job->tree->n_nodes - 1 + (job->tree->self[0] != 0);
    pa_count_text(few, (int64_t)shown);
    pa_count_text(all, (int64_t)n);
    if (n == 0)
        pa_report_line(job->report, "no samples are left to show");
    if (shown == n)
        return;
    pa_percent_text(share, node_fraction(job->options));
    pa_str least = pa_str_trim(pa_cstr(share));
    pa_report_line(job->report, "%s of %s nodes are shown", few, all);
    if (picked > shown)
        pa_report_line(job->report, "  the heaviest of those picked; -n 0 shows them all");
    if (node_fraction(job->options) > 0)
        pa_report_line(job->report, "  none below %.*s of %s; --nodefraction 0 has no such bound",
                       (int)least.n, least.p, job->view->n_filters ? "what is selected" : "the total");
    if (job->options->depth)
        pa_report_line(job->report, "  none deeper than %zu calls; --depth 0 goes to the end",
                       job->options->depth);
}

static bool add_people(pa_tree_job *job, pa_picks *picks)
{
    size_t picked = picks->n;
    if (job->view->options.compat == PA_COMPAT_PPROF)
        return job->options->traces
                   ? pa_traces_as_pprof(job->report, job->view, job->options->unit, job->scratch, job->err)
                   : pa_tree_as_pprof(job);
    if (!job->options->has_node_count)
        limit_picks(job, picks, FOR_PEOPLE);
    if (picks->n < picked && !count_cut(job, picks))
        return false;
    pa_report_field(job->report, NULL, "", pa_cell_table(pa_tree_for_people(job, picks)));
    closing_lines(job, picks->n - 1, picked - 1);
    return true;
}

static void add_machines(pa_tree_job *job, const pa_picks *picks)
{
    pa_report *r = job->report;
    size_t n = job->tree->n_nodes - 1 + (job->tree->self[0] != 0);
    pa_report_field(r, "node_fraction", NULL, pa_cell_double(node_fraction(job->options)));
    pa_report_field(r, "nodes_in_all", NULL, pa_cell_int((int64_t)n));
    pa_report_field(r, "cut_children", NULL, pa_cell_int(picks->p[0].cut));
    pa_report_field(r, "cut_total", NULL, pa_cell_value(picks->p[0].cut_total))->quantity = job->quantity;
    pa_report_field(r, "nodes", "", pa_cell_table(pa_tree_for_machines(job, picks)));
}

static bool run(void *arg)
{
    pa_tree_job *job = arg;
    bool pprof = job->view->options.compat == PA_COMPAT_PPROF;
    pa_picks picks = {0};
    if (job->options->traces && !pprof)
        return pa_fail(job->err, PA_E_USAGE, PA_NO_OFFSET, "option '--traces' needs '--compat pprof'");
    job->tree = pa_tree_build(job->view, job->arena, job->err);
    if (!job->tree)
        return false;
    job->scratch = pa_arena_scratch(job->arena);
    job->report = pa_report_new(job->arena, "tree");
    pick(job);
    gather(job, &picks);
    put_in_order(job, &picks, NULL);
    limit_picks(job, &picks, job->options->has_node_count ? job->options->node_count : 0);
    if (!count_cut(job, &picks) || !choose_unit(job, &picks))
        return false;
    pa_report_head(job->report, job->view, job->quantity, pprof);
    add_machines(job, &picks);
    return add_people(job, &picks);
}

pa_report *pa_call_tree(const pa_view *view, const pa_tree_options *options, pa_arena *arena, pa_err *err)
{
    static const pa_tree_options defaults;
    pa_tree_job job = {.view = view, .options = options ? options : &defaults, .arena = arena, .err = err};
    bool ok = pa_guard(arena, err, run, &job);
    pa_arena_free(job.scratch);
    return ok ? job.report : NULL;
}
