/* tags: the figures behind pa_tags, shared by tags.c and tags_pprof.c.  Everything lives in the job's arenas. */
#ifndef PA_ANALYSIS_TAGS_H
#define PA_ANALYSIS_TAGS_H

#include "libanalysis/analysis/analysis.h"
#include "libanalysis/base/index.h"

typedef struct pa_tag_value {
    uint32_t key; /* index of pa_tags_job.keys */
    pa_label label;
    pa_str text;
    int64_t sum;
    double samples;
    uint32_t last; /* context + 1 that last counted */
} pa_tag_value;

typedef struct pa_tag_key {
    pa_str name;
    int64_t sum;    /* of the rows that have the key, each once */
    int64_t of_all; /* with each of its values, as pprof counts; only with --compat pprof */
    size_t n_values;
    pa_tag_value *values; /* once sorted */
    uint32_t last;
} pa_tag_key;

typedef struct pa_known_label {
    pa_label label;
    uint32_t value; /* index of pa_tags_job.values */
} pa_known_label;

typedef struct pa_tags_job {
    const pa_view *view;
    const pa_tags_options *options;
    pa_report *report;
    pa_arena *arena, *scratch;
    pa_err *err;
    int64_t all; /* of the rows that pass */
    int64_t *sum_of_context;
    double *samples_of_context;
    unsigned char *context_in_use;
    bool has_samples;
    pa_index key_index, value_index, label_index;
    PA_VEC(pa_known_label) labels; /* labels seen before, so that each makes its text once */
    PA_VEC(pa_tag_key) keys;
    PA_VEC(pa_tag_value) values;
    pa_quantity quantity;
    pa_str
        *units; /* per string that is a key: what pprof takes its numbers to be in; p NULL: not asked yet */
} pa_tags_job;

/* Texts of numbers as pprof prints them, before values are told apart. */
pa_str pa_tag_pprof_text(pa_tags_job *job, const pa_label *label);
void pa_tags_as_pprof(pa_tags_job *job);

#endif
