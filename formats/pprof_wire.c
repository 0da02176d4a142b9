/* pprof_wire.c: see pprof_wire.h. */
#include "formats/pprof_wire.h"

pa_wire_error pa_varint_slow(pa_bytes *p, pa_bytes end, uint64_t *value)
{
    uint64_t v = 0;
    pa_bytes at = *p;
    for (unsigned shift = 0; shift < 70; shift += 7) {
        if (at == end)
            return PA_WIRE_CUT;
        uint64_t b = *at++;
        v |= shift < 64 ? (b & 127) << shift : 0; /* the 10th byte may overflow: ignored, as protobuf does */
        if (b < 128) {
            *p = at;
            *value = v;
            return PA_WIRE_OK;
        }
    }
    return PA_WIRE_VARINT_LONG;
}

pa_wire_error pa_field_next(pa_bytes *p, pa_bytes end, pa_field *f)
{
    pa_bytes at = *p;
    uint64_t tag;
    pa_wire_error e = pa_varint(&at, end, &tag);
    if (e)
        return e;
    if (tag >> 3 == 0 || tag >> 3 > 0x1fffffff)
        return PA_WIRE_FIELD;
    f->number = (uint32_t)(tag >> 3);
    f->wire = (unsigned)(tag & 7);
    size_t left;
    switch (f->wire) {
    case PA_WIRE_VARINT: e = pa_varint(&at, end, &f->value); break;
    case PA_WIRE_LEN:
        e = pa_varint(&at, end, &f->value);
        left = (size_t)(end - at);
        if (!e && f->value > left)
            e = PA_WIRE_LENGTH;
        if (!e) {
            f->bytes = at;
            f->n = (size_t)f->value;
            at += f->n;
        }
        break;
    case PA_WIRE_64:
    case PA_WIRE_32:
        f->n = f->wire == PA_WIRE_64 ? 8 : 4;
        left = (size_t)(end - at);
        if (left < f->n)
            e = PA_WIRE_CUT;
        else
            at += f->n;
        break;
    default: return PA_WIRE_TYPE;
    }
    if (!e)
        *p = at;
    return e;
}

const char *pa_wire_text(pa_wire_error error)
{
    switch (error) {
    case PA_WIRE_CUT: return "input ends inside a field";
    case PA_WIRE_VARINT_LONG: return "varint longer than 10 bytes";
    case PA_WIRE_LENGTH: return "length exceeds what remains";
    case PA_WIRE_TYPE: return "wire type does not exist";
    case PA_WIRE_FIELD: return "field number out of range";
    case PA_WIRE_OK: break;
    }
    return "no error";
}
