/* pprof_symbols: strings, functions, mappings, locations and value types of a pprof profile.
 * In: message bytes.  Out: raw records while the input is walked; ids of the model once it is complete.
 * Functions, mappings and value types are few: generated protobuf-c code decodes them.  Locations are many: by hand. */
#include "formats/pprof.pb-c.h"
#include "formats/pprof_parts.h"

#define UNASKED UINT32_MAX

/* ---- small messages by generated code ----------------------------------------------------------------------- */

typedef struct proto_space {
    pa_arena *arena;
    bool exhausted; /* unpacking says only that it failed, not why */
} proto_space;

static void *proto_alloc(void *arg, size_t size)
{
    proto_space *space = arg;
    void *piece = pa_arena_try(space->arena, size, 1, alignof(max_align_t));
    space->exhausted |= !piece;
    return piece;
}

static void proto_free(void *arg, void *piece)
{
    (void)arg; /* the caller rewinds */
    (void)piece;
}

/* Wire types against the message's descriptor: protobuf-c says only that something is wrong, this says what and where. */
static bool check_message(pprof *p, const ProtobufCMessageDescriptor *d, const pa_field *m)
{
    pa_bytes q = m->bytes, end = q + m->n;
    while (q < end) {
        pa_bytes at = q;
        pa_field f = {0};
        pa_wire_error e = pa_field_next(&q, end, &f);
        if (e)
            return pprof_wire_fail(p, d->short_name, e, at, end);
        if (f.number <= d->n_fields &&
            f.wire != PA_WIRE_VARINT) /* numbered from 1 without gaps, all integers */
            return pprof_fail(p, PA_E_SYNTAX, at, "field '%s' of %s has wire type %u",
                              d->fields[f.number - 1].name, d->short_name, f.wire);
    }
    return true;
}

/* Real ones have less than 100 bytes; generated code spends up to 20 bytes on a byte of unknown fields. */
#define MESSAGE_MAX 65536

/* The message in p->a; the caller rewinds. */
static void *unpack(pprof *p, const ProtobufCMessageDescriptor *d, const pa_field *m)
{
    if (m->n > MESSAGE_MAX && !pprof_fail(p, PA_E_LIMIT, m->bytes, "%s of %zu bytes exceeds the limit of %d",
                                          d->short_name, m->n, MESSAGE_MAX))
        return NULL;
    if (!check_message(p, d, m))
        return NULL;
    proto_space space = {.arena = p->a};
    ProtobufCAllocator in_arena = {.alloc = proto_alloc, .free = proto_free, .allocator_data = &space};
    ProtobufCMessage *message = protobuf_c_message_unpack(d, &in_arena, m->n, m->bytes);
    if (!message && space.exhausted)
        pa_fail(p->r->err, PA_E_MEMORY, PA_NO_OFFSET, "out of memory");
    else if (!message) /* well formed, but padded: generated code wants tags and lengths of at most 5 bytes */
        pa_fail(p->r->err, PA_E_SYNTAX, pprof_offset(p, m->bytes), "%s: tag or length longer than 5 bytes",
                d->short_name);
    return message;
}

bool pprof_read_type(pprof *p, const pa_field *f, pprof_type *type)
{
    pa_mark mark = pa_arena_mark(p->a);
    const PaPprof__ValueType *m = unpack(p, &pa_pprof__value_type__descriptor, f);
    if (!m)
        return false;
    *type = (pprof_type){.type = m->type, .unit = m->unit, .at = f->bytes};
    pa_arena_rewind(p->a, mark);
    return true;
}

bool pprof_read_function(pprof *p, const pa_field *f)
{
    pprof_function *to = &pa_push(p->a, &p->functions);
    pa_mark mark = pa_arena_mark(p->a);
    const PaPprof__Function *m = unpack(p, &pa_pprof__function__descriptor, f);
    if (!m)
        return false;
    *to = (pprof_function){.id = m->id,
                           .name = m->name,
                           .system_name = m->system_name,
                           .file = m->filename,
                           .start_line = m->start_line,
                           .at = f->bytes};
    pa_arena_rewind(p->a, mark);
    return true;
}

