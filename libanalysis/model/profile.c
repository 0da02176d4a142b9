/* profile.c: small questions to a frozen profile. */
#include "libanalysis/model/profile.h"

void pa_profile_free(pa_profile *profile)
{
    if (profile)
        pa_arena_free(profile->arena);
}

const pa_label *pa_context_label(const pa_profile *p, pa_context_id id, pa_str key)
{
    pa_labels labels = pa_context_at(p, id);
    for (size_t i = 0; i < labels.n; i++)
        if (pa_str_eq(pa_string(p, labels.p[i].key), key))
            return &labels.p[i];
    return NULL;
}

pa_str pa_label_text(const pa_profile *p, const pa_label *label, pa_arena *arena)
{
    pa_str s = pa_string(p, label->str);
    if (!label->numeric)
        return s;
    if (s.n == 0)
        return pa_arena_format(arena, "%lld", (long long)label->num);
    return pa_arena_format(arena, "%lld %.*s", (long long)label->num, (int)s.n, s.p);
}

pa_u128 pa_row_square(const pa_stream *stream, size_t row, uint32_t metric)
{
    size_t at = row * stream->n_metrics + metric;
    if (stream->squares)
        return stream->squares[at];
    int64_t v = stream->values[at];
    uint64_t magnitude = v < 0 ? 0 - (uint64_t)v : (uint64_t)v;
    return (pa_u128)magnitude * magnitude;
}
