/* scale: the values of a whole profile times a ratio, so that inputs of different length can count the same. */
#ifndef PA_MODEL_SCALE_H
#define PA_MODEL_SCALE_H

#include "libanalysis/model/profile.h"

/* What the total of a metric is to become. */
typedef struct pa_weight {
    bool known;    /* false: no profile with a total has been seen yet */
    int64_t total; /* sum of |value|, in 1e-9 base units if decimals is 9 */
    int decimals;
    pa_str name; /* of the metric */
    pa_dimension dimension;
} pa_weight;

/* Of the default metric of p; name points into p.  known is false when the total is 0.  false: PA_E_OVERFLOW. */
PA_MUST_CHECK bool pa_weight_of(const pa_profile *p, pa_weight *weight, pa_err *err);

/* Scale every value of p, which the caller alone must own, so that its own weight becomes wanted's; if that is not known
 * yet, p stays as it is.  What is rounded is noted in p, and so is a p that cannot be scaled: one without a total, or with
 * another default metric.
 * false: PA_E_OVERFLOW. */
PA_MUST_CHECK bool pa_scale_profile(pa_profile *p, const pa_weight *wanted, pa_err *err);

#endif
