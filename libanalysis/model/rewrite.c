/* rewrite.c: the stacks of a view.  Filters that only choose (focus, ignore) become a mask over stacks; all others map
 * every distinct stack once - with tagroot and tagleaf every distinct stack and set of tag frames - into a new profile.
 * In: rules, marks, tag frames, the mask over contexts.  Out: view->profile and the masks.
 * The new profile holds the source's strings, modules, functions and contexts under the same ids, and its metadata. */
#include "libanalysis/base/index.h"
#include "libanalysis/model/builder.h"
#include "libanalysis/model/view_parts.h"

#define GONE UINT32_MAX

typedef struct mapped {
    uint32_t stack, tagset, to;
} mapped;

typedef struct rewriter {
    pa_view_job *job;
    const pa_profile *p;
    pa_builder *b;
    uint32_t *frame_to;       /* per frame and pseudo-frame: new id + 1, 0 not made yet */
    uint32_t *outer_frame_to; /* the same frame as the outermost line of its location: not inlined */
    uint32_t *stack_to;       /* per stack: new id + 1, 0 not mapped yet; GONE */
    pa_index index;           /* stack and tagset -> mapped, instead of stack_to when there are tag frames */
    PA_VEC(mapped) mapped;
    PA_VEC(pa_stack_item) items;
    PA_VEC(pa_frame_id) frames;
} rewriter;

uint32_t *pa_number_names(pa_arena *arena, const pa_str *names, size_t n, size_t *n_distinct)
{
    uint32_t *numbers = pa_new(arena, uint32_t, n);
    uint32_t *first = pa_new(arena, uint32_t, n); /* by number: where it stands first */
    uint32_t n_first = 0;
    pa_index index = {0};
    for (size_t i = 0; i < n; i++) {
        uint64_t hash = pa_str_hash(names[i]);
        uint32_t id;
        bool known = false;
        for (pa_slot at = pa_index_find(&index, hash); !known && pa_index_next(&index, &at, &id);)
            known = pa_str_eq(names[first[id]], names[i]);
        if (!known) {
            id = n_first++;
            first[id] = (uint32_t)i;
            pa_index_add(arena, &index, hash, id);
        }
        numbers[i] = id;
    }
    pa_index_release(arena, &index);
    *n_distinct = n_first;
    return numbers;
}

/* ---- one stack ----------------------------------------------------------------------------------------------- */

static void load_tag_frames(rewriter *w, const uint32_t *frames, uint32_t n, uint32_t *location)
{
    for (uint32_t i = 0; i < n; i++)
        w->items.p[w->items.n++] = (pa_stack_item){frames[i], ++*location};
}

/* The frames of a stack with their locations and what tagroot and tagleaf put around them. */
static void load_stack(rewriter *w, pa_stack_id stack, const pa_tagset *tags)
{
    pa_frames f = pa_stack_at(w->p, stack);
    uint32_t n_roots = tags ? tags->n_roots : 0, n_leaves = tags ? tags->n_leaves : 0;
    uint32_t location = 0;
    w->items.n = 0;
    pa_reserve(w->job->scratch, &w->items, f.n + n_roots + n_leaves);
    for (size_t i = 0; i < f.n; i++) {
        bool inlined = pa_frame_at(w->p, f.p[i])->flags & PA_FRAME_INLINED;
        location += i == 0 || !inlined;
        w->items.p[i] = (pa_stack_item){f.p[i].v, location};
    }
    pa_stack_items items = {w->items.p, f.n};
    pa_drop_frames(&w->job->rules, &items);
    w->items.n = items.n;
    if (n_roots) {
        memmove(w->items.p + n_roots, w->items.p, items.n * sizeof *items.p);
        w->items.n = 0;
        load_tag_frames(w, tags->frames, n_roots, &location);
        w->items.n += items.n;
    }
    if (n_leaves)
        load_tag_frames(w, tags->frames + n_roots, n_leaves, &location);
}

static pa_frame_id pseudo_frame(rewriter *w, const pa_pseudo *pseudo)
{
    pa_function f = {.name = pa_add_str(w->b, pseudo->name), .file = pa_add_str(w->b, pseudo->file)};
    f.system_name = f.name;
    return pa_add_frame(w->b,
                        &(pa_frame){.function = pa_add_function(w->b, &f), .flags = PA_FRAME_SYNTHETIC});
}

static pa_frame_id new_frame(rewriter *w, uint32_t old, bool outer)
{
    uint32_t *to = outer ? &w->outer_frame_to[old] : &w->frame_to[old];
    if (*to)
        return (pa_frame_id){*to - 1};
    pa_frame_id id;
    if (old >= w->p->n_frames) {
        id = pseudo_frame(w, &w->job->pseudo.p[old - w->p->n_frames]);
    } else {
        pa_frame f = w->p->frames[old];
        if (outer)
            f.flags &= ~(uint32_t)PA_FRAME_INLINED;
        id = pa_add_frame(w->b, &f);
    }
    *to = id.v + 1;
    return id;
}