bool pprof_read_mapping(pprof *p, const pa_field *f)
{
    pprof_mapping *to = &pa_push(p->a, &p->mappings);
    pa_mark mark = pa_arena_mark(p->a);
    const PaPprof__Mapping *m = unpack(p, &pa_pprof__mapping__descriptor, f);
    if (!m)
        return false;
    uint32_t flags =
        (m->has_functions ? PA_MODULE_HAS_FUNCTIONS : 0) | (m->has_filenames ? PA_MODULE_HAS_FILENAMES : 0) |
        (m->has_line_numbers ? PA_MODULE_HAS_LINES : 0) | (m->has_inline_frames ? PA_MODULE_HAS_INLINES : 0);
    *to = (pprof_mapping){.id = m->id,
                          .path = m->filename,
                          .build_id = m->build_id,
                          .module = {.start = m->memory_start,
                                     .limit = m->memory_limit,
                                     .file_offset = m->file_offset,
                                     .flags = flags},
                          .at = f->bytes};
    pa_arena_rewind(p->a, mark);
    return true;
}

/* ---- locations ---------------------------------------------------------------------------------------------- */

static bool read_line(pprof *p, const pa_field *m)
{
    pprof_line line = {0};
    pa_bytes q = m->bytes, end = q + m->n;
    while (q < end) {
        pa_bytes at = q;
        pa_field f;
        pa_wire_error e = pa_field_next(&q, end, &f);
        if (e)
            return pprof_wire_fail(p, "Line", e, at, end);
        if (f.number > 3)
            continue;
        if (f.wire != PA_WIRE_VARINT)
            return pprof_type_fail(p, "Line", &f, at);
        *(f.number == 1   ? &line.function
          : f.number == 2 ? (uint64_t *)&line.line
                          : (uint64_t *)&line.column) = f.value;
    }
    pa_push(p->a, &p->lines) = line;
    return true;
}

bool pprof_read_location(pprof *p, const pa_field *m)
{
    if (p->lines.n >= UINT32_MAX)
        return pprof_fail(p, PA_E_LIMIT, m->bytes, "more than %u lines", UINT32_MAX);
    pprof_location l = {.first_line = (uint32_t)p->lines.n, .at = m->bytes};
    pa_bytes q = m->bytes, end = q + m->n;
    while (q < end) {
        pa_bytes at = q;
        pa_field f;
        pa_wire_error e = pa_field_next(&q, end, &f);
        if (e)
            return pprof_wire_fail(p, "Location", e, at, end);
        if (f.number > 5)
            continue;
        if (f.wire != (f.number == 4 ? PA_WIRE_LEN : PA_WIRE_VARINT))
            return pprof_type_fail(p, "Location", &f, at);
        if (f.number == 1)
            l.id = f.value;
        else if (f.number == 2)
            l.mapping = f.value;
        else if (f.number == 3)
            l.address = f.value;
        else if (f.number == 5)
            l.folded = f.value != 0;
        else if (!read_line(p, &f))
            return false;
    }
    l.n_lines = (uint32_t)p->lines.n - l.first_line;
    pa_push(p->a, &p->locations) = l;
    return true;
}

/* ---- ids ---------------------------------------------------------------------------------------------------- */

static bool find_id(const pprof_ids *ids, uint64_t id, uint32_t *index)
{
    if (id - 1 < ids->n) {
        *index = ids->dense[id - 1] - 1;
        return ids->dense[id - 1] != 0;
    }
    for (pa_slot at = pa_index_find(&ids->sparse, pa_mix(id, 0)); pa_index_next(&ids->sparse, &at, index);)
        if (ids->keys[*index] == id)
            return true;
    return false;
}

