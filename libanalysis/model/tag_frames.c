/* tag_frames.c: tagroot and tagleaf: values of labels as frames around the stacks.
 * In: keys, comma-separated; the first key of tagroot is the root, the last key of tagleaf the leaf.
 * Out: pseudo-frames and, per context, which of them go around its stacks.  A context without the key gets a frame
 * without a name, as in pprof, so that all stacks of a view are equally deep. */
#include "libanalysis/base/index.h"
#include "libanalysis/model/view_parts.h"

typedef PA_VEC(pa_str) str_vec;
typedef PA_VEC(char) char_vec;

static void split_keys(pa_view_job *job, const char *list, str_vec *keys)
{
    pa_str key;
    for (pa_str rest = pa_cstr(list); rest.n;) {
        rest = pa_str_cut(rest, ',', &key);
        if (key.n)
            pa_push(job->scratch, keys) = key;
    }
}

/* "64kB" for 65536 bytes, "3" for what has no unit of size or time. */
static void number_text(const pa_view_job *job, const pa_label *label, char text[PA_VALUE_TEXT])
{
    pa_dimension dimension;
    int64_t factor, base;
    bool known = pa_unit_parse(pa_job_string(job, label->str), &dimension, &factor) &&
                 (dimension == PA_DIM_TIME || dimension == PA_DIM_BYTES) &&
                 !__builtin_mul_overflow(label->num, factor, &base);
    if (known)
        pa_value_text(text, base, 0, pa_display_one(dimension, base));
    else
        pa_value_text(text, label->num, 0, (pa_display){1, ""});
}

static void append_value(pa_view_job *job, char_vec *text, pa_str value, bool first)
{
    if (!first)
        pa_push(job->scratch, text) = ',';
    pa_reserve(job->scratch, text, value.n);
    if (value.n)
        memcpy(text->p + text->n, value.p, value.n);
    text->n += value.n;
}

/* Values of the key in this context, joined: texts first, then numbers. */
static pa_str joined_values(pa_view_job *job, pa_labels labels, pa_str key, bool *any)
{
    char_vec text = {0};
    pa_reserve(job->scratch, &text, 16);
    char number[PA_VALUE_TEXT];
    bool first = true;
    for (int numeric = 0; numeric <= 1; numeric++)
        for (size_t i = 0; i < labels.n; i++) {
            const pa_label *l = &labels.p[i];
            if ((int)l->numeric != numeric || !pa_str_eq(pa_job_string(job, l->key), key))
                continue;
            if (numeric && l->num == 0 && l->str.v == 0)
                continue; /* pprof does not see it */
            if (numeric)
                number_text(job, l, number);
            append_value(job, &text, numeric ? pa_cstr(number) : pa_job_string(job, l->str), first);
            first = false;
        }
    *any |= !first;
    return (pa_str){text.p, text.n};
}

static uint32_t pseudo_frame(pa_view_job *job, pa_index *index, pa_str name, pa_str key)
{
    uint64_t hash = pa_mix(pa_str_hash(name), pa_str_hash(key));
    uint32_t id;
    for (pa_slot at = pa_index_find(index, hash); pa_index_next(index, &at, &id);)
        if (pa_str_eq(job->pseudo.p[id].name, name) && pa_str_eq(job->pseudo.p[id].file, key))
            return (uint32_t)job->p->n_frames + id;
    id = (uint32_t)job->pseudo.n;
    pa_push(job->scratch, &job->pseudo) = (pa_pseudo){name, key};
    pa_index_add(job->scratch, index, hash, id);
    return (uint32_t)job->p->n_frames + id;
}

static uint32_t tagset(pa_view_job *job, pa_index *index, const uint32_t *frames, const str_vec keys[2])
{
    size_t n = keys[0].n + keys[1].n;
    uint64_t hash = pa_str_hash((pa_str){(const char *)frames, n * sizeof *frames});
    uint32_t id;
    for (pa_slot at = pa_index_find(index, hash); pa_index_next(index, &at, &id);)
        if (memcmp(job->tagsets.p[id].frames, frames, n * sizeof *frames) == 0)
            return id;
    id = (uint32_t)job->tagsets.n;
    pa_push(job->scratch, &job->tagsets) = (pa_tagset){frames, (uint32_t)keys[0].n, (uint32_t)keys[1].n};
    pa_index_add(job->scratch, index, hash, id);
    return id;
}

void pa_make_tag_frames(pa_view_job *job)
{
    const pa_profile *p = job->p;
    str_vec keys[2] = {{0}, {0}};
    split_keys(job, job->o->tagroot, &keys[0]);
    split_keys(job, job->o->tagleaf, &keys[1]);
    size_t n = keys[0].n + keys[1].n;
    if (n == 0)
        return;
    pa_index pseudo_index = {0}, tagset_index = {0};
    bool any[2] = {false, false};
    job->tagset_of = pa_new(job->scratch, uint32_t, p->n_contexts);
    for (uint32_t c = 0; c < p->n_contexts; c++) {
        pa_labels labels = pa_context_at(p, (pa_context_id){c});
        uint32_t *frames = pa_new(job->scratch, uint32_t, n);
        for (size_t i = 0; i < n; i++) {
            bool leaf = i >= keys[0].n;
            pa_str key = leaf ? keys[1].p[i - keys[0].n] : keys[0].p[i];
            frames[i] = pseudo_frame(job, &pseudo_index, joined_values(job, labels, key, &any[leaf]), key);
        }
        job->tagset_of[c] = tagset(job, &tagset_index, frames, keys);
    }
    if (keys[0].n && !any[0])
        pa_view_note(job, "tagroot matched no samples");
    if (keys[1].n && !any[1])
        pa_view_note(job, "tagleaf matched no samples");
}
