/* info.c: pa_info: what each of several profiles is.
 * In: profiles.  Out: one record a profile: where it comes from, what it holds, how sharp its shares are, what is
 * damaged or missing, what can be asked of it.
 * How sharp: a share p found in n effective samples has an interval of about +- z sqrt(p (1 - p) / n) (z = 1.96), widest
 * at p = 1/2; so +- 1 percentage point at worst takes n = z^2 / 4 / 0.01^2 = 9,604. */
#include <math.h>
#include <stdio.h>
#include <time.h>

#include "libanalysis/analysis/analysis.h"
#include "libanalysis/base/index.h"
#include "libanalysis/stats/wilson.h"

enum { /* what a profile has, and what a question needs */
       VALUES = 1,
       LINES = 2,
       ADDRESSES = 4,
       MODULES = 8,
       LABELS = 16,
       THREADS = 32,
       PROCESSES = 64,
       CPUS = 128,
       SEVERAL = 256,
       INLINES = 512,
       DROPS = 1024,
       LOCK_METRIC = 2048,
       IO_METRIC = 4096,
       ALLOC_METRIC = 8192
};

#define PA_SUPPORTS(command, needs) {command, needs},
static const struct {
    const char *command;
    unsigned needs;
} supports[] = {
#include "libanalysis/analysis/info_supports.def"
};
#undef PA_SUPPORTS

typedef struct info_job {
    const pa_profile *const *profiles;
    size_t n;
    pa_arena *arena, *scratch;
    pa_err *err;
    pa_report *report;
} info_job;

/* ---- metrics ------------------------------------------------------------------------------------------------- */

static bool metric_total(const pa_stream *s, uint32_t metric, int64_t *total, pa_err *err)
{
    *total = 0;
    for (size_t i = 0; i < s->n_rows; i++) {
        int64_t v = s->values[i * s->n_metrics + metric];
        if (v < 0 ? __builtin_sub_overflow(*total, v, total) : __builtin_add_overflow(*total, v, total))
            return pa_fail(err, PA_E_OVERFLOW, PA_NO_OFFSET, "the total of a metric exceeds 64 bits");
    }
    return true;
}

static pa_str shown_total(pa_arena *a, const pa_profile *p, const pa_metric *m, int64_t total)
{
    int64_t scale = m->decimals ? PA_FRACTION_SCALE : 1;
    pa_quantity q = {pa_display_one(m->dimension, total / scale), m->decimals};
    pa_str text = pa_quantity_text(a, total, q), unit = pa_string(p, m->unit);
    if (m->dimension == PA_DIM_TIME || m->dimension == PA_DIM_BYTES || m->decimals)
        return text;
    char count[PA_VALUE_TEXT];
    pa_count_text(count, total);
    return pa_arena_format(a, "%s %.*s", count, (int)unit.n, unit.n ? unit.p : "");
}

/* One share at p = 1/2, in percentage points either way. */
static double worst_margin(double n) { return n > 0 ? PA_Z95 * sqrt(0.25 / n) : NAN; }

enum {
    M_NAME,
    M_UNIT,
    M_STREAM,
    M_TOTAL,
    M_TOTAL_TEXT,
    M_SAMPLES,
    M_EFFECTIVE,
    M_MARGIN,
    M_MARGIN_TEXT,
    M_DEFAULT,
    N_M
};

static const pa_column metric_columns[N_M] = {
    [M_NAME] = {.key = "name", .title = "metric", .flags = PA_COL_LEFT},
    [M_UNIT] = {.key = "unit"},
    [M_STREAM] = {.key = "stream", .title = "stream", .flags = PA_COL_LEFT},
    [M_TOTAL] = {.key = "total"},
    [M_TOTAL_TEXT] = {.title = "total"},
    [M_SAMPLES] = {.key = "samples", .title = "samples"},
    [M_EFFECTIVE] = {.key = "samples_effective"},
    [M_MARGIN] = {.key = "margin"},
    [M_MARGIN_TEXT] = {.title = "shares are within"},
    [M_DEFAULT] = {.key = "default", .title = "default"},
};

