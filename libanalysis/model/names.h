/* names: what functions and modules are called on screen, and under which key they meet their like in other profiles.
 *
 *   raw -> demangled (C++, Rust) -> stripped of what changes from build to build -> renamed by the user's s/RE/TEXT/
 *
 * Pure: the same name gives the same answer.  Answers live in the arena given, or are parts of the name itself. */
#ifndef PA_MODEL_NAMES_H
#define PA_MODEL_NAMES_H

#include "libanalysis/model/regex.h"

/* Longest name that is demangled or made by a renaming; longer ones stay as they are. */
#define PA_NAME_MAX ((size_t)16384)

/* The name as its author wrote it, without parameters: "foo::bar<int>", "core::fmt::write".  What is no mangled name
 * comes back as it is; what a compiler appended (".cold") is kept. */
pa_str pa_name_demangle(pa_arena *arena, pa_str raw);

/* Without the parts that belong to one build or run: hashes, numbers of closures and clones, versions
 * ("alloc::vec::push::h0123456789abcdef" -> "alloc::vec::push", "main.run.func1.2" -> "main.run.func"). */
pa_str pa_name_strip(pa_arena *arena, pa_str name);

/* What aligns with other profiles: stripped, '/' as '.', without a JVM descriptor and the frame type "_[j]". */
pa_str pa_name_key(pa_arena *arena, pa_str shown);

/* Base name of a module without versions: "/lib/libc-2.31.so" and "libc.so.6" -> "libc.so", "vmlinux-6.1.0" ->
 * "vmlinux". */
pa_str pa_module_strip(pa_arena *arena, pa_str path);

/* File as shown: "/proc/self/cwd/" in front goes, then "." and ".." and doubled slashes, as pprof does. */
pa_str pa_path_clean(pa_arena *arena, pa_str path);

typedef struct pa_namer {
    pa_arena *arena;
    pa_names mode;
    pa_regex *rename; /* NULL: none */
    pa_str text;      /* what to put instead, still with its \1 */
    bool all;         /* every match, not only the first */
} pa_namer;

/* rename is s/RE/TEXT/ or s/RE/TEXT/g with any delimiter, or NULL.  TEXT may hold \1 or $1 (\0, $0 and & are the whole
 * match; \& \$ \\ and $$ are the characters).  false and *err (PA_E_USAGE) when it cannot be read. */
PA_MUST_CHECK bool pa_namer_init(pa_namer *namer, pa_arena *arena, pa_regex_pool *pool, pa_names mode,
                                 const char *rename, pa_err *err);
/* raw as shown.  false and *err when the expression takes too long on it. */
PA_MUST_CHECK bool pa_namer_shown(pa_namer *namer, pa_str raw, pa_str *shown, pa_err *err);

#endif
