/* merge: the profiles of workers into the builder of their input. */
#ifndef PA_MODEL_MERGE_H
#define PA_MODEL_MERGE_H

#include "libanalysis/model/builder.h"

/* Like pa_add_profile one after the other, but streams and the default metric come in the order in which they first
 * appear in the input, not in the order of the workers. */
PA_MUST_CHECK bool pa_join_profiles(pa_builder *b, const pa_profile *const *profiles, size_t n, pa_err *err);

#endif
