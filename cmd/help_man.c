/* help_man: the manual page, in the man(7) language.
 * In: the tables.  Out: roff.  Every text is escaped: a hyphen is \-, a backslash \e, no line begins with a dot. */
#include "cmd/help.h"

#include <string.h>

#define PAGE_DATE "2026-11-20"
#define LINE      60

static void escaped(pa_out *out, pa_str text)
{
    if (text.n && (text.p[0] == '.' || text.p[0] == '\''))
        pa_out_format(out, "\\&");
    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i];
        if (c == '-')
            pa_out_format(out, "\\-");
        else if (c == '\\')
            pa_out_format(out, "\\e");
        else if (c == '"')
            pa_out_format(out, "\\(dq");
        else if (c == '\'')
            pa_out_format(out, "\\(aq");
        else if (c == '~')
            pa_out_format(out, "\\(ti");
        else if (c == '^')
            pa_out_format(out, "\\(ha");
        else
            pa_out_bytes(out, &c, 1);
    }
}

static void escaped_text(pa_out *out, const char *text) { escaped(out, pa_words_str(text)); }

/* Length of the first line of text: a sentence a line, as roff wants it, and none much longer than LINE. */
static size_t line_of(pa_str text)
{
    size_t n = 0;
    for (; n < text.n; n++) {
        bool sentence = n > 3 && text.p[n - 1] == '.' && text.p[n - 2] != '.';
        if (text.p[n] == ' ' && (sentence || n >= LINE))
            break;
    }
    return n;
}

static void sentences(pa_out *out, pa_str text)
{
    while (text.n) {
        size_t n = line_of(text);
        escaped(out, (pa_str){text.p, n});
        pa_out_format(out, "\n");
        while (n < text.n && text.p[n] == ' ')
            n++;
        text = (pa_str){text.p + n, text.n - n};
    }
}

static void write_choices(pa_out *out, const pa_option *option)
{
    pa_str choice;
    if (option->parse || !pa_option_choice(option, 0, &choice))
        return;
    pa_out_format(out, "(");
    for (size_t i = 0; pa_option_choice(option, i, &choice); i++) {
        pa_out_format(out, i ? ", " : "");
        escaped(out, choice);
    }
    pa_out_format(out, ")\n");
}

static void write_option(const pa_command *command, const pa_option *option, pa_out *out)
{
    (void)command;
    pa_out_format(out, ".TP\n");
    if (option->letter)
        pa_out_format(out, "\\fB\\-%c\\fR, ", option->letter);
    pa_out_format(out, "\\fB\\-\\-");
    escaped_text(out, option->name);
    pa_out_format(out, "\\fR");
    if (option->value) {
        pa_out_format(out, " \\fI");
        escaped_text(out, option->value);
        pa_out_format(out, "\\fR");
    }
    pa_out_format(out, "\n");
    sentences(out, pa_words_str(option->help));
    write_choices(out, option);
    const char *list = option->also;
    pa_str word;
    while (pa_next_word(&list, &word)) {
        pa_out_format(out, "Also \\fB\\-\\-");
        escaped(out, word);
        pa_out_format(out, "\\fR.\n");
    }
}

static void write_table(pa_out *out, const pa_option_table *table)
{
    pa_out_format(out, ".SS ");
    escaped_text(out, table->title);
    pa_out_format(out, "\n");
    for (size_t i = 0; i < table->n; i++)
        if (pa_option_listed(&table->rows[i]))
            write_option(NULL, &table->rows[i], out);
}

/* A table that several commands share is printed once: by the first of them. */
static bool printed_before(const pa_command *const *at, const pa_option_table *table)
{
    for (const pa_command *const *c = pa_commands; c != at; c++)
        for (const pa_option_table *const *t = (*c)->tables; *t; t++)
            if (*t == table)
                return true;
    return false;
}