static bool fill_metric(info_job *job, const pa_profile *p, size_t stream, uint32_t metric, pa_cell *row)
{
    const pa_stream *s = &p->streams[stream];
    const pa_metric *m = &s->metrics[metric];
    int64_t total;
    if (!metric_total(s, metric, &total, job->err))
        return false;
    pa_evidence e = pa_count_evidence(s, metric, NULL, NULL);
    row[M_NAME] = pa_cell_str(pa_string(p, m->name));
    row[M_UNIT] = pa_cell_str(pa_metric_unit(p, m));
    row[M_STREAM] = pa_cell_str(pa_string(p, s->name));
    row[M_TOTAL] = m->decimals ? pa_cell_double((double)total / PA_FRACTION_SCALE) : pa_cell_int(total);
    row[M_TOTAL_TEXT] = pa_cell_str(shown_total(job->arena, p, m, total));
    row[M_DEFAULT] = pa_cell_bool(stream == p->default_stream.v && metric == p->default_metric);
    if (m->count_source == PA_COUNT_EXACT)
        row[M_MARGIN_TEXT] = pa_cell_cstr("exact");
    if (!e.has)
        return true;
    row[M_SAMPLES] = pa_cell_int((int64_t)llround(e.n));
    row[M_EFFECTIVE] = pa_cell_double(e.n_effective);
    row[M_MARGIN] = pa_cell_share(worst_margin(e.n_effective));
    row[M_MARGIN_TEXT] =
        pa_cell_str(pa_arena_format(job->arena, "+-%.2g pp", 100 * worst_margin(e.n_effective)));
    return true;
}

static bool metrics(info_job *job, const pa_profile *p, pa_cell *cell)
{
    pa_table *t = pa_table_new(job->arena, metric_columns, N_M);
    for (size_t s = 0; s < p->n_streams; s++)
        for (uint32_t m = 0; m < p->streams[s].n_metrics; m++)
            if (!fill_metric(job, p, s, m, pa_table_row(job->arena, t)))
                return false;
    *cell = pa_cell_table(t);
    return true;
}

/* "1,193 of 9,604" for the default metric. */
static pa_str samples_text(info_job *job, const pa_profile *p)
{
    if (p->n_streams == 0)
        return (pa_str){0};
    pa_evidence e = pa_count_evidence(&p->streams[p->default_stream.v], p->default_metric, NULL, NULL);
    if (!e.has)
        return (pa_str){0};
    char have[PA_VALUE_TEXT], need[PA_VALUE_TEXT];
    pa_count_text(have, (int64_t)llround(e.n_effective));
    pa_count_text(need, (int64_t)ceil(pa_samples_needed(0.5, 0.01, PA_Z95)));
    return pa_arena_format(job->arena, "%s effective; +-1 percentage point takes %s", have, need);
}

/* ---- labels -------------------------------------------------------------------------------------------------- */

typedef struct label_count {
    pa_str_id key;
    size_t n_values;
} label_count;

typedef struct label_counts {
    pa_index index;
    PA_VEC(label_count) keys;
    PA_VEC(pa_label) values;
} label_counts;

static bool is_new(pa_arena *a, label_counts *c, const pa_label *l)
{
    uint64_t hash = pa_mix((uint64_t)l->key.v << 32 | l->str.v, (uint64_t)l->num * 2 + l->numeric);
    uint32_t id;
    for (pa_slot at = pa_index_find(&c->index, hash); pa_index_next(&c->index, &at, &id);) {
        const pa_label *v = &c->values.p[id];
        if (v->key.v == l->key.v && v->str.v == l->str.v && v->num == l->num && v->numeric == l->numeric)
            return false;
    }
    pa_index_add(a, &c->index, hash, (uint32_t)c->values.n);
    pa_push(a, &c->values) = *l;
    return true;
}

static void count_label(pa_arena *a, label_counts *c, const pa_label *l)
{
    if (!is_new(a, c, l))
        return;
    for (size_t i = 0; i < c->keys.n; i++)
        if (c->keys.p[i].key.v == l->key.v) {
            c->keys.p[i].n_values++;
            return;
        }
    pa_push(a, &c->keys) = (label_count){l->key, 1};
}

/* Values of the key that tells threads (processes) apart: ids if there are any, else names; 0: there are none. */
static size_t n_things(const pa_profile *p, const label_counts *c, const char *name, const char *id)
{
    size_t n = 0;
    for (size_t i = 0; i < c->keys.n; i++) {
        pa_str key = pa_string(p, c->keys.p[i].key);
        if (id && pa_label_means(key, id))
            return c->keys.p[i].n_values;
        if (pa_label_means(key, name))
            n = c->keys.p[i].n_values;
    }
    return n;
}

static const pa_table *labels_table(info_job *job, const pa_profile *p, const label_counts *c)
{
    static const pa_column columns[] = {{.key = "key", .title = "label", .flags = PA_COL_LEFT},
                                        {.key = "values", .title = "values"}};
    pa_table *t = pa_table_new(job->arena, columns, 2);
    for (size_t i = 0; i < c->keys.n; i++) {
        pa_cell *row = pa_table_row(job->arena, t);
        row[0] = pa_cell_str(pa_string(p, c->keys.p[i].key));
        row[1] = pa_cell_int((int64_t)c->keys.p[i].n_values);
    }
    return t;
}

