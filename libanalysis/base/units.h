/* units: what a number measures, and how people read it.
 * Values are kept in base units: ns, bytes, count.  Display follows pprof: time ns us ms s hrs (no minutes), memory
 * B kB MB GB TB PB by 1024, two decimals with ".00" left out, counts without a suffix. */
#ifndef PA_BASE_UNITS_H
#define PA_BASE_UNITS_H

#include "libanalysis/base/str.h"

typedef enum pa_dimension { PA_DIM_OTHER = 0, PA_DIM_COUNT, PA_DIM_TIME, PA_DIM_BYTES } pa_dimension;

/* Unit names as profiles spell them ("nanoseconds", "ms", "MB", "kilobytes", "count", "samples" ...), without regard
 * to case and a plural s.  false: not a known unit.  One such unit is factor base units. */
bool pa_unit_parse(pa_str name, pa_dimension *dimension, int64_t *factor);
/* "ns", "bytes", "count"; "" for other. */
const char *pa_unit_base(pa_dimension dimension);

/* How to show a family of values: divide base units by divisor, append suffix. */
typedef struct pa_display {
    double divisor;     /* base units per shown unit */
    const char *suffix; /* "" for counts */
} pa_display;

/* The unit pprof's "minimum" rule picks when the smallest non-zero shown magnitude is min and the total is max. */
pa_display pa_display_pick(pa_dimension dimension, int64_t min, int64_t max);
/* The unit a single value reads best in. */
pa_display pa_display_one(pa_dimension dimension, int64_t value);
/* The named unit ("ms", "MB"); false when it does not fit the dimension. */
bool pa_display_named(pa_dimension dimension, pa_str unit, pa_display *display);

#define PA_VALUE_TEXT 48
/* "12.50ms", "3", "0" into buf; decimals is 0, or 9 when value counts 1e-9 of a base unit. */
void pa_value_text(char buf[PA_VALUE_TEXT], int64_t value, int decimals, pa_display display);
/* pprof's percentage of share (1.0 is all), always of the absolute value: "  100%", "12.34%", " 0.05%", "0.005%". */
void pa_percent_text(char buf[PA_VALUE_TEXT], double share);
/* Whole numbers with commas: "4,812". */
void pa_count_text(char buf[PA_VALUE_TEXT], int64_t value);

#endif
