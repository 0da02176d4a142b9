/* main: finds the command, parses its options, runs it, turns its error into the exit status.
 * In: argv.  Out: exit status: 0 done, 2 usage or input, 4 output, memory or internal; 1 and 3 belong to gates.  A
 * command delivers its report before it reports a gate, so the first error is the one that counts (4, 2, 1, 3).
 * Must not print anything but errors; must not change the locale. */
#include "cmd/cmd.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

const pa_command *const pa_commands[] = {
#define PA_COMMAND(name) &pa_command_##name,
#include "cmd/commands.def"
#undef PA_COMMAND
    NULL,
};

const pa_command *const pa_default_command = &pa_command_summary;

const pa_command *pa_command_named(pa_str name)
{
    for (const pa_command *const *c = pa_commands; *c; c++)
        if (pa_same_name(pa_words_str((*c)->name), name))
            return *c;
    return NULL;
}

bool pa_fail_command(const char *name, pa_err *err)
{
    pa_nearest nearest = pa_nearest_to(pa_words_str(name));
    for (const pa_command *const *c = pa_commands; *c; c++)
        pa_nearest_offer(&nearest, pa_words_str((*c)->name));
    if (nearest.best.p)
        return pa_fail(err, PA_E_USAGE, PA_NO_OFFSET, "unknown command '%s': did you mean '%.*s'?", name,
                       (int)nearest.best.n, nearest.best.p);
    return pa_fail(err, PA_E_USAGE, PA_NO_OFFSET, "unknown command '%s': 'panalyze help' lists the commands",
                   name);
}

/* Without a command the words are files; a bare word that is none was meant to be a command. */
static bool check_default(const char *const *words, size_t n, pa_err *err)
{
    struct stat there;
    for (size_t i = 0; i < n; i++) {
        const char *word = words[i];
        if (strcmp(word, "-") == 0 || stat(word, &there) == 0)
            continue;
        if (pa_command_named(pa_words_str(word)))
            return pa_fail(err, PA_E_USAGE, PA_NO_OFFSET, "the command comes first: panalyze %s ...", word);
        if (i == 0 && !strpbrk(word, "./"))
            return pa_fail_command(word, err);
    }
    return true;
}

static void write_version(pa_out *out, const void *unused)
{
    (void)unused;
    pa_out_format(out, "panalyze %s\n", pa_version());
}

static void write_command_help(pa_out *out, const void *command) { pa_help_command(command, out); }

static void write_all_help(pa_out *out, const void *unused)
{
    (void)unused;
    pa_help_all(out);
}

/* The first argument of commands that look for something. */
static bool take_expression(const pa_command *command, pa_words *words, pa_err *err)
{
    if (!command->expression)
        return true;
    if (words->n == 0)
        return pa_fail(err, PA_E_USAGE, PA_NO_OFFSET, "%s needs an expression and a file: panalyze %s %s",
                       command->name, command->name, command->synopsis);
    *command->expression = words->p[0];
    *words = (pa_words){words->p + 1, words->n - 1};
    return true;
}

static bool run_command(const pa_command *command, pa_words words, pa_err *err)
{
    static pa_inputs inputs;
    if (!take_expression(command, &words, err))
        return false;
    if (words.n < command->least_inputs && command == pa_default_command)
        return pa_fail(err, PA_E_USAGE, PA_NO_OFFSET, "a file is needed ('-' is standard input): panalyze %s",
                       command->synopsis);
    if (words.n < command->least_inputs)
        return pa_fail(err, PA_E_USAGE, PA_NO_OFFSET,
                       "%s needs a file ('-' is standard input): panalyze %s %s", command->name,
                       command->name, command->synopsis);
    if (command->takes_words) {
        inputs.n = words.n;
        memcpy(inputs.paths, words.p, words.n * sizeof words.p[0]);
        return command->run(&inputs, err);
    }
    if (!pa_inputs_expand(&inputs, words, err) ||
        (!command->writes_profile && !pa_deliver_check(&inputs, err)))
        return false;
    pa_spent("start");
    bool ok = command->analyse ? pa_job_analyse(command, &inputs, err) : command->run(&inputs, err);
    if (ok && pa_set.verbose)
        pa_spent_tell();
    return ok;
}

static bool run(pa_words args, pa_err *err)
{
    static const char *words[PA_MAX_WORDS];
    size_t n_words;
    const pa_command *named =
        args.n && args.p[0][0] != '-' ? pa_command_named(pa_words_str(args.p[0])) : NULL;
    const pa_command *command = named ? named : pa_default_command;
    if (args.n == 0)
        return pa_fail(err, PA_E_USAGE, PA_NO_OFFSET,
                       "nothing to do: panalyze COMMAND FILE..., or panalyze help");
    if (named)
        args = (pa_words){args.p + 1, args.n - 1};
    if (!pa_options_parse(named ? command->name : NULL, command->tables, args, words, &n_words, err))
        return false;
    if (pa_set.version)
        return pa_write_stdout(write_version, NULL, err);
    if (pa_set.help)
        return pa_write_stdout(named ? write_command_help : write_all_help, named, err);
    if (!pa_settings_check(err) || (!named && !check_default(words, n_words, err)))
        return false;
    return run_command(command, (pa_words){words, n_words}, err);
}

/* A closed standard descriptor would be taken by the first file that is opened.  Open for the wrong direction, so that
 * reading or writing it still fails. */
static void hold_standard_descriptors(void)
{
    for (int fd = 0; fd <= 2; fd++)
        if (fcntl(fd, F_GETFD) < 0 && errno == EBADF)
            (void)!open("/dev/null", fd == 0 ? O_WRONLY : O_RDONLY);
}

int main(int argc, char **argv)
{
    pa_err err = {0};
    hold_standard_descriptors();
    signal(SIGPIPE, SIG_DFL); /* some CI runners ignore it: a closed pipe must end quietly there too */
    pa_init();
    pa_words args = {(const char *const *)argv + (argc > 0), argc > 0 ? (size_t)argc - 1 : 0};
    if (run(args, &err))
        return 0;
    if (err.code == PA_E_NONE) /* a step failed without saying why */
        pa_fail(&err, PA_E_BUG, PA_NO_OFFSET, "internal error: failed without a reason");
    pa_say_error(&err);
    if (err.code == PA_E_MEMORY && pa_set.max_memory)
        pa_say("--max-memory allows %llu bytes", (unsigned long long)pa_set.max_memory);
    return pa_err_exit_status(&err);
}
