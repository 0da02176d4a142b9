/* panalyze.h: the front door of libpanalyze, and all of it that is installed.
 *
 *   paths -> pa_read -> pa_profile -> pa_view_new -> pa_view -> pa_top ... -> pa_report -> pa_render -> pa_out
 *
 * In: paths of profiles.  Out: a frozen profile, views of it, reports, rendered bytes.
 * Ownership: what a function returns as pa_profile or pa_out is the caller's, freed by its own function; views and
 * reports live in the arena they were made in.  Nothing here prints, exits, or reads the environment or the clock. */
#ifndef PANALYZE_H
#define PANALYZE_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define PA_API                __attribute__((visibility("default")))
#define PA_MUST_CHECK         __attribute__((warn_unused_result))
#define PA_PRINTF(fmt, first) __attribute__((format(printf, fmt, first)))

/* A slice of bytes: never owns, not ended by NUL, any byte is legal. */
typedef struct pa_str {
    const char *p;
    size_t n;
} pa_str;

/* ---- errors ------------------------------------------------------------------------------------------------- */

typedef enum pa_err_code {
    PA_E_NONE = 0,
    PA_E_USAGE,        /* wrong options or arguments                    exit 2 */
    PA_E_IO,           /* an input cannot be opened or read             exit 2 */
    PA_E_UNRECOGNISED, /* no format fits, or several equally well       exit 2 */
    PA_E_SYNTAX,       /* the bytes break the rules of their format     exit 2 */
    PA_E_TRUNCATED,    /* the input ends inside a record                exit 2 */
    PA_E_UNSUPPORTED,  /* understood, but not handled                   exit 2 */
    PA_E_LIMIT,        /* a declared maximum is exceeded                exit 2 */
    PA_E_OVERFLOW,     /* a sum leaves 64 bits                          exit 2 */
    PA_E_STRICT,       /* damaged input under --strict                  exit 2 */
    PA_E_GATE,         /* a gate failed                                 exit 1 */
    PA_E_UNDECIDED,    /* a gate that could not decide                  exit 3 */
    PA_E_OUTPUT,       /* output could not be written                   exit 4 */
    PA_E_MEMORY,       /* out of memory, or over max_memory             exit 4 */
    PA_E_BUG           /* internal error                                exit 4 */
} pa_err_code;

#define PA_NO_OFFSET UINT64_MAX

/* Caller-owned, zero to start with; the first failure stays.  line and column (from 1) are set for text inputs. */
typedef struct pa_err {
    pa_err_code code;
    uint64_t offset; /* bytes from the start of the input, PA_NO_OFFSET if it has no position */
    uint64_t line, column;
    bool inflated; /* offset counts decompressed bytes */
    char input[256];
    char message[512];
} pa_err;

/* Exit status of the command line for this error: 0, 1, 2, 3 or 4. */
PA_API int pa_err_exit_status(const pa_err *err);
/* "file:line:column: message", "file:@0x1f3: message" or "file: message" into buf (always NUL-terminated). */
PA_API void pa_err_text(const pa_err *err, char *buf, size_t size);
/* Fill err unless it already holds an error (err may be NULL).  Returns false, so that callers can `return pa_fail(..)`. */
PA_API bool pa_fail(pa_err *err, pa_err_code code, uint64_t offset, const char *format, ...) PA_PRINTF(4, 5);

/* ---- memory ------------------------------------------------------------------------------------------------- */

/* What a family of arenas may take together; zero everywhere means no limit.  Shared between threads: used_bytes and
 * n_blocks are only touched atomically.  block_bytes and fail_block exist for tests. */
typedef struct pa_budget {
    size_t max_bytes;   /* 0: unlimited */
    size_t block_bytes; /* 0: 64 KiB */
    long fail_block;    /* N > 0: the Nth block asked for is refused */
    size_t used_bytes;
    long n_blocks;
} pa_budget;

typedef struct pa_arena pa_arena;
/* budget may be NULL and must outlive the arena.  NULL when there is no memory. */
PA_API PA_MUST_CHECK pa_arena *pa_arena_new(pa_budget *budget);
PA_API void pa_arena_free(pa_arena *arena);

