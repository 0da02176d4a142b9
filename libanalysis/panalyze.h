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
} pa_format_info;
/* Row i of the format table; false past its end. */
PA_API bool pa_format_at(size_t i, pa_format_info *info);

/* ---- reading ------------------------------------------------------------------------------------------------ */

typedef struct pa_profile pa_profile;

typedef struct pa_read_options {
    const char *format;     /* NULL: by content */
    const char *input_unit; /* unit of unit-less inputs: "us", "ns", "bytes", "count" */
    const char *streams;    /* NULL: all; else only streams whose name matches this expression */
    bool want_timeline;
    bool want_addresses;
    bool has_window; /* keep records in [from_ns, to_ns) only; what is left out is counted */
    int64_t from_ns, to_ns;
    bool strict;        /* a data diagnostic is an error */
    bool lenient;       /* repair what can be repaired, each repair counted */
    bool label_origin;  /* label every row with file=<input name> */
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
