/* fixture: a file under testdata/<format>/ and what comes of reading it.
 *
 *   good-NAME   read without a note            odd-NAME   read, but there is something to say
 *   bad-NAME    refused                        NAME.lenient.hex, NAME.strict.hex   read with that option
 *   NAME.two.txt   read with --two-columns     NAME.us.txt   read with --input-unit us
 *
 * Goldens stand beside them: FIXTURE.dump (what was read), FIXTURE.err (exit status and message). */
#ifndef PA_TESTS_FIXTURE_H
#define PA_TESTS_FIXTURE_H

#include "formats/format.h"
#include "tests/support/bytes.h"

typedef struct fixture {
    const pa_format *format;
    char path[512];
    char label[600]; /* <format>/<file> */
    bool good, bad;  /* neither: odd */
    bool
        as_is_only; /* damaged gzip, gzip within gzip, UTF-16: compressed in another way it is another thing */
    bytes raw, plain; /* as stored (.hex: assembled); decompressed */
    pa_read_options options;
} fixture;

/* What reading came to: the canonical text of the profile, or the error. */
typedef struct outcome {
    bool ok;
    char *text; /* malloc'ed: the dump; NULL when not ok */
    size_t n, n_notes;
    pa_err err;
} outcome;

/* Its name in its directory; what messages call it. */
static inline const char *fixture_file(const fixture *f) { return strrchr(f->path, '/') + 1; }
/* Whether a file of that name is a fixture (goldens and expectations of other programs are not). */
bool is_fixture(const char *file);
/* Ends the program when the file cannot be read or assembled. */
void fixture_load(fixture *f, const char *directory, const char *file, const pa_format *format);
void fixture_free(fixture *f);

outcome outcome_of_memory(const char *name, const bytes *b, const pa_read_options *options);
/* "-" is standard input. */
outcome outcome_of_path(const char *path, const pa_read_options *options);
bool same_outcome(const outcome *a, const outcome *b);
void outcome_free(outcome *o);
/* Take out of the text what a writer may change: equal samples have become one, so how many records a row stands for (and
 * their squares) is gone; and the default metric, which had been the last for want of another word, is named. */
void outcome_drop_unwritten(outcome *o);

/* What a golden holds: a dump in full while it is short; else all but most of its rows, and a hash of everything.
 * An error as exit status and text.  malloc'ed. */
void golden_text(const outcome *o, bytes *text);
/* NULL, or what differs, in a static buffer. */
const char *golden_differs(const fixture *f, const outcome *o);
bool golden_write(const fixture *f, const outcome *o);

#endif
