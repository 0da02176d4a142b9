/* job: the way every command on profiles goes: read, view, analyse, deliver.
 * In: inputs and settings.  Out: a delivered report or an error.
 * Memory: arenas and profiles on one budget (--max-memory), freed before returning. */
#include "cmd/cmd.h"

static pa_budget budget;

pa_budget *pa_job_budget(void)
{
    budget.max_bytes = pa_set.max_memory > SIZE_MAX ? SIZE_MAX : (size_t)pa_set.max_memory;
    return &budget;
}

pa_arena *pa_job_arena(pa_err *err)
{
    pa_arena *arena = pa_arena_new(pa_job_budget());
    if (!arena)
        pa_fail(err, PA_E_MEMORY, PA_NO_OFFSET, "out of memory");
    return arena;
}

/* Labelling rows with their file costs rows; only these can tell the difference. */
static bool wants_origin(void)
{
    const pa_view_options *v = &pa_set.view;
    return v->by == PA_BY_ORIGIN || v->by == PA_BY_LABEL || v->tagfocus || v->tagignore || v->tagroot ||
           v->tagleaf;
}

pa_profile *pa_job_read(const char *const *paths, size_t n, pa_err *err)
{
    pa_read_options options = pa_set.read;
    options.budget = pa_job_budget();
    options.progress = pa_progress;
    options.label_origin = n > 1 && !pa_set.for_writing && wants_origin();
    options.want_addresses = pa_set.for_writing || pa_set.view.by == PA_BY_ADDRESS;
    options.want_timeline = pa_set.for_writing;
    pa_progress_start();
    pa_profile *profile = pa_read(paths, n, &options, err);
    pa_progress_end();
    if (profile && pa_set.has_window) { /* no format of this version has one */
        pa_fail(err, PA_E_USAGE, PA_NO_OFFSET,
                "option '--time' cannot be used: '%s': profile has no time axis", paths[0]);
        pa_profile_free(profile);
        profile = NULL;
    }
    return profile;
}

bool pa_is_stranger(const pa_err *err)
{
    return err->code == PA_E_UNRECOGNISED || err->code == PA_E_UNSUPPORTED;
}

/* Which inputs are no profiles; only asked when reading them together failed for that reason. */
static bool leave_out_strangers(pa_inputs *inputs, pa_err *err)
{
    static bool no_profile[PA_MAX_WORDS];
    bool any = false;
    for (size_t i = 0; i < inputs->n; i++) {
        if (!inputs->directories[i])
            continue;
        pa_err why = {0};
        pa_profile_free(pa_job_read(&inputs->paths[i], 1, &why));
        no_profile[i] = pa_is_stranger(&why);
        any = any || no_profile[i];
    }
    if (!any)
        return false; /* a file that was given by its name: err says so already */
    *err = (pa_err){0};
    return pa_inputs_leave_out(inputs, no_profile, err);
}

pa_profile *pa_job_read_merged(pa_inputs *inputs, pa_err *err)
{
    pa_profile *profile = pa_job_read(inputs->paths, inputs->n, err);
    if (profile || !pa_is_stranger(err) || !pa_inputs_have_directories(inputs))
        return profile;
    return leave_out_strangers(inputs, err) ? pa_job_read(inputs->paths, inputs->n, err) : NULL;
}

bool pa_job_analyse(const pa_command *command, pa_inputs *inputs, pa_err *err)
{
    pa_arena *arena = pa_job_arena(err);
    if (!arena)
        return false;
    pa_profile *profile = pa_job_read_merged(inputs, err);
    pa_spent("read");
    bool ready = profile && (!command->prepare || command->prepare(profile, arena, err));
    pa_view *view = ready ? pa_view_new(profile, &pa_set.view, arena, err) : NULL;
    pa_report *report = view ? command->analyse(view, arena, err) : NULL;
    pa_spent("analysed");
    bool ok = report && pa_deliver(report, err);
    pa_arena_free(arena); /* views borrow the profile */
    pa_profile_free(profile);
    return ok;
}
