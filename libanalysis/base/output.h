/* output: buffered bytes to a descriptor, a file that appears only when complete, or memory.
 * A failed write sticks and is reported once, by pa_out_close.  See panalyze.h for the public half. */
#ifndef PA_BASE_OUTPUT_H
#define PA_BASE_OUTPUT_H

#include "libanalysis/base/str.h"

/* Everything written is kept in the arena; read it with pa_out_written. */
pa_out *pa_out_to_memory(pa_arena *arena);
pa_str pa_out_written(const pa_out *out);

void pa_out_str(pa_out *out, pa_str s);
void pa_out_cstr(pa_out *out, const char *s);
void pa_out_char(pa_out *out, char c);
void pa_out_repeat(pa_out *out, char c, size_t n);
void pa_out_i64(pa_out *out, int64_t value);
void pa_out_u64(pa_out *out, uint64_t value);
/* value / 10^decimals (0..18), exact, without trailing zeros: "-0.5". */
void pa_out_decimal(pa_out *out, int64_t value, int decimals);
/* s as printable UTF-8 on one line: control bytes and invalid sequences as \xNN, backslash doubled. */
void pa_out_escaped(pa_out *out, pa_str s);
/* The same for people: backslashes stay as they are, so a name that holds "\\x41" looks like an escape. */
void pa_out_visible(pa_out *out, pa_str s);

#endif
