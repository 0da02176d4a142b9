/* render: the table of renderers and the way into them.
 * In: a report, a renderer's name (NULL: the first).  Out: its bytes in out; failures to write wait there for close.
 * Memory: a scratch arena beside the report's, gone on return. */
#include "libanalysis/report/render.h"

#define PA_RENDERER(name) &pa_renderer_##name,
static const pa_renderer *const renderers[] = {
#include "libanalysis/report/renderers.def"
};
#undef PA_RENDERER

#define N_RENDERERS (sizeof renderers / sizeof *renderers)

bool pa_renderer_at(size_t i, pa_renderer_info *info)
{
    if (i >= N_RENDERERS)
        return false;
    *info = renderers[i]->info;
    return true;
}

static const pa_renderer *find_renderer(const char *name, pa_err *err)
{
    char known[256] = "";
    size_t n = 0;
    for (size_t i = 0; i < N_RENDERERS; i++) {
        pa_str row = pa_cstr(renderers[i]->info.name);
        if (!name || pa_str_is(row, name))
            return renderers[i];
        if (n + row.n + 2 > sizeof known)
            continue;
        if (n)
            known[n++] = ' ';
        memcpy(known + n, row.p, row.n + 1);
        n += row.n;
    }
    pa_fail(err, PA_E_USAGE, PA_NO_OFFSET, "unknown output format '%s' (known: %s)", name, known);
    return NULL;
}

typedef struct job {
    const pa_renderer *renderer;
    const pa_report *report;
    pa_render_options options;
    pa_out *out;
    pa_arena *scratch;
} job;

static bool run(void *arg)
{
    job *j = arg;
    j->scratch = pa_arena_scratch(j->report->arena);
    j->renderer->render(j->report, &j->options, j->scratch, j->out);
    return true;
}

bool pa_render(const pa_report *report, const char *renderer, const pa_render_options *options, pa_out *out,
               pa_err *err)
{
    job j = {.renderer = find_renderer(renderer, err), .report = report, .out = out};
    if (!j.renderer)
        return false;
    if (options)
        j.options = *options;
    bool ok = pa_guard(report->arena, err, run, &j);
    if (j.scratch)
        pa_arena_free(j.scratch);
    return ok;
}