/* ---- what can be asked --------------------------------------------------------------------------------------- */

static unsigned holdings(const pa_profile *p, const label_counts *c)
{
    unsigned has = c->keys.n ? LABELS : 0;
    has |= n_things(p, c, PA_LABEL_THREAD, PA_LABEL_THREAD_ID) ? THREADS : 0;
    has |= n_things(p, c, PA_LABEL_PROCESS, PA_LABEL_PROCESS_ID) ? PROCESSES : 0;
    has |= n_things(p, c, PA_LABEL_CPU, NULL) ? CPUS : 0;
    has |= p->n_streams > 1 || (p->n_streams && p->streams[0].n_metrics > 1) ? SEVERAL : 0;
    has |= p->n_streams ? VALUES : 0;
    has |= p->meta.drop_frames.v ? DROPS : 0;
    has |= pa_resource_exists(p, "locks") ? LOCK_METRIC : 0;
    has |= pa_resource_exists(p, "io") ? IO_METRIC : 0;
    has |= pa_resource_exists(p, "alloc") ? ALLOC_METRIC : 0;
    for (size_t i = 0; i < p->n_frames; i++) {
        const pa_frame *f = &p->frames[i];
        has |= f->line ? LINES : 0;
        has |= f->address ? ADDRESSES : 0;
        has |= f->module.v ? MODULES : 0;
        has |= f->flags & PA_FRAME_INLINED ? INLINES : 0;
    }
    return has;
}

static const pa_table *supported(info_job *job, unsigned has)
{
    static const pa_column column = {.key = "command", .title = "command", .flags = PA_COL_LEFT};
    pa_table *t = pa_table_new(job->arena, &column, 1);
    for (size_t i = 0; i < sizeof supports / sizeof *supports; i++)
        if ((supports[i].needs & ~has) == 0)
            pa_table_row(job->arena, t)[0] = pa_cell_cstr(supports[i].command);
    return t;
}

/* ---- the record ---------------------------------------------------------------------------------------------- */

enum {
    FILE_NAME,
    FORMAT,
    PRODUCER,
    COMPLETE,
    DAMAGED,
    INPUTS,
    METRICS,
    SAMPLES,
    ESTIMATED,
    START,
    START_TEXT,
    DURATION,
    DURATION_TEXT,
    N_THREADS,
    N_PROCESSES,
    LABEL_KEYS,
    FUNCTIONS,
    STACKS,
    N_MODULES,
    COMMENTS,
    DIAGNOSTICS,
    SUPPORTS,
    N_COLUMNS
};

static const pa_column columns[N_COLUMNS] = {
    [FILE_NAME] = {.key = "file", .title = "file", .flags = PA_COL_EMPHASIS},
    [FORMAT] = {.key = "format", .title = "format"},
    [PRODUCER] = {.key = "producer", .title = "producer"},
    [COMPLETE] = {.key = "complete"},
    [DAMAGED] = {.title = "damaged", .flags = PA_COL_EMPHASIS},
    [INPUTS] = {.key = "inputs"},
    [METRICS] = {.key = "metrics", .title = "metrics"},
    [SAMPLES] = {.title = "samples"},
    [ESTIMATED] = {.key = "estimated"},
    [START] = {.key = "start_ns"},
    [START_TEXT] = {.title = "started"},
    [DURATION] = {.key = "duration_ns"},
    [DURATION_TEXT] = {.title = "duration"},
    [N_THREADS] = {.key = "threads", .title = "threads"},
    [N_PROCESSES] = {.key = "processes", .title = "processes"},
    [LABEL_KEYS] = {.key = "labels", .title = "labels"},
    [FUNCTIONS] = {.key = "functions", .title = "functions"},
    [STACKS] = {.key = "stacks", .title = "stacks"},
    [N_MODULES] = {.key = "modules", .title = "modules"},
    [COMMENTS] = {.key = "comments", .title = "comments"},
    [DIAGNOSTICS] = {.key = "diagnostics", .title = "left out or repaired"},
    [SUPPORTS] = {.key = "supports", .title = "can answer"},
};

static pa_cell count_of(size_t n) { return pa_cell_int((int64_t)n); }
static pa_cell count_or_none(size_t n) { return n ? count_of(n) : (pa_cell){.kind = PA_CELL_NONE}; }

