/* builder.c: interning and the columns of things; rows and merging are in builder_rows.c and merge.c.
 * In: facts from readers.  Out: a frozen pa_profile that owns the builder's arena.
 * Must not sort, filter or drop anything silently. */
#include "libanalysis/base/index.h"
#include "libanalysis/model/builder_parts.h"

pa_builder *pa_builder_new(pa_arena *arena)
{
    pa_builder *b = pa_new(arena, pa_builder, 1);
    b->arena = arena;
    b->at = PA_NO_OFFSET;
    b->sum.first_skipped = PA_NO_OFFSET;
    pa_push(arena, &b->stack_at) = 0;
    pa_push(arena, &b->context_at) = 0;
    pa_reserve(arena, &b->stack_frames, 1); /* never NULL, so that an empty slice of them can be pointed at */
    pa_reserve(arena, &b->labels, 1);
    pa_add_str(b, PA_STR(""));
    pa_add_module(b, &(pa_module){0});
    pa_add_function(b, &(pa_function){0});
    pa_add_frame(b, &(pa_frame){.flags = PA_FRAME_UNKNOWN});
    pa_add_stack(b, NULL, 0);
    pa_add_context(b, NULL, 0);
    return b;
}

pa_arena *pa_builder_arena(pa_builder *b) { return b->arena; }

void pa_begin_input(pa_builder *b, pa_str name, const char *format, bool label_origin)
{
    pa_input_info info = {.name = pa_add_str(b, name), .format = format, .complete = true};
    pa_push(b->arena, &b->inputs) = info;
    b->at = PA_NO_OFFSET;
    b->sum = (pa_read_sum){.first_skipped = PA_NO_OFFSET};
    b->label_origin = false;
    b->origin_context = (pa_context_id){0};
    if (label_origin) {
        b->origin = (pa_label){.key = pa_add_str(b, PA_STR(PA_LABEL_ORIGIN)), .str = info.name};
        b->label_origin = true;
        b->origin_context = pa_add_context(b, NULL, 0);
    }
}

void pa_input_incomplete(pa_builder *b)
{
    if (b->inputs.n)
        b->inputs.p[b->inputs.n - 1].complete = false;
    else
        b->incomplete = true; /* a worker's: told to the builder it is joined into */
}

void pa_at(pa_builder *b, uint64_t offset) { b->at = offset; }

void pa_note(pa_builder *b, const char *kind, uint64_t offset)
{
    if (b->quiet)
        return;
    pa_diag_add(b->arena, &b->diags, kind, 1, offset, b->inputs.n ? (uint32_t)b->inputs.n - 1 : 0);
}

void pa_skip(pa_builder *b, const char *kind, uint64_t offset)
{
    pa_note(b, kind, offset);
    b->sum.n_skipped++;
    if (offset < b->sum.first_skipped)
        b->sum.first_skipped = offset;
}

bool pa_builder_fail(pa_builder *b, pa_err_code code, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    pa_vfail(&b->err, code, b->at, format, args);
    va_end(args);
    return false;
}

/* Whether a comes before b: by input, then by where it was first seen. */
static bool before(const pa_diag *a, const pa_diag *b)
{
    if (a->input != b->input)
        return a->input < b->input;
    return a->first != b->first ? a->first < b->first : strcmp(a->kind, b->kind) < 0;
}

bool pa_builder_strict(const pa_builder *b, pa_err *err)
{
    const pa_diag *first = NULL;
    for (size_t i = 0; i < b->diags.n; i++)
        if (!first || before(&b->diags.p[i], first))
            first = &b->diags.p[i];
    return !first || pa_fail(err, PA_E_STRICT, first->first, "%s (%llu in all; an error because of --strict)",
                             first->kind, (unsigned long long)first->count);
}

/* There are few kinds, and they mostly come in order. */
static void sort_diags(pa_diags *d)
{
    for (size_t i = 1; i < d->n; i++)
        for (size_t j = i; j > 0 && before(&d->p[j], &d->p[j - 1]); j--) {
            pa_diag swapped = d->p[j];
            d->p[j] = d->p[j - 1];
            d->p[j - 1] = swapped;
        }
}

