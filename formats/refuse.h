/* refuse: what can be recognised and is not read (formats/refuse.def): what it is, and what to give instead.
 * In: the first 64 KiB of an input.  Out: a row of the table, an error with its text.
 * Asked only when no reader of the format table is sure; never reads further, never runs or unpickles anything. */
#ifndef PA_FORMATS_REFUSE_H
#define PA_FORMATS_REFUSE_H

#include "libanalysis/base/str.h"

typedef enum pa_sign_where {
    PA_SIGN_NONE = 0, /* behind a row's last sign */
    PA_SIGN_BYTES,    /* bytes at an offset, NUL is legal; others at a second offset */
    PA_SIGN_FIRST,    /* text whose first line that is not blank starts so; the rest stands anywhere behind */
    PA_SIGN_LINE,     /* text with a line that starts so; the rest stands in the same line */
    PA_SIGN_JSON,     /* text that begins as a JSON object or array does: a guess */
    PA_SIGN_NAME      /* the file's name ends so: only when the content says nothing */
} pa_sign_where;

#define PA_SIGN_PARTS 3

typedef struct pa_sign {
    pa_sign_where where;
    size_t at[PA_SIGN_PARTS]; /* PA_SIGN_BYTES */
    pa_str part[PA_SIGN_PARTS];
} pa_sign;

#define PA_SIGNS_MAX 6

typedef struct pa_refusal {
    const char *name;            /* of the row and of its fixtures */
    const char *title;           /* "is ..." */
    const char *advice;          /* NULL: unknown, there is nothing to advise */
    pa_sign signs[PA_SIGNS_MAX]; /* one of them is enough */
} pa_refusal;

extern const pa_refusal pa_refusals[];
extern const size_t pa_n_refusals;

/* The first row that fits, or NULL.  name is the input's; NULL leaves out the rows that only guess: those that go by the
 * name, and those that know no more than the syntax. */
const pa_refusal *pa_refusal_of(pa_str head, const char *name);

/* Fails with what row says of an input that starts with head. */
bool pa_refuse(const pa_refusal *row, pa_str head, pa_err *err);

#endif
