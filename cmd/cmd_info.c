/* panalyze info: what each file is.
 * In: inputs, each read for itself.  Out: pa_info's report.  Profiles are freed before returning. */
#include "cmd/cmd.h"

static const pa_option_table *const tables[] = {&pa_output_options, &pa_reading_options, &pa_common_options,
                                                NULL};

static pa_profile *profiles[PA_MAX_WORDS];

/* A file of a directory that is no profile is left out; one that was named is an error. */
static bool read_each(pa_inputs *inputs, pa_err *err)
{
    static bool no_profile[PA_MAX_WORDS];
    for (size_t i = 0; i < inputs->n; i++) {
        profiles[i] = pa_job_read(&inputs->paths[i], 1, err);
        if (profiles[i])
            continue;
        if (!pa_is_stranger(err) || !inputs->directories[i])
            return false;
        *err = (pa_err){0};
        no_profile[i] = true;
    }
    size_t n = inputs->n, kept = 0;
    if (!pa_inputs_leave_out(inputs, no_profile, err))
        return false;
    for (size_t i = 0; i < n; i++) {
        pa_profile *profile = profiles[i];
        profiles[i] = NULL;
        if (profile)
            profiles[kept++] = profile;
    }
    return true;
}

static bool run(pa_inputs *inputs, pa_err *err)
{
    size_t n = inputs->n;
    pa_arena *arena = pa_job_arena(err);
    bool ok = arena && read_each(inputs, err);
    const pa_profile *const *all = (const pa_profile *const *)profiles;
    pa_spent("read");
    pa_report *report = ok ? pa_info(all, inputs->n, arena, err) : NULL;
    pa_spent("analysed");
    ok = report && pa_deliver(report, err);
    pa_arena_free(arena);
    for (size_t i = 0; i < n; i++)
        pa_profile_free(profiles[i]);
    return ok;
}

const pa_command pa_command_info = {
    .name = "info",
    .synopsis = "[OPTIONS] FILE...",
    .summary = "what is this: format, producer, metrics, labels, what is damaged or missing",
    .description =
        "Describes each file by itself: what wrote it, which values it holds and their totals, how long it "
        "was recorded, which labels its samples carry, and what is damaged or missing.",
    .example = "info heap.pb.gz",
    .example_does = "which metrics the file has",
    .least_inputs = 1,
    .tables = tables,
    .run = run,
};
