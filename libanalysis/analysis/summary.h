/* summary: parts of pa_summary (summary.c, summary_next.c).  Everything lives in the job's arenas. */
#ifndef PA_ANALYSIS_SUMMARY_H
#define PA_ANALYSIS_SUMMARY_H

#include "libanalysis/analysis/analysis.h"
#include "libanalysis/model/tree.h"

typedef enum pa_path_end {
    PA_PATH_NONE = 0,      /* no stacks, or nothing above 0 */
    PA_PATH_LEAF,          /* the last step calls nothing */
    PA_PATH_SELF_DOMINANT, /* it uses more itself than any one that it calls */
    PA_PATH_FAN_OUT        /* it calls several, none of which holds half */
} pa_path_end;

typedef struct pa_hot_path {
    PA_VEC(uint32_t) nodes; /* of the tree, root first */
    pa_path_end end;
} pa_hot_path;

typedef struct pa_summary_job {
    const pa_view *view;
    const pa_summary_options *options;
    pa_report *report;
    pa_arena *arena, *scratch;
    pa_err *err;
    pa_top_job top; /* its rows are all groups, hottest first */
    const pa_tree *tree;
    pa_hot_path path;
    pa_quantity quantity;
} pa_summary_job;

/* A command line that goes on from here, NULL when there is nothing to ask. */
const char *pa_summary_next(pa_summary_job *job);

#endif
