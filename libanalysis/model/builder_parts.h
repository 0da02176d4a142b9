/* builder_parts: the builder's inside, shared by builder.c, builder_rows.c and merge.c only. */
#ifndef PA_MODEL_BUILDER_PARTS_H
#define PA_MODEL_BUILDER_PARTS_H

#include "libanalysis/base/index.h"
#include "libanalysis/base/str.h"
#include "libanalysis/model/builder.h"

typedef struct pa_stream_build {
    pa_str_id name;
    uint32_t n_metrics;
    pa_metric *metrics;
    uint64_t first;
    uint32_t input;
    pa_index index;
    PA_VEC(pa_stack_id) stack;
    PA_VEC(pa_context_id) context;
    PA_VEC(uint64_t) records;
    PA_VEC(int64_t) values;
    PA_VEC(pa_u128) squares;
    bool has_squares; /* some row is more than one record */
} pa_stream_build;

struct pa_builder {
    pa_arena *arena;
    pa_err err; /* the first failure */
    uint64_t at;
    pa_read_sum sum; /* of the current input */
    bool quiet;      /* what is added was noted when it was first read */
    PA_VEC(pa_str) strings;
    PA_VEC(pa_module) modules;
    PA_VEC(pa_function) functions;
    PA_VEC(pa_frame) frames;
    PA_VEC(uint64_t) stack_at;
    PA_VEC(pa_frame_id) stack_frames;
    PA_VEC(uint64_t) context_at;
    PA_VEC(pa_label) labels;
    pa_index string_index, module_index, function_index, frame_index, stack_index, context_index;
    PA_VEC(pa_stream_build) streams;
    PA_VEC(pa_interval) intervals;
    PA_VEC(pa_fact) facts;
    PA_VEC(pa_function_cost) costs;
    PA_VEC(pa_edge) edges;
    PA_VEC(pa_input_info) inputs;
    pa_diags diags;
    pa_meta meta;
    bool has_meta;
    bool incomplete;
    bool estimated;
    bool has_default;
    pa_stream_id default_stream;
    uint32_t default_metric;
    bool label_origin;
    pa_label origin;
    pa_context_id origin_context; /* what "no context" means for the current input */
};

/* pa_add_stacks without limits and notes: for stacks that were counted when they were first read. */
void pa_intern_stacks(pa_builder *b, const pa_frame_id *frames, const uint64_t *at, size_t n,
                      pa_stack_id *ids);
/* Noted where a stream is appended, so that whoever appends streams of a profile does not count it twice. */
#define PA_NOTE_OTHER_METRICS "stream with other metrics than an earlier one of its name"
/* pa_add_stream for a stream that stands at that place of that input. */
pa_stream_id pa_declare_stream(pa_builder *b, pa_str_id name, const pa_metric *metrics, uint32_t n_metrics,
                               uint64_t at, uint32_t input);
void pa_finish_streams(pa_builder *b, pa_profile *p);

#endif