/* id_at and at_at: where in a record its id and its position stand. */
static bool index_ids(pprof *p, pprof_ids *ids, const char *what, const void *records, size_t n,
                      size_t record_bytes, size_t at_at)
{
    uint64_t *keys = pa_new(p->a, uint64_t, n);
    ids->keys = keys;
    ids->n = n;
    ids->dense = pa_new(p->a, uint32_t, n);
    if (n >= PA_MAX_IDS)
        return pprof_fail(p, PA_E_LIMIT, p->start, "more than %u %ss", PA_MAX_IDS, what);
    for (size_t i = 0; i < n; i++) {
        const char *record = (const char *)records + i * record_bytes;
        pa_bytes at;
        uint32_t other;
        memcpy(&keys[i], record, sizeof *keys); /* the id is the first member of every record */
        memcpy(&at, record + at_at, sizeof at);
        if (keys[i] == 0)
            return pprof_fail(p, PA_E_SYNTAX, at, "%s %zu has id 0", what, i + 1);
        if (find_id(ids, keys[i], &other))
            return pprof_fail(p, PA_E_SYNTAX, at, "second %s with id %llu", what,
                              (unsigned long long)keys[i]);
        if (keys[i] <= n)
            ids->dense[keys[i] - 1] = (uint32_t)i + 1;
        else
            pa_index_add(p->a, &ids->sparse, pa_mix(keys[i], 0), (uint32_t)i);
    }
    return true;
}

/* Some .NET producers leave out every function id while lines count from 1: --lenient takes them by position. */
static void number_functions(pprof *p)
{
    for (size_t i = 0; i < p->functions.n; i++)
        if (p->functions.p[i].id != 0)
            return;
    for (size_t i = 0; i < p->functions.n; i++) {
        p->functions.p[i].id = i + 1;
        pa_note(p->b, "function without an id, numbered by position", pprof_offset(p, p->functions.p[i].at));
    }
}

static bool check_references(pprof *p)
{
    pa_str_id ignored;
    for (size_t i = 0; i < p->functions.n; i++) {
        const pprof_function *f = &p->functions.p[i];
        const int64_t strings[] = {f->name, f->system_name, f->file};
        static const char *const what[] = {"name of function", "system_name of function",
                                           "filename of function"};
        for (size_t s = 0; s < 3; s++)
            if (strings[s] < 0 || (uint64_t)strings[s] >= p->strings.n)
                return pprof_string(p, strings[s], what[s], f->at, &ignored);
    }
    for (size_t i = 0; i < p->locations.n; i++) {
        const pprof_location *l = &p->locations.p[i];
        uint32_t index;
        if (l->mapping != 0 && !find_id(&p->mapping_ids, l->mapping, &index))
            pa_note(p->b, "location with an unknown mapping id", pprof_offset(p, l->at));
        for (uint32_t n = 0; n < l->n_lines; n++) {
            uint64_t id = p->lines.p[l->first_line + n].function;
            if (!find_id(&p->function_ids, id, &index))
                return pprof_fail(p, PA_E_SYNTAX, l->at, "location %llu: function id %llu does not exist",
                                  (unsigned long long)l->id, (unsigned long long)id);
        }
    }
    return true;
}

static bool add_modules(pprof *p)
{
    p->module_id = pa_new(p->a, pa_module_id, p->mappings.n);
    for (size_t i = 0; i < p->mappings.n; i++) {
        pprof_mapping *m = &p->mappings.p[i];
        if (!pprof_string(p, m->path, "filename of mapping", m->at, &m->module.path) ||
            !pprof_string(p, m->build_id, "build_id of mapping", m->at, &m->module.build_id))
            return false;
        p->module_id[i] = pa_add_module(p->b, &m->module);
    }
    return true;
}

