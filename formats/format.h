/* format: the row type of formats.def.  A format is one file that defines pa_format_<name> and one row.
 * A reader walks bytes once and pushes facts into a builder; it never filters, sorts or prints, and knows nothing of
 * compression, files or threads. */
#ifndef PA_FORMATS_FORMAT_H
#define PA_FORMATS_FORMAT_H

#include "libanalysis/base/input.h"
#include "libanalysis/base/output.h"
#include "libanalysis/model/builder.h"

/* What probe answers: how sure. */
enum { PA_PROBE_NO = 0, PA_PROBE_PLAUSIBLE = 30, PA_PROBE_STRUCTURE = 60, PA_PROBE_MAGIC = 100 };

/* What a format can carry, for loss warnings. */
enum {
    PA_CARRIES_TIME = 1,
    PA_CARRIES_LINES = 2,
    PA_CARRIES_LABELS = 4,
    PA_CARRIES_STREAMS = 8,
    PA_CARRIES_METRICS = 16,
    PA_CARRIES_INLINES = 32,
    PA_CARRIES_MODULES = 64,
    PA_CARRIES_ADDRESSES = 128,
    PA_CARRIES_EDGES = 256,
    PA_CARRIES_FACTS = 512
};

/* One block of whole records of a text input, or the buffer of a binary one. */
typedef struct pa_reading {
    pa_input *input; /* binary: pa_input_buffer, pa_input_wait; text readers must not touch it */
    pa_str head;     /* the first 64 KiB of the input: all a block may depend on besides its own bytes */
    pa_str bytes;    /* text: this block */
    uint64_t offset; /* text: where the block starts in the input */
    pa_builder *builder;
    pa_arena *scratch; /* gone after the call */
    pa_arena *kept;    /* text: lives as long as the worker that parses this block */
    void **state; /* text: the worker's own, NULL at first; only to be faster: it must not change a result */
    const pa_read_options *options;
    unsigned threads; /* binary: that this reader may use, itself included */
    pa_err *err;
} pa_reading;

typedef struct pa_format {
    const char *name, *title;
    const char *extensions; /* space separated; worth 5 points at most */
    unsigned reads, writes; /* PA_CARRIES_... */
    int (*probe)(pa_str head);
    bool (*read)(pa_reading *r);
    /* Text formats: length of the longest prefix of bytes that consists of whole records, 0 if none; NULL: binary. */
    size_t (*split)(pa_str bytes);
    /* Text: every block declares the same one stream, and nothing else whose order counts; so one worker may build where
     * the others are joined into. */
    bool one_stream;
    /* Optional: the last word, once all of an input is read. */
    bool (*finish)(const pa_read_sum *sum, pa_err *err);
    bool (*write)(const pa_profile *profile, pa_out *out, pa_arena *scratch,
                  pa_err *err); /* NULL: not written */
    bool gzip;                  /* write compresses */
    /* Optional: what write leaves out besides what writes says. */
    void (*losses)(const pa_profile *profile, pa_arena *arena, pa_diags *losses);
} pa_format;

#define PA_FORMAT(name) extern const pa_format pa_format_##name;
#include "formats/formats.def"
#undef PA_FORMAT

extern const pa_format *const pa_formats[];
extern const size_t pa_n_formats;

/* Row of that name, or NULL. */
const pa_format *pa_format_named(pa_str name);

/* The other half of pa_read: append one input to a builder that is finished later. */
PA_MUST_CHECK bool pa_read_into(pa_builder *b, const char *path, const pa_read_options *options, pa_err *err);
PA_MUST_CHECK bool pa_read_memory_into(pa_builder *b, const char *name, pa_str bytes,
                                       const pa_read_options *options, pa_err *err);
/* Text engine: the blocks of an input through format->read, in threads, joined in order (formats/blocks.c). */
PA_MUST_CHECK bool pa_read_blocks(const pa_format *format, pa_input *input, pa_str head, pa_builder *b,
                                  const pa_read_options *options, unsigned threads, pa_err *err);

/* Several inputs in their order, small ones side by side (formats/many.c). */
PA_MUST_CHECK bool pa_read_many(pa_builder *b, const char *const *paths, size_t n,
                                const pa_read_options *options, unsigned threads, pa_err *err);

/* Canonical text of everything a profile holds, independent of ids: what goldens compare (formats/dump.c). */
void pa_dump(const pa_profile *profile, pa_out *out, pa_arena *scratch);

#endif