bool pa_builder_ok(const pa_builder *b, pa_err *err)
{
    if (b->err.code == PA_E_NONE)
        return true;
    if (err && err->code == PA_E_NONE)
        *err = b->err;
    return false;
}

/* The id for one more thing, or false once a kind of thing has used up its ids. */
static bool next_id(pa_builder *b, size_t n, const char *what, uint32_t *id)
{
    *id = (uint32_t)n;
    return n < PA_MAX_IDS || pa_builder_fail(b, PA_E_LIMIT, "more than %u %s", PA_MAX_IDS, what);
}

pa_str_id pa_add_str(pa_builder *b, pa_str s)
{
    uint64_t hash = pa_str_hash(s);
    uint32_t id;
    for (pa_slot at = pa_index_find(&b->string_index, hash); pa_index_next(&b->string_index, &at, &id);)
        if (pa_str_eq(b->strings.p[id], s))
            return (pa_str_id){id};
    if (!next_id(b, b->strings.n, "strings", &id))
        return (pa_str_id){0};
    pa_str copy = pa_arena_str(b->arena, s);
    pa_push(b->arena, &b->strings) = copy;
    pa_index_add(b->arena, &b->string_index, hash, id);
    return (pa_str_id){id};
}

static bool same_module(const pa_module *a, const pa_module *b)
{
    return a->path.v == b->path.v && a->build_id.v == b->build_id.v && a->start == b->start &&
           a->limit == b->limit && a->file_offset == b->file_offset && a->flags == b->flags;
}

pa_module_id pa_add_module(pa_builder *b, const pa_module *m)
{
    uint64_t hash =
        pa_mix((uint64_t)m->path.v << 32 | m->build_id.v, pa_mix(m->start, m->limit + m->file_offset));
    uint32_t id;
    for (pa_slot at = pa_index_find(&b->module_index, hash); pa_index_next(&b->module_index, &at, &id);)
        if (same_module(&b->modules.p[id], m))
            return (pa_module_id){id};
    if (!next_id(b, b->modules.n, "modules", &id))
        return (pa_module_id){0};
    pa_push(b->arena, &b->modules) = *m;
    pa_index_add(b->arena, &b->module_index, hash, id);
    return (pa_module_id){id};
}

static bool same_function(const pa_function *a, const pa_function *b)
{
    return a->name.v == b->name.v && a->system_name.v == b->system_name.v && a->file.v == b->file.v &&
           a->start_line == b->start_line;
}

pa_function_id pa_add_function(pa_builder *b, const pa_function *f)
{
    uint64_t hash =
        pa_mix((uint64_t)f->name.v << 32 | f->file.v, pa_mix(f->system_name.v, (uint64_t)f->start_line));
    uint32_t id;
    for (pa_slot at = pa_index_find(&b->function_index, hash); pa_index_next(&b->function_index, &at, &id);)
        if (same_function(&b->functions.p[id], f))
            return (pa_function_id){id};
    if (!next_id(b, b->functions.n, "functions", &id))
        return (pa_function_id){0};
    pa_push(b->arena, &b->functions) = *f;
    pa_index_add(b->arena, &b->function_index, hash, id);
    return (pa_function_id){id};
}

static bool same_frame(const pa_frame *a, const pa_frame *b)
{
    return a->function.v == b->function.v && a->module.v == b->module.v && a->address == b->address &&
           a->line == b->line && a->column == b->column && a->flags == b->flags;
}

pa_frame_id pa_add_frame(pa_builder *b, const pa_frame *f)
{
    uint64_t hash = pa_mix(pa_mix((uint64_t)f->function.v << 32 | f->module.v, f->address),
                           pa_mix((uint64_t)f->line, (uint64_t)f->column << 16 ^ f->flags));
    uint32_t id;
    for (pa_slot at = pa_index_find(&b->frame_index, hash); pa_index_next(&b->frame_index, &at, &id);)
        if (same_frame(&b->frames.p[id], f))
            return (pa_frame_id){id};
    if (!next_id(b, b->frames.n, "frames", &id))
        return (pa_frame_id){0};
    pa_push(b->arena, &b->frames) = *f;
    pa_index_add(b->arena, &b->frame_index, hash, id);
    return (pa_frame_id){id};
}

