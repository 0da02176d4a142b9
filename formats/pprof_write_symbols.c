/* pprof_write_symbols: strings, mappings, locations and functions of a pprof profile that is written.
 * In: the stacks that have rows.  Out: numbers for what they refer to, by content; the messages.
 * A location is a frame and those inlined into it; frames that differ only in what pprof cannot say become one. */
#include <stdlib.h>

#include "formats/pprof_write.h"

/* ---- strings ------------------------------------------------------------------------------------------------ */

pprof_name pprof_add_name(pprof_writing *w, pa_str text)
{
    pprof_name name = (pprof_name)w->p->n_strings + w->n_added;
    w->added[w->n_added++] = text;
    w->named[name] = 1;
    return name;
}

typedef struct entry {
    pa_str text;
    pprof_name name;
} entry;

static int by_text(const void *a, const void *b)
{
    return pa_str_cmp(((const entry *)a)->text, ((const entry *)b)->text);
}

void pprof_number_strings(pprof_writing *w)
{
    uint32_t all = (uint32_t)w->p->n_strings + w->n_added;
    entry *e = pa_new(w->a, entry, all);
    size_t n = 0;
    for (pprof_name i = 0; i < all; i++)
        if (w->named[i])
            e[n++] = (entry){pprof_text(w, i), i};
    if (n)
        qsort(e, n, sizeof *e, by_text);
    w->number = pa_new(w->a, int64_t, all);
    pa_push(w->a, &w->table) = PA_STR("");
    for (size_t i = 0; i < n; i++) {
        if (!pa_str_eq(w->table.p[w->table.n - 1], e[i].text))
            pa_push(w->a, &w->table) = e[i].text;
        w->number[e[i].name] = (int64_t)w->table.n - 1;
    }
    if (w->empty_value) {
        w->empty_value = (int64_t)w->table.n;
        pa_push(w->a, &w->table) = PA_STR("");
    }
}

/* ---- locations: found --------------------------------------------------------------------------------------- */

/* A frame without a symbol is a location without lines; what a producer wrote in place of the name goes, unless it is
 * all there is. */
static bool has_line(const pprof_writing *w, const pa_frame *f)
{
    const pa_function *fn = pa_function_at(w->p, f->function);
    if (!(f->flags & PA_FRAME_UNKNOWN) || f->line || f->column || fn->file.v || fn->start_line)
        return true;
    return f->function.v != 0 && f->address == 0 && f->module.v == 0;
}

/* Readers of text may know module and address of the outermost frame only. */
static bool joins(const pprof_writing *w, pa_frame_id outer, pa_frame_id inner)
{
    const pa_frame *o = pa_frame_at(w->p, outer), *i = pa_frame_at(w->p, inner);
    return w->has_line[outer.v] && w->has_line[inner.v] && (i->module.v == o->module.v || i->module.v == 0) &&
           (i->address == o->address || i->address == 0) && ((i->flags ^ o->flags) & PA_FRAME_FOLDED) == 0;
}

/* Frames from the first on that are one location. */
static size_t run_length(const pprof_writing *w, const pa_frame_id *frames, size_t n)
{
    size_t k = 1;
    while (k < n && w->inlined[frames[k].v] && joins(w, frames[0], frames[k]))
        k++;
    return k;
}

static uint32_t add_run(pprof_writing *w, const pa_frame_id *frames, size_t n)
{
    pa_push(w->a, &w->runs) = (pprof_run){.frames = frames, .n = (uint32_t)n};
    return (uint32_t)w->runs.n - 1;
}

static uint32_t find_single(pprof_writing *w, const pa_frame_id *frame)
{
    uint32_t *known = &w->single[frame->v];
    if (*known == 0)
        *known = add_run(w, frame, 1) + 1;
    return *known - 1;
}

