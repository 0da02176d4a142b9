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
    double *samples;        /* behind flat; NULL when evidence.has is false */
    unsigned char *in_use;  /* 1: some row that is not 0 went through the group */
    bool has_no_stack;      /* some rows have no frames, or lack the label that makes the groups */
    int64_t no_stack;       /* their sum */
    double no_stack_samples;
    bool mixed; /* some values are negative */
    /* per stack of view->profile, when groups are frames: sum of its rows; 1: some are not 0 */
    int64_t *of_stack;
    unsigned char *stack_in_use;
    pa_evidence evidence; /* of what the view's total is made of */
} pa_sums;

/* false and *err when a sum leaves 64 bits.  Lives in arena. */
PA_MUST_CHECK bool pa_sum_groups(const pa_view *view, pa_arena *arena, pa_sums *sums, pa_err *err);
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

/* ---- top (top.c, top_table.c, top_pprof.c) ------------------------------------------------------------------- */

typedef struct pa_top_row {
    uint32_t group; /* PA_NO_GROUP: rows without a stack */
    uint32_t rank;
    bool tied;
    int64_t flat, cum;
    double samples;
} pa_top_row;

typedef struct pa_top_job {
    const pa_view *view;
    const pa_top_options *options;
    pa_report *report;
    pa_arena *arena, *scratch;
    pa_err *err;
    pa_sums sums;
    pa_top_row *rows; /* sorted */
    size_t n_rows;
    size_t n_above;   /* rows that exceed the threshold: what machines get */
    size_t n_shown;   /* rows people see */
    int64_t of_all;   /* sum of flat of all rows */
    pa_quantity quantity;
    int64_t *calls, *primitive_calls; /* per group, -1 unknown; NULL: the source has none */
} pa_top_job;

void pa_sort_descending(int64_t *values, size_t n);
/* The first n_shown rows; for people with a rule behind the first n_above, and machines get only those above it. */
const pa_table *pa_top_table(pa_top_job *job, bool for_people);
/* The lines of go tool pprof -top, in place of a text of our own. */
PA_MUST_CHECK bool pa_top_as_pprof(pa_top_job *job);
pa_str pa_top_name(const pa_top_job *job, const pa_top_row *row);

#endif