static uint64_t stack_hash(const pa_frame_id *frames, size_t n)
{
    return pa_str_hash((pa_str){(const char *)frames, n * sizeof *frames});
}

static void prefetch_stack(const pa_builder *b, uint64_t hash)
{
    uint32_t id;
    pa_slot at = pa_index_find(&b->stack_index, hash);
    if (pa_index_next(&b->stack_index, &at, &id))
        __builtin_prefetch(b->stack_frames.p + b->stack_at.p[id]);
}

static pa_stack_id intern_stack(pa_builder *b, const pa_frame_id *frames, size_t n, uint64_t hash)
{
    uint32_t id;
    for (pa_slot at = pa_index_find(&b->stack_index, hash); pa_index_next(&b->stack_index, &at, &id);) {
        uint64_t start = b->stack_at.p[id];
        if (b->stack_at.p[id + 1] - start == n &&
            (n == 0 || memcmp(b->stack_frames.p + start, frames, n * sizeof *frames) == 0))
            return (pa_stack_id){id};
    }
    if (!next_id(b, b->stack_at.n - 1, "stacks", &id))
        return (pa_stack_id){0};
    pa_reserve(b->arena, &b->stack_frames, n);
    if (n)
        memcpy(b->stack_frames.p + b->stack_frames.n, frames, n * sizeof *frames);
    b->stack_frames.n += n;
    pa_push(b->arena, &b->stack_at) = b->stack_frames.n;
    pa_index_add(b->arena, &b->stack_index, hash, id);
    return (pa_stack_id){id};
}

pa_stack_id pa_add_stack(pa_builder *b, const pa_frame_id *frames, size_t n)
{
    if (n > PA_MAX_STACK_DEPTH) {
        pa_builder_fail(b, PA_E_LIMIT, "stack with %zu frames exceeds the limit of %u", n,
                        PA_MAX_STACK_DEPTH);
        return (pa_stack_id){0};
    }
    if (n > PA_DEEP_STACK)
        pa_note(b, "stack deeper than 4096 frames", b->at);
    return intern_stack(b, frames, n, stack_hash(frames, n));
}

void pa_expect_stacks(pa_builder *b, size_t n)
{
    pa_index_reserve(b->arena, &b->stack_index, b->stack_index.n + n);
}

/* Slot and stack of each are misses of every cache: asked for together, then looked at. */
void pa_intern_stacks(pa_builder *b, const pa_frame_id *frames, const uint64_t *at, size_t n,
                      pa_stack_id *ids)
{
    uint64_t hash[PA_STACKS_TOGETHER];
    for (size_t i = 0; i < n; i++) {
        hash[i] = stack_hash(frames + (at[i] - at[0]), at[i + 1] - at[i]);
        pa_index_prefetch(&b->stack_index, hash[i]);
    }
    for (size_t i = 0; i < n; i++)
        prefetch_stack(b, hash[i]);
    for (size_t i = 0; i < n; i++)
        ids[i] = intern_stack(b, frames + (at[i] - at[0]), at[i + 1] - at[i], hash[i]);
}

void pa_add_stacks(pa_builder *b, const pa_frame_id *frames, const uint64_t *at, const uint64_t *offsets,
                   size_t n, pa_stack_id *ids)
{
    bool plain = true;
    for (size_t i = 0; i < n; i++)
        plain = plain && at[i + 1] - at[i] <= PA_DEEP_STACK;
    if (plain) {
        pa_intern_stacks(b, frames, at, n, ids);
        return;
    }
    for (size_t i = 0; i < n; i++) {
        pa_at(b, offsets[i]);
        ids[i] = pa_add_stack(b, frames + (at[i] - at[0]), at[i + 1] - at[i]);
    }
}

static uint64_t label_hash(uint64_t hash, const pa_label *l)
{
    return pa_mix(hash ^ ((uint64_t)l->key.v << 32 | l->str.v), (uint64_t)l->num + l->numeric);
}

static bool same_label(const pa_label *a, const pa_label *b)
{
    return a->key.v == b->key.v && a->str.v == b->str.v && a->num == b->num && a->numeric == b->numeric;
}

static bool same_labels(const pa_label *a, const pa_label *b, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!same_label(&a[i], &b[i]))
            return false;
    return true;
}

