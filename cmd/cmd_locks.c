/* panalyze locks: the functions that make others wait, or wait.
 * In: options.  Out: pa_resource's report of the view. */
#include "cmd/resource.h"

static const pa_option rows[] = {
    PA_OPTION(.name = "runtime-frames", .flag = &pa_resource_set.runtime_frames,
              .help = "do not charge what the runtime itself does in a lock to the function that called it"),
};
static const pa_option_table locks_options = PA_OPTION_TABLE("Options of locks", rows);

static const pa_option_table *const tables[] = {
    &locks_options,      &pa_resource_rows, &pa_selecting_options, &pa_naming_options, &pa_output_options,
    &pa_reading_options, &pa_pprof_options, &pa_common_options,    &pa_pprof_advice,   NULL,
};

static bool prepare(const pa_profile *profile, pa_arena *arena, pa_err *err)
{
    return pa_resource_prepare("locks", profile, arena, err);
}

static pa_report *analyse(const pa_view *view, pa_arena *arena, pa_err *err)
{
    return pa_resource(view, "locks", &pa_resource_set, arena, err);
}

const pa_command pa_command_locks = {
    .name = "locks",
    .synopsis = "[OPTIONS] FILE...",
    .summary = "lock waits: the functions that make others wait, or wait",
    .description = "Ranks functions by the time that was spent waiting for locks, with how often and how "
                   "long each time. In Go's mutex profiles that is who held the lock, in block profiles who "
                   "waited. Stacks there end in the runtime's own frames; those are skipped, and their "
                   "values charged to the function that called them.",
    .example = "locks mutex.pb.gz",
    .example_does = "which functions hold the locks that others wait for",
    .least_inputs = 1,
    .tables = tables,
    .prepare = prepare,
    .analyse = analyse,
};
