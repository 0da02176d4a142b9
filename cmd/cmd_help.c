/* panalyze help: help of all, of one command, the man page, completion scripts.
 * In: a command's name or none.  Out: text on standard output. */
#include "cmd/help.h"

static bool man;
static const char *shell;

static const pa_option rows[] = {
    PA_OPTION(.name = "man", .flag = &man, .help = "write the manual page, for man(1)"),
    PA_OPTION(.name = "completion", .value = "SHELL", .choices = "bash zsh fish", .text = &shell,
              .help = "write a completion script for this shell"),
};
static const pa_option_table help_options = PA_OPTION_TABLE("Options of help", rows);
static const pa_option_table *const tables[] = {&help_options, &pa_common_options, NULL};

static void write_help(pa_out *out, const void *command)
{
    if (man)
        pa_help_man(out);
    else if (shell)
        pa_help_completion(shell, out);
    else if (command)
        pa_help_command(command, out);
    else
        pa_help_all(out);
}

static bool run(pa_inputs *words, pa_err *err)
{
    const pa_command *command = NULL;
    if (words->n > 1 || (words->n == 1 && (man || shell)) || (man && shell))
        return pa_fail(err, PA_E_USAGE, PA_NO_OFFSET, "help takes one command, --man or --completion");
    if (words->n) {
        command = pa_command_named(pa_words_str(words->paths[0]));
        if (!command)
            return pa_fail_command(words->paths[0], err);
    }
    return pa_write_stdout(write_help, command, err);
}

const pa_command pa_command_help = {
    .name = "help",
    .synopsis = "[COMMAND]",
    .summary = "this help, the options of a command, the man page, completions",
    .description = "Without a command lists the commands, with one its options.",
    .example = "help --completion bash > ~/.local/share/bash-completion/completions/panalyze",
    .example_does = "let bash complete commands and options",
    .takes_words = true,
    .tables = tables,
    .run = run,
};