static uint32_t find_several(pprof_writing *w, const pa_frame_id *frames, size_t n)
{
    uint64_t hash = pa_str_hash((pa_str){(const char *)frames, n * sizeof *frames});
    uint32_t id;
    for (pa_slot at = pa_index_find(&w->run_index, hash); pa_index_next(&w->run_index, &at, &id);) {
        const pprof_run *r = &w->runs.p[id];
        if (r->n == n && memcmp(r->frames, frames, n * sizeof *frames) == 0)
            return id;
    }
    id = add_run(w, frames, n);
    pa_index_add(w->a, &w->run_index, hash, id);
    return id;
}

static void look_at_frames(pprof_writing *w)
{
    const pa_profile *p = w->p;
    w->inlined = pa_new(w->a, unsigned char, p->n_frames);
    w->has_line = pa_new(w->a, unsigned char, p->n_frames);
    w->single = pa_new(w->a, uint32_t, p->n_frames);
    for (size_t i = 0; i < p->n_frames; i++) {
        w->inlined[i] = p->frames[i].flags & PA_FRAME_INLINED;
        w->has_line[i] = has_line(w, &p->frames[i]);
    }
}

/* Stacks that have rows, as locations; a stack has at most as many of these as it has frames. */
static void find_stacks(pprof_writing *w)
{
    const pa_profile *p = w->p;
    size_t n_places = 0;
    for (uint32_t s = 0; w->stream && s < p->n_stacks; s++)
        if (w->row_at[s] != w->row_at[s + 1]) {
            pa_frames f = pa_stack_at(p, (pa_stack_id){s});
            pa_push(w->a, &w->stacks) = (pprof_stack){.n = (uint32_t)f.n, .id = s};
            n_places += f.n;
        }
    uint32_t *at = pa_new(w->a, uint32_t, n_places);
    at += n_places;
    for (size_t s = w->stacks.n; s-- > 0;) {
        pprof_stack *stack = &w->stacks.p[s];
        pa_frames f = pa_stack_at(p, (pa_stack_id){stack->id});
        uint32_t *end = at;
        for (size_t i = 0, k; i < f.n; i += k) {
            k = run_length(w, f.p + i, f.n - i);
            *--at = k == 1 ? find_single(w, f.p + i) : find_several(w, f.p + i, k);
        }
        stack->places = at;
        stack->n = (uint32_t)(end - at);
    }
}

/* ---- mappings ----------------------------------------------------------------------------------------------- */

static uint32_t frame_flags(const pprof_writing *w, const pprof_run *r)
{
    uint32_t flags = r->n > 1 ? PA_MODULE_HAS_INLINES : 0;
    for (uint32_t i = 0; i < r->n; i++) {
        const pa_frame *f = pa_frame_at(w->p, r->frames[i]);
        if (w->has_line[r->frames[i].v])
            flags |= PA_MODULE_HAS_FUNCTIONS |
                     (pa_function_at(w->p, f->function)->file.v ? PA_MODULE_HAS_FILENAMES : 0) |
                     (f->line ? PA_MODULE_HAS_LINES : 0);
    }
    return flags;
}

/* Kernel, vdso and shared libraries are not what was started. */
static bool may_be_main(pa_str path)
{
    pa_str name = pa_str_basename(path);
    return name.n > 0 && path.p[0] != '[' && pa_str_search(name, PA_STR(".so.")) < 0 &&
           !pa_str_ends(name, PA_STR(".so")) && !pa_str_ends(name, PA_STR(".ko")) &&
           !pa_str_ends(name, PA_STR(".dylib")) && !pa_str_ends(name, PA_STR(".dll"));
}

static int compare_u64(uint64_t a, uint64_t b) { return a < b ? -1 : a > b; }

static int compare_modules(const pprof_writing *w, pa_module_id x, pa_module_id y)
{
    const pa_module *a = pa_module_at(w->p, x), *b = pa_module_at(w->p, y);
    int c = pa_str_cmp(pa_string(w->p, a->path), pa_string(w->p, b->path));
    c = c ? c : pa_str_cmp(pa_string(w->p, a->build_id), pa_string(w->p, b->build_id));
    c = c ? c : compare_u64(a->start, b->start);
    c = c ? c : compare_u64(a->limit, b->limit);
    c = c ? c : compare_u64(a->file_offset, b->file_offset);
    return c ? c : compare_u64(w->mapping_flags[x.v], w->mapping_flags[y.v]);
}

