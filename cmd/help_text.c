/* help_text: help for a terminal, 80 columns wide.
 * In: the tables.  Out: lines of text. */
#include "cmd/help.h"

#include <string.h>

#define WIDTH       79
#define HELP_COLUMN 30

const pa_exit_meaning pa_exit_meanings[] = {
    {0, "done"},
    {1, "a gate failed (no command of this version has one)"},
    {2, "wrong usage, or an input that cannot be read or understood"},
    {3, "a gate could not decide (no command of this version has one)"},
    {4, "output could not be written, out of memory, or an internal error"},
};
const size_t pa_n_exit_meanings = sizeof pa_exit_meanings / sizeof pa_exit_meanings[0];

bool pa_next_paragraph(const char **text, pa_str *paragraph)
{
    if (!*text || !**text)
        return false;
    const char *end = strstr(*text, "\n\n");
    *paragraph = (pa_str){*text, end ? (size_t)(end - *text) : strlen(*text)};
    *text += paragraph->n + (end ? 2 : 0);
    return true;
}

void pa_list_formats(pa_out *out, bool written)
{
    pa_format_info info;
    const char *comma = "";
    for (size_t i = 0; pa_format_at(i, &info); i++)
        if (written ? info.writes : info.reads) {
            pa_out_format(out, "%s%s", comma, info.name);
            comma = ", ";
        }
}

/* Words of text from column at, further lines indented. */
static void wrap(pa_out *out, pa_str text, size_t at, size_t indent)
{
    bool first = true;
    while (text.n) {
        size_t n = 0;
        while (n < text.n && text.p[n] != ' ')
            n++;
        if (!first && at + 1 + n > WIDTH) {
            pa_out_format(out, "\n%*s", (int)indent, "");
            at = indent;
            first = true;
        }
        pa_out_format(out, "%s%.*s", first ? "" : " ", (int)n, text.p);
        at += n + !first;
        first = false;
        while (n < text.n && text.p[n] == ' ')
            n++;
        text = (pa_str){text.p + n, text.n - n};
    }
    pa_out_format(out, "\n");
}

static void write_option(pa_out *out, const pa_option *option)
{
    char letter[8] = "    ";
    if (option->letter)
        memcpy(letter, (char[]){'-', option->letter, ',', ' ', '\0'}, 5);
    size_t n = 8 + strlen(option->name) + (option->value ? 1 + strlen(option->value) : 0);
    pa_out_format(out, "  %s--%s%s%s", letter, option->name, option->value ? " " : "",
                  option->value ? option->value : "");
    if (n + 2 > HELP_COLUMN)
        pa_out_format(out, "\n%*s", HELP_COLUMN, "");
    else
        pa_out_format(out, "%*s", (int)(HELP_COLUMN - n), "");
    wrap(out, pa_words_str(option->help), HELP_COLUMN, HELP_COLUMN);
    if (option->also) {
        pa_out_format(out, "%*s(also", HELP_COLUMN, "");
        const char *list = option->also;
        pa_str word;
        while (pa_next_word(&list, &word))
            pa_out_format(out, " --%.*s", (int)word.n, word.p);
        pa_out_format(out, ")\n");
    }
    if (option->choice_at || (option->choices && !option->parse)) {
        pa_str choice;
        pa_out_format(out, "%*s(", HELP_COLUMN, "");
        for (size_t i = 0; pa_option_choice(option, i, &choice); i++)
            pa_out_format(out, "%s%.*s", i ? " " : "", (int)choice.n, choice.p);
        pa_out_format(out, ")\n");
    }
}

void pa_help_command(const pa_command *command, pa_out *out)
{
    pa_out_format(out, "panalyze %s: ", command->name);
    wrap(out, pa_words_str(command->summary), 11 + strlen(command->name), 2);
    pa_out_format(out, "\nusage: panalyze %s %s\n", command->name, command->synopsis);
    const char *text = command->description;
    pa_str paragraph;
    while (pa_next_paragraph(&text, &paragraph)) {
        pa_out_format(out, "\n");
        wrap(out, paragraph, 0, 0);
    }
    pa_out_format(out, "\nexample: panalyze %s\n  ", command->example);
    wrap(out, pa_words_str(command->example_does), 2, 2);
    for (const pa_option_table *const *t = command->tables; *t; t++) {
        if (!(*t)->title)
            continue;
        pa_out_format(out, "\n%s:\n", (*t)->title);
        for (size_t i = 0; i < (*t)->n; i++)
            if (pa_option_listed(&(*t)->rows[i]))
                write_option(out, &(*t)->rows[i]);
    }
    pa_out_format(out, "\nOptions may stand before or after files, with one dash or two, as --name VALUE or\n"
                       "--name=VALUE; those without a value take =true or =false; '--' ends them.\n");
}

void pa_help_all(pa_out *out)
{
    pa_out_format(out, "panalyze %s: says where the time and the memory of a recorded program went\n\n",
                  pa_version());
    pa_out_format(out, "usage: panalyze COMMAND [OPTIONS] FILE...\n"
                       "       panalyze FILE...\n"
                       "\nWithout a command: ");
    wrap(out, pa_words_str(pa_default_command->summary), 19, 2);
    pa_out_format(out, "  Options are -n N, --unit UNIT, and what 'panalyze help top' lists below its own.\n"
                       "\ncommands:\n");
    for (const pa_command *const *c = pa_commands; *c; c++) {
        pa_out_format(out, "  %-10s ", (*c)->name);
        wrap(out, pa_words_str((*c)->summary), 13, 13);
    }
    pa_out_format(out,
                  "\nA FILE may be gzip- or zstd-compressed; '-' is standard input; a directory stands for\n"
                  "the profiles in it.  What a file is, is seen from its content.  Formats read: ");
    pa_list_formats(out, false);
    pa_out_format(out, "\n\nexit status:\n");
    for (size_t i = 0; i < pa_n_exit_meanings; i++)
        pa_out_format(out, "  %d  %s\n", pa_exit_meanings[i].status, pa_exit_meanings[i].means);
    pa_out_format(out, "\n'panalyze help COMMAND' shows the options of a command.\n");
}
