/* resource: what locks, io and alloc share: options, and how the metric is found.
 * In: settings.  Out: a command's prepare and analyse, by the name of its question. */
#ifndef PA_CMD_RESOURCE_H
#define PA_CMD_RESOURCE_H

#include "cmd/cmd.h"

extern pa_resource_options pa_resource_set;
extern const pa_option_table pa_resource_rows;

/* Unless --metric says which: the metric that answers the question. */
PA_MUST_CHECK bool pa_resource_prepare(const char *question, const pa_profile *profile, pa_arena *arena,
                                       pa_err *err);

#endif