static int by_module(const void *a, const void *b, void *w)
{
    return compare_modules(w, *(const pa_module_id *)a, *(const pa_module_id *)b);
}

/* pprof takes the first mapping for the main binary: the module most locations are in. */
static void main_first(pprof_writing *w, const uint32_t *n_runs)
{
    size_t best = w->mappings.n;
    for (size_t i = 0; i < w->mappings.n; i++) {
        pa_module_id m = w->mappings.p[i];
        if (may_be_main(pa_string(w->p, pa_module_at(w->p, m)->path)) &&
            (best == w->mappings.n || n_runs[m.v] > n_runs[w->mappings.p[best].v]))
            best = i;
    }
    if (best == w->mappings.n)
        return;
    pa_module_id first = w->mappings.p[best];
    memmove(w->mappings.p + 1, w->mappings.p, best * sizeof first);
    w->mappings.p[0] = first;
}

/* Which module is which mapping is not what the file said but what the data say: also flags, and modules that differ
 * only in these may now be the same. */
static void derive_mappings(pprof_writing *w)
{
    uint32_t *n_runs = pa_new(w->a, uint32_t, w->p->n_modules);
    for (size_t i = 0; i < w->runs.n; i++) {
        uint32_t module = pa_frame_at(w->p, w->runs.p[i].frames[0])->module.v;
        w->mapping_flags[module] |= frame_flags(w, &w->runs.p[i]);
        n_runs[module]++;
    }
    if (w->mappings.n)
        qsort_r(w->mappings.p, w->mappings.n, sizeof *w->mappings.p, by_module, w);
    main_first(w, n_runs);
    /* without this flag pprof looks for the binary on the machine it runs on */
    if (w->mappings.n)
        w->mapping_flags[w->mappings.p[0].v] |= PA_MODULE_HAS_FUNCTIONS;
    w->nameless_mapping = w->mappings.n == 0;
}

static void find_mappings(pprof_writing *w)
{
    const pa_profile *p = w->p;
    w->mapping_flags = pa_new(w->a, uint32_t, p->n_modules);
    w->mapping_number = pa_new(w->a, uint32_t, p->n_modules);
    for (uint32_t i = 1; i < p->n_modules; i++) {
        w->mapping_flags[i] = p->modules[i].flags;
        pa_push(w->a, &w->mappings) = (pa_module_id){i};
        pprof_use(w, p->modules[i].path);
        pprof_use(w, p->modules[i].build_id);
    }
    if (!w->from_pprof)
        derive_mappings(w);
    size_t n = 0;
    for (size_t i = 0; i < w->mappings.n; i++) {
        pa_module_id m = w->mappings.p[i];
        if (n == 0 || compare_modules(w, w->mappings.p[n - 1], m) != 0)
            w->mappings.p[n++] = m;
        w->mapping_number[m.v] = (uint32_t)n;
    }
    w->mappings.n = n;
    for (size_t i = 0; i < w->runs.n; i++)
        w->runs.p[i].mapping = w->mapping_number[pa_frame_at(p, w->runs.p[i].frames[0])->module.v];
}

/* ---- functions ---------------------------------------------------------------------------------------------- */

/* A source that knows one name only: where names are equal pprof may demangle them. */
static pa_str_id system_name(const pprof_writing *w, const pa_function *f)
{
    return f->system_name.v == 0 && !w->from_pprof ? f->name : f->system_name;
}

static void find_functions(pprof_writing *w)
{
    w->function_number = pa_new(w->a, uint32_t, w->p->n_functions);
    for (size_t i = 0; i < w->runs.n; i++) {
        const pprof_run *r = &w->runs.p[i];
        for (uint32_t j = 0; j < r->n; j++) {
            pa_function_id id = pa_frame_at(w->p, r->frames[j])->function;
            if (!w->has_line[r->frames[j].v] || w->function_number[id.v])
                continue;
            const pa_function *f = pa_function_at(w->p, id);
            w->function_number[id.v] = 1; /* seen; the number comes later */
            pa_push(w->a, &w->functions) = id;
            pprof_use(w, f->name);
            pprof_use(w, system_name(w, f));
            pprof_use(w, f->file);
        }
    }
}

