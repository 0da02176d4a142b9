/* analysis: what the analyses share: sums per group, the evidence behind shares, and the head of every report.
 * An analysis takes a view and gives a report; it never knows which format the data came from, and prints nothing. */
#ifndef PA_ANALYSIS_ANALYSIS_H
#define PA_ANALYSIS_ANALYSIS_H

#include "libanalysis/model/view.h"
#include "libanalysis/report/report.h"

/* ---- sums (sums.c) ------------------------------------------------------------------------------------------- */

/* How many samples stand behind the view's total, by the metric's count_source; has false: nobody knows, or values
 * were measured, not sampled, or some are negative (a difference of profiles). */
typedef struct pa_evidence {
    bool has;
    double n;           /* samples */
    double n_effective; /* Kish: what so many samples of unequal weight are worth */
} pa_evidence;

/* Per group of the view.  A row counts once for the cum of a group, however often its stack holds it. */
typedef struct pa_sums {
    int64_t *flat, *cum;
    double *samples;       /* behind flat; NULL when evidence.has is false */
    unsigned char *in_use; /* 1: some row that is not 0 went through the group */
    bool has_no_stack;     /* some rows have no frames, or lack the label that makes the groups */
    int64_t no_stack;      /* their sum */
    double no_stack_samples;
    bool mixed; /* some values are negative */
    /* per stack of view->profile, when groups are frames: sum of its rows; 1: some are not 0 */
    int64_t *of_stack;
    unsigned char *stack_in_use;
    pa_evidence evidence; /* of what the view's total is made of */
} pa_sums;

/* false and *err when a sum leaves 64 bits.  Lives in arena. */
PA_MUST_CHECK bool pa_sum_groups(const pa_view *view, pa_arena *arena, pa_sums *sums, pa_err *err);
/* The same, but of each stack of view->profile only the first depth[stack] frames count. */
PA_MUST_CHECK bool pa_sum_groups_to(const pa_view *view, const uint32_t *depth, pa_arena *arena,
                                    pa_sums *sums, pa_err *err);
/* Samples behind one row of a stream; divisor is pa_count_divisor's. */
double pa_row_samples(const pa_stream *stream, uint32_t metric, size_t row, int64_t divisor);
/* For PA_COUNT_GCD: the period, or the greatest common divisor of the metric's values; else 1. */
int64_t pa_count_divisor(const pa_stream *stream, uint32_t metric);
/* The evidence of the rows that pass (both masks may be NULL). */
pa_evidence pa_count_evidence(const pa_stream *stream, uint32_t metric, const unsigned char *stack_in,
                              const unsigned char *context_in);

/* ---- reports (common.c) -------------------------------------------------------------------------------------- */

/* What every report of a view begins with: for machines inputs, metric, metrics, total, complete, diagnostics; for
 * people, unless quiet, damage first, then what was summed, the metric, notes and active filters. */
void pa_report_head(pa_report *report, const pa_view *view, pa_quantity quantity, bool quiet);
/* "ns", "bytes", "count", or the unit as the source spells it. */
pa_str pa_metric_unit(const pa_profile *profile, const pa_metric *metric);
/* How values of the view's metric are shown when the smallest is min; unit may be NULL.  false: unit does not fit. */
PA_MUST_CHECK bool pa_view_quantity(const pa_view *view, int64_t min, const char *unit, pa_quantity *quantity,
                                    pa_err *err);
pa_str pa_quantity_text(pa_arena *arena, int64_t value, pa_quantity quantity);
/* Machines and people: inputs with format and completeness; diagnostics. */
const pa_table *pa_inputs_table(pa_arena *arena, const pa_profile *profile);
const pa_table *pa_diagnostics_table(pa_arena *arena, const pa_profile *profile);
bool pa_profile_complete(const pa_profile *profile);

/* ---- values as pprof prints them (pprof_value.c) -------------------------------------------------------------- */

typedef struct pa_pprof_values {
    const pa_metric *metric;
    bool scaled;        /* values are converted between units */
    bool each;          /* every value in the unit that suits it */
    pa_display display; /* else */
} pa_pprof_values;

/* Whether pprof converts values of this unit; what it prints behind those of a unit that it does not. */
bool pa_pprof_scales(pa_dimension dimension, pa_str unit);
pa_str pa_pprof_suffix(pa_str unit);
/* unit is -unit's or NULL.  common: the report has one unit for all its values, the smallest of which is min. */
pa_pprof_values pa_pprof_values_of(const pa_view *view, pa_arena *arena, const char *unit, bool common,
                                   int64_t min);
const char *pa_pprof_value(const pa_pprof_values *values, int64_t value, char text[PA_VALUE_TEXT]);

/* ---- what pprof's reports share (pprof_head.c) ---------------------------------------------------------------- */

