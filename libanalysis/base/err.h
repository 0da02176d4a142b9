/* err: positioned errors (see panalyze.h) and counted diagnostics.
 * Messages: lower case, no full stop, what failed, 'subject' in quotes. */
#ifndef PA_BASE_ERR_H
#define PA_BASE_ERR_H

#include "libanalysis/base/vec.h"

bool pa_vfail(pa_err *err, pa_err_code code, uint64_t offset, const char *format, va_list args);

/* Something left out or repaired: what, how often, where first. */
typedef struct pa_diag {
    const char *kind; /* a short phrase, a literal: "unknown mapping id" */
    uint64_t count;
    uint64_t first; /* offset in the input, PA_NO_OFFSET without one */
    uint32_t input; /* which input, from 0 */
} pa_diag;
typedef PA_VEC(pa_diag) pa_diags;

/* Count one more (n more) of kind; kept in order of first appearance. */
void pa_diag_add(pa_arena *arena, pa_diags *diags, const char *kind, uint64_t n, uint64_t first,
                 uint32_t input);

#endif