void pprof_find_symbols(pprof_writing *w)
{
    look_at_frames(w);
    find_stacks(w);
    find_mappings(w);
    find_functions(w);
}

/* ---- numbered by content ------------------------------------------------------------------------------------ */

static int compare_i64(int64_t a, int64_t b) { return a < b ? -1 : a > b; }

static int by_function(const void *a, const void *b, void *arg)
{
    const pprof_writing *w = arg;
    const pa_function *x = pa_function_at(w->p, *(const pa_function_id *)a);
    const pa_function *y = pa_function_at(w->p, *(const pa_function_id *)b);
    int c = compare_i64(w->number[x->name.v], w->number[y->name.v]);
    c = c ? c : compare_i64(w->number[system_name(w, x).v], w->number[system_name(w, y).v]);
    c = c ? c : compare_i64(w->number[x->file.v], w->number[y->file.v]);
    return c ? c : compare_i64(x->start_line, y->start_line);
}

/* Lines innermost first, as they are written. */
static int compare_lines(const pprof_writing *w, const pprof_run *a, const pprof_run *b)
{
    for (uint32_t i = 1; i <= a->n && i <= b->n; i++) {
        pa_frame_id x = a->frames[a->n - i], y = b->frames[b->n - i];
        if (x.v == y.v)
            continue;
        const pa_frame *f = pa_frame_at(w->p, x), *g = pa_frame_at(w->p, y);
        bool line = w->has_line[x.v], other = w->has_line[y.v];
        if (line != other)
            return line - other;
        int c = !line ? 0 : compare_u64(w->function_number[f->function.v], w->function_number[g->function.v]);
        c = c || !line ? c : compare_i64(f->line, g->line);
        c = c || !line ? c : compare_i64(f->column, g->column);
        if (c)
            return c;
    }
    return compare_u64(a->n, b->n);
}

static int by_location(const void *a, const void *b, void *arg)
{
    const pprof_writing *w = arg;
    const pprof_run *x = &w->runs.p[*(const uint32_t *)a], *y = &w->runs.p[*(const uint32_t *)b];
    const pa_frame *f = pa_frame_at(w->p, x->frames[0]), *g = pa_frame_at(w->p, y->frames[0]);
    int c = compare_u64(x->mapping, y->mapping);
    c = c ? c : compare_u64(f->address, g->address);
    c = c ? c : compare_lines(w, x, y);
    return c ? c : compare_u64(f->flags & PA_FRAME_FOLDED, g->flags & PA_FRAME_FOLDED);
}

static void number_functions(pprof_writing *w)
{
    pa_function_id *f = w->functions.p;
    size_t n = 0;
    if (w->functions.n)
        qsort_r(f, w->functions.n, sizeof *f, by_function, w);
    for (size_t i = 0; i < w->functions.n; i++) {
        pa_function_id id = f[i];
        if (n == 0 || by_function(&f[n - 1], &id, w) != 0)
            f[n++] = id;
        w->function_number[id.v] = (uint32_t)n;
    }
    w->functions.n = n;
}

static void rank_locations(pprof_writing *w)
{
    uint32_t *order = w->location_run = pa_new(w->a, uint32_t, w->runs.n), n = 0;
    w->run_rank = pa_new(w->a, uint32_t, w->runs.n);
    for (uint32_t i = 0; i < w->runs.n; i++)
        order[i] = i;
    if (w->runs.n)
        qsort_r(order, w->runs.n, sizeof *order, by_location, w);
    for (size_t i = 0; i < w->runs.n; i++) {
        uint32_t run = order[i];
        if (n == 0 || by_location(&order[n - 1], &run, w) != 0)
            order[n++] = run;
        w->run_rank[run] = n;
    }
    w->n_locations = n;
}

