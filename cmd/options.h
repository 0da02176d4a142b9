/* options: one table of rows says what a command line may hold; parsing, help, man page and completions read it.
 * In: argv and the tables of a command.  Out: values stored through the rows' pointers, and the words that are no
 * options.  Memory: none; texts point into argv.  A row says with exactly one of its targets what happens. */
#ifndef PA_CMD_OPTIONS_H
#define PA_CMD_OPTIONS_H

#include "libanalysis/panalyze.h"

/* Arguments that stand next to one another in argv. */
typedef struct pa_words {
    const char *const *p;
    size_t n;
} pa_words;

typedef struct pa_option {
    const char *name; /* long, words apart by "-" ("_" is taken for it) */
    const char *also; /* other names, space separated */
    char letter;
    const char *value;                  /* what it takes, for help; NULL: only =true or =false */
    const char *help;                   /* NULL: not listed */
    const char *choices;                /* space separated */
    const char *(*choice_at)(size_t i); /* choices that only the library knows */
    bool takes_file;                    /* completions offer file names */
    bool *given;                        /* set when the option was there; may be NULL */
    /* targets */
    bool *flag;
    int *choice;       /* index into choices */
    const char **text; /* with choices: one of them */
    double *share;     /* "5%" or 0.05 */
    size_t *count;     /* whole, from 0 */
    unsigned *number;  /* whole, from 1 */
    uint64_t *size;    /* bytes, from 1: "512M" */
    pa_words *list;    /* the words up to the next option */
    bool (*parse)(const char *value, pa_err *err);
    const char *same_as; /* "by=function": stands for that option with that value */
    const char *advice;  /* is no option here: the error says what to do instead */
} pa_option;

/* A row, laid out like a call. */
#define PA_OPTION(...) \
    {                  \
        __VA_ARGS__    \
    }

typedef struct pa_option_table {
    const char *title; /* NULL: not listed */
    const pa_option *rows;
    size_t n;
} pa_option_table;
#define PA_OPTION_TABLE(title, rows)                \
    {                                               \
        title, rows, sizeof(rows) / sizeof(rows)[0] \
    }

#define PA_MAX_WORDS 65536

/* Parse args by tables (ended by NULL), storing through the rows; what is no option goes to words, which has room for
 * PA_MAX_WORDS.  command is for messages (NULL: none was named).  false with PA_E_USAGE. */
PA_MUST_CHECK bool pa_options_parse(const char *command, const pa_option_table *const *tables, pa_words args,
                                    const char **words, size_t *n_words, pa_err *err);

/* The row a name stands for (without its dashes), or NULL. */
const pa_option *pa_option_named(const pa_option_table *const *tables, pa_str name);
/* Choice i of an option; false past the last. */
bool pa_option_choice(const pa_option *option, size_t i, pa_str *choice);
/* The next word of a space separated list, which is moved behind it; false at its end. */
bool pa_next_word(const char **list, pa_str *word);

/* ---- values (options_value.c): false with a message that names neither the option nor the file ---------------- */

PA_MUST_CHECK bool pa_value_flag(const char *text, bool *value, pa_err *err);
PA_MUST_CHECK bool pa_value_share(const char *text, double *value, pa_err *err);
PA_MUST_CHECK bool pa_value_whole(const char *text, uint64_t least, uint64_t most, uint64_t *value,
                                  pa_err *err);
PA_MUST_CHECK bool pa_value_size(const char *text, uint64_t *value, pa_err *err);

/* ---- near misses (options_near.c) ----------------------------------------------------------------------------- */

/* The best of the candidates offered so far for a name that is unknown. */
typedef struct pa_nearest {
    pa_str name, best;
    size_t distance;
} pa_nearest;
pa_nearest pa_nearest_to(pa_str name);
void pa_nearest_offer(pa_nearest *nearest, pa_str candidate);
/* Whether two names are the same when "_" is "-". */
bool pa_same_name(pa_str a, pa_str b);

static inline pa_str pa_words_str(const char *s)
{
    pa_str slice = {s, 0};
    while (s[slice.n])
        slice.n++;
    return slice;
}

#endif
