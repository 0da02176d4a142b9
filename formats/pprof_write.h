/* pprof_write: what the files of the pprof writer share: pprof_write.c (metadata, metrics, the order of things),
 * pprof_write_symbols.c (strings, mappings, locations, functions), pprof_write_stacks.c (stacks in order), pprof_write_rows.c (labels, samples).
 * All of it lives in the scratch arena of one writing. */
#ifndef PA_FORMATS_PPROF_WRITE_H
#define PA_FORMATS_PPROF_WRITE_H

#include "formats/format.h"
#include "formats/pprof.pb-c.h"
#include "libanalysis/base/index.h"

/* A string on its way into the table: an id of the profile, or n_strings + index of one the writer adds. */
typedef uint32_t pprof_name;
#define PPROF_ADDED_NAMES (2 * PA_MAX_METRICS + 4)

/* What the values of a metric are divided by on their way out; remainders are rounded. */
typedef struct pprof_scale {
    int64_t divisor;
    int64_t factor; /* base units in one unit as it is written */
    pprof_name type, unit;
} pprof_scale;

/* A location: a frame and what is inlined into it, a piece of a stack, root first. */
typedef struct pprof_run {
    const pa_frame_id *frames;
    uint32_t n;
    uint32_t mapping; /* number in the output, 0 none */
} pprof_run;

/* A stack, leaf first. */
typedef struct pprof_stack {
    uint64_t key;     /* for sorting: its next two locations, 0 beyond the end */
    uint32_t *places; /* index in runs of each location, later its rank */
    uint32_t n, id;
} pprof_stack;

typedef PA_VEC(unsigned char) pprof_bytes;

typedef struct pprof_writing {
    const pa_profile *p;
    const pa_stream *stream; /* the one that is written; NULL: there is none */
    pa_arena *a;
    pa_err *err;
    bool from_pprof; /* every input was one: what the file said stands */
    pprof_bytes out;

    /* strings */
    unsigned char *named; /* by pprof_name: used */
    int64_t *number;      /* by pprof_name: index in the table */
    pa_str added[PPROF_ADDED_NAMES];
    uint32_t n_added;
    PA_VEC(pa_str) table;
    int64_t
        empty_value; /* a second empty string, for string labels without text: index 0 says there is none */

    pprof_scale scales[PA_MAX_METRICS];

    /* symbols */
    unsigned char *inlined, *has_line; /* by frame id */
    uint32_t *mapping_number;          /* by module id, from 1 */
    uint32_t *mapping_flags;
    PA_VEC(pa_module_id) mappings;
    bool nameless_mapping;     /* the only mapping is one the writer adds */
    uint32_t *function_number; /* by function id, from 1 */
    PA_VEC(pa_function_id) functions;
    PA_VEC(pprof_run) runs;
    uint32_t *single;   /* by frame id: 1 + index in runs of the frame alone */
    pa_index run_index; /* of runs of several frames */
    uint32_t *run_rank; /* by index in runs: rank by content, from 1; equal ones share it */
    uint32_t n_locations;
    uint32_t *location_run;    /* by rank - 1: index in runs */
    uint32_t *location_order;  /* by number in the output - 1: rank - 1 */
    uint32_t *location_number; /* by rank: number in the output */

    uint64_t *row_at;           /* n_stacks + 1: where the rows of each stack will be among all */
    PA_VEC(pprof_stack) stacks; /* those that have rows */
} pprof_writing;

static inline pa_str pprof_text(const pprof_writing *w, pprof_name name)
{
    return name < w->p->n_strings ? w->p->strings[name] : w->added[name - w->p->n_strings];
}
static inline pprof_name pprof_use(pprof_writing *w, pa_str_id id)
{
    w->named[id.v] = 1;
    return id.v;
}
/* A string the profile need not have; text outlives the writing. */
pprof_name pprof_add_name(pprof_writing *w, pa_str text);

/* ---- bytes -------------------------------------------------------------------------------------------------- */

static inline unsigned char *pprof_put_varint(unsigned char *to, uint64_t v)
{
    while (v >= 128) {
        *to++ = (unsigned char)(v | 128);
        v >>= 7;
    }
    *to++ = (unsigned char)v;
    return to;
}
#define PPROF_VARINT_MAX 10
/* message as a field of that number. */
void pprof_put_message(pa_arena *a, pprof_bytes *to, unsigned field, const ProtobufCMessage *message);
void pprof_put_bytes(pa_arena *a, pprof_bytes *to, unsigned field, pa_str bytes);

/* ---- steps, in this order ----------------------------------------------------------------------------------- */

/* How many rows each stack has. */
void pprof_count_rows(pprof_writing *w);
/* Locations, functions and mappings of those stacks, and the strings they need. */
void pprof_find_symbols(pprof_writing *w);
/* Strings of the labels. */
void pprof_find_labels(pprof_writing *w);
/* No more strings: sort and number them, then functions; locations are ranked. */
void pprof_number_strings(pprof_writing *w);
void pprof_rank_symbols(pprof_writing *w);
/* Stacks in order, locations numbered. */
void pprof_sort_stacks(pprof_writing *w);
bool pprof_same_stack(const pprof_stack *a, const pprof_stack *b);
PA_MUST_CHECK bool pprof_put_samples(pprof_writing *w);
void pprof_put_symbols(pprof_writing *w);

PA_MUST_CHECK bool pprof_write(const pa_profile *profile, pa_out *out, pa_arena *scratch, pa_err *err);
/* What a pprof file cannot say of this profile, besides what its row in the format table says: kinds and counts. */
void pprof_write_losses(const pa_profile *profile, pa_arena *arena, pa_diags *losses);

#endif
