/* json_write: streaming JSON writer.  Commas, indentation and escapes are its business; integers are exact;
 * doubles have 6 significant digits; NaN and infinities are null; invalid UTF-8 becomes U+FFFD. */
#ifndef PA_BASE_JSON_WRITE_H
#define PA_BASE_JSON_WRITE_H

#include "libanalysis/base/output.h"

#define PA_JSON_DEPTH 32

typedef struct pa_json {
    pa_out *out;
    unsigned depth;
    bool compact[PA_JSON_DEPTH]; /* this level is written on one line */
    bool filled[PA_JSON_DEPTH];
    bool after_key;
} pa_json;

void pa_json_init(pa_json *json, pa_out *out);
void pa_json_object(pa_json *json, bool one_line);
void pa_json_array(pa_json *json, bool one_line);
void pa_json_end_object(pa_json *json);
void pa_json_end_array(pa_json *json);
void pa_json_key(pa_json *json, const char *key);
void pa_json_str(pa_json *json, pa_str s);
void pa_json_i64(pa_json *json, int64_t value);
void pa_json_u64(pa_json *json, uint64_t value);
/* value / 10^decimals, exact (see pa_out_decimal). */
void pa_json_decimal(pa_json *json, int64_t value, int decimals);
void pa_json_double(pa_json *json, double value);
void pa_json_bool(pa_json *json, bool value);
void pa_json_null(pa_json *json);

#endif