#define PA_PPROF_NODE_FRACTION 0.005
#define PA_PPROF_EDGE_FRACTION 0.001

/* Which nodes a report shows. */
typedef struct pa_pprof_shown {
    int64_t flat;                /* of those shown */
    size_t n, n_left, n_dropped; /* shown; left by the cut at node_fraction; dropped by it */
    double node_fraction;
    const unsigned char *kept; /* per group: shown; NULL: none was left out */
} pa_pprof_shown;

/* Lines of what is known of the profile, of filters, and of what is shown. */
void pa_pprof_head(pa_report *report, const pa_view *view, const pa_pprof_values *values,
                   const pa_pprof_shown *shown);
void pa_pprof_profile_lines(pa_report *report, const pa_view *view, const pa_pprof_values *values);
/* A line that may hold bytes printf would stop at. */
void pa_pprof_line(pa_report *report, const char *before, pa_str middle, const char *after);
const char *pa_pprof_percent(int64_t value, int64_t of, char text[PA_VALUE_TEXT]);
/* For "%*s": as many characters as width, not bytes. */
int pa_pprof_width(const char *text, int width);
/* fraction of sum, cut to whole units of the source. */
int64_t pa_pprof_cutoff(const pa_metric *metric, int64_t sum, double fraction);

/* ---- top (top.c, top_table.c, top_pprof.c) ------------------------------------------------------------------- */

typedef struct pa_top_row {
    uint32_t group; /* PA_NO_GROUP: rows without a stack */
    uint32_t rank;
    bool tied;
    int64_t flat, cum;
    double samples;
} pa_top_row;

/* What locks, io and alloc add to top (resource.c). */
typedef struct pa_top_extra {
    const char *command, *value_title;
    const char *count_key, *count_title, *mean_key, *mean_title;
    const int64_t *counts; /* per group; NULL: the source has none */
    int64_t no_stack_count;
    const uint32_t *depth; /* per stack, see pa_sum_groups_to; NULL: all frames */
    bool skipped;          /* depth leaves some frames out */
} pa_top_extra;

typedef struct pa_top_job {
    const pa_view *view;
    const pa_top_options *options;
    pa_report *report;
    pa_arena *arena, *scratch;
    pa_err *err;
    pa_sums sums;
    pa_top_row *rows; /* sorted */
    size_t n_rows;
    size_t n_above; /* rows that exceed the threshold: what machines get */
    size_t n_shown; /* rows people see */
    int64_t of_all; /* sum of flat of all rows */
    pa_quantity quantity;
    int64_t *calls, *primitive_calls; /* per group, -1 unknown; NULL: the source has none */
    const pa_top_extra *extra;        /* NULL: plain top */
} pa_top_job;

/* Whether the view's metric is one that a command of its own is for: locks, io, alloc (resource.c). */
bool pa_resource_answers(const pa_view *view, const char *question);
/* Whether any metric of the profile is. */
bool pa_resource_exists(const pa_profile *profile, const char *question);
/* The whole of pa_top and its like: job has view, options, arena, err and extra. */
PA_MUST_CHECK pa_report *pa_top_run(pa_top_job *job);

/* Sums, figures of the source, and all rows in order, into a job that has view, options, arena, scratch and err. */
PA_MUST_CHECK bool pa_top_collect(pa_top_job *job);
/* Ranks of all rows, shared where they are not significantly apart. */
void pa_top_rank(pa_top_job *job);
/* Keep the rows of enough cum, as pprof cuts, then the first `limit` of them (0: all). */
pa_pprof_shown pa_top_trim(pa_top_job *job, double fraction, size_t limit);
/* In the unit that suits the rows shown. */
pa_pprof_values pa_top_values(const pa_top_job *job);
/* Whether the figures a call-graph source recorded are those of the view: they are of the whole, and of one metric. */
bool pa_costs_apply(const pa_view *view);
/* The group of each function of the view's profile, PA_NO_GROUP: on no stack. */
uint32_t *pa_groups_of_functions(const pa_view *view, pa_arena *arena);
/* A recorded figure as a value of a metric; false: beyond 64 bits. */
PA_MUST_CHECK bool pa_cost_value(double cost, int decimals, int64_t *value);

static inline int64_t pa_magnitude(int64_t v) { return v < 0 ? (v == INT64_MIN ? INT64_MAX : -v) : v; }

void pa_sort_descending(int64_t *values, size_t n);
/* The first n_shown rows; for people with a rule behind the first n_above, and machines get only those above it. */
const pa_table *pa_top_table(pa_top_job *job, bool for_people);
/* The lines of go tool pprof -top, in place of a text of our own. */
PA_MUST_CHECK bool pa_top_as_pprof(pa_top_job *job);
pa_str pa_top_name(const pa_top_job *job, const pa_top_row *row);

#endif
