/* top_table.c: the rows of top as a table: keys for machines, headings for people.
 * In: sorted rows.  Out: one row each for the first n_shown, with a rule behind the first n_above. */
#include <math.h>
#include <stdlib.h>

#include "libanalysis/analysis/analysis.h"
#include "libanalysis/stats/wilson.h"

enum { /* places in columns[] */
       RANK,
       RANK_TEXT,
       COUNT, /* of locks, io and alloc, as is MEAN */
       NAME,
       KEY,
       FILE_NAME,
       LINE,
       MODULE,
       FLAT,
       FLAT_SHARE,
       SUM_SHARE,
       LOW,
       HIGH,
       MEAN,
       MEAN_TEXT,
       CUM,
       CUM_SHARE,
       SAMPLES,
       CALLS,
       PRIMITIVE_CALLS,
       N_COLUMNS
};

static const pa_column columns[N_COLUMNS] = {
    [RANK] = {.key = "rank"},
    [RANK_TEXT] = {.title = "rank", .flags = PA_COL_LEFT},
    [NAME] = {.key = "function", .title = "function", .flags = PA_COL_NAME | PA_COL_LEFT},
    [KEY] = {.key = "key"},
    [FILE_NAME] = {.key = "file"},
    [LINE] = {.key = "line"},
    [MODULE] = {.key = "module"},
    [FLAT] = {.key = "flat", .title = "flat"},
    [FLAT_SHARE] = {.key = "flat_share", .title = "flat%", .flags = PA_COL_EMPHASIS},
    [SUM_SHARE] = {.title = "sum%"},
    [LOW] = {.key = "flat_share_low", .title = "low", .flags = PA_COL_WIDE},
    [HIGH] = {.key = "flat_share_high", .title = "high", .flags = PA_COL_WIDE},
    [CUM] = {.key = "cum", .title = "cum"},
    [CUM_SHARE] = {.key = "cum_share", .title = "cum%"},
    [SAMPLES] = {.key = "samples", .title = "samples", .flags = PA_COL_WIDE},
    [CALLS] = {.key = "calls", .title = "calls"},
    [PRIMITIVE_CALLS] = {.key = "primitive_calls"},
};

static int descending(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (y > x) - (y < x);
}

void pa_sort_descending(int64_t *values, size_t n) { qsort(values, n, sizeof *values, descending); }

static const char *name_title(pa_by by)
{
    switch (by) {
    case PA_BY_FILE:
    case PA_BY_ORIGIN: return "file";
    case PA_BY_LINE: return "line";
    case PA_BY_MODULE: return "module";
    case PA_BY_ADDRESS: return "address";
    case PA_BY_THREAD: return "thread";
    case PA_BY_PROCESS: return "process";
    case PA_BY_CATEGORY: return "category";
    case PA_BY_LABEL: return "value";
    case PA_BY_FUNCTION:
    case PA_BY_FILEFUNCTION: break;
    }
    return "function";
}

static void fill_place(const pa_group *g, pa_cell *row)
{
    row[KEY] = pa_cell_str(g->key);
    if (g->file.n && !g->many_files)
        row[FILE_NAME] = pa_cell_str(g->file);
    if (g->line && !g->many_lines && !g->many_files)
        row[LINE] = pa_cell_int(g->line);
    if (g->module.n && !g->many_modules)
        row[MODULE] = pa_cell_str(g->module);
}

static void fill_calls(const pa_top_job *job, uint32_t group, pa_cell *row)
{
    if (!job->calls || group == PA_NO_GROUP || job->calls[group] < 0)
        return;
    row[CALLS] = pa_cell_int(job->calls[group]);
    row[PRIMITIVE_CALLS] = pa_cell_int(job->primitive_calls[group]);
}

/* How many there were, and how much each was. */
static void fill_counts(const pa_top_job *job, const pa_top_row *r, pa_cell *row)
{
    const pa_top_extra *x = job->extra;
    if (!x || !x->counts)
        return;
    const pa_metric *m = pa_view_metric(job->view);
    int64_t n = r->group == PA_NO_GROUP ? x->no_stack_count : x->counts[r->group];
    double scale = m->decimals ? PA_FRACTION_SCALE : 1, mean = n ? (double)r->flat / scale / (double)n : 0;
    row[COUNT] = pa_cell_int(n);
    if (n == 0)
        return;
    row[MEAN] = pa_cell_double(mean);
    if (fabs(mean) < 9e18) {
        pa_quantity q = {pa_display_one(m->dimension, llround(mean)), 0};
        row[MEAN_TEXT] = pa_cell_str(pa_quantity_text(job->arena, llround(mean), q));
    }
}

static void fill(const pa_top_job *job, const pa_top_row *r, double sum, pa_cell *row)
{
    double total = (double)job->view->total;
    double flat = total > 0 ? (double)r->flat / total : 0, cum = total > 0 ? (double)r->cum / total : 0;
    const pa_evidence *e = &job->sums.evidence;
    row[RANK] = pa_cell_int(r->rank);
    row[RANK_TEXT] = pa_cell_str(pa_arena_format(job->arena, "%u%s", r->rank, r->tied ? "=" : ""));
    row[NAME] = pa_cell_str(pa_top_name(job, r));
    if (r->group != PA_NO_GROUP)
        fill_place(&job->view->groups[r->group], row);
    row[FLAT] = pa_cell_value(r->flat);
    row[FLAT_SHARE] = pa_cell_share(flat);
    row[SUM_SHARE] = pa_cell_share(total > 0 ? sum / total : 0);
    row[CUM] = pa_cell_value(r->cum);
    row[CUM_SHARE] = pa_cell_share(cum);
    if (e->has) {
        pa_interval95 i = pa_wilson(flat, e->n_effective, PA_Z95);
        row[LOW] = pa_cell_share(i.low);
        row[HIGH] = pa_cell_share(i.high);
        row[SAMPLES] = pa_cell_int((int64_t)llround(r->samples));
    }
    fill_calls(job, r->group, row);
    fill_counts(job, r, row);
}

const pa_table *pa_top_table(pa_top_job *job, bool for_people)
{
    pa_column *own = pa_new(job->arena, pa_column, N_COLUMNS);
    memcpy(own, columns, sizeof columns);
    own[FLAT].quantity = own[CUM].quantity = job->quantity;
    own[NAME].title = name_title(job->view->options.by);
    if (job->extra) {
        own[FLAT].title = job->extra->value_title;
        own[FLAT_SHARE].title = "share";
    }
    if (job->extra && job->extra->counts) {
        own[COUNT].key = job->extra->count_key;
        own[COUNT].title = job->extra->count_title;
        own[MEAN].key = job->extra->mean_key;
        own[MEAN_TEXT].title = job->extra->mean_title;
    }
    pa_table *t = pa_table_new(job->arena, own, N_COLUMNS);
    double sum = 0;
    for (size_t i = 0; i < job->n_shown; i++) {
        sum += (double)job->rows[i].flat;
        fill(job, &job->rows[i], sum, pa_table_row(job->arena, t));
    }
    if (!for_people)
        return t;
    t->rule_at = job->n_above < job->n_shown ? job->n_above : 0;
    t->rule_hides = t->rule_at > 0;
    return t;
}
