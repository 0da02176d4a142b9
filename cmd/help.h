/* help: what the three writers of help share: walking the option tables and the small facts about an option.
 * In: the command and option tables.  Out: text, a man page, completion scripts, through pa_out. */
#ifndef PA_CMD_HELP_H
#define PA_CMD_HELP_H

#include "cmd/cmd.h"

/* Whether help lists the option. */
static inline bool pa_option_listed(const pa_option *option) { return option->help && !option->advice; }

/* Call fn for every listed option of a command, in order. */
typedef void pa_option_fn(const pa_command *command, const pa_option *option, pa_out *out);
static inline void pa_each_option(const pa_command *command, pa_option_fn *fn, pa_out *out)
{
    for (const pa_option_table *const *t = command->tables; *t; t++)
        for (size_t i = 0; i < (*t)->n; i++)
            if (pa_option_listed(&(*t)->rows[i]))
                fn(command, &(*t)->rows[i], out);
}

/* The next paragraph of a text whose paragraphs are apart by empty lines; false at its end. */
bool pa_next_paragraph(const char **text, pa_str *paragraph);
/* Names of the formats that can be read (or written), as "a, b". */
void pa_list_formats(pa_out *out, bool written);

/* One answer of each exit status: the man page and help of "help" print them. */
typedef struct pa_exit_meaning {
    int status;
    const char *means;
} pa_exit_meaning;
extern const pa_exit_meaning pa_exit_meanings[];
extern const size_t pa_n_exit_meanings;

#endif
