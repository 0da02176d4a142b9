/* list_pprof.c: list as `go tool pprof -list` prints it: the same lines, the same figures.
 * In: blocks and places, told apart as pprof does.  Out: lines; tabs of the source are blanks up to where a terminal
 * would put them.  The cum of a block is pprof's: a sum over lines, in which a recursive call counts more than once. */
#include <stdlib.h>

#include "libanalysis/analysis/list.h"

#define MARGIN 5

static int compare_blocks(const void *a, const void *b, void *arg)
{
    const pa_list_job *job = arg;
    const pa_list_block *x = a, *y = b;
    int order = pa_str_cmp(job->view->groups[x->group].name, job->view->groups[y->group].name);
    return order ? order : pa_str_cmp(x->file, y->file);
}

static void line(pa_list_job *job, const char *before, pa_str name, const char *between, pa_str file)
{
    pa_str text = pa_arena_format(job->arena, "%s%.*s%s%.*s", before, (int)name.n, name.n ? name.p : "",
                                  between, (int)file.n, file.n ? file.p : "");
    pa_report_line(job->report, "%s", "")->cell = pa_cell_str(text);
}

/* Ten characters, not bytes. */
static int width(const char *text)
{
    int n = 10;
    for (; *text; text++)
        n += ((unsigned char)*text & 0xC0) == 0x80;
    return n;
}

static const char *or_dot(const pa_pprof_values *values, int64_t v, char text[PA_VALUE_TEXT])
{
    return v ? pa_pprof_value(values, v, text) : ".";
}

static void source_line(pa_list_job *job, const pa_pprof_values *values, int64_t number, pa_str text,
                        int64_t flat, int64_t cum)
{
    char f[PA_VALUE_TEXT], c[PA_VALUE_TEXT];
    const char *a = or_dot(values, flat, f), *b = or_dot(values, cum, c);
    pa_str figures =
        pa_arena_format(job->arena, "%*s %*s %6lld:", width(a), a, width(b), b, (long long)number);
    line(job, figures.p, pa_untabbed(job->arena, text, figures.n), "", (pa_str){0});
}

/* Wraps where pprof's does. */
static int64_t sum(int64_t a, int64_t b) { return (int64_t)((uint64_t)a + (uint64_t)b); }

/* From the first line of the function, or what is around the first line that has a value. */
static void lines_of(pa_list_job *job, const pa_pprof_values *values, const pa_list_block *b,
                     const pa_source *source)
{
    int64_t first = INT64_MAX, last = 0;
    for (size_t i = 0; i < b->n; i++) {
        const pa_list_place *p = &b->places[i];
        int64_t start = p->start_line ? p->start_line : p->line - MARGIN;
        first = start < first ? start : first;
        last = p->line + MARGIN > last ? p->line + MARGIN : last;
    }
    size_t at = 0;
    pa_str text;
    for (int64_t n = first < 1 ? 1 : first; n <= last && pa_source_line(source, n, &text); n++) {
        int64_t flat = 0, cum = 0;
        for (; at < b->n && b->places[at].line <= n; at++) {
            flat = sum(flat, b->places[at].line == n ? b->places[at].flat : 0);
            cum = sum(cum, b->places[at].line == n ? b->places[at].cum : 0);
        }
        source_line(job, values, n, text, flat, cum);
    }
}

static void block(pa_list_job *job, const pa_pprof_values *values, const pa_list_block *b)
{
    const pa_view *v = job->view;
    int64_t flat = 0, cum = 0;
    if (b->file.n == 0) {
        line(job, "No source information for ", v->groups[b->group].name, "", (pa_str){0});
        return;
    }
    for (size_t i = 0; i < b->n; i++) {
        flat = sum(flat, b->places[i].flat);
        cum = sum(cum, b->places[i].cum);
    }
    char f[PA_VALUE_TEXT], c[PA_VALUE_TEXT], share[PA_VALUE_TEXT];
    pa_percent_text(share, v->total ? (double)cum / (double)v->total : 0);
    pa_pprof_value(values, flat, f);
    pa_pprof_value(values, cum, c);
    line(job, "ROUTINE ======================== ", v->groups[b->group].name, " in ", b->file);
    pa_report_line(job->report, "%*s %*s (flat, cum) %s of Total", width(f), f, width(c), c, share);
    const pa_source *source = pa_source_find(&job->sources, b->file);
    if (source->path.p)
        lines_of(job, values, b, source);
    else
        line(job, " Error: ", source->why, "", (pa_str){0});
}

void pa_list_as_pprof(pa_list_job *job)
{
    char total[PA_VALUE_TEXT];
    pa_pprof_values values = pa_pprof_values_of(job->view, job->arena, job->options->unit, false, 0);
    qsort_r(job->blocks.p, job->blocks.n, sizeof *job->blocks.p, compare_blocks, job);
    pa_report_field(job->report, "rows", "", pa_cell_table(pa_list_rows(job)));
    pa_report_line(job->report, "Total: %s", pa_pprof_value(&values, job->view->total, total));
    for (size_t i = 0; i < job->blocks.n; i++)
        block(job, &values, &job->blocks.p[i]);
}
