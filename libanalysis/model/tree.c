/* tree.c: the call tree of a view.
 * In: the distinct stacks that pass, as strings of groups, with the sums of their rows.  Out: preorder columns.
 * The strings are sorted by multikey quicksort (after Bentley and Sedgewick, "Fast algorithms for sorting and searching
 * strings", 1997), then neighbours share their common beginnings.  Stacks are as deep as the input says: nothing here
 * recurses over them, and no step looks at a place of a string twice. */
#include "libanalysis/model/tree.h"

typedef struct group_string {
    const uint32_t *p;
    uint32_t n;
    int64_t value;
} group_string;

/* A run of strings that agree before `depth`. */
typedef struct segment {
    size_t at, n;
    uint32_t depth;
} segment;

typedef struct sorter {
    pa_arena *scratch;
    group_string *strings;
    PA_VEC(segment) todo;
} sorter;

/* The group at depth + 1, so that 0 is the end: shorter strings come first. */
static uint64_t place(const group_string *s, uint32_t depth) { return depth < s->n ? (uint64_t)s->p[depth] + 1 : 0; }

static void swap(group_string *a, group_string *b)
{
    group_string t = *a;
    *a = *b;
    *b = t;
}

static uint64_t middle(uint64_t a, uint64_t b, uint64_t c)
{
    if (a < b)
        return b < c ? b : a < c ? c : a;
    return a < c ? a : b < c ? c : b;
}

static void todo(sorter *s, size_t at, size_t n, uint32_t depth)
{
    if (n > 1)
        pa_push(s->scratch, &s->todo) = (segment){at, n, depth};
}

/* Less, equal and greater than a pivot; the equal ones go on at the next place. */
static void split(sorter *s, segment run)
{
    group_string *v = s->strings + run.at;
    uint64_t pivot = middle(place(&v[0], run.depth), place(&v[run.n / 2], run.depth), place(&v[run.n - 1], run.depth));
    size_t less = 0, at = 0, greater = run.n;
    while (at < greater) {
        uint64_t c = place(&v[at], run.depth);
        if (c < pivot)
            swap(&v[less++], &v[at++]);
        else if (c > pivot)
            swap(&v[at], &v[--greater]);
        else
            at++;
    }
    todo(s, run.at, less, run.depth);
    todo(s, run.at + greater, run.n - greater, run.depth);
    if (pivot > 0)
        todo(s, run.at + less, greater - less, run.depth + 1);
}

static void sort(pa_arena *scratch, group_string *strings, size_t n)
{
    sorter s = {.scratch = scratch, .strings = strings};
    todo(&s, 0, n, 0);
    while (s.todo.n)
        split(&s, s.todo.p[--s.todo.n]);
}

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

static bool collect(tree_build *b, group_string **strings, size_t *n)
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
    *strings = pa_new(b->scratch, group_string, n_strings);
    uint32_t *places = pa_new(b->scratch, uint32_t, n_places);
    *n = 0;
    for (uint32_t i = 0; i < p->n_stacks; i++) {
        if (!touched[i])
            continue;
        pa_frames f = pa_stack_at(p, (pa_stack_id){i});
        for (size_t j = 0; j < f.n; j++)
            places[j] = b->view->group_of_frame[f.p[j].v];
        (*strings)[(*n)++] = (group_string){places, (uint32_t)f.n, sums[i]};
        places += f.n;
    }
    return true;
}

static bool open_node(tree_build *b, uint32_t parent, uint32_t group, uint32_t depth)
{
    uint32_t id = (uint32_t)b->parent.n;
    if (b->parent.n >= UINT32_MAX - 1)
        return pa_fail(b->err, PA_E_LIMIT, PA_NO_OFFSET, "the call tree has more than %u nodes", UINT32_MAX - 1);
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

static bool add_string(tree_build *b, const group_string *s)
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
    group_string *strings;
    size_t n;
    if (!b->view->group_of_frame)
        return pa_fail(b->err, PA_E_USAGE, PA_NO_OFFSET, "a call tree needs rows that are frames, not %s",
                       "threads, processes or labels");
    b->scratch = pa_arena_scratch(b->arena);
    if (!collect(b, &strings, &n))
        return false;
    sort(b->scratch, strings, n);
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
