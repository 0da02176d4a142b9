/* options: the parser.  Options and words may come in any order; "--" ends the options, "-" is a word.
 * In: args and option tables.  Out: values through the rows' pointers, and the words.
 * Names are exact: what is not known is an error that offers the nearest name.  Allocates nothing. */
#include "cmd/options.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

bool pa_next_word(const char **list, pa_str *word)
{
    if (!*list)
        return false;
    const char *p = *list + strspn(*list, " ");
    *word = (pa_str){p, strcspn(p, " ")};
    *list = p + word->n;
    return word->n > 0;
}

bool pa_option_choice(const pa_option *option, size_t i, pa_str *choice)
{
    if (option->choice_at) {
        const char *name = option->choice_at(i);
        if (name)
            *choice = pa_words_str(name);
        return name != NULL;
    }
    const char *list = option->choices;
    while (pa_next_word(&list, choice))
        if (i-- == 0)
            return true;
    return false;
}

static bool answers_to(const pa_option *option, pa_str name)
{
    if (pa_same_name(pa_words_str(option->name), name))
        return true;
    if (option->letter && name.n == 1 && name.p[0] == option->letter)
        return true;
    const char *list = option->also;
    pa_str word;
    while (pa_next_word(&list, &word))
        if (pa_same_name(word, name))
            return true;
    return false;
}

const pa_option *pa_option_named(const pa_option_table *const *tables, pa_str name)
{
    for (; *tables; tables++)
        for (size_t i = 0; i < (*tables)->n; i++)
            if (answers_to(&(*tables)->rows[i], name))
                return &(*tables)->rows[i];
    return NULL;
}

/* One run of the parser. */
typedef struct parser {
    const char *command;
    const pa_option_table *const *tables;
    const char *const *args;
    size_t n, at;
    pa_err *err;
} parser;

/* "--name=value" taken apart; the name without its dashes. */
typedef struct written {
    const char *arg;
    pa_str name;
    const char *value; /* NULL: no "=" */
} written;

static bool is_option(const char *arg) { return arg[0] == '-' && arg[1] != '\0'; }

static written take_apart(const char *arg)
{
    const char *name = arg + (arg[1] == '-' ? 2 : 1);
    size_t n = strcspn(name, "=");
    return (written){arg, {name, n}, name[n] == '=' ? name + n + 1 : NULL};
}

/* ---- what is not known -------------------------------------------------------------------------------------- */

static void offer_all(pa_nearest *nearest, const pa_option_table *const *tables)
{
    for (; *tables; tables++)
        for (size_t i = 0; i < (*tables)->n; i++) {
            const pa_option *option = &(*tables)->rows[i];
            if (option->advice)
                continue;
            pa_nearest_offer(nearest, pa_words_str(option->name));
            const char *list = option->also;
            pa_str word;
            while (pa_next_word(&list, &word))
                pa_nearest_offer(nearest, word);
        }
}

static bool fail_unknown(parser *p, const written *w)
{
    int dashes = (int)(w->name.p - w->arg);
    int n = (int)(w->name.n < INT_MAX ? w->name.n : INT_MAX);
    pa_nearest nearest = pa_nearest_to(w->name);
    offer_all(&nearest, p->tables);
    if (nearest.best.p)
        return pa_fail(p->err, PA_E_USAGE, PA_NO_OFFSET, "unknown option '%.*s%.*s': did you mean '--%.*s'?",
                       dashes, "--", n, w->name.p, (int)nearest.best.n, nearest.best.p);
    return pa_fail(p->err, PA_E_USAGE, PA_NO_OFFSET, "unknown option '%.*s%.*s': see 'panalyze help%s%s'",
                   dashes, "--", n, w->name.p, p->command ? " " : "", p->command ? p->command : "");
}

static bool fail_choice(const pa_option *option, const char *value, pa_err *err)
{
    char all[256] = "";
    size_t n = 0;
    pa_nearest nearest = pa_nearest_to(pa_words_str(value));
    pa_str choice;
    for (size_t i = 0; pa_option_choice(option, i, &choice); i++) {
        pa_nearest_offer(&nearest, choice);
        int wrote = snprintf(all + n, sizeof all - n, "%s%.*s", i ? ", " : "", (int)choice.n, choice.p);
        n = wrote > 0 && (size_t)wrote < sizeof all - n ? n + (size_t)wrote : n;
    }
    if (nearest.best.p)
        return pa_fail(err, PA_E_USAGE, PA_NO_OFFSET, "takes %s, not '%s': did you mean '%.*s'?", all, value,
                       (int)nearest.best.n, nearest.best.p);
    return pa_fail(err, PA_E_USAGE, PA_NO_OFFSET, "takes %s, not '%s'", all, value);
}

/* ---- what is known ------------------------------------------------------------------------------------------ */

static bool choose(const pa_option *option, const char *value, size_t *index, pa_err *err)
{
    pa_str choice;
    for (*index = 0; pa_option_choice(option, *index, &choice); ++*index)
        if (pa_same_name(choice, pa_words_str(value)))
            return true;
    return fail_choice(option, value, err);
}

static bool store_number(const pa_option *option, const char *value, pa_err *err)
{
    uint64_t whole = 0;
    if (option->count && pa_value_whole(value, 0, SIZE_MAX, &whole, err))
        *option->count = (size_t)whole;
    else if (option->number && pa_value_whole(value, 1, 1024, &whole, err))
        *option->number = (unsigned)whole;
    return err->code == PA_E_NONE;
}

