/* builder: the only way into the model.  Interns, adds up, checks limits and overflow, counts what was left out; so
 * readers stay short.  Inputs may follow one another into one builder: equal rows add up.
 *
 * Failing: adders of things return an id and never fail visibly; over a limit they return 0 and the builder keeps the
 * first error, which pa_add_rows and pa_builder_finish report.  Without memory everything leaves through pa_guard.
 * Works in the arena it is given, which finish hands to the profile. */
#ifndef PA_MODEL_BUILDER_H
#define PA_MODEL_BUILDER_H

#include "libanalysis/model/profile.h"

typedef struct pa_builder pa_builder;

#define PA_MAX_STACK_DEPTH 65536u
#define PA_DEEP_STACK      4096u
#define PA_MAX_LABELS      65536u
#define PA_MAX_STREAMS     65536u
#define PA_MAX_IDS         0xfffffff0u

/* Builds in arena, which stays the caller's until finish has handed it to a profile. */
pa_builder *pa_builder_new(pa_arena *arena);
pa_arena *pa_builder_arena(pa_builder *b);

/* Rows that follow come from this input: its name is kept, diagnostics refer to it, and with label_origin every
 * context gets a label file=name. */
void pa_begin_input(pa_builder *b, pa_str name, const char *format, bool label_origin);
/* The current input is damaged: what was read is part of it. */
void pa_input_incomplete(pa_builder *b);
/* Where in the input the next thing added stands, for errors and diagnostics. */
void pa_at(pa_builder *b, uint64_t offset);
/* Count one more record left out or repaired; kind is a literal phrase. */
void pa_note(pa_builder *b, const char *kind, uint64_t offset);
/* A limit was exceeded or a rule broken at the current position. */
bool pa_builder_fail(pa_builder *b, pa_err_code code, const char *format, ...) PA_PRINTF(3, 4);
/* false and *err when anything added so far failed. */
PA_MUST_CHECK bool pa_builder_ok(const pa_builder *b, pa_err *err);
/* false and *err, with its position, when anything was noted: what --strict asks after each input. */
PA_MUST_CHECK bool pa_builder_strict(const pa_builder *b, pa_err *err);

/* The same for a whole record that had to be left out: it also counts in what pa_input_sum says. */
void pa_skip(pa_builder *b, const char *kind, uint64_t offset);

/* What the current input has come to so far. */
const pa_read_sum *pa_input_sum(const pa_builder *b);

pa_str_id pa_add_str(pa_builder *b, pa_str s);
pa_module_id pa_add_module(pa_builder *b, const pa_module *module);
pa_function_id pa_add_function(pa_builder *b, const pa_function *function);
pa_frame_id pa_add_frame(pa_builder *b, const pa_frame *frame);
pa_stack_id pa_add_stack(pa_builder *b, const pa_frame_id *root_first, size_t n);
/* The same for up to PA_STACKS_TOGETHER: stack i is the at[i + 1] - at[i] frames from frames[at[i] - at[0]] on and stands at
 * offsets[i] of the input. */
#define PA_STACKS_TOGETHER 32
void pa_add_stacks(pa_builder *b, const pa_frame_id *frames, const uint64_t *at, const uint64_t *offsets,
                   size_t n, pa_stack_id *ids);
/* About n more stacks are coming. */
void pa_expect_stacks(pa_builder *b, size_t n);
pa_context_id pa_add_context(pa_builder *b, const pa_label *labels, size_t n);

/* Declare a stream, or find the one whose metrics have these names and dimensions (in this order).  A stream of the
 * same name with other metrics is appended beside it and noted. */
pa_stream_id pa_add_stream(pa_builder *b, pa_str_id name, const pa_metric *metrics, uint32_t n_metrics);
pa_metric *pa_stream_metric(pa_builder *b, pa_stream_id stream, uint32_t metric);
/* The first fractional weight: this metric counts 1e-9 base units from now on; earlier sums are rescaled. */
PA_MUST_CHECK bool pa_metric_fractional(pa_builder *b, pa_stream_id stream, uint32_t metric, pa_err *err);

/* Rows in bulk: values is n * n_metrics in base units; records counts what each row stands for (NULL: one each);
 * Equal (stack, context) add up; a sum over 64 bits is an error, *failed (may be NULL) is then the row. */
typedef struct pa_rows {
    size_t n;
    const pa_stack_id *stack;
    const pa_context_id *context;
    const int64_t *values;
    const uint64_t *records;
    const pa_u128 *squares; /* NULL: each row is one record */
    size_t *failed;
} pa_rows;
PA_MUST_CHECK bool pa_add_rows(pa_builder *b, pa_stream_id stream, const pa_rows *rows, pa_err *err);
static inline PA_MUST_CHECK bool pa_add_row(pa_builder *b, pa_stream_id stream, pa_stack_id stack,
                                            pa_context_id context, const int64_t *values, pa_err *err)
{
    return pa_add_rows(b, stream, &(pa_rows){.n = 1, .stack = &stack, .context = &context, .values = values},
                       err);
}

void pa_add_interval(pa_builder *b, const pa_interval *interval);
void pa_add_fact(pa_builder *b, const pa_fact *fact);
void pa_add_cost(pa_builder *b, const pa_function_cost *cost);
void pa_add_edge(pa_builder *b, const pa_edge *edge);
void pa_set_estimated(pa_builder *b);

/* The metadata so far, to be filled in by readers; several inputs are reconciled by pa_merge_meta's rules. */
void pa_merge_meta(pa_builder *b, const pa_meta *meta);
/* Name of the metric to answer about when nobody says which ("" stream: the first). */
void pa_set_default(pa_builder *b, pa_stream_id stream, uint32_t metric);

/* Everything of a finished profile, ids translated: how worker builders are joined and profiles merged. */
PA_MUST_CHECK bool pa_add_profile(pa_builder *b, const pa_profile *profile, pa_err *err);

/* Freeze: the profile owns the builder's arena from now on.  NULL and *err when something had failed; then the arena
 * is still the caller's. */
PA_MUST_CHECK pa_profile *pa_builder_finish(pa_builder *b, pa_err *err);

#endif