static void write_commands(pa_out *out)
{
    pa_out_format(out, ".SH COMMANDS\n");
    for (const pa_command *const *c = pa_commands; *c; c++) {
        pa_out_format(out, ".SS panalyze %s ", (*c)->name);
        escaped_text(out, (*c)->synopsis);
        pa_out_format(out, "\n");
        const char *text = (*c)->description;
        pa_str paragraph;
        for (bool first = true; pa_next_paragraph(&text, &paragraph); first = false) {
            if (!first)
                pa_out_format(out, ".PP\n");
            sentences(out, paragraph);
        }
        pa_out_format(out, ".PP\nOption groups:\n");
        for (const pa_option_table *const *t = (*c)->tables; *t; t++) {
            if (!(*t)->title)
                continue;
            pa_out_format(out, "%s", t == (*c)->tables ? "" : ",\n");
            escaped_text(out, (*t)->title);
        }
        pa_out_format(out, ".\n");
    }
}

static void write_options(pa_out *out)
{
    pa_out_format(out, ".SH OPTIONS\n"
                       "Options may stand before or after files, with one dash or two, as\n"
                       "\\fB\\-\\-name\\fR \\fIVALUE\\fR or \\fB\\-\\-name=\\fIVALUE\\fR.\n"
                       "Those without a value take =true or =false.\n"
                       "An underscore in a name is taken for a hyphen.\n"
                       "\\fB\\-\\-\\fR ends the options.\n"
                       "Expressions (\\fIRE\\fR) are in the syntax of PCRE2 and match anywhere.\n");
    for (const pa_command *const *c = pa_commands; *c; c++)
        for (const pa_option_table *const *t = (*c)->tables; *t; t++)
            if ((*t)->title && !printed_before(c, *t))
                write_table(out, *t);
}

void pa_help_man(pa_out *out)
{
    pa_out_format(out, ".TH PANALYZE 1 " PAGE_DATE " \"panalyze %s\" \"User Commands\"\n", pa_version());
    pa_out_format(out,
                  ".SH NAME\npanalyze \\- says where the time and the memory of a recorded program went\n"
                  ".SH SYNOPSIS\n"
                  ".B panalyze\n.I COMMAND\n.RI [ OPTIONS ]\n.I FILE\\fR...\n.br\n"
                  ".B panalyze\n.I FILE\\fR...\n"
                  ".SH DESCRIPTION\n"
                  ".B panalyze\nreads profiles that other programs recorded and reports on them.\n"
                  "Without a command:\n%s.\n"
                  "It takes \\fB\\-n\\fR \\fIN\\fR, \\fB\\-\\-unit\\fR \\fIUNIT\\fR,\n"
                  "and the option groups of \\fBpanalyze top\\fR but its own.\n.PP\n"
                  "A \\fIFILE\\fR may be compressed by gzip or zstd;\n"
                  "\\(aq\\-\\(aq is standard input; a directory stands for the profiles in it.\n"
                  "What a file is, is seen from its content.\n"
                  "Formats read: ",
                  pa_default_command->summary);
    pa_list_formats(out, false);
    pa_out_format(out, ".\n");
    write_commands(out);
    write_options(out);
    pa_out_format(out, ".SH EXIT STATUS\n");
    for (size_t i = 0; i < pa_n_exit_meanings; i++) {
        pa_out_format(out, ".TP\n%d\n", pa_exit_meanings[i].status);
        escaped_text(out, pa_exit_meanings[i].means);
        pa_out_format(out, "\n");
    }
    pa_out_format(
        out, ".PP\nA closed pipe ends panalyze by SIGPIPE, without a message.\n"
             ".SH ENVIRONMENT\n"
             ".TP\n.B NO_COLOR\nIf set to anything, text is not coloured unless \\fB\\-\\-color always\\fR.\n"
             ".TP\n.B COLUMNS\nColumns of the terminal, if it should not be asked.\n"
             ".SH EXAMPLES\n");
    for (const pa_command *const *c = pa_commands; *c; c++) {
        pa_out_format(out, ".TP\n");
        pa_out_format(out, "panalyze \\\n");
        sentences(out, pa_words_str((*c)->example));
        sentences(out, pa_words_str((*c)->example_does));
    }
}
