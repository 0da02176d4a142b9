/* help_completion: completion scripts for bash, zsh and fish.
 * In: the tables.  Out: a script; it knows what this binary knows and never runs it. */
#include "cmd/help.h"

#include <string.h>

/* text inside single quotes of a shell; stop: characters that zsh wants a backslash before. */
static void quoted(pa_out *out, const char *text, const char *stop)
{
    for (; *text; text++) {
        if (*text == '\'')
            pa_out_format(out, "'\\''");
        else
            pa_out_format(out, "%s%c", *text != '\'' && strchr(stop, *text) ? "\\" : "", *text);
    }
}

static void choices_of(pa_out *out, const pa_option *option)
{
    pa_str choice;
    for (size_t i = 0; pa_option_choice(option, i, &choice); i++)
        pa_out_format(out, "%s%.*s", i ? " " : "", (int)choice.n, choice.p);
}

static bool has_choices(const pa_option *option) { return option->choices || option->choice_at; }

static void command_names(pa_out *out)
{
    for (const pa_command *const *c = pa_commands; *c; c++)
        pa_out_format(out, "%s%s", c == pa_commands ? "" : " ", (*c)->name);
}

/* ---- bash --------------------------------------------------------------------------------------------------- */

static void bash_name(const pa_command *command, const pa_option *option, pa_out *out)
{
    (void)command;
    pa_out_format(out, " --%s", option->name);
}

/* Patterns of "what stands before the word": the values an option takes. */
static void bash_value(const pa_command *command, const pa_option *option, pa_out *out)
{
    if (!option->value)
        return;
    pa_out_format(out, "    %s:--%s", command->name, option->name);
    if (option->letter)
        pa_out_format(out, " | %s:-%c", command->name, option->letter);
    const char *list = option->also;
    pa_str word;
    while (pa_next_word(&list, &word))
        pa_out_format(out, " | %s:--%.*s", command->name, (int)word.n, word.p);
    if (has_choices(option)) {
        pa_out_format(out, ") values='");
        choices_of(out, option);
        pa_out_format(out, "' ;;\n");
    } else {
        pa_out_format(out, option->takes_file ? ") files=1 ;;\n" : ") return ;;\n");
    }
}

static void bash_words(const pa_command *command, pa_out *out)
{
    pa_out_format(out, "    %s) words='", command->name);
    pa_each_option(command, bash_name, out);
    pa_out_format(out, "' ;;\n");
}

static void bash(pa_out *out)
{
    pa_out_format(out,
                  "# bash completion of panalyze %s\n"
                  "_panalyze() {\n"
                  "    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}\n"
                  "    local command=%s words='' values='' files=''\n"
                  "    COMPREPLY=()\n"
                  "    # bash takes --name=value apart at the =\n"
                  "    if [[ $cur == '=' ]]; then cur=''\n"
                  "    elif [[ $prev == '=' ]]; then prev=${COMP_WORDS[COMP_CWORD-2]}; fi\n"
                  "    case ${COMP_WORDS[1]} in\n",
                  pa_version(), pa_default_command->name);
    for (const pa_command *const *c = pa_commands; *c; c++)
        pa_out_format(out, "    %s) command=%s ;;\n", (*c)->name, (*c)->name);
    pa_out_format(out, "    esac\n    case $command:$prev in\n");
    for (const pa_command *const *c = pa_commands; *c; c++)
        pa_each_option(*c, bash_value, out);
    pa_each_option(pa_default_command, bash_value, out);
    pa_out_format(out, "    esac\n    case $command in\n");
    for (const pa_command *const *c = pa_commands; *c; c++)
        bash_words(*c, out);
    bash_words(pa_default_command, out);
    pa_out_format(
        out, "    esac\n"
             "    if [[ -n $values ]]; then mapfile -t COMPREPLY < <(compgen -W \"$values\" -- \"$cur\")\n"
             "    elif [[ -n $files ]]; then mapfile -t COMPREPLY < <(compgen -f -- \"$cur\")\n"
             "    elif [[ $cur == -* ]]; then mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$cur\")\n"
             "    elif [[ $COMP_CWORD == 1 ]]; then\n"
             "        mapfile -t COMPREPLY < <(compgen -W '");
    command_names(out);
    pa_out_format(out, "' -- \"$cur\"; compgen -f -- \"$cur\")\n"
                       "    elif [[ $command == help ]]; then mapfile -t COMPREPLY < <(compgen -W '");
    command_names(out);
    pa_out_format(out, "' -- \"$cur\")\n"
                       "    else mapfile -t COMPREPLY < <(compgen -f -- \"$cur\"); fi\n"
                       "}\n"
                       "complete -o filenames -F _panalyze panalyze\n");
}