/* Once per process before anything else: points GSL's error handler away from abort().  The library's only global. */
PA_API void pa_init(void);
PA_API const char *pa_version(void);

/* ---- formats ------------------------------------------------------------------------------------------------ */

typedef struct pa_format_info {
    const char *name;  /* as in --from and --to */
    const char *title; /* one line for people */
    const char *extensions;
    bool reads, writes;
    bool gzip; /* what is written is compressed, so nothing for a terminal */
} pa_format_info;
/* Row i of the format table; false past its end. */
PA_API bool pa_format_at(size_t i, pa_format_info *info);

/* ---- reading ------------------------------------------------------------------------------------------------ */

typedef struct pa_profile pa_profile;

typedef struct pa_read_options {
    const char *format;     /* NULL: by content */
    const char *input_unit; /* unit of unit-less inputs: "us", "ns", "bytes", "count" */
    const char *streams;    /* NULL: all; else only streams whose name matches this expression */
    bool two_columns;       /* collapsed stacks: two values a line, before and after */
    bool want_timeline;
    bool want_addresses;
    bool has_window; /* keep records in [from_ns, to_ns) only; what is left out is counted */
    int64_t from_ns, to_ns;
    bool strict;       /* a data diagnostic is an error */
    bool lenient;      /* repair what can be repaired, each repair counted */
    bool label_origin; /* label every row with file=<input name> */
    /* Scale each input so that the total of its default metric, the sum of all |value|, is that of the first input. */
    bool equal_weight;
    unsigned threads;   /* 0: one per processor */
    size_t block_bytes; /* text inputs: 0 for 2 MiB */
    uint64_t max_size;  /* of one decompressed input in bytes, 0: 4 GiB */
    pa_budget *budget;
    void (*progress)(void *arg, uint64_t done, uint64_t total); /* bytes of the inputs; may be NULL */
    void *progress_arg;
} pa_read_options;

/* Read files ("-" is standard input) into one profile; several are summed in the order given.
 * NULL and *err on failure.  Free with pa_profile_free. */
PA_API PA_MUST_CHECK pa_profile *pa_read(const char *const *paths, size_t n, const pa_read_options *options,
                                         pa_err *err);
/* The same for bytes in memory, borrowed during the call; name is used in messages. */
PA_API PA_MUST_CHECK pa_profile *pa_read_memory(const char *name, pa_str bytes,
                                                const pa_read_options *options, pa_err *err);
PA_API void pa_profile_free(pa_profile *profile);

/* Something reading left out, repaired or found odd. */
typedef struct pa_diagnostic {
    const char *kind; /* "location with an unknown mapping id" */
    uint64_t count;
    pa_str input;   /* where it was first */
    uint64_t first; /* offset there, PA_NO_OFFSET without one */
} pa_diagnostic;
/* Number i of a profile; false past the last. */
PA_API bool pa_diagnostic_at(const pa_profile *profile, size_t i, pa_diagnostic *diagnostic);

/* ---- views -------------------------------------------------------------------------------------------------- */

typedef enum pa_by {
    PA_BY_FUNCTION = 0, /* by name alone, as pprof does */
    PA_BY_FILEFUNCTION,
    PA_BY_FILE,
    PA_BY_LINE,
    PA_BY_MODULE,
    PA_BY_ADDRESS,
    PA_BY_THREAD,
    PA_BY_PROCESS,
    PA_BY_CATEGORY,
    PA_BY_ORIGIN, /* file the row was read from */
    PA_BY_LABEL   /* value of label by_label */
} pa_by;

typedef enum pa_names { PA_NAMES_DEMANGLE = 0, PA_NAMES_RAW, PA_NAMES_STRIP } pa_names;
typedef enum pa_compat {
    PA_COMPAT_NONE = 0,
    PA_COMPAT_PPROF,
    PA_COMPAT_FLAMEGRAPH,
    PA_COMPAT_PSTATS
} pa_compat;

