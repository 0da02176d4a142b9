/* tree: what the files of the tree report share. */
#ifndef PA_ANALYSIS_TREE_H
#define PA_ANALYSIS_TREE_H

#include "libanalysis/analysis/graph.h"
#include "libanalysis/model/tree.h"

/* A node that is shown. */
typedef struct pa_picked {
    uint32_t node;     /* in the tree; 0 is its root, which stands for all and is not printed */
    uint32_t up;       /* place of the node above it among the picks */
    bool no_stack;     /* not a node: the rows without a stack, which are the root's self */
    uint32_t cut;      /* its children that are not shown... */
    int64_t cut_total; /* ...and the sum of their totals */
} pa_picked;

typedef PA_VEC(pa_picked) pa_picks;

typedef struct pa_tree_job {
    const pa_view *view;
    const pa_tree_options *options;
    pa_arena *arena, *scratch;
    pa_err *err;
    pa_report *report;
    const pa_tree *tree;
    unsigned char *in; /* per node of the tree */
    double least;      /* total a node must have */
    pa_quantity quantity;
} pa_tree_job;

pa_str pa_picked_name(const pa_tree_job *job, const pa_picked *picked);
/* The picks in their order, without the root: all of them as they are, or indented, with lines for what was cut. */
const pa_table *pa_tree_for_machines(const pa_tree_job *job, const pa_picks *picks);
const pa_table *pa_tree_for_people(const pa_tree_job *job, const pa_picks *picks);
/* The lines of go tool pprof -tree. */
PA_MUST_CHECK bool pa_tree_as_pprof(pa_tree_job *job);

#endif