bool pprof_check_symbols(pprof *p)
{
    if (p->r->options->lenient)
        number_functions(p);
    if (!index_ids(p, &p->mapping_ids, "mapping", p->mappings.p, p->mappings.n, sizeof(pprof_mapping),
                   offsetof(pprof_mapping, at)) ||
        !index_ids(p, &p->function_ids, "function", p->functions.p, p->functions.n, sizeof(pprof_function),
                   offsetof(pprof_function, at)) ||
        !index_ids(p, &p->location_ids, "location", p->locations.p, p->locations.n, sizeof(pprof_location),
                   offsetof(pprof_location, at)) ||
        !check_references(p) || !add_modules(p))
        return false;
    p->function_id = pa_new(p->a, pa_function_id, p->functions.n);
    memset(p->function_id, 0xff, p->functions.n * sizeof *p->function_id);
    p->frames_of = pa_new(p->a, pprof_frames, p->locations.n);
    p->single_frame = pa_new(p->a, pa_frame_id, p->locations.n);
    memset(p->single_frame, 0xff, p->locations.n * sizeof *p->single_frame);
    return true;
}

/* ---- into the model, when first asked for ------------------------------------------------------------------- */

bool pprof_string(pprof *p, int64_t index, const char *what, pa_bytes at, pa_str_id *id)
{
    if (index < 0 || (uint64_t)index >= p->strings.n)
        return pprof_fail(p, PA_E_SYNTAX, at, "%s: string index %lld outside the table of %zu", what,
                          (long long)index, p->strings.n);
    pa_str_id *known = &p->string_ids[index];
    if (known->v == UNASKED)
        *known = pa_add_str(p->b, p->strings.p[index]);
    *id = *known;
    return true;
}

static pa_function_id add_function(pprof *p, uint64_t id)
{
    uint32_t index = 0;
    (void)find_id(&p->function_ids, id, &index); /* checked before */
    const pprof_function *f = &p->functions.p[index];
    if (p->function_id[index].v == UNASKED) {
        pa_function to = {.start_line = f->start_line};
        bool ok = pprof_string(p, f->name, "function", f->at, &to.name) &&
                  pprof_string(p, f->system_name, "function", f->at, &to.system_name) &&
                  pprof_string(p, f->file, "function", f->at, &to.file);
        (void)ok; /* checked before */
        p->function_id[index] = pa_add_function(p->b, &to);
    }
    return p->function_id[index];
}

static void add_frames(pprof *p, const pprof_location *l)
{
    uint32_t index;
    pa_module_id module = {0};
    if (l->mapping != 0 && find_id(&p->mapping_ids, l->mapping, &index))
        module = p->module_id[index];
    uint32_t flags = l->folded ? PA_FRAME_FOLDED : 0;
    if (l->n_lines == 0) {
        pa_frame f = {.module = module, .address = l->address, .flags = flags | PA_FRAME_UNKNOWN};
        pa_push(p->a, &p->location_frames) = pa_add_frame(p->b, &f);
    }
    /* the file lists the innermost inlined function first; stacks of the model are root first */
    for (uint32_t i = l->n_lines; i-- > 0;) {
        const pprof_line *line = &p->lines.p[l->first_line + i];
        pa_frame f = {.function = add_function(p, line->function),
                      .module = module,
                      .address = l->address,
                      .line = line->line,
                      .column = line->column,
                      .flags = flags | (i + 1 < l->n_lines ? PA_FRAME_INLINED : 0)};
        pa_push(p->a, &p->location_frames) = pa_add_frame(p->b, &f);
    }
}

bool pprof_location_frames(pprof *p, uint64_t id, pa_bytes at, pprof_frames *frames)
{
    uint32_t index;
    if (!find_id(&p->location_ids, id, &index))
        return pprof_fail(p, PA_E_SYNTAX, at, "sample: location id %llu does not exist",
                          (unsigned long long)id);
    pprof_frames *known = &p->frames_of[index];
    if (known->n == 0) {
        known->first = (uint32_t)p->location_frames.n;
        add_frames(p, &p->locations.p[index]);
        known->n = (uint32_t)p->location_frames.n - known->first;
        if (known->n == 1 && id - 1 < p->location_ids.n)
            p->single_frame[id - 1] = p->location_frames.p[known->first];
    }
    *frames = *known;
    return true;
}
