/* panalyze io: the functions that time or bytes of I/O go to.
 * In: options.  Out: pa_resource's report of the view. */
#include "cmd/resource.h"

static const pa_option_table *const tables[] = {
    &pa_resource_rows,  &pa_selecting_options, &pa_naming_options,
    &pa_output_options, &pa_reading_options,   &pa_pprof_options,
    &pa_common_options, &pa_pprof_advice,      NULL,
};

static bool prepare(const pa_profile *profile, pa_arena *arena, pa_err *err)
{
    return pa_resource_prepare("io", profile, arena, err);
}

static pa_report *analyse(const pa_view *view, pa_arena *arena, pa_err *err)
{
    return pa_resource(view, "io", &pa_resource_set, arena, err);
}

const pa_command pa_command_io = {
    .name = "io",
    .synopsis = "[OPTIONS] FILE...",
    .summary = "reading and writing: the functions that time or bytes of I/O go to",
    .description = "Ranks functions by the time, or else the bytes, of reading and writing. Needs a "
                   "recording that has such a metric, and says which have if this one has not.",
    .example = "io --metric socket-read-time profile.pb.gz",
    .example_does = "which functions wait for the network",
    .least_inputs = 1,
    .tables = tables,
    .prepare = prepare,
    .analyse = analyse,
};