/* All expressions are PCRE2, unanchored.  NULL or "" means not given.  Names and semantics are pprof's. */
typedef struct pa_view_options {
    const char *metric; /* name or number from 0; NULL: the profile's default */
    const char *focus, *ignore, *hide, *show, *show_from, *prune_from;
    const char *tagfocus, *tagignore, *tagroot, *tagleaf;
    const char *thread, *process, *cpu;
    const char *by_label;
    const char *rename; /* s/RE/TEXT/[g] */
    pa_by by;
    pa_names names;
    pa_compat compat;
    bool noinlines;
    bool apply_drop_frames;
    bool fold_recursion;
    bool relative_percentages; /* shares of what the filters leave, not of the whole */
} pa_view_options;

typedef struct pa_view pa_view;
/* Borrows the profile, which must outlive the arena. */
PA_API PA_MUST_CHECK pa_view *pa_view_new(const pa_profile *profile, const pa_view_options *options,
                                          pa_arena *arena, pa_err *err);

/* What the view shows as a profile, for pa_write: the rows that pass, the view's metric as the default.  Shares the
 * view's columns and lives in arena: not to be freed, gone with the view. */
PA_API PA_MUST_CHECK const pa_profile *pa_view_profile(const pa_view *view, pa_arena *arena, pa_err *err);

/* What people should know about a view: "focus expression matched no samples".  Number i; false past the last. */
PA_API bool pa_view_note_at(const pa_view *view, size_t i, pa_str *note);

/* ---- analyses: view -> report; options of zero are the defaults --------------------------------------------- */

typedef struct pa_report pa_report;

typedef struct pa_top_options {
    double threshold; /* share of the total a row must exceed; used when has_threshold, else 0.05 */
    bool has_threshold;
    bool cum;             /* rank by cum */
    size_t node_count;    /* at most this many rows; 0: no limit */
    double node_fraction; /* drop rows whose cum share is below; used when has_node_fraction */
    bool has_node_fraction;
    const char *unit; /* show values in this unit; NULL: chosen by size */
} pa_top_options;
PA_API PA_MUST_CHECK pa_report *pa_top(const pa_view *view, const pa_top_options *options, pa_arena *arena,
                                       pa_err *err);

/* Values per line of the functions that match.  No file is read that the options do not allow. */
typedef struct pa_list_options {
    const char *function;    /* expression; needed */
    const char *source_path; /* directories to look for sources in, and above them, apart by ':' */
    const char *trim_path;   /* prefixes taken off the paths that the profile has, apart by ':' */
    bool as_recorded;        /* a path of the profile may be opened as it is */
    uint64_t max_source;     /* bytes of one source file; 0: 64 MiB */
    const char *unit;
} pa_list_options;
/* view must be by function. */
PA_API PA_MUST_CHECK pa_report *pa_list(const pa_view *view, const pa_list_options *options, pa_arena *arena,
                                        pa_err *err);

typedef struct pa_tags_options {
    size_t value_count; /* of each key at most this many; used when has_value_count; 0: no limit */
    bool has_value_count;
    const char *unit;
} pa_tags_options;
/* Values by label. */
PA_API PA_MUST_CHECK pa_report *pa_tags(const pa_view *view, const pa_tags_options *options, pa_arena *arena,
                                        pa_err *err);

/* top on the metric that answers a question: "locks", "io", "alloc". */
typedef struct pa_resource_options {
    pa_top_options top;
    bool runtime_frames; /* do not charge what a runtime does inside a lock to its caller */
} pa_resource_options;
/* The metric of the profile for a question, as pa_view_options.metric takes it, in arena; NULL and *err without one. */
PA_API PA_MUST_CHECK const char *pa_resource_metric(const pa_profile *profile, const char *question,
                                                    pa_arena *arena, pa_err *err);
/* view must be of such a metric. */
PA_API PA_MUST_CHECK pa_report *pa_resource(const pa_view *view, const char *question,
                                            const pa_resource_options *options, pa_arena *arena, pa_err *err);

typedef struct pa_summary_options {
    size_t count; /* of the hottest functions; 0: 5 */
    const char *unit;
} pa_summary_options;
/* One screen: what it is, the hottest functions, the hot path, what to ask next. */
PA_API PA_MUST_CHECK pa_report *pa_summary(const pa_view *view, const pa_summary_options *options,
                                           pa_arena *arena, pa_err *err);

