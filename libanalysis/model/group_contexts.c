/* group_contexts.c: groups of contexts: rows that are threads, processes, files of origin or values of a label.
 * In: labels.  Out: view->groups and view->group_of_context; PA_NO_GROUP where the label is absent.
 * A source without the label at all is an error: one row that holds everything would be no answer. */
#include "libanalysis/base/index.h"
#include "libanalysis/model/view_parts.h"

typedef struct context_kind {
    const char *name_key, *id_key; /* id_key: what tells things of one name apart, or NULL */
    const char *things;
} context_kind;

/* The first label of that meaning, NULL when there is none. */
static pa_str label_value(pa_view_job *job, pa_context_id id, const char *meaning)
{
    const pa_profile *p = job->view->profile;
    pa_labels labels = pa_context_at(p, id);
    for (size_t i = 0; meaning && i < labels.n; i++)
        if (pa_label_means(pa_string(p, labels.p[i].key), meaning))
            return pa_label_text(p, &labels.p[i], job->arena);
    return (pa_str){0};
}

/* All values of a label, as they came, joined by ','. */
static pa_str all_values(pa_view_job *job, pa_context_id id, pa_str key)
{
    const pa_profile *p = job->view->profile;
    pa_labels labels = pa_context_at(p, id);
    pa_str joined = {0};
    for (size_t i = 0; i < labels.n; i++) {
        if (!pa_str_eq(pa_string(p, labels.p[i].key), key))
            continue;
        pa_str value = pa_label_text(p, &labels.p[i], job->arena);
        if (!joined.p)
            joined = value.p ? value : PA_STR("");
        else
            joined = pa_arena_format(job->arena, "%.*s,%.*s", (int)joined.n, joined.p, (int)value.n,
                                     value.n ? value.p : "");
    }
    return joined;
}

/* "worker (4711)", "worker" or "4711"; p NULL: the context has no such label. */
static pa_str context_name(pa_view_job *job, pa_context_id id, const context_kind *kind)
{
    if (job->o->by == PA_BY_LABEL)
        return all_values(job, id, pa_cstr(kind->name_key));
    pa_str name = label_value(job, id, kind->name_key), number = label_value(job, id, kind->id_key);
    if (name.n && number.n)
        return pa_arena_format(job->arena, "%.*s (%.*s)", (int)name.n, name.p, (int)number.n, number.p);
    return number.n ? number : name;
}

static bool kind_of(pa_view_job *job, context_kind *kind)
{
    switch (job->o->by) {
    case PA_BY_THREAD: *kind = (context_kind){PA_LABEL_THREAD, PA_LABEL_THREAD_ID, "threads"}; return true;
    case PA_BY_PROCESS:
        *kind = (context_kind){PA_LABEL_PROCESS, PA_LABEL_PROCESS_ID, "processes"};
        return true;
    case PA_BY_ORIGIN: *kind = (context_kind){PA_LABEL_ORIGIN, NULL, "files of origin"}; return true;
    default: *kind = (context_kind){job->o->by_label, NULL, "such labels"}; break;
    }
    return pa_given(job->o->by_label) ||
           pa_fail(job->err, PA_E_USAGE, PA_NO_OFFSET, "by: the label is not named");
}

/* Which labels there are, for the message. */
static pa_str known_keys(pa_view_job *job)
{
    const pa_profile *p = job->p;
    unsigned char *seen = pa_new(job->scratch, unsigned char, p->n_strings);
    pa_str list = {0};
    for (size_t i = 0; i < p->context_at[p->n_contexts] && list.n < 200; i++) {
        pa_str key = pa_string(p, p->labels[i].key);
        if (!seen[p->labels[i].key.v])
            list = pa_arena_format(job->scratch, "%.*s%s%.*s", (int)list.n, list.n ? list.p : "",
                                   list.n ? ", " : "", (int)key.n, key.n ? key.p : "");
        seen[p->labels[i].key.v] = 1;
    }
    return list;
}

static bool no_such_label(pa_view_job *job, const context_kind *kind)
{
    pa_str keys = known_keys(job);
    return pa_fail(job->err, PA_E_USAGE, PA_NO_OFFSET,
                   "by: this profile has no %s: none of its samples has a label '%s'%s%.*s", kind->things,
                   kind->name_key, keys.n ? "; it has: " : "", (int)keys.n, keys.n ? keys.p : "");
}

typedef struct group_list {
    pa_index index;
    PA_VEC(pa_group) groups;
} group_list;

static uint32_t group_named(pa_view_job *job, group_list *list, pa_str name)
{
    uint64_t hash = pa_str_hash(name);
    uint32_t id;
    for (pa_slot at = pa_index_find(&list->index, hash); pa_index_next(&list->index, &at, &id);)
        if (pa_str_eq(list->groups.p[id].key, name))
            return id;
    id = (uint32_t)list->groups.n;
    pa_group group = {.name = name.n ? name : PA_STR("<empty>"), .key = name};
    pa_push(job->arena, &list->groups) = group;
    pa_index_add(job->scratch, &list->index, hash, id);
    return id;
}

bool pa_group_contexts(pa_view_job *job)
{
    const pa_profile *p = job->view->profile;
    context_kind kind;
    if (!kind_of(job, &kind))
        return false;
    group_list list = {0};
    pa_reserve(job->arena, &list.groups, 16);
    uint32_t *group = pa_new(job->arena, uint32_t, p->n_contexts);
    for (uint32_t i = 0; i < p->n_contexts; i++) {
        pa_str name = context_name(job, (pa_context_id){i}, &kind);
        group[i] = name.p ? group_named(job, &list, name) : PA_NO_GROUP;
    }
    /* every row of a single file is from that file, labelled or not */
    if (list.groups.n == 0 && job->o->by == PA_BY_ORIGIN && p->n_inputs == 1)
        for (uint32_t i = 0; i < p->n_contexts; i++)
            group[i] = group_named(job, &list, pa_string(p, p->inputs[0].name));
    if (list.groups.n == 0)
        return no_such_label(job, &kind);
    job->view->groups = list.groups.p;
    job->view->n_groups = list.groups.n;
    job->view->group_of_context = group;
    return true;
}