static bool store_choice(const pa_option *option, const char *value, pa_err *err)
{
    size_t index;
    if (!choose(option, value, &index, err))
        return false;
    if (option->choice)
        *option->choice = (int)index;
    else
        *option->text = value;
    return true;
}

static bool store(const pa_option *option, const char *value, pa_err *err)
{
    if (option->parse)
        return option->parse(value, err);
    if (option->flag)
        return pa_value_flag(value, option->flag, err);
    if (option->choices || option->choice_at)
        return store_choice(option, value, err);
    if (option->share)
        return pa_value_share(value, option->share, err);
    if (option->size)
        return pa_value_size(value, option->size, err);
    if (option->count || option->number)
        return store_number(option, value, err);
    *option->text = value;
    return true;
}

/* The values' own messages do not know which option they are about. */
static bool store_named(const pa_option *option, const char *value, pa_err *err)
{
    pa_err inner = {0};
    if (option->given)
        *option->given = true;
    if (store(option, value, &inner))
        return true;
    return pa_fail(err, inner.code, PA_NO_OFFSET, "option '--%s' %s", option->name, inner.message);
}

/* "--lines" is "--by=line"; "--lines=false" asks for nothing. */
static bool store_same(parser *p, const pa_option *option, const written *w)
{
    bool wanted = true;
    const pa_option as_flag = {.name = option->name, .flag = &wanted};
    if (w->value && !store_named(&as_flag, w->value, p->err))
        return false;
    if (!wanted)
        return true;
    size_t n = strcspn(option->same_as, "=");
    const pa_option *meant = pa_option_named(p->tables, (pa_str){option->same_as, n});
    return store_named(meant, option->same_as + n + 1, p->err);
}

/* The words behind a list option, up to the next option. */
static bool store_list(parser *p, const pa_option *option, const written *w)
{
    size_t first = p->at;
    if (w->value) /* --after=one.pb is a list of one */
        return pa_fail(p->err, PA_E_USAGE, PA_NO_OFFSET, "option '--%s' takes names after a space",
                       option->name);
    while (p->at < p->n && !is_option(p->args[p->at]))
        p->at++;
    if (p->at == first)
        return pa_fail(p->err, PA_E_USAGE, PA_NO_OFFSET, "option '--%s' needs at least one %s", option->name,
                       option->value);
    if (option->list->n)
        return pa_fail(p->err, PA_E_USAGE, PA_NO_OFFSET, "option '--%s' is given twice", option->name);
    *option->list = (pa_words){p->args + first, p->at - first};
    return true;
}

/* A value may begin with a dash (--time -30s..), but "--focus --cum" has forgotten its own. */
static bool next_value(parser *p, const pa_option *option, const char **value)
{
    if (p->at < p->n) {
        const char *arg = p->args[p->at];
        written next = take_apart(arg);
        if (strcmp(arg, "--") != 0 && (!is_option(arg) || !pa_option_named(p->tables, next.name))) {
            *value = arg;
            p->at++;
            return true;
        }
    }
    return pa_fail(p->err, PA_E_USAGE, PA_NO_OFFSET, "option '--%s' needs a value: --%s=%s", option->name,
                   option->name, option->value);
}

/* "-j4", "-n20": a letter with its number, as make and head take it. */
static const pa_option *letter_with_number(const parser *p, written *w)
{
    if (w->value || w->name.p - w->arg != 1 || w->name.n < 2 || w->name.p[1] < '0' || w->name.p[1] > '9')
        return NULL;
    const pa_option *option = pa_option_named(p->tables, (pa_str){w->name.p, 1});
    if (option && option->value)
        w->value = w->name.p + 1;
    return option && option->value ? option : NULL;
}

static bool parse_option(parser *p)
{
    written w = take_apart(p->args[p->at++]);
    const pa_option *option = w.name.n ? pa_option_named(p->tables, w.name) : NULL;
    if (!option)
        option = letter_with_number(p, &w);
    if (!option)
        return fail_unknown(p, &w);
    if (option->advice)
        return pa_fail(p->err, PA_E_USAGE, PA_NO_OFFSET, "'%.*s' is pprof's: %s",
                       (int)(w.name.p - w.arg + (ptrdiff_t)w.name.n), w.arg, option->advice);
    if (option->same_as)
        return store_same(p, option, &w);
    if (option->list)
        return store_list(p, option, &w);
    const char *value = w.value ? w.value : "true";
    if (option->value && !w.value && !next_value(p, option, &value))
        return false;
    return store_named(option, value, p->err);
}

bool pa_options_parse(const char *command, const pa_option_table *const *tables, pa_words args,
                      const char **words, size_t *n_words, pa_err *err)
{
    parser p = {command, tables, args.p, args.n, 0, err};
    bool ended = false;
    *n_words = 0;
    while (p.at < p.n) {
        const char *arg = args.p[p.at];
        if (!ended && strcmp(arg, "--") == 0) {
            ended = true;
            p.at++;
        } else if (ended || !is_option(arg)) {
            if (*n_words == PA_MAX_WORDS)
                return pa_fail(err, PA_E_USAGE, PA_NO_OFFSET, "more than %d files", PA_MAX_WORDS);
            words[(*n_words)++] = arg;
            p.at++;
        } else if (!parse_option(&p)) {
            return false;
        }
    }
    return true;
}