/* New id of a stack, or GONE. */
static uint32_t map_stack(rewriter *w, pa_stack_id stack, const pa_tagset *tags)
{
    load_stack(w, stack, tags);
    pa_stack_items items = {w->items.p, w->items.n};
    if (!pa_map_stack(&w->job->rules, &items))
        return GONE;
    w->frames.n = 0;
    pa_reserve(w->job->scratch, &w->frames, items.n);
    for (size_t i = 0; i < items.n; i++) {
        bool outer = i == 0 || items.p[i].location != items.p[i - 1].location;
        w->frames.p[i] = new_frame(w, items.p[i].frame, outer);
    }
    return pa_add_stack(w->b, w->frames.p, items.n).v;
}

static uint32_t mapped_with_tags(rewriter *w, pa_stack_id stack, uint32_t tagset)
{
    uint64_t hash = pa_mix(stack.v, tagset);
    uint32_t id;
    for (pa_slot at = pa_index_find(&w->index, hash); pa_index_next(&w->index, &at, &id);)
        if (w->mapped.p[id].stack == stack.v && w->mapped.p[id].tagset == tagset)
            return w->mapped.p[id].to;
    uint32_t to = map_stack(w, stack, &w->job->tagsets.p[tagset]);
    id = (uint32_t)w->mapped.n;
    pa_push(w->job->scratch, &w->mapped) = (mapped){stack.v, tagset, to};
    pa_index_add(w->job->scratch, &w->index, hash, id);
    return to;
}

static uint32_t mapped_stack(rewriter *w, pa_stack_id stack, pa_context_id context)
{
    if (w->job->tagset_of)
        return mapped_with_tags(w, stack, w->job->tagset_of[context.v]);
    uint32_t *to = &w->stack_to[stack.v];
    if (*to == 0) {
        uint32_t id = map_stack(w, stack, NULL);
        *to = id == GONE ? GONE : id + 1;
    }
    return *to == GONE ? GONE : *to - 1;
}

/* ---- the profile --------------------------------------------------------------------------------------------- */

/* What a builder made, another one makes again under the same ids when it is given in the same order. */
static bool add_things(rewriter *w)
{
    const pa_profile *p = w->p;
    bool same = true;
    for (uint32_t i = 0; i < p->n_strings; i++)
        same &= pa_add_str(w->b, p->strings[i]).v == i;
    for (uint32_t i = 0; i < p->n_modules; i++)
        same &= pa_add_module(w->b, &p->modules[i]).v == i;
    for (uint32_t i = 0; i < p->n_functions; i++)
        same &= pa_add_function(w->b, &p->functions[i]).v == i;
    for (uint32_t i = 0; i < p->n_contexts; i++) {
        pa_labels labels = pa_context_at(p, (pa_context_id){i});
        same &= pa_add_context(w->b, labels.p, labels.n).v == i;
    }
    return same || pa_fail(w->job->err, PA_E_BUG, PA_NO_OFFSET, "a profile holds the same thing twice");
}

static bool context_passes(const rewriter *w, pa_context_id id)
{
    return !w->job->context_in || w->job->context_in[id.v];
}

static bool add_stream(rewriter *w, uint32_t which)
{
    pa_view_job *job = w->job;
    const pa_stream *s = &w->p->streams[which];
    size_t k = s->n_metrics, n = 0;
    pa_arena *a = pa_arena_scratch(job->scratch);
    pa_stack_id *stack = pa_new(a, pa_stack_id, s->n_rows);
    pa_context_id *context = pa_new(a, pa_context_id, s->n_rows);
    int64_t *values = pa_new(a, int64_t, s->n_rows * k);
    uint64_t *records = s->squares ? pa_new(a, uint64_t, s->n_rows) : NULL;
    pa_u128 *squares = s->squares ? pa_new(a, pa_u128, s->n_rows * k) : NULL;
    for (size_t i = 0; i < s->n_rows; i++) {
        uint32_t to = context_passes(w, s->context[i]) ? mapped_stack(w, s->stack[i], s->context[i]) : GONE;
        if (to == GONE)
            continue;
        stack[n] = (pa_stack_id){to};
        context[n] = s->context[i];
        memcpy(values + n * k, s->values + i * k, k * sizeof *values);
        if (squares) {
            records[n] = s->records[i];
            memcpy(squares + n * k, s->squares + i * k, k * sizeof *squares);
        }
        if (which == job->view->stream.v &&
            !pa_add_magnitude(&job->kept_total, values[n * k + job->view->metric], job->err))
            return false;
        n++;
    }
    pa_stream_id id = pa_add_stream(w->b, s->name, s->metrics, s->n_metrics);
    pa_rows rows = {
        .n = n, .stack = stack, .context = context, .values = values, .records = records, .squares = squares};
    bool ok = pa_add_rows(w->b, id, &rows, job->err);
    pa_arena_free(a);
    return ok;
}

