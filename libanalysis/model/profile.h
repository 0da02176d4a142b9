/* profile: the one model for every format, in columns.  Made by a builder, then frozen: everybody else reads.
 *
 *   row    = (stream, stack, context) -> the stream's metric values + number of records
 *   stack  = frame ids, ROOT FIRST          context = ordered labels
 *   frame  = function + line + module + address + flags
 *
 * Owns one arena; pa_profile_free frees all of it. */
#ifndef PA_MODEL_PROFILE_H
#define PA_MODEL_PROFILE_H

#include "libanalysis/base/err.h"
#include "libanalysis/base/str.h"
#include "libanalysis/base/units.h"
#include "libanalysis/model/ids.h"

__extension__ typedef unsigned __int128 pa_u128;

/* ---- what a stack is made of -------------------------------------------------------------------------------- */

enum { /* module flags, as pprof mappings carry them */
       PA_MODULE_HAS_FUNCTIONS = 1,
       PA_MODULE_HAS_FILENAMES = 2,
       PA_MODULE_HAS_LINES = 4,
       PA_MODULE_HAS_INLINES = 8
};

typedef struct pa_module {
    pa_str_id path, build_id;
    uint64_t start, limit, file_offset;
    uint32_t flags;
} pa_module;

typedef struct pa_function {
    pa_str_id name, system_name, file;
    int64_t start_line; /* 0 unknown */
} pa_function;

enum {                       /* frame flags */
       PA_FRAME_INLINED = 1, /* inlined into the frame before it (rootward) */
       PA_FRAME_KERNEL = 2,
       PA_FRAME_JIT = 4,
       PA_FRAME_INTERPRETED = 8,
       PA_FRAME_NATIVE = 16,
       PA_FRAME_UNKNOWN = 32,   /* the producer had no symbol */
       PA_FRAME_SYNTHETIC = 64, /* made by a tool, not seen on a stack: [truncated], tag roots */
       PA_FRAME_FOLDED = 128,   /* one of several symbols at this address (identical code folding) */
       PA_FRAME_JIT_C1 = 256    /* compiled by a first, quick tier */
};

/* Identity is all of it, never the name alone. */
typedef struct pa_frame {
    pa_function_id function;
    pa_module_id module;
    uint64_t address; /* 0 unknown */
    int64_t line, column;
    uint32_t flags;
} pa_frame;

typedef struct pa_label {
    pa_str_id key;
    pa_str_id str; /* the value; for numeric labels the unit as written */
    int64_t num;
    bool numeric;
} pa_label;

/* ---- streams, metrics, rows --------------------------------------------------------------------------------- */

/* Where the number of samples behind a value comes from. */
typedef enum pa_count_source {
    PA_COUNT_RECORDS = 0, /* the row's record count */
    PA_COUNT_METRIC,      /* the value of metric count_metric */
    PA_COUNT_ESTIMATED,   /* sampled heap: objects * (1 - exp(-size / period)), objects in count_metric */
    PA_COUNT_GCD,         /* values share a divisor that is likely the period */
    PA_COUNT_EXACT        /* instrumented: no sampling error */
} pa_count_source;

#define PA_MAX_METRICS    64
#define PA_FRACTION_SCALE 1000000000

typedef struct pa_metric {
    pa_str_id name, unit; /* unit as the source spells it */
    pa_dimension dimension;
    int64_t factor; /* one source unit in base units, 1 if unknown */
    int decimals;   /* 0; 9 once a fractional weight was seen: values count 1e-9 base units */
    pa_count_source count_source;
    uint32_t count_metric;
    int64_t period; /* base units between samples, 0 unknown */
} pa_metric;

typedef struct pa_stream {
    pa_str_id name;
    uint32_t n_metrics;
    pa_metric *metrics;
    uint64_t first; /* offset in the input where it was declared */
    uint32_t input; /* that input, from 0 */
    /* rows, in columns */
    size_t n_rows;
    pa_stack_id *stack;
    pa_context_id *context;
    uint64_t *records;
    int64_t *values;  /* n_rows * n_metrics */
    pa_u128 *squares; /* the same shape: sum of squared record values; NULL while every row is one record */
} pa_stream;

/* ---- time, facts, call graphs ------------------------------------------------------------------------------- */

enum { PA_INTERVAL_IRQ = 1, PA_INTERVAL_TIMED_OUT = 2 };

typedef struct pa_interval {
    pa_stream_id stream;
    pa_stack_id stack;
    pa_context_id context;
    pa_context_id waker; /* the context that ended the wait, 0 unknown */
    int64_t start_ns, duration_ns;
    int64_t wake_ns;
    int64_t value; /* of the stream's first metric */
    pa_str_id state;
    uint32_t flags;
} pa_interval;

/* What has no stack: GC pauses, settings, lost records. */
typedef struct pa_fact {
    pa_str_id kind;
    pa_context_id context;
    int64_t start_ns, duration_ns;
    double value;
    pa_str_id text;
} pa_fact;

