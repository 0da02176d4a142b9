/* pprof_wire: bounds-checked protobuf wire decoding for formats/pprof*.c.
 *
 *   tag = field << 3 | wire      wire 0 varint · 1 eight bytes · 2 length + bytes · 5 four bytes
 *
 * In: bytes.  Out: fields in order.  Never reads past end; sizes are compared before they are added. */
#ifndef PA_FORMATS_PPROF_WIRE_H
#define PA_FORMATS_PPROF_WIRE_H

#include "libanalysis/base/str.h"

typedef const unsigned char *pa_bytes;

enum { PA_WIRE_VARINT = 0, PA_WIRE_64 = 1, PA_WIRE_LEN = 2, PA_WIRE_32 = 5 };

typedef enum pa_wire_error {
    PA_WIRE_OK = 0,
    PA_WIRE_CUT,         /* the bytes end inside a field */
    PA_WIRE_VARINT_LONG, /* a varint of more than 10 bytes */
    PA_WIRE_LENGTH,      /* a length beyond the bytes that are left */
    PA_WIRE_TYPE,        /* wire types 3, 4, 6, 7 do not exist here */
    PA_WIRE_FIELD        /* field number 0, or over the limit of the encoding */
} pa_wire_error;

typedef struct pa_field {
    uint32_t number;
    unsigned wire;
    uint64_t value; /* varint */
    pa_bytes bytes; /* wire 2: the payload */
    size_t n;
} pa_field;

pa_wire_error pa_varint_slow(pa_bytes *p, pa_bytes end, uint64_t *value);

/* Most varints have one to three bytes. */
static inline pa_wire_error pa_varint(pa_bytes *p, pa_bytes end, uint64_t *value)
{
    pa_bytes q = *p;
    if (end - q >= 3) {
        if (q[0] < 128) {
            *p = q + 1;
            *value = q[0];
            return PA_WIRE_OK;
        }
        if (q[1] < 128) {
            *p = q + 2;
            *value = (q[0] & 127u) | (uint64_t)q[1] << 7;
            return PA_WIRE_OK;
        }
        if (q[2] < 128) {
            *p = q + 3;
            *value = (q[0] & 127u) | (q[1] & 127u) << 7 | (uint64_t)q[2] << 14;
            return PA_WIRE_OK;
        }
    }
    return pa_varint_slow(p, end, value);
}

/* The next field; *p is behind it on success and at the fault otherwise. */
pa_wire_error pa_field_next(pa_bytes *p, pa_bytes end, pa_field *field);
/* "length 12 exceeds remaining 3" ... */
const char *pa_wire_text(pa_wire_error error);

#endif