typedef struct pa_tree_options {
    size_t
        node_count; /* at most this many nodes, 0: no limit; used when has_node_count, else 1000 lines of text */
    bool has_node_count;
    double node_fraction; /* no nodes of a smaller share of what is selected; used when has_..., else 0.005 */
    bool has_node_fraction;
    size_t depth;     /* at most so many calls deep; 0: no limit */
    const char *unit; /* as in pa_top_options */
    /* of PA_COMPAT_PPROF, where the tree is pprof's: a graph */
    bool cum;             /* order by cum */
    double edge_fraction; /* no calls of a smaller share; used when has_edge_fraction, else 0.001 */
    bool has_edge_fraction;
    bool traces; /* every sample instead */
} pa_tree_options;
/* The call tree.  Needs a view whose rows are frames. */
PA_API PA_MUST_CHECK pa_report *pa_call_tree(const pa_view *view, const pa_tree_options *options,
                                             pa_arena *arena, pa_err *err);

typedef struct pa_peek_options {
    const char *expression; /* functions whose name it matches */
    bool cum;               /* order them by cum */
    size_t node_count;      /* at most so many of them; 0: no limit */
    const char *unit;       /* as in pa_top_options */
} pa_peek_options;
/* Callers and callees.  Needs a view whose rows are frames; PA_E_USAGE when nothing matches. */
PA_API PA_MUST_CHECK pa_report *pa_peek(const pa_view *view, const pa_peek_options *options, pa_arena *arena,
                                        pa_err *err);

/* What each of n profiles is. */
PA_API PA_MUST_CHECK pa_report *pa_info(const pa_profile *const *profiles, size_t n, pa_arena *arena,
                                        pa_err *err);

/* ---- rendering and writing ---------------------------------------------------------------------------------- */

typedef struct pa_out pa_out;
/* Buffered output; errors stick and are told by close.  to_fd borrows fd.  to_path writes beside path and renames
 * on a successful close; pa_out_abandon removes the half-written file.  Both free the pa_out. */
PA_API PA_MUST_CHECK pa_out *pa_out_to_fd(int fd, pa_err *err);
PA_API PA_MUST_CHECK pa_out *pa_out_to_path(const char *path, pa_err *err);
PA_API PA_MUST_CHECK bool pa_out_close(pa_out *out, pa_err *err);
PA_API void pa_out_abandon(pa_out *out);
PA_API void pa_out_bytes(pa_out *out, const void *bytes, size_t n);
PA_API void pa_out_format(pa_out *out, const char *format, ...) PA_PRINTF(2, 3);

/* The profile in the format of that name; formats with one value take the default metric. */
PA_API PA_MUST_CHECK bool pa_write(const pa_profile *profile, const char *format, pa_out *out, pa_err *err);

/* The same inside gzip, whatever the format. */
PA_API PA_MUST_CHECK bool pa_write_gzip(const pa_profile *profile, const char *format, pa_out *out,
                                        pa_err *err);

/* Something the profile holds and a format cannot. */
typedef struct pa_loss {
    const char *what; /* "label sets" */
    uint64_t count;
} pa_loss;
/* What writing profile as format leaves out; returns how many of at most size were filled in. */
PA_API size_t pa_losses(const pa_profile *profile, const char *format, pa_loss *losses, size_t size);

typedef struct pa_render_options {
    unsigned width; /* columns of the terminal; 0: not a terminal, nothing is cut */
    bool color;
    bool intervals; /* show interval columns in text */
} pa_render_options;

typedef struct pa_renderer_info {
    const char *name; /* as in --format */
    const char *title;
    const char *extensions; /* space separated, for -o */
    bool for_files_only;    /* not written to a terminal */
} pa_renderer_info;
/* Row i of the renderer table; false past its end. */
PA_API bool pa_renderer_at(size_t i, pa_renderer_info *info);
PA_API PA_MUST_CHECK bool pa_render(const pa_report *report, const char *renderer,
                                    const pa_render_options *options, pa_out *out, pa_err *err);

#ifdef __cplusplus
}
#endif
#endif
