/* deflate: the other direction of inflate.c.  In: a whole buffer.  Out: one gzip member, the same bytes for the same
 * input (no time, no name in it). */
#ifndef PA_BASE_DEFLATE_H
#define PA_BASE_DEFLATE_H

#include "libanalysis/base/str.h"

/* in as a gzip member in arena.  false: the compressor found no memory; the arena itself leaves through the guard. */
PA_MUST_CHECK bool pa_gzip(pa_arena *arena, pa_str in, pa_str *out);

#endif
