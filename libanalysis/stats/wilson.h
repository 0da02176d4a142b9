/* wilson: how far a share found by sampling can be trusted.
 *
 * Interval: E. B. Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22 (1927): the
 *   shares p0 for which (p - p0)^2 <= z^2 p0 (1 - p0) / n; stays inside [0, 1] and is sound for few samples.
 * Effective n: L. Kish, "Survey Sampling" (1965): samples of unequal weights w tell as much as (sum w)^2 / sum w^2
 *   samples of equal weight.
 * Pure functions of numbers. */
#ifndef PA_STATS_WILSON_H
#define PA_STATS_WILSON_H

#include <stdbool.h>

/* Two-sided 95 % of the normal distribution. */
#define PA_Z95 1.959963984540054

typedef struct pa_interval95 {
    double low, high;
} pa_interval95;

/* Interval of a share in [0, 1] found in n (effective) samples; [0, 1] when n is not positive. */
pa_interval95 pa_wilson(double share, double n, double z);

/* Kish's effective n; 0 when there is nothing. */
double pa_kish(double sum, double sum_of_squares);

/* Whether b's share is significantly below a's (two-sided 5 %).  Both are cells of one multinomial sample of n
 * (effective) samples, so given that a sample fell into one of the two, it is a fair coin if they are equal:
 * with a and b as numbers of samples, z = (a - b) / sqrt(a + b) (McNemar's test). */
bool pa_share_below(double a_share, double b_share, double n);

/* Samples for an interval of +- margin around share: z^2 share (1 - share) / margin^2 (the normal approximation). */
double pa_samples_needed(double share, double margin, double z);

#endif
