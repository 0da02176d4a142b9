/* list.c: pa_list: values per source line of the functions that an expression matches.
 * In: a view by function.  Out: a report: blocks (a function in a file) of lines with flat and cum.
 * A line is where its frame says, so an inlined call counts on the line of the function that was inlined, and on the
 * line that calls it.  A stack counts once for the cum of a line, and once for that of a function. */
#include "libanalysis/analysis/list.h"

#include <stdlib.h>

#include "libanalysis/model/names.h"
#include "libanalysis/model/regex.h"

#define NOT_WANTED UINT32_MAX

static bool add(pa_list_job *job, int64_t *sum, int64_t value)
{
    return !__builtin_add_overflow(*sum, value, sum) ||
           pa_fail(job->err, PA_E_OVERFLOW, PA_NO_OFFSET, "a sum exceeds 64 bits");
}

/* ---- which frames -------------------------------------------------------------------------------------------- */

static bool match_groups(pa_list_job *job, pa_regex_pool *pool)
{
    const pa_view *v = job->view;
    pa_regex *re = pa_regex_new(pool, "list", pa_cstr(job->options->function), job->err);
    if (!re)
        return false;
    job->wanted = pa_new(job->scratch, unsigned char, v->n_groups);
    for (size_t g = 0; g < v->n_groups; g++) {
        bool hit = false;
        if (job->sums.in_use[g] && !pa_regex_match(re, v->groups[g].name, &hit, job->err))
            return false;
        job->wanted[g] = hit;
    }
    return true;
}

static bool compat(const pa_list_job *job) { return job->view->options.compat == PA_COMPAT_PPROF; }

static uint32_t block_of(pa_list_job *job, uint32_t group, pa_str file, int64_t start_line)
{
    uint64_t hash = pa_mix(pa_str_hash(file), group);
    uint32_t id;
    for (pa_slot at = pa_index_find(&job->block_index, hash); pa_index_next(&job->block_index, &at, &id);) {
        pa_list_block *b = &job->blocks.p[id];
        if (b->group != group || !pa_str_eq(b->file, file))
            continue;
        if (start_line && (b->start_line == 0 || start_line < b->start_line))
            b->start_line = start_line;
        return id;
    }
    id = (uint32_t)job->blocks.n;
    pa_push(job->scratch, &job->blocks) =
        (pa_list_block){.group = group, .file = file, .start_line = start_line};
    pa_index_add(job->scratch, &job->block_index, hash, id);
    return id;
}

static uint32_t place_of(pa_list_job *job, pa_list_place place)
{
    uint64_t hash = pa_mix(pa_mix((uint64_t)place.block << 32 | place.module, (uint64_t)place.line),
                           (uint64_t)place.start_line);
    uint32_t id;
    for (pa_slot at = pa_index_find(&job->place_index, hash); pa_index_next(&job->place_index, &at, &id);) {
        const pa_list_place *p = &job->places.p[id];
        if (p->block == place.block && p->module == place.module && p->line == place.line &&
            p->start_line == place.start_line)
            return id;
    }
    id = (uint32_t)job->places.n;
    pa_push(job->scratch, &job->places) = place;
    pa_index_add(job->scratch, &job->place_index, hash, id);
    return id;
}

static void find_places(pa_list_job *job)
{
    const pa_view *v = job->view;
    const pa_profile *p = v->profile;
    pa_str *files = pa_new(job->scratch, pa_str, p->n_strings);
    job->place_of_frame = pa_new(job->scratch, uint32_t, p->n_frames);
    for (size_t i = 0; i < p->n_frames; i++) {
        uint32_t g = v->group_of_frame[i];
        job->place_of_frame[i] = NOT_WANTED;
        if (g == PA_NO_GROUP || !job->wanted[g] ||
            (compat(job) && !pa_frame_name(p, (pa_frame_id){(uint32_t)i}).n))
            continue; /* pprof matches names of functions only, not what stands for a missing one */
        const pa_frame *f = &p->frames[i];
        const pa_function *fn = pa_function_at(p, f->function);
        pa_str *file = &files[fn->file.v], recorded = pa_string(p, fn->file);
        if (recorded.n && !file->n)
            *file =
                pa_path_clean(job->arena, compat(job) ? pa_source_trim(&job->sources, recorded) : recorded);
        pa_list_place place = {.block = block_of(job, g, *file, fn->start_line), .line = f->line};
        if (compat(job)) {
            place.module = pa_module_at(p, f->module)->path.v;
            place.start_line = fn->start_line;
        }
        job->place_of_frame[i] = place_of(job, place);
    }
}

/* ---- sums ---------------------------------------------------------------------------------------------------- */