static void fill_time(info_job *job, const pa_profile *p, pa_cell *row)
{
    int64_t start = p->meta.start_ns, duration = p->meta.duration_ns;
    time_t seconds = (time_t)(start / 1000000000 - (start % 1000000000 < 0));
    struct tm t;
    if (start) {
        row[START] = pa_cell_int(start);
        if (gmtime_r(&seconds, &t))
            row[START_TEXT] =
                pa_cell_str(pa_arena_format(job->arena, "%04d-%02d-%02d %02d:%02d:%02d UTC", t.tm_year + 1900,
                                            t.tm_mon + 1, t.tm_mday, t.tm_hour, t.tm_min, t.tm_sec));
    }
    if (duration) {
        char text[PA_VALUE_TEXT];
        pa_value_text(text, duration, 0, pa_display_one(PA_DIM_TIME, duration));
        row[DURATION] = pa_cell_int(duration);
        row[DURATION_TEXT] = pa_cell_str(pa_arena_str(job->arena, pa_cstr(text)));
    }
}

static const pa_table *comments(info_job *job, const pa_profile *p)
{
    static const pa_column column = {.key = "comment", .title = "comment", .flags = PA_COL_LEFT};
    pa_table *t = pa_table_new(job->arena, &column, 1);
    for (size_t i = 0; i < p->meta.comments.n; i++)
        pa_table_row(job->arena, t)[0] = pa_cell_str(pa_string(p, p->meta.comments.p[i]));
    return t;
}

static void fill_source(info_job *job, const pa_profile *p, pa_cell *row)
{
    bool complete = pa_profile_complete(p);
    if (p->n_inputs) {
        row[FILE_NAME] = pa_cell_str(pa_string(p, p->inputs[0].name));
        row[FORMAT] = pa_cell_cstr(p->inputs[0].format);
    }
    if (p->n_inputs > 1)
        row[INPUTS] = pa_cell_table(pa_inputs_table(job->arena, p));
    if (p->meta.producer.v)
        row[PRODUCER] = pa_cell_str(pa_string(p, p->meta.producer));
    row[COMPLETE] = pa_cell_bool(complete);
    if (!complete)
        row[DAMAGED] = pa_cell_cstr("yes: truncated or broken; figures are of the part that could be read");
    row[ESTIMATED] = pa_cell_bool(p->estimated);
}

static bool fill(info_job *job, const pa_profile *p, pa_cell *row)
{
    label_counts counts = {0};
    for (size_t i = 0; i < p->context_at[p->n_contexts]; i++)
        count_label(job->scratch, &counts, &p->labels[i]);
    fill_source(job, p, row);
    if (!metrics(job, p, &row[METRICS]))
        return false;
    row[SAMPLES] = pa_cell_str(samples_text(job, p));
    fill_time(job, p, row);
    row[N_THREADS] = count_or_none(n_things(p, &counts, PA_LABEL_THREAD, PA_LABEL_THREAD_ID));
    row[N_PROCESSES] = count_or_none(n_things(p, &counts, PA_LABEL_PROCESS, PA_LABEL_PROCESS_ID));
    row[LABEL_KEYS] = pa_cell_table(labels_table(job, p, &counts));
    row[FUNCTIONS] = count_of(p->n_functions - 1); /* without what stands for "none" */
    row[STACKS] = count_of(p->n_stacks - 1);
    row[N_MODULES] = count_of(p->n_modules - 1);
    row[COMMENTS] = pa_cell_list(comments(job, p));
    row[DIAGNOSTICS] = pa_cell_table(pa_diagnostics_table(job->arena, p));
    row[SUPPORTS] = pa_cell_list(supported(job, holdings(p, &counts)));
    return true;
}

static bool run(void *arg)
{
    info_job *job = arg;
    job->scratch = pa_arena_scratch(job->arena);
    job->report = pa_report_new(job->arena, "info");
    pa_table *t = pa_table_new(job->arena, columns, N_COLUMNS);
    t->layout = PA_LAYOUT_RECORDS;
    bool complete = true;
    for (size_t i = 0; i < job->n; i++) {
        complete &= pa_profile_complete(job->profiles[i]);
        if (!fill(job, job->profiles[i], pa_table_row(job->arena, t)))
            return false;
    }
    pa_report_field(job->report, "complete", NULL, pa_cell_bool(complete));
    pa_report_field(job->report, "files", "", pa_cell_table(t));
    return true;
}

pa_report *pa_info(const pa_profile *const *profiles, size_t n, pa_arena *arena, pa_err *err)
{
    info_job job = {.profiles = profiles, .n = n, .arena = arena, .err = err};
    bool ok = pa_guard(arena, err, run, &job);
    pa_arena_free(job.scratch);
    return ok ? job.report : NULL;
}
