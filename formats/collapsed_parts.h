/* collapsed_parts: what the files of the collapsed format share: collapsed.c (lines), collapsed_head.c (which dialect),
 * collapsed_frame.c (what a frame text means), collapsed_austin.c (what only Austin writes), collapsed_number.c (weights),
 * collapsed_write.c. */
#ifndef PA_FORMATS_COLLAPSED_PARTS_H
#define PA_FORMATS_COLLAPSED_PARTS_H

#include "formats/format.h"
#include "libanalysis/base/index.h"

typedef enum collapsed_number_kind {
    COLLAPSED_NONE, /* not a number */
    COLLAPSED_INTEGER,
    COLLAPSED_FRACTION,
    COLLAPSED_TOO_LARGE
} collapsed_number_kind;

typedef struct collapsed_number {
    collapsed_number_kind kind;
    int64_t value; /* of a fraction in 1e-9 */
    bool rounded;
} collapsed_number;

/* "12", "-3", "1.5", "1e-10", "+2E3". */
collapsed_number collapsed_parse_number(pa_str s);

typedef enum collapsed_dialect {
    COLLAPSED_PLAIN,
    COLLAPSED_AUSTIN2, /* func (module);L12 */
    COLLAPSED_AUSTIN3  /* file:func:12, "# key: value" before */
} collapsed_dialect;

#define COLLAPSED_MAX_VALUES 3

/* What the head of an input teaches. */
typedef struct collapsed_layout {
    collapsed_dialect dialect;
    unsigned n_values;
    char between; /* what stands between values: ' ' or ',' */
    const char *names[COLLAPSED_MAX_VALUES], *units[COLLAPSED_MAX_VALUES];
    bool sampled;           /* the weight counts samples */
    uint32_t default_value; /* of which nobody has to say that it is meant */
} collapsed_layout;

void collapsed_learn(pa_str head, const pa_read_options *options, collapsed_layout *layout);
int collapsed_probe(pa_str head);
/* Whether bytes start like JSON, XML or another format of text, which no line of frames does. */
bool collapsed_is_document(pa_str start);
/* "P12", "T34", "T0:34": what Austin puts before the frames. */
bool collapsed_is_austin_id(pa_str frame, char letter);
/* Without the byte order mark of UTF-8. */
pa_str collapsed_without_mark(pa_str bytes);
/* "# key: value" */
pa_str collapsed_comment(pa_str line, pa_str *key);
static inline bool collapsed_is_blank(char c) { return c == ' ' || c == '\t' || c == '\r'; }
/* The next line of *rest, without its end; false when there is none. */
bool collapsed_next_line(pa_str *rest, pa_str *line);
/* Cut the last word off line: *word is it, what remains is trimmed.  false: no word. */
bool collapsed_last_word(pa_str *line, pa_str *word);

/* What an Austin 3 header says about the recording, and what may stand anywhere in it. */
void collapsed_austin_header(pa_builder *b, pa_str head);
void collapsed_austin_comment(pa_builder *b, pa_str line);

/* The frame that a text stands for: module, flags and position as its dialect says. */
pa_frame_id collapsed_frame(pa_builder *b, collapsed_dialect dialect, pa_str text);
/* Austin 2.x writes the line as a frame of its own: length of "L17" at the start of rest, 0 if it is something else. */
size_t collapsed_line_frame(pa_str rest);
#define COLLAPSED_MAX_LABELS 3
/* Length of an Austin "P12;T34;" at the start of the frames, 0 without one; the labels it says. */
size_t collapsed_austin_prefix(pa_builder *b, pa_str frames, pa_label labels[COLLAPSED_MAX_LABELS],
                               size_t *n_labels);

bool collapsed_write(const pa_profile *profile, pa_out *out, pa_arena *scratch, pa_err *err);

#define COLLAPSED_NO_STACK "[no stack]"
#define COLLAPSED_UNKNOWN  "[unknown]"

/* Frame kinds as suffixes of a name, in the order they are written. */
typedef struct collapsed_suffix {
    char letter;
    uint32_t flag;
} collapsed_suffix;
extern const collapsed_suffix collapsed_suffixes[];
extern const size_t collapsed_n_suffixes;
#define COLLAPSED_SUFFIX_LENGTH 4
/* "poll_[k]": takes the suffix off text and says its flag. */
uint32_t collapsed_take_suffix(pa_str *text);

#endif