static bool walk(pa_list_job *job, uint32_t stack)
{
    pa_frames f = pa_stack_at(job->view->profile, (pa_stack_id){stack});
    int64_t v = job->sums.of_stack[stack];
    for (size_t i = 0; i < f.n; i++) {
        uint32_t at = job->place_of_frame[f.p[i].v];
        if (at == NOT_WANTED)
            continue;
        pa_list_place *place = &job->places.p[at];
        pa_list_block *block = &job->blocks.p[place->block];
        bool leaf = i + 1 == f.n;
        if (place->last != stack + 1 && !add(job, &place->cum, v))
            return false;
        if (block->last != stack + 1 && !add(job, &block->cum, v))
            return false;
        if (leaf && (!add(job, &place->flat, v) || !add(job, &block->flat, v)))
            return false;
        place->last = block->last = stack + 1;
    }
    return true;
}

static int compare_places(const void *a, const void *b)
{
    const pa_list_place *x = a, *y = b;
    if (x->block != y->block)
        return x->block < y->block ? -1 : 1;
    return (x->line > y->line) - (x->line < y->line);
}

/* Places by block and line; every block knows its own.  Nothing stays that holds nothing. */
static void settle_places(pa_list_job *job)
{
    size_t n = 0;
    for (size_t i = 0; i < job->places.n; i++)
        if (job->places.p[i].flat || job->places.p[i].cum)
            job->places.p[n++] = job->places.p[i];
    job->places.n = n;
    if (n == 0) {
        job->blocks.n = 0;
        return;
    }
    qsort(job->places.p, job->places.n, sizeof *job->places.p, compare_places);
    for (size_t i = 0; i < job->places.n; i++) {
        pa_list_block *b = &job->blocks.p[job->places.p[i].block];
        if (b->n++ == 0)
            b->places = &job->places.p[i];
    }
    n = 0;
    for (size_t i = 0; i < job->blocks.n; i++)
        if (job->blocks.p[i].n)
            job->blocks.p[n++] = job->blocks.p[i];
    job->blocks.n = n;
}

/* ---- the report ---------------------------------------------------------------------------------------------- */

static bool check(pa_list_job *job)
{
    const pa_view *v = job->view;
    if (!job->options->function || !job->options->function[0])
        return pa_fail(job->err, PA_E_USAGE, PA_NO_OFFSET, "list: the expression for the functions is empty");
    if (v->options.by != PA_BY_FUNCTION || !v->group_of_frame)
        return pa_fail(job->err, PA_E_USAGE, PA_NO_OFFSET,
                       "list: rows are lines of functions; it takes no other grouping");
    return true;
}

static bool choose_quantity(pa_list_job *job)
{
    int64_t min = 0;
    for (size_t i = 0; i < job->places.n; i++) {
        const pa_list_place *p = &job->places.p[i];
        int64_t v = p->flat ? p->flat : p->cum;
        v = v < 0 && v != INT64_MIN ? -v : v;
        if (v > 0 && (min == 0 || v < min))
            min = v;
    }
    return pa_view_quantity(job->view, min, job->options->unit, &job->quantity, job->err);
}

static bool fill(pa_list_job *job, pa_regex_pool *pool)
{
    if (!pa_sum_groups(job->view, job->scratch, &job->sums, job->err) || !match_groups(job, pool))
        return false;
    find_places(job);
    for (uint32_t i = 0; i < job->view->profile->n_stacks; i++)
        if (job->sums.stack_in_use[i] && !walk(job, i))
            return false;
    settle_places(job);
    if (job->blocks.n == 0)
        return pa_fail(job->err, PA_E_USAGE, PA_NO_OFFSET, "list: no function with values matches '%s'",
                       job->options->function);
    if (!compat(job) && !choose_quantity(job))
        return false;
    pa_report_head(job->report, job->view, job->quantity, compat(job));
    if (compat(job))
        pa_list_as_pprof(job);
    else
        pa_list_as_text(job);
    return true;
}

typedef struct list_run {
    pa_list_job job;
    pa_regex_pool pool;
} list_run;

static bool run(void *arg)
{
    list_run *r = arg;
    pa_list_job *job = &r->job;
    job->scratch = r->pool.arena = pa_arena_scratch(job->arena);
    job->report = pa_report_new(job->arena, "list");
    job->sources = (pa_sources){.arena = job->arena,
                                .directories = job->options->source_path,
                                .prefixes = job->options->trim_path,
                                .as_recorded = job->options->as_recorded,
                                .max_size = job->options->max_source};
    return check(job) && fill(job, &r->pool);
}

pa_report *pa_list(const pa_view *view, const pa_list_options *options, pa_arena *arena, pa_err *err)
{
    list_run r = {.job = {.view = view, .options = options, .arena = arena, .err = err}};
    bool ok = pa_guard(arena, err, run, &r);
    pa_sources_close(&r.job.sources);
    pa_regex_release(&r.pool);
    pa_arena_free(r.job.scratch);
    return ok ? r.job.report : NULL;
}
