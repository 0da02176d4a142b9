/* tree: the call tree of a view, built on demand by sorting the distinct stacks as strings of groups and merging
 * neighbours.  Columns in preorder: node 0 is the root, parents precede children, the subtree of n is [n, end[n]). */
#ifndef PA_MODEL_TREE_H
#define PA_MODEL_TREE_H

#include "libanalysis/model/view.h"

struct pa_tree {
    size_t n_nodes;
    uint32_t *parent; /* of the root: 0 */
    uint32_t *group;  /* index into view->groups; of the root: PA_NO_GROUP */
    uint32_t *end;
    uint32_t *depth;       /* of the root: 0 */
    int64_t *self, *total; /* the view's metric; rows without frames are the root's self */
};

/* Needs a view that groups by frame.  NULL and *err when a total leaves 64 bits. */
PA_MUST_CHECK const pa_tree *pa_tree_build(const pa_view *view, pa_arena *arena, pa_err *err);

#endif
