/* list: the figures behind pa_list, shared by list.c, list_text.c and list_pprof.c.
 * A place is a line of a function in a file; a block is a function in a file.  Everything lives in the job's arenas. */
#ifndef PA_ANALYSIS_LIST_H
#define PA_ANALYSIS_LIST_H

#include "libanalysis/analysis/analysis.h"
#include "libanalysis/analysis/source.h"

typedef struct pa_list_place {
    uint32_t block;
    uint32_t module;    /* told apart by pprof only, else 0 */
    int64_t start_line; /* the same */
    int64_t line;
    int64_t flat, cum;
    uint32_t last; /* stack + 1 that last counted */
} pa_list_place;

typedef struct pa_list_block {
    uint32_t group; /* the function: its group in the view */
    pa_str file;
    int64_t start_line; /* the first that the profile has, 0 unknown */
    int64_t flat, cum;
    uint32_t last;
    const pa_list_place *places; /* by line */
    size_t n;
    int64_t weight; /* of the heaviest block of its file */
} pa_list_block;

typedef struct pa_list_job {
    const pa_view *view;
    const pa_list_options *options;
    pa_report *report;
    pa_arena *arena, *scratch;
    pa_err *err;
    pa_sources sources;
    pa_sums sums;
    unsigned char *wanted;    /* per group */
    uint32_t *place_of_frame; /* UINT32_MAX: not asked for */
    PA_VEC(pa_list_place) places;
    PA_VEC(pa_list_block) blocks;
    pa_index place_index, block_index;
    pa_quantity quantity;
} pa_list_job;

/* Blocks in pprof's order and its text. */
void pa_list_as_pprof(pa_list_job *job);
/* Blocks in order: rows for machines, tables with source for people. */
void pa_list_as_text(pa_list_job *job);
/* Rows for machines. */
const pa_table *pa_list_rows(pa_list_job *job);
/* Tabs as blanks, when the text begins at that column. */
pa_str pa_untabbed(pa_arena *arena, pa_str text, size_t column);

#endif
