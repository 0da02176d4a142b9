/* graph.c: calls between the groups of a view.
 * In: distinct stacks with their sums, or recorded edges.  Out: calls, and lists of them per group, heaviest first.
 * Every stack is walked once, with a mark per call of the stack that last counted for it: recursion counts once.
 * Must not look at names but for the order of calls of equal weight. */
#include "libanalysis/analysis/graph.h"

#include <stdlib.h>

#include "libanalysis/base/index.h"

typedef struct graph_build {
    const pa_view *view;
    const pa_sums *sums;
    const pa_graph_options *options;
    pa_arena *arena;
    pa_err *err;
    pa_index index;
    PA_VEC(pa_call) calls;
} graph_build;

static bool over(graph_build *b)
{
    return pa_fail(b->err, PA_E_OVERFLOW, PA_NO_OFFSET, "a sum of calls exceeds 64 bits");
}

static pa_call *call_of(graph_build *b, uint32_t from, uint32_t to)
{
    uint64_t hash = pa_mix(from, to);
    uint32_t id;
    for (pa_slot at = pa_index_find(&b->index, hash); b->calls.n && pa_index_next(&b->index, &at, &id);)
        if (b->calls.p[id].from == from && b->calls.p[id].to == to)
            return &b->calls.p[id];
    id = (uint32_t)b->calls.n;
    pa_call *made = &pa_push(b->arena, &b->calls);
    *made = (pa_call){.from = from, .to = to, .calls = -1};
    pa_index_add(b->arena, &b->index, hash, id);
    return made;
}

static bool is_wanted(const graph_build *b, uint32_t from, uint32_t to)
{
    const unsigned char *wanted = b->options->wanted;
    return from != to && (!wanted || wanted[from] || wanted[to]);
}

/* ---- from stacks --------------------------------------------------------------------------------------------- */

static bool walk(graph_build *b, uint32_t stack)
{
    const pa_view *v = b->view;
    pa_frames f = pa_stack_at(v->profile, (pa_stack_id){stack});
    uint32_t parent = PA_NO_GROUP;
    for (size_t i = 0; i < f.n; i++) {
        uint32_t g = v->group_of_frame[f.p[i].v];
        if (b->options->kept && !b->options->kept[g])
            continue;
        if (parent != PA_NO_GROUP && is_wanted(b, parent, g)) {
            pa_call *c = call_of(b, parent, g);
            if (c->last != stack + 1) {
                if (__builtin_add_overflow(c->weight, b->sums->of_stack[stack], &c->weight))
                    return over(b);
                c->called |= !(pa_frame_at(v->profile, f.p[i])->flags & PA_FRAME_INLINED);
            }
            c->last = stack + 1;
        }
        parent = g;
    }
    return true;
}

/* ---- lists --------------------------------------------------------------------------------------------------- */

static int compare_calls(const void *a, const void *b, void *arg)
{
    const graph_build *build = arg;
    const pa_call *x = &build->calls.p[*(const uint32_t *)a], *y = &build->calls.p[*(const uint32_t *)b];
    const pa_group *g = build->view->groups;
    int64_t vx = pa_magnitude(x->weight), vy = pa_magnitude(y->weight);
    if (vx != vy)
        return vx > vy ? -1 : 1;
    int order = pa_str_cmp(g[x->from].name, g[y->from].name);
    if (order == 0)
        order = pa_str_cmp(g[x->to].name, g[y->to].name);
    if (order)
        return order;
    return x->from != y->from ? (x->from > y->from) - (x->from < y->from) : (x->to > y->to) - (x->to < y->to);
}

/* Lists of the calls by their caller or their callee, each sorted. */
static void make_lists(graph_build *b, bool by_callee, uint32_t **at, uint32_t **list)
{
    size_t n = b->view->n_groups;
    uint32_t *start = pa_new(b->arena, uint32_t, n + 2), *ids = pa_new(b->arena, uint32_t, b->calls.n);
    for (size_t i = 0; i < b->calls.n; i++)
        start[(by_callee ? b->calls.p[i].to : b->calls.p[i].from) + 2]++;
    for (size_t g = 2; g < n + 2; g++)
        start[g] += start[g - 1];
    for (size_t i = 0; i < b->calls.n; i++)
        ids[start[(by_callee ? b->calls.p[i].to : b->calls.p[i].from) + 1]++] = (uint32_t)i;
    for (size_t g = 0; g < n; g++)
        if (start[g + 1] - start[g] > 1)
            qsort_r(ids + start[g], start[g + 1] - start[g], sizeof *ids, compare_calls, b);
    *at = start;
    *list = ids;
}

static const pa_graph *finish(graph_build *b)
{
    pa_graph *graph = pa_new(b->arena, pa_graph, 1);
    size_t n = 0;
    for (size_t i = 0; i < b->calls.n; i++)
        if (pa_magnitude(b->calls.p[i].weight) >= b->options->least)
            b->calls.p[n++] = b->calls.p[i];
    b->calls.n = n;
    pa_index_release(b->arena, &b->index);
    make_lists(b, true, &graph->in_at, &graph->in);
    make_lists(b, false, &graph->out_at, &graph->out);
    graph->n_calls = n;
    graph->calls = b->calls.p;
    return graph;
}

const pa_graph *pa_graph_of_stacks(const pa_view *view, const pa_sums *sums, const pa_graph_options *options,
                                   pa_arena *arena, pa_err *err)
{
    graph_build b = {view, sums, options, arena, err, {0}, {0}};
    for (uint32_t i = 0; view->group_of_frame && i < view->profile->n_stacks; i++)
        if (sums->stack_in_use[i] && !walk(&b, i))
            return NULL;
    return finish(&b);
}

/* ---- from recorded edges ------------------------------------------------------------------------------------- */

static bool add_edge(graph_build *b, const pa_edge *e, const uint32_t *group_of)
{
    uint32_t from = group_of[e->caller.v], to = group_of[e->callee.v];
    int64_t value;
    if (from == PA_NO_GROUP || to == PA_NO_GROUP || !is_wanted(b, from, to))
        return true;
    pa_call *c = call_of(b, from, to);
    if (c->calls < 0)
        c->calls = 0;
    if (!pa_cost_value(e->cumulative, pa_view_metric(b->view)->decimals, &value) ||
        __builtin_add_overflow(c->weight, value, &c->weight) ||
        __builtin_add_overflow(c->calls, e->calls, &c->calls))
        return over(b);
    c->called = true;
    c->estimated |= e->estimated != 0;
    return true;
}

const pa_graph *pa_graph_of_edges(const pa_view *view, const pa_graph_options *options, pa_arena *arena,
                                  pa_err *err)
{
    graph_build b = {view, NULL, options, arena, err, {0}, {0}};
    const uint32_t *group_of = pa_groups_of_functions(view, arena);
    for (size_t i = 0; i < view->profile->n_edges; i++)
        if (!add_edge(&b, &view->profile->edges[i], group_of))
            return NULL;
    return finish(&b);
}
