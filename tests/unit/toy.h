/* toy.h: a text format made for tests, put where the first row of the format table stands, so that everything between
 * pa_read and a reader can be driven without any real format.
 *
 *   main;work 3        a row of stream ''      cpu:main;work 2.5    a row of stream 'cpu', with a fraction
 *   #stream cpu        declares a stream       #odd                 counted      #incomplete    said of the input
 *
 *   #other cpu         declares stream 'cpu' with another metric               #slow   takes its time
 *
 * Anything else is an error.  Includes formats/read.c: the library's own table is then not linked. */
#ifndef PA_TESTS_TOY_H
#define PA_TESTS_TOY_H

#define pa_format_pprof pa_format_toy
#include "formats/read.c" /* NOLINT(bugprone-suspicious-include): see above */

#include "tests/unit/profiles.h"

static pa_stream_id toy_stream(pa_builder *b, pa_str name, pa_str metric)
{
    pa_metric m = {
        .name = pa_add_str(b, metric), .unit = pa_add_str(b, PA_STR("count")), .dimension = PA_DIM_COUNT};
    return pa_add_stream(b, pa_add_str(b, name), &m, 1);
}

static bool toy_value(pa_reading *r, pa_stream_id s, pa_str text, int64_t *value)
{
    double fraction;
    if (!pa_str_to_i64(text, value)) {
        if (!pa_str_to_double(text, &fraction) || !pa_metric_fractional(r->builder, s, 0, r->err))
            return false;
        *value = (int64_t)(fraction * PA_FRACTION_SCALE);
    } else if (pa_stream_metric(r->builder, s, 0)->decimals) {
        *value *= PA_FRACTION_SCALE;
    }
    return true;
}

static bool toy_row(pa_reading *r, pa_str line)
{
    ptrdiff_t blank = pa_str_rfind(line, ' ');
    if (blank < 1)
        return false;
    pa_str stack = pa_str_head(line, (size_t)blank), name = {0};
    if (pa_str_find(stack, ':') >= 0)
        stack = pa_str_cut(stack, ':', &name);
    pa_stream_id s = toy_stream(r->builder, name, PA_STR("m"));
    pa_frame_id *frames = pa_new(r->scratch, pa_frame_id, stack.n + 1);
    size_t n = 0;
    while (stack.n) {
        pa_str part;
        stack = pa_str_cut(stack, ';', &part);
        pa_function_id f = pa_add_function(r->builder, &(pa_function){.name = pa_add_str(r->builder, part)});
        frames[n++] = pa_add_frame(r->builder, &(pa_frame){.function = f});
    }
    int64_t value;
    return toy_value(r, s, pa_str_from(line, (size_t)blank + 1), &value) &&
           pa_add_row(r->builder, s, pa_add_stack(r->builder, frames, n), (pa_context_id){0}, &value, r->err);
}

static bool toy_line(pa_reading *r, pa_str line)
{
    if (pa_str_is(line, "#odd"))
        pa_note(r->builder, "odd", r->offset);
    else if (pa_str_is(line, "#strange"))
        pa_note(r->builder, "strange", r->offset);
    else if (pa_str_is(line, "#incomplete"))
        pa_input_incomplete(r->builder);
    else if (pa_str_starts(line, PA_STR("#stream ")))
        (void)toy_stream(r->builder, pa_str_from(line, 8), PA_STR("m"));
    else if (pa_str_starts(line, PA_STR("#other ")))
        (void)toy_stream(r->builder, pa_str_from(line, 7), PA_STR("n"));
    else if (pa_str_is(line, "#slow"))
        usleep(30000);
    else if (line.n)
        return toy_row(r, line) || pa_fail(r->err, PA_E_SYNTAX, r->offset, "bad line");
    return true;
}

static bool toy_read(pa_reading *r)
{
    pa_str rest = r->bytes, line;
    while (rest.n) {
        pa_str after = pa_str_cut(rest, '\n', &line);
        pa_at(r->builder, r->offset);
        if (!toy_line(r, line))
            return false;
        r->offset += rest.n - after.n;
        rest = after;
    }
    return true;
}

static int toy_probe(pa_str head)
{
    return pa_str_starts(head, PA_STR("toy")) ? PA_PROBE_STRUCTURE : PA_PROBE_NO;
}

static size_t toy_split(pa_str bytes) { return (size_t)(pa_str_rfind(bytes, '\n') + 1); }

const pa_format pa_format_toy = {.name = "toy",
                                 .title = "made for tests",
                                 .extensions = "toy",
                                 .probe = toy_probe,
                                 .read = toy_read,
                                 .split = toy_split};

#endif