void pprof_rank_symbols(pprof_writing *w)
{
    number_functions(w);
    rank_locations(w);
}

/* ---- written ------------------------------------------------------------------------------------------------ */

#define NAMELESS_FLAGS (PA_MODULE_HAS_FUNCTIONS | PA_MODULE_HAS_FILENAMES | PA_MODULE_HAS_LINES)

static void put_mapping(pprof_writing *w, uint64_t id, const pa_module *m, uint32_t flags)
{
    PaPprof__Mapping to = PA_PPROF__MAPPING__INIT;
    to.id = id;
    to.memory_start = m->start;
    to.memory_limit = m->limit;
    to.file_offset = m->file_offset;
    to.filename = w->number[m->path.v];
    to.build_id = w->number[m->build_id.v];
    to.has_functions = (flags & PA_MODULE_HAS_FUNCTIONS) != 0;
    to.has_filenames = (flags & PA_MODULE_HAS_FILENAMES) != 0;
    to.has_line_numbers = (flags & PA_MODULE_HAS_LINES) != 0;
    to.has_inline_frames = (flags & PA_MODULE_HAS_INLINES) != 0;
    pprof_put_message(w->a, &w->out, 3, &to.base);
}

static void put_location(pprof_writing *w, uint64_t id, const pprof_run *r, PaPprof__Line *lines,
                         PaPprof__Line **line_at)
{
    const pa_frame *outer = pa_frame_at(w->p, r->frames[0]);
    PaPprof__Location to = PA_PPROF__LOCATION__INIT;
    to.id = id;
    to.mapping_id = r->mapping;
    to.address = outer->address;
    to.is_folded = (outer->flags & PA_FRAME_FOLDED) != 0;
    to.line = line_at;
    for (uint32_t i = r->n; i-- > 0;) {
        const pa_frame *f = pa_frame_at(w->p, r->frames[i]);
        if (!w->has_line[r->frames[i].v])
            continue;
        PaPprof__Line *l = line_at[to.n_line] = &lines[to.n_line];
        to.n_line++;
        pa_pprof__line__init(l);
        l->function_id = w->function_number[f->function.v];
        l->line = f->line;
        l->column = f->column;
    }
    pprof_put_message(w->a, &w->out, 4, &to.base);
}

static void put_locations(pprof_writing *w)
{
    uint32_t most = 0;
    for (size_t i = 0; i < w->runs.n; i++)
        most = w->runs.p[i].n > most ? w->runs.p[i].n : most;
    PaPprof__Line *lines = pa_new(w->a, PaPprof__Line, most);
    PaPprof__Line **line_at = pa_new(w->a, PaPprof__Line *, most);
    for (uint32_t i = 0; i < w->n_locations; i++)
        put_location(w, i + 1, &w->runs.p[w->location_run[w->location_order[i]]], lines, line_at);
}

static void put_function(pprof_writing *w, uint64_t id, const pa_function *f)
{
    PaPprof__Function to = PA_PPROF__FUNCTION__INIT;
    to.id = id;
    to.name = w->number[f->name.v];
    to.system_name = w->number[system_name(w, f).v];
    to.filename = w->number[f->file.v];
    to.start_line = f->start_line;
    pprof_put_message(w->a, &w->out, 5, &to.base);
}

void pprof_put_symbols(pprof_writing *w)
{
    for (size_t i = 0; i < w->mappings.n; i++) {
        pa_module_id m = w->mappings.p[i];
        put_mapping(w, i + 1, pa_module_at(w->p, m), w->mapping_flags[m.v]);
    }
    if (w->nameless_mapping)
        put_mapping(w, 1, &(pa_module){0}, NAMELESS_FLAGS);
    put_locations(w);
    for (size_t i = 0; i < w->functions.n; i++)
        put_function(w, i + 1, pa_function_at(w->p, w->functions.p[i]));
    for (size_t i = 0; i < w->table.n; i++)
        pprof_put_bytes(w->a, &w->out, 6, w->table.p[i]);
}
