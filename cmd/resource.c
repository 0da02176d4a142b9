/* resource.c: see resource.h. */
#include "cmd/resource.h"

pa_resource_options pa_resource_set;

static const pa_option rows[] = {
    PA_OPTION(.name = "cum", .flag = &pa_resource_set.top.cum,
              .help = "rank by the value of a function with all it calls, not by its own"),
    PA_OPTION(.name = "flat", .same_as = "cum=false",
              .help = "rank by a function's own value, as when nothing is said"),
    PA_OPTION(.name = "threshold", .value = "SHARE", .share = &pa_resource_set.top.threshold,
              .given = &pa_resource_set.top.has_threshold,
              .help =
                  "rows above the rule have more than this share; 5% if not given, 0 lists every function"),
    PA_OPTION(.name = "nodecount", .letter = 'n', .value = "N", .count = &pa_resource_set.top.node_count,
              .help = "no more rows than this"),
    PA_OPTION(.name = "nodefraction", .value = "SHARE", .share = &pa_resource_set.top.node_fraction,
              .given = &pa_resource_set.top.has_node_fraction,
              .help = "no rows whose cum is a smaller share than this; 0 if not given"),
    PA_OPTION(.name = "unit", .value = "UNIT", .text = &pa_resource_set.top.unit,
              .help = "show values in this unit (ns, us, ms, s, B, kB, MB ...); chosen by size if not given"),
};
const pa_option_table pa_resource_rows = PA_OPTION_TABLE("Ranking", rows);

bool pa_resource_prepare(const char *question, const pa_profile *profile, pa_arena *arena, pa_err *err)
{
    if (pa_set.view.metric && pa_set.view.metric[0])
        return true; /* pa_resource says if it is another question's */
    pa_set.view.metric = pa_resource_metric(profile, question, arena, err);
    return pa_set.view.metric != NULL;
}
