/* source: lines of source files, found by the paths that profiles have for them.
 * In: recorded paths, and where the caller allows to look.  Out: lines, or why there are none.  Files are read, never
 * run; only regular ones, up to a size; each once.
 * Lives in an arena, but pa_sources_close must be called on every way out: a file may be open. */
#ifndef PA_ANALYSIS_SOURCE_H
#define PA_ANALYSIS_SOURCE_H

#include "libanalysis/base/index.h"
#include "libanalysis/base/input.h"
#include "libanalysis/base/vec.h"

typedef struct pa_source {
    pa_str recorded; /* as the profile has it, cleaned */
    pa_str path;     /* what was read; p NULL: nothing */
    pa_str why;      /* nothing was read: the reason */
    PA_VEC(pa_str) lines;
} pa_source;

typedef struct pa_sources {
    pa_arena *arena;
    const char *directories; /* where to look, apart by ':'; NULL: nowhere */
    const char *prefixes;    /* what to take off recorded paths, apart by ':' */
    bool as_recorded;        /* recorded paths may be opened */
    uint64_t max_size;
    pa_input *open;
    pa_index index;
    PA_VEC(pa_source *) files;
} pa_sources;

#define PA_SOURCE_MAX ((uint64_t)64 << 20)

/* recorded without the prefix that the options take off; what is looked for. */
pa_str pa_source_trim(const pa_sources *sources, pa_str recorded);
/* Never NULL. */
const pa_source *pa_source_find(pa_sources *sources, pa_str recorded);
/* Line number, from 1; false when the file has no such line. */
bool pa_source_line(const pa_source *source, int64_t number, pa_str *line);
void pa_sources_close(pa_sources *sources);

#endif