pa_context_id pa_add_context(pa_builder *b, const pa_label *labels, size_t n)
{
    if (n > PA_MAX_LABELS) {
        pa_builder_fail(b, PA_E_LIMIT, "record with %zu labels exceeds the limit of %u", n, PA_MAX_LABELS);
        return (pa_context_id){0};
    }
    /* the labels go where they will stay; if the context is known already they are taken back */
    size_t start = b->labels.n, total = n + b->label_origin;
    pa_reserve(b->arena, &b->labels, total);
    if (n)
        memcpy(b->labels.p + start, labels, n * sizeof *labels);
    if (b->label_origin)
        b->labels.p[start + n] = b->origin;
    uint64_t hash = total;
    for (size_t i = 0; i < total; i++)
        hash = label_hash(hash, &b->labels.p[start + i]);
    uint32_t id;
    for (pa_slot at = pa_index_find(&b->context_index, hash); pa_index_next(&b->context_index, &at, &id);) {
        uint64_t first = b->context_at.p[id];
        if (b->context_at.p[id + 1] - first == total &&
            same_labels(b->labels.p + first, b->labels.p + start, total))
            return (pa_context_id){id};
    }
    if (!next_id(b, b->context_at.n - 1, "label sets", &id))
        return (pa_context_id){0};
    b->labels.n += total;
    pa_push(b->arena, &b->context_at) = b->labels.n;
    pa_index_add(b->arena, &b->context_index, hash, id);
    return (pa_context_id){id};
}

const pa_read_sum *pa_input_sum(const pa_builder *b) { return &b->sum; }

void pa_add_interval(pa_builder *b, const pa_interval *i) { pa_push(b->arena, &b->intervals) = *i; }
void pa_add_fact(pa_builder *b, const pa_fact *f) { pa_push(b->arena, &b->facts) = *f; }
void pa_add_cost(pa_builder *b, const pa_function_cost *c) { pa_push(b->arena, &b->costs) = *c; }
void pa_add_edge(pa_builder *b, const pa_edge *e) { pa_push(b->arena, &b->edges) = *e; }
void pa_set_estimated(pa_builder *b) { b->estimated = true; }

void pa_set_default(pa_builder *b, pa_stream_id stream, uint32_t metric)
{
    if (b->has_default)
        return;
    b->has_default = true;
    b->default_stream = stream;
    b->default_metric = metric;
}

static void release_indexes(pa_builder *b)
{
    pa_index *all[] = {&b->string_index, &b->module_index, &b->function_index,
                       &b->frame_index,  &b->stack_index,  &b->context_index};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        pa_index_release(b->arena, all[i]);
}

pa_profile *pa_builder_finish(pa_builder *b, pa_err *err)
{
    if (!pa_builder_ok(b, err))
        return NULL;
    release_indexes(b);
    sort_diags(&b->diags);
    pa_profile *p = pa_new(b->arena, pa_profile, 1);
    *p = (pa_profile){
        .arena = b->arena,
        .n_strings = b->strings.n,
        .n_modules = b->modules.n,
        .n_functions = b->functions.n,
        .n_frames = b->frames.n,
        .n_stacks = b->stack_at.n - 1,
        .n_contexts = b->context_at.n - 1,
        .strings = b->strings.p,
        .modules = b->modules.p,
        .functions = b->functions.p,
        .frames = b->frames.p,
        .stack_at = b->stack_at.p,
        .stack_frames = b->stack_frames.p,
        .context_at = b->context_at.p,
        .labels = b->labels.p,
        .n_intervals = b->intervals.n,
        .n_facts = b->facts.n,
        .n_costs = b->costs.n,
        .n_edges = b->edges.n,
        .intervals = b->intervals.p,
        .facts = b->facts.p,
        .costs = b->costs.p,
        .edges = b->edges.p,
        .estimated = b->estimated,
        .default_stream = b->default_stream,
        .default_metric = b->default_metric,
        .meta = b->meta,
        .diags = b->diags,
        .sum = b->sum,
        .n_inputs = b->inputs.n,
        .inputs = b->inputs.p,
        .incomplete = b->incomplete,
    };
    pa_finish_streams(b, p);
    return p;
}
