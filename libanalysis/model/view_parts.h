/* view_parts: the inside of pa_view_new, shared by view*.c, filter_*.c, tag_frames.c, stack_map.c, rewrite.c, group*.c.
 * One job makes one view; what only the job needs is in its scratch arena and goes with it. */
#ifndef PA_MODEL_VIEW_PARTS_H
#define PA_MODEL_VIEW_PARTS_H

#include "libanalysis/model/names.h"
#include "libanalysis/model/view.h"

/* A frame that stands on no stack of the source: the value of a label, put there by tagroot or tagleaf.  Its number is
 * n_frames + its place in the list. */
typedef struct pa_pseudo {
    pa_str name; /* value, values joined by ',', or "" where the sample has none */
    pa_str file; /* key */
} pa_pseudo;

/* What tagroot and tagleaf put around the stacks of a context: numbers of frames, root first. */
typedef struct pa_tagset {
    const uint32_t *frames;
    uint32_t n_roots, n_leaves;
} pa_tagset;

enum { /* what the options say about a frame by its own name, file and module */
       PA_MARK_FOCUS = 1,
       PA_MARK_IGNORE = 2,
       PA_MARK_HIDE = 4,
       PA_MARK_SHOW = 8,
       PA_MARK_FROM = 16,     /* show_from matches name or file... */
       PA_MARK_FROM_ALL = 32, /* ...or the module: the whole location */
       PA_MARK_PRUNE = 64,
       PA_MARK_DROP = 128
};

/* A location is a run of frames: one that is not inlined and, leafward, those inlined into it.  pprof's filters act on
 * locations, so every frame of a stack carries the number of its location while it is worked on. */
typedef struct pa_stack_item {
    uint32_t frame;
    uint32_t location;
} pa_stack_item;

typedef struct pa_stack_items {
    pa_stack_item *p;
    size_t n;
} pa_stack_items;

/* What happens to a stack; see stack_map.c. */
typedef struct pa_stack_rules {
    const unsigned char *marks; /* per frame; NULL: no expression is given */
    const uint32_t *same;       /* per frame: number of its function's name, for fold */
    bool drop, by_name, show, show_from, prune_from, noinlines,
        fold; /* by_name: focus, ignore, hide or show */
} pa_stack_rules;

typedef struct pa_view_job {
    const pa_profile *p;
    pa_view *view;
    const pa_view_options *o; /* view->options: strings in the view's arena */
    pa_arena *arena, *scratch;
    pa_regex_pool pool;
    pa_err *err;
    pa_namer namer;
    pa_str *names;             /* per function of p, as shown */
    unsigned char *context_in; /* per context of p; NULL: all */
    unsigned char *marks;
    pa_stack_rules rules;
    PA_VEC(pa_pseudo) pseudo;
    PA_VEC(pa_tagset) tagsets;
    uint32_t *tagset_of; /* per context of p; NULL: neither tagroot nor tagleaf */
    int64_t kept_total;  /* sum of |value| of the rows that pass */
    PA_VEC(pa_str) notes;
    PA_VEC(pa_str) filters;
} pa_view_job;

static inline bool pa_given(const char *option) { return option && option[0]; }
static inline pa_str pa_job_string(const pa_view_job *job, pa_str_id id) { return pa_string(job->p, id); }

/* A line for people that the report repeats. */
void pa_view_note(pa_view_job *job, const char *format, ...) PA_PRINTF(2, 3);
/* Add |value| to *sum; PA_E_OVERFLOW. */
PA_MUST_CHECK bool pa_add_magnitude(int64_t *sum, int64_t value, pa_err *err);

PA_MUST_CHECK bool pa_view_choose_metric(pa_view_job *job); /* view_metric.c */
PA_MUST_CHECK bool pa_view_names(pa_view_job *job);         /* view.c */
PA_MUST_CHECK bool pa_filter_contexts(pa_view_job *job);    /* thread, process, cpu */
PA_MUST_CHECK bool pa_filter_tags(pa_view_job *job);        /* tagfocus, tagignore */
PA_MUST_CHECK bool pa_mark_frames(pa_view_job *job);        /* focus ... drop frames */
void pa_make_tag_frames(pa_view_job *job);                  /* tagroot, tagleaf */
/* What the profile itself wants dropped; before tag frames are put around. */
void pa_drop_frames(const pa_stack_rules *rules, pa_stack_items *items);
/* false: nothing of the sample is left.  items is changed in place and only ever shrinks. */
PA_MUST_CHECK bool pa_map_stack(const pa_stack_rules *rules, pa_stack_items *items);
PA_MUST_CHECK bool pa_view_rewrite(pa_view_job *job);
/* Equal names get equal numbers, from 0 on in order of appearance. */
uint32_t *pa_number_names(pa_arena *arena, const pa_str *names, size_t n, size_t *n_distinct);
void pa_group_frames(pa_view_job *job, const pa_str *names);
PA_MUST_CHECK bool pa_group_contexts(pa_view_job *job);

/* The rows of the context that are of the diff's base: label pprof::base=true. */
bool pa_context_is_base(const pa_profile *p, pa_context_id id);

#endif
