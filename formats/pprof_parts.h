/* pprof_parts: what the files of the pprof reader share: pprof.c (top level), pprof_symbols.c (strings, functions,
 * mappings, locations), pprof_samples.c (samples and labels).  Everything lives in the scratch arena of one reading;
 * `at` always points into the input, for positions in messages. */
#ifndef PA_FORMATS_PPROF_PARTS_H
#define PA_FORMATS_PPROF_PARTS_H

#include "formats/format.h"
#include "formats/pprof_memo.h"
#include "formats/pprof_wire.h"
#include "libanalysis/base/index.h"

typedef struct pprof_function {
    uint64_t id;
    int64_t name, system_name, file, start_line;
    pa_bytes at;
} pprof_function;

typedef struct pprof_mapping {
    uint64_t id;
    int64_t path, build_id;
    pa_module module;
    pa_bytes at;
} pprof_mapping;

typedef struct pprof_line {
    uint64_t function;
    int64_t line, column;
} pprof_line;

typedef struct pprof_location {
    uint64_t id, mapping, address;
    uint32_t first_line, n_lines; /* innermost first */
    bool folded;
    pa_bytes at;
} pprof_location;

/* Frames of a location in location_frames, root first. */
typedef struct pprof_frames {
    uint32_t first, n;
} pprof_frames;

typedef struct pprof_type {
    int64_t type, unit;
    pa_bytes at;
} pprof_type;

typedef struct pprof_comment {
    int64_t index;
    pa_bytes at;
} pprof_comment;

/* id -> index of a thing: an array for ids up to the number of things, a hash for the rest. */
typedef struct pprof_ids {
    uint32_t *dense; /* index + 1 */
    uint64_t n;
    pa_index sparse;
    const uint64_t *keys;
} pprof_ids;

/* Fields of one sample that do not stand side by side, put together. */
typedef PA_VEC(unsigned char) pprof_joined;

#define PPROF_NOT_SINGLE UINT32_MAX

typedef struct pprof {
    pa_reading *r;
    pa_builder *b;
    pa_arena *a;
    pa_bytes start, end; /* end: once all of it is there */
    PA_VEC(pa_str) strings;
    pa_str_id *string_ids; /* UINT32_MAX: not asked for yet */
    PA_VEC(pprof_type) types;
    pprof_type period_type;
    PA_VEC(pprof_function) functions;
    PA_VEC(pprof_mapping) mappings;
    PA_VEC(pprof_location) locations;
    PA_VEC(pprof_line) lines;
    PA_VEC(pprof_comment) comments;
    pa_bytes field_at[16]; /* where a field of that number stood last */
    int64_t drop_frames, keep_frames, time, duration, period, default_type, doc_url;
    pprof_ids function_ids, mapping_ids, location_ids;
    pa_function_id *function_id; /* UINT32_MAX: not asked for yet */
    pa_module_id *module_id;
    pprof_frames *frames_of; /* of each location; n is 0 until it is asked for */
    PA_VEC(pa_frame_id) location_frames;
    pa_frame_id *
        single_frame; /* by location id - 1: its only frame, PPROF_NOT_SINGLE if not known to have just one */
    pprof_memo stack_memo, label_memo;
    pprof_joined joined_locations, joined_labels;
    size_t n_samples;
    PA_VEC(int64_t) values;
    size_t n_values; /* a sample */
    pa_bytes first_sample;
} pprof;

PA_MUST_CHECK bool pprof_fail(pprof *p, pa_err_code code, pa_bytes at, const char *format, ...)
    PA_PRINTF(4, 5);
/* A field that cannot be decoded: what stands at `at`, inside the message what that ends at end. */
PA_MUST_CHECK bool pprof_wire_fail(pprof *p, const char *what, pa_wire_error e, pa_bytes at, pa_bytes end);
PA_MUST_CHECK bool pprof_type_fail(pprof *p, const char *what, const pa_field *f, pa_bytes at);
/* Offset of a byte of the input. */
static inline uint64_t pprof_offset(const pprof *p, pa_bytes at) { return (uint64_t)(at - p->start); }

PA_MUST_CHECK bool pprof_read_function(pprof *p, const pa_field *f);
PA_MUST_CHECK bool pprof_read_mapping(pprof *p, const pa_field *f);
PA_MUST_CHECK bool pprof_read_location(pprof *p, const pa_field *f);
PA_MUST_CHECK bool pprof_read_type(pprof *p, const pa_field *f, pprof_type *type);
PA_MUST_CHECK bool pprof_read_sample(pprof *p, const pa_field *f);

/* Once everything is read: check all references, prepare to resolve. */
PA_MUST_CHECK bool pprof_check_symbols(pprof *p);
/* String of that index; at and what are for the message. */
PA_MUST_CHECK bool pprof_string(pprof *p, int64_t index, const char *what, pa_bytes at, pa_str_id *id);
/* Frames of the location with that id; at is the sample that has it. */
PA_MUST_CHECK bool pprof_location_frames(pprof *p, uint64_t id, pa_bytes at, pprof_frames *frames);
/* The samples into rows of stream. */
PA_MUST_CHECK bool pprof_add_samples(pprof *p, pa_stream_id stream, const pa_metric *metrics);

#endif