static void add_rest(rewriter *w)
{
    const pa_profile *p = w->p;
    for (size_t i = 0; i < p->n_intervals; i++) {
        pa_interval v = p->intervals[i];
        uint32_t to = context_passes(w, v.context) ? mapped_stack(w, v.stack, v.context) : GONE;
        if (to == GONE)
            continue;
        v.stack = (pa_stack_id){to};
        pa_add_interval(w->b, &v);
    }
    for (size_t i = 0; i < p->n_facts; i++)
        if (context_passes(w, p->facts[i].context))
            pa_add_fact(w->b, &p->facts[i]);
    for (size_t i = 0; i < p->n_costs; i++)
        pa_add_cost(w->b, &p->costs[i]);
    for (size_t i = 0; i < p->n_edges; i++)
        pa_add_edge(w->b, &p->edges[i]);
    if (p->estimated)
        pa_set_estimated(w->b);
    pa_set_default(w->b, p->default_stream, p->default_metric);
}

static bool rewrite(pa_view_job *job)
{
    const pa_profile *p = job->p;
    size_t n_frames = p->n_frames + job->pseudo.n;
    rewriter w = {
        .job = job,
        .p = p,
        .b = pa_builder_new(pa_arena_scratch(job->arena)),
        .frame_to = pa_new(job->scratch, uint32_t, n_frames),
        .outer_frame_to = pa_new(job->scratch, uint32_t, n_frames),
        .stack_to = job->tagset_of ? NULL : pa_new(job->scratch, uint32_t, p->n_stacks),
    };
    pa_reserve(job->scratch, &w.mapped, 64);
    if (!add_things(&w))
        return false;
    for (uint32_t i = 0; i < p->n_streams; i++)
        if (!add_stream(&w, i))
            return false;
    add_rest(&w);
    pa_profile *made = pa_builder_finish(w.b, job->err);
    if (!made)
        return false;
    made->meta = p->meta; /* ids of strings are the same, and the source outlives the view */
    made->diags = p->diags;
    made->n_inputs = p->n_inputs;
    made->inputs = p->inputs;
    job->view->profile = made;
    return true;
}

/* ---- masks --------------------------------------------------------------------------------------------------- */

static bool select_rows(pa_view_job *job)
{
    const pa_profile *p = job->p;
    pa_view *view = job->view;
    view->context_in = job->context_in;
    if (job->rules.by_name) {
        rewriter w = {.job = job, .p = p};
        unsigned char *in = pa_new(job->arena, unsigned char, p->n_stacks);
        for (uint32_t i = 0; i < p->n_stacks; i++) {
            load_stack(&w, (pa_stack_id){i}, NULL);
            pa_stack_items items = {w.items.p, w.items.n};
            in[i] = pa_map_stack(&job->rules, &items);
        }
        view->stack_in = in;
    }
    const pa_stream *s = pa_view_stream(view);
    for (size_t i = 0; i < s->n_rows; i++)
        if (pa_view_has_row(view, i) && !pa_add_magnitude(&job->kept_total, pa_view_value(view, i), job->err))
            return false;
    return true;
}

/* Frames whose functions share a name get one number; a frame without a name is only like itself. */
static uint32_t *numbers_for_fold(pa_view_job *job)
{
    const pa_profile *p = job->p;
    size_t n_names, n = p->n_frames + job->pseudo.n;
    const uint32_t *name = pa_number_names(job->scratch, job->names, p->n_functions, &n_names);
    uint32_t *same = pa_new(job->scratch, uint32_t, n);
    for (size_t i = 0; i < n; i++) {
        uint32_t f = i < p->n_frames ? p->frames[i].function.v : 0;
        same[i] = job->names[f].n ? name[f] : (uint32_t)(n_names + i);
    }
    return same;
}

static bool has_inlined(const pa_profile *p)
{
    for (size_t i = 0; i < p->n_frames; i++)
        if (p->frames[i].flags & PA_FRAME_INLINED)
            return true;
    return false;
}

bool pa_view_rewrite(pa_view_job *job)
{
    pa_stack_rules *r = &job->rules;
    r->noinlines = job->o->noinlines && has_inlined(job->p);
    r->fold = job->o->fold_recursion;
    if (r->fold)
        r->same = numbers_for_fold(job);
    bool changes = r->drop || pa_given(job->o->hide) || r->show || r->show_from || r->prune_from ||
                   r->noinlines || r->fold || job->tagset_of;
    return changes ? rewrite(job) : select_rows(job);
}