/* Per-function figures of call-graph sources, in the source's own doubles (base unit: seconds become ns). */
typedef struct pa_function_cost {
    pa_function_id function;
    int64_t calls, primitive_calls;
    double self, cumulative;
} pa_function_cost;

typedef struct pa_edge {
    pa_function_id caller, callee;
    int64_t calls, primitive_calls;
    double self, cumulative;
    uint32_t estimated; /* this edge is derived, not recorded */
} pa_edge;

/* ---- the profile -------------------------------------------------------------------------------------------- */

typedef struct pa_input_info {
    pa_str_id name;
    const char *format; /* a literal of the format table */
    bool complete;      /* false: truncated or damaged */
} pa_input_info;

/* What reading an input came to. */
typedef struct pa_read_sum {
    uint64_t n_records;     /* added as rows */
    uint64_t n_skipped;     /* left out */
    uint64_t first_skipped; /* offset of the first of them */
} pa_read_sum;

typedef struct pa_meta {
    pa_str_id producer;
    int64_t start_ns, duration_ns; /* since the epoch; 0 unknown */
    pa_str_id period_type, period_unit;
    int64_t period;
    pa_str_id default_metric; /* as the source names it, "" if it does not */
    pa_str_id doc_url, drop_frames, keep_frames;
    PA_VEC(pa_str_id) comments;
} pa_meta;

typedef struct pa_tree pa_tree;

struct pa_profile {
    pa_arena *arena;
    size_t n_strings, n_modules, n_functions, n_frames, n_stacks, n_contexts, n_streams;
    pa_str *strings;
    pa_module *modules;
    pa_function *functions;
    pa_frame *frames;
    uint64_t *stack_at; /* n_stacks + 1: stack s is stack_frames[stack_at[s] .. stack_at[s + 1]) */
    pa_frame_id *stack_frames;
    uint64_t *context_at; /* n_contexts + 1, as stack_at */
    pa_label *labels;
    pa_stream *streams;
    size_t n_intervals, n_facts, n_costs, n_edges;
    pa_interval *intervals;
    pa_fact *facts;
    pa_function_cost *costs;
    pa_edge *edges;
    bool estimated; /* rows are derived from a call graph, not recorded: every report and writer says so */
    pa_stream_id default_stream;
    uint32_t default_metric; /* of the default stream */
    pa_meta meta;
    pa_diags diags;
    pa_read_sum sum; /* of the last input */
    size_t n_inputs;
    pa_input_info *inputs;
    bool incomplete; /* of a profile without inputs, a worker's: part of a damaged input */
};

static inline pa_str pa_string(const pa_profile *p, pa_str_id id) { return p->strings[id.v]; }
static inline const pa_function *pa_function_at(const pa_profile *p, pa_function_id id)
{
    return &p->functions[id.v];
}
static inline const pa_frame *pa_frame_at(const pa_profile *p, pa_frame_id id) { return &p->frames[id.v]; }
static inline const pa_module *pa_module_at(const pa_profile *p, pa_module_id id)
{
    return &p->modules[id.v];
}
static inline pa_str pa_frame_name(const pa_profile *p, pa_frame_id id)
{
    return pa_string(p, pa_function_at(p, pa_frame_at(p, id)->function)->name);
}

typedef struct pa_frames {
    const pa_frame_id *p; /* root first */
    size_t n;
} pa_frames;
static inline pa_frames pa_stack_at(const pa_profile *p, pa_stack_id id)
{
    return (pa_frames){p->stack_frames + p->stack_at[id.v], p->stack_at[id.v + 1] - p->stack_at[id.v]};
}

typedef struct pa_labels {
    const pa_label *p;
    size_t n;
} pa_labels;
static inline pa_labels pa_context_at(const pa_profile *p, pa_context_id id)
{
    return (pa_labels){p->labels + p->context_at[id.v], p->context_at[id.v + 1] - p->context_at[id.v]};
}

/* The first label of that key, or NULL. */
const pa_label *pa_context_label(const pa_profile *p, pa_context_id id, pa_str key);
/* "" for a numeric label of no unit ... : the value as people read it ("12", "64 bytes", "worker-3"). */
pa_str pa_label_text(const pa_profile *p, const pa_label *label, pa_arena *arena);
/* Sum of squared record values of a row's metric (Kish's effective n is sum^2 / squares). */
pa_u128 pa_row_square(const pa_stream *stream, size_t row, uint32_t metric);
/* Keys with a fixed meaning, whatever the format calls them. */
#define PA_LABEL_THREAD     "thread"
#define PA_LABEL_THREAD_ID  "thread_id"
#define PA_LABEL_PROCESS    "process"
#define PA_LABEL_PROCESS_ID "process_id"
#define PA_LABEL_CPU        "cpu"
#define PA_LABEL_ORIGIN     "file"
/* Whether a label of that key is one of them: under its own name or another that producers use ("Thread ID", "tid"). */
bool pa_label_means(pa_str key, const char *meaning);

#endif
