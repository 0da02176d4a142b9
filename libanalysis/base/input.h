/* input: one named source of bytes, below all formats.  A file, standard input or memory; gzip (concatenated members
 * too), zstd and UTF-16 with a byte order mark are undone by content.  Readers of binary formats take one contiguous buffer and may start before it
 * is complete; text readers take a stream.  Output caps guard against decompression bombs.
 * Owns the descriptor and, with more than one thread, the thread that inflates ahead. */
#ifndef PA_BASE_INPUT_H
#define PA_BASE_INPUT_H

#include "libanalysis/base/str.h"

#define PA_INPUT_HEAD ((size_t)65536)

typedef struct pa_input pa_input;

typedef struct pa_input_options {
    uint64_t max_size; /* of the decompressed bytes; 0: 4 GiB */
    bool ahead;        /* a second thread may inflate ahead */
    void (*progress)(void *arg, uint64_t done, uint64_t total);
    void *progress_arg;
} pa_input_options;

/* NULL and err on failure.  Lives in arena, but pa_input_close must be called: it holds a descriptor. */
PA_MUST_CHECK pa_input *pa_input_open(const char *path, const pa_input_options *options, pa_arena *arena,
                                      pa_err *err);
PA_MUST_CHECK pa_input *pa_input_memory(const char *name, pa_str bytes, const pa_input_options *options,
                                        pa_arena *arena, pa_err *err);
void pa_input_close(pa_input *input);

const char *pa_input_name(const pa_input *input);
bool pa_input_inflated(const pa_input *input); /* offsets count decompressed bytes */

/* Halves of UTF-16 characters replaced by U+FFFD in what was read so far; *first is where the first one stands. */
uint64_t pa_input_replaced(const pa_input *input, uint64_t *first);

/* The first PA_INPUT_HEAD decompressed bytes (fewer only if there are no more); borrowed. */
PA_MUST_CHECK bool pa_input_head(pa_input *input, pa_str *head, pa_err *err);

/* Start delivering all bytes into one buffer; its address is final at once. */
PA_MUST_CHECK bool pa_input_buffer(pa_input *input, const char **bytes, pa_err *err);
/* Wait until at least want bytes of the buffer are there or the input has ended; sets *have, and *ended once no more
 * will come.  false: reading or inflating failed. */
PA_MUST_CHECK bool pa_input_wait(pa_input *input, size_t want, size_t *have, bool *ended, pa_err *err);

/* Stream: up to size decompressed bytes into to; *got 0 at the end. */
PA_MUST_CHECK bool pa_input_read(pa_input *input, char *to, size_t size, size_t *got, pa_err *err);

#endif
