/* panalyze alloc: the functions that memory is allocated by.
 * In: options.  Out: pa_resource's report of the view. */
#include "cmd/resource.h"

static const pa_option_table *const tables[] = {
    &pa_resource_rows,  &pa_selecting_options, &pa_naming_options,
    &pa_output_options, &pa_reading_options,   &pa_pprof_options,
    &pa_common_options, &pa_pprof_advice,      NULL,
};

static bool prepare(const pa_profile *profile, pa_arena *arena, pa_err *err)
{
    return pa_resource_prepare("alloc", profile, arena, err);
}

static pa_report *analyse(const pa_view *view, pa_arena *arena, pa_err *err)
{
    return pa_resource(view, "alloc", &pa_resource_set, arena, err);
}

const pa_command pa_command_alloc = {
    .name = "alloc",
    .synopsis = "[OPTIONS] FILE...",
    .summary = "allocations: the functions that memory is allocated by",
    .description = "Ranks functions by the bytes they allocated, with how many objects and of what size. If "
                   "the profile does not have what was allocated in all, by what is in use.",
    .example = "alloc heap.pb.gz",
    .example_does = "which functions allocate most",
    .least_inputs = 1,
    .tables = tables,
    .prepare = prepare,
    .analyse = analyse,
};