/* ---- zsh ---------------------------------------------------------------------------------------------------- */

static void zsh_option(const pa_command *command, const pa_option *option, pa_out *out)
{
    (void)command;
    for (int dashes = 1; dashes <= 2; dashes++) {
        if (dashes == 1 && !option->letter)
            continue;
        char letter[2] = {option->letter, '\0'};
        pa_out_format(out, "      '%s%s%s[", dashes == 1 ? "-" : "--", dashes == 1 ? letter : option->name,
                      option->value ? (dashes == 1 ? "+" : "=") : "");
        quoted(out, option->help, "[]\\");
        pa_out_format(out, "]");
        if (option->value) {
            pa_out_format(out, ":");
            quoted(out, option->value, ":\\");
            pa_out_format(out, ":");
            if (has_choices(option)) {
                pa_out_format(out, "(");
                choices_of(out, option);
                pa_out_format(out, ")");
            } else if (option->takes_file) {
                pa_out_format(out, "_files");
            }
        }
        pa_out_format(out, "' \\\n");
    }
}

static void zsh_command(const pa_command *command, pa_out *out)
{
    pa_out_format(out, "  %s)\n    _arguments \\\n", command->name);
    pa_each_option(command, zsh_option, out);
    if (command->takes_words) {
        pa_out_format(out, "      '*:command:(");
        command_names(out);
        pa_out_format(out, ")' ;;\n");
    } else {
        pa_out_format(out, "      '*:file:_files' ;;\n");
    }
}

static void zsh(pa_out *out)
{
    pa_out_format(out,
                  "#compdef panalyze\n# zsh completion of panalyze %s\n"
                  "_panalyze() {\n"
                  "  local -a commands\n  commands=(\n",
                  pa_version());
    for (const pa_command *const *c = pa_commands; *c; c++) {
        pa_out_format(out, "    '%s:", (*c)->name);
        quoted(out, (*c)->summary, "\\");
        pa_out_format(out, "'\n");
    }
    pa_out_format(out,
                  "  )\n"
                  "  if (( CURRENT == 2 )) && [[ $words[2] != -* ]]; then\n"
                  "    _describe command commands\n    _files\n    return\n  fi\n"
                  "  local command=%s\n"
                  "  if (( ${commands[(I)$words[2]:*]} )); then\n"
                  "    command=$words[2]; shift words; (( CURRENT-- ))\n"
                  "  fi\n"
                  "  case $command in\n",
                  pa_default_command->name);
    for (const pa_command *const *c = pa_commands; *c; c++)
        zsh_command(*c, out);
    zsh_command(pa_default_command, out);
    pa_out_format(
        out,
        "  esac\n}\n"
        "if [[ $funcstack[1] == _panalyze ]]; then _panalyze \"$@\"; else compdef _panalyze panalyze; fi\n");
}

/* ---- fish --------------------------------------------------------------------------------------------------- */

static void fish_option(const pa_command *command, const pa_option *option, pa_out *out)
{
    pa_out_format(out, "complete -c panalyze -n '__fish_seen_subcommand_from %s' -l %s", command->name,
                  option->name);
    if (option->letter)
        pa_out_format(out, " -s %c", option->letter);
    if (option->value)
        pa_out_format(out, option->takes_file ? " -r" : " -x");
    if (has_choices(option)) {
        pa_out_format(out, " -a '");
        choices_of(out, option);
        pa_out_format(out, "'");
    }
    pa_out_format(out, " -d '");
    quoted(out, option->help, "\\");
    pa_out_format(out, "'\n");
}

static void fish(pa_out *out)
{
    pa_out_format(out, "# fish completion of panalyze %s\n", pa_version());
    for (const pa_command *const *c = pa_commands; *c; c++) {
        pa_out_format(out, "complete -c panalyze -n __fish_use_subcommand -a %s -d '", (*c)->name);
        quoted(out, (*c)->summary, "\\");
        pa_out_format(out, "'\n");
    }
    for (const pa_command *const *c = pa_commands; *c; c++) {
        pa_each_option(*c, fish_option, out);
        if ((*c)->takes_words) {
            pa_out_format(out, "complete -c panalyze -n '__fish_seen_subcommand_from %s' -f -a '",
                          (*c)->name);
            command_names(out);
            pa_out_format(out, "'\n");
        }
    }
}

void pa_help_completion(const char *shell, pa_out *out)
{
    if (strcmp(shell, "bash") == 0)
        bash(out);
    else if (strcmp(shell, "zsh") == 0)
        zsh(out);
    else
        fish(out);
}
