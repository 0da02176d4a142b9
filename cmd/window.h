/* window: the grammar of --time FROM..TO.
 *   10s..25s  from the start of the recording     -30s..  the last 30 seconds      ..1m  the first minute
 *   10%..20%  shares of its length                @5s..   by the recording's own clock
 * Units: ns us ms s m h; a number without one counts seconds.  In: text.  Out: two moments.  Allocates nothing. */
#ifndef PA_CMD_WINDOW_H
#define PA_CMD_WINDOW_H

#include "libanalysis/panalyze.h"

typedef enum pa_moment_kind {
    PA_MOMENT_OPEN = 0,   /* nothing before or behind ".." */
    PA_MOMENT_FROM_START, /* ns */
    PA_MOMENT_FROM_END,   /* ns before the end */
    PA_MOMENT_SHARE,      /* share of the length */
    PA_MOMENT_CLOCK       /* ns */
} pa_moment_kind;

typedef struct pa_moment {
    pa_moment_kind kind;
    int64_t ns;
    double share;
} pa_moment;

typedef struct pa_window {
    pa_moment from, to;
} pa_window;

PA_MUST_CHECK bool pa_window_parse(const char *text, pa_window *window, pa_err *err);

#endif
