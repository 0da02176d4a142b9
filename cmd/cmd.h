/* cmd: what a command is, and what every command shares: the settings its options fill, its inputs, its output.
 * A command is one file that defines pa_command_<name> and one row of commands.def.
 * In: words of the command line.  Out: a rendered report, or an error that main turns into the exit status.
 * Nothing here calls malloc: settings and inputs are static, everything else lives in the library's arenas. */
#ifndef PA_CMD_CMD_H
#define PA_CMD_CMD_H

#include "cmd/inputs.h"
#include "cmd/options.h"
#include "cmd/window.h"

typedef struct pa_command {
    const char *name;
    const char *synopsis;    /* behind the name: "[OPTIONS] FILE..." */
    const char *summary;     /* one line, no full stop */
    const char *description; /* paragraphs, apart by an empty line */
    const char *example;     /* what to type, without "panalyze" */
    const char *example_does;
    bool takes_words;    /* its arguments are no files, and it writes no report */
    bool writes_profile; /* no report: what -o means is its own affair */
    size_t least_inputs;
    const char **expression; /* takes the first argument, RE of the synopsis; NULL: all arguments are files */
    const pa_option_table *const *tables; /* ended by NULL */
    /* Before the view is made: settings that depend on the profile; arena lives as long as the view.  May be NULL. */
    bool (*prepare)(const pa_profile *profile, pa_arena *arena, pa_err *err);
    /* One of the two.  analyse is for commands that look at one profile: all inputs, merged. */
    pa_report *(*analyse)(const pa_view *view, pa_arena *arena, pa_err *err);
    bool (*run)(pa_inputs *inputs, pa_err *err);
} pa_command;

#define PA_COMMAND(name) extern const pa_command pa_command_##name;
#include "cmd/commands.def"
#undef PA_COMMAND

extern const pa_command *const pa_commands[]; /* ended by NULL */
const pa_command *pa_command_named(pa_str name);
/* Fails with "unknown command" and the nearest name. */
bool pa_fail_command(const char *name, pa_err *err);
/* What `panalyze FILE...` does; it has no name to be called by. */
extern const pa_command *const pa_default_command;
extern const pa_command pa_command_summary;

typedef enum pa_color { PA_COLOR_AUTO = 0, PA_COLOR_ALWAYS, PA_COLOR_NEVER } pa_color;

/* What the shared options say. */
typedef struct pa_settings {
    bool help, version;
    pa_read_options read;
    uint64_t max_memory;
    pa_window window;
    bool has_window;
    pa_view_options view; /* by, names and compat are the ints below */
    int by, names, compat;
    const char *format, *output;
    pa_render_options render;
    int color;
    bool quiet, verbose, no_progress;
    bool for_writing; /* set by commands that write profiles: read all there is, and label nothing */
} pa_settings;
extern pa_settings pa_set;

/* Shared option tables (options_profile.c, options_pprof.c), in the order help shows them. */
extern const pa_option_table pa_reading_options, pa_selecting_options, pa_naming_options, pa_output_options,
    pa_common_options, pa_pprof_options, pa_pprof_advice;

/* Combinations of shared options that make no sense together. */
PA_MUST_CHECK bool pa_settings_check(pa_err *err);

/* ---- the steps of a command (job.c) --------------------------------------------------------------------------- */

/* The budget of --max-memory, for every arena. */
pa_budget *pa_job_budget(void);
PA_MUST_CHECK pa_arena *pa_job_arena(pa_err *err);
/* Whether an input is no profile that can be read at all; in a directory such a file is left out and counted. */
bool pa_is_stranger(const pa_err *err);
/* Read n paths into one profile, with progress. */
PA_MUST_CHECK pa_profile *pa_job_read(const char *const *paths, size_t n, pa_err *err);
/* Read all inputs into one profile; strangers in directories are left out, and inputs with them. */
PA_MUST_CHECK pa_profile *pa_job_read_merged(pa_inputs *inputs, pa_err *err);
/* The whole way of a command with analyse: read, view, analyse, deliver. */
PA_MUST_CHECK bool pa_job_analyse(const pa_command *command, pa_inputs *inputs, pa_err *err);

/* ---- writing (deliver.c) -------------------------------------------------------------------------------------- */

/* Choose the renderer by --format and -o, before anything is read. */
PA_MUST_CHECK bool pa_deliver_check(const pa_inputs *inputs, pa_err *err);
PA_MUST_CHECK bool pa_deliver(const pa_report *report, pa_err *err);
/* Whatever write puts out, to that file or (NULL) to standard output; no half file under the final name. */
typedef bool pa_writer(pa_out *out, const void *arg, pa_err *err);
PA_MUST_CHECK bool pa_deliver_to(const char *path, pa_writer *write, const void *arg, pa_err *err);
/* Name of renderer i, NULL past the last: the choices of --format. */
const char *pa_renderer_name(size_t i);

/* ---- on standard error (notes.c) ------------------------------------------------------------------------------ */

/* One line after "panalyze: ", with nothing in it that could steer a terminal.  Not under -q. */
void pa_say(const char *format, ...) PA_PRINTF(1, 2);
void pa_say_error(const pa_err *err);
/* For pa_read_options.progress: a bar, on a terminal and for work over a second. */
void pa_progress(void *arg, uint64_t done, uint64_t total);
void pa_progress_start(void);
void pa_progress_end(void);
/* For -v: the time since the last call went into this step; the first call only starts the clock. */
void pa_spent(const char *step);
void pa_spent_tell(void);

/* ---- help (help_text.c, help_man.c, help_completion.c) -------------------------------------------------------- */

void pa_help_all(pa_out *out);
void pa_help_command(const pa_command *command, pa_out *out);
void pa_help_man(pa_out *out);
/* shell is "bash", "zsh" or "fish". */
void pa_help_completion(const char *shell, pa_out *out);
PA_MUST_CHECK bool pa_write_stdout(void (*write)(pa_out *out, const void *arg), const void *arg, pa_err *err);

#endif
