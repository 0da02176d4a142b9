/* wilson.c: see wilson.h.  Numbers in, numbers out. */
#include "libanalysis/stats/wilson.h"

#include <math.h>

pa_interval95 pa_wilson(double share, double n, double z)
{
    if (!(n > 0))
        return (pa_interval95){0, 1};
    double p = fmin(fmax(share, 0), 1), zz = z * z;
    double middle = (p + zz / (2 * n)) / (1 + zz / n);
    double half = z / (1 + zz / n) * sqrt(p * (1 - p) / n + zz / (4 * n * n));
    /* at the ends the formula gives exactly 0 and 1, but for rounding */
    return (pa_interval95){p <= 0 ? 0 : fmax(middle - half, 0), p >= 1 ? 1 : fmin(middle + half, 1)};
}

double pa_kish(double sum, double sum_of_squares)
{
    return sum_of_squares > 0 ? sum * sum / sum_of_squares : 0;
}

bool pa_share_below(double a_share, double b_share, double n)
{
    double a = a_share * n, b = b_share * n;
    return a > b && a - b > PA_Z95 * sqrt(a + b);
}

double pa_samples_needed(double share, double margin, double z)
{
    return margin > 0 ? z * z * share * (1 - share) / (margin * margin) : INFINITY;
}
