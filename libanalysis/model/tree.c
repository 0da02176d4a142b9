/* tree.c: the call tree of a view.
 * In: the distinct stacks that pass, as strings of groups, with the sums of their rows.  Out: preorder columns.
 * The strings are sorted, then neighbours share their common beginnings.  Stacks are as deep as the input says: nothing
 * here recurses over them. */
#include "libanalysis/model/tree.h"

#include "libanalysis/base/sort.h"

/* ---- building ------------------------------------------------------------------------------------------------ */

typedef struct tree_build {
    const pa_view *view;
    pa_arena *arena, *scratch;
    pa_err *err;
    pa_tree *tree;
    PA_VEC(uint32_t) parent, group, end, depth;
    PA_VEC(int64_t) self, total;
    PA_VEC(uint32_t) path; /* open nodes, root first */
} tree_build;

static bool add(int64_t *sum, int64_t value, pa_err *err)
{
    return !__builtin_add_overflow(*sum, value, sum) ||
           pa_fail(err, PA_E_OVERFLOW, PA_NO_OFFSET, "a sum of the call tree exceeds 64 bits");
}

/* Sum of the rows of each stack; touched: it has a row that passes and is not 0. */
static bool sum_stacks(tree_build *b, int64_t *sums, unsigned char *touched)
{
    const pa_stream *s = pa_view_stream(b->view);
    for (size_t i = 0; i < s->n_rows; i++) {
        int64_t v = pa_view_value(b->view, i);
        if (v == 0 || !pa_view_has_row(b->view, i))
            continue;
        touched[s->stack[i].v] = 1;
        if (!add(&sums[s->stack[i].v], v, b->err))
            return false;
    }
    return true;
}

static bool collect(tree_build *b, pa_u32_string **strings, size_t *n)
{
    const pa_profile *p = b->view->profile;
    int64_t *sums = pa_new(b->scratch, int64_t, p->n_stacks);
    unsigned char *touched = pa_new(b->scratch, unsigned char, p->n_stacks);
    if (!sum_stacks(b, sums, touched))
        return false;
    size_t n_strings = 0, n_places = 0;
    for (uint32_t i = 0; i < p->n_stacks; i++) {
        n_strings += touched[i];
        n_places += touched[i] ? pa_stack_at(p, (pa_stack_id){i}).n : 0;
    }
    *strings = pa_new(b->scratch, pa_u32_string, n_strings);
    uint32_t *places = pa_new(b->scratch, uint32_t, n_places);
    *n = 0;
    for (uint32_t i = 0; i < p->n_stacks; i++) {
        if (!touched[i])
            continue;
        pa_frames f = pa_stack_at(p, (pa_stack_id){i});
        for (size_t j = 0; j < f.n; j++)
            places[j] = b->view->group_of_frame[f.p[j].v];
        (*strings)[(*n)++] = (pa_u32_string){places, (uint32_t)f.n, sums[i]};
        places += f.n;
    }
    return true;
}

static bool open_node(tree_build *b, uint32_t parent, uint32_t group, uint32_t depth)
{
    uint32_t id = (uint32_t)b->parent.n;
    if (b->parent.n >= UINT32_MAX - 1)
        return pa_fail(b->err, PA_E_LIMIT, PA_NO_OFFSET, "the call tree has more than %u nodes",
                       UINT32_MAX - 1);
    pa_push(b->arena, &b->parent) = parent;
    pa_push(b->arena, &b->group) = group;
    pa_push(b->arena, &b->end) = 0;
    pa_push(b->arena, &b->depth) = depth;
    pa_push(b->arena, &b->self) = 0;
    pa_push(b->arena, &b->total) = 0;
    pa_push(b->scratch, &b->path) = id;
    return true;
}

/* Nodes of the path from place keep on are complete. */
static void close_nodes(tree_build *b, size_t keep)
{
    while (b->path.n > keep)
        b->end.p[b->path.p[--b->path.n]] = (uint32_t)b->parent.n;
}

static bool add_string(tree_build *b, const pa_u32_string *s)
{
    size_t shared = 0; /* open nodes below the root that s goes through */
    while (shared < s->n && shared + 1 < b->path.n && b->group.p[b->path.p[shared + 1]] == s->p[shared])
        shared++;
    close_nodes(b, shared + 1);
    for (size_t i = shared; i < s->n; i++)
        if (!open_node(b, b->path.p[i], s->p[i], (uint32_t)i + 1))
            return false;
    return add(&b->self.p[b->path.p[s->n]], s->value, b->err);
}

/* Parents precede children, so one walk from the end adds every node to its parent when it is complete itself. */
static bool sum_up(tree_build *b)
{
    for (size_t i = b->parent.n; i-- > 0;) {
        if (!add(&b->total.p[i], b->self.p[i], b->err))
            return false;
        if (i && !add(&b->total.p[b->parent.p[i]], b->total.p[i], b->err))
            return false;
    }
    return true;
}

static bool build(void *arg)
{
    tree_build *b = arg;
    pa_u32_string *strings;
    size_t n;
    if (!b->view->group_of_frame)
        return pa_fail(b->err, PA_E_USAGE, PA_NO_OFFSET, "a call tree needs rows that are frames, not %s",
                       "threads, processes or labels");
    b->scratch = pa_arena_scratch(b->arena);
    if (!collect(b, &strings, &n))
        return false;
    pa_sort_u32_strings(b->scratch, strings, n);
    if (!open_node(b, 0, PA_NO_GROUP, 0))
        return false;
    for (size_t i = 0; i < n; i++)
        if (!add_string(b, &strings[i]))
            return false;
    close_nodes(b, 0);
    if (!sum_up(b))
        return false;
    b->tree = pa_new(b->arena, pa_tree, 1);
    *b->tree = (pa_tree){b->parent.n, b->parent.p, b->group.p, b->end.p, b->depth.p, b->self.p, b->total.p};
    return true;
}

const pa_tree *pa_tree_build(const pa_view *view, pa_arena *arena, pa_err *err)
{
    tree_build b = {.view = view, .arena = arena, .err = err};
    bool ok = pa_guard(arena, err, build, &b);
    pa_arena_free(b.scratch);
    return ok ? b.tree : NULL;
}
