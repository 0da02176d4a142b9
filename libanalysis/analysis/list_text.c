/* list_text.c: the report of list: tables with source for people, rows for machines.
 * In: blocks and places.  Out: files by their heaviest function, in each the functions by line; lines that have values
 * with five lines around them; what of the sources could not be read. */
#include <stdlib.h>

#include "libanalysis/analysis/list.h"

#define MARGIN 5
#define TAB    8

pa_str pa_untabbed(pa_arena *arena, pa_str text, size_t column)
{
    if (pa_str_find(text, '\t') < 0)
        return text;
    size_t n = 0, n_tabs = 0;
    for (size_t i = 0; i < text.n; i++)
        n_tabs += text.p[i] == '\t';
    char *to = pa_new(arena, char, text.n + n_tabs * TAB);
    for (size_t i = 0; i < text.n; i++) {
        bool tab = text.p[i] == '\t';
        do {
            to[n++] = tab ? ' ' : text.p[i];
            column += ((unsigned char)text.p[i] & 0xC0) != 0x80; /* characters, not bytes */
        } while (tab && column % TAB);
    }
    return (pa_str){to, n};
}

/* ---- order --------------------------------------------------------------------------------------------------- */

static int64_t weight(int64_t v) { return v < 0 && v != INT64_MIN ? -v : v; }

static int compare_files(const void *a, const void *b)
{
    const pa_list_block *x = a, *y = b;
    int order = pa_str_cmp(x->file, y->file);
    return order ? order : (weight(x->cum) < weight(y->cum)) - (weight(x->cum) > weight(y->cum));
}

static int64_t first_line(const pa_list_block *b)
{
    return b->start_line ? b->start_line : b->n ? b->places[0].line : 0;
}

static int compare_blocks(const void *a, const void *b, void *arg)
{
    const pa_list_job *job = arg;
    const pa_list_block *x = a, *y = b;
    if (x->weight != y->weight)
        return x->weight > y->weight ? -1 : 1;
    int order = pa_str_cmp(x->file, y->file);
    if (order)
        return order;
    if (first_line(x) != first_line(y))
        return first_line(x) < first_line(y) ? -1 : 1;
    order = pa_str_cmp(job->view->groups[x->group].name, job->view->groups[y->group].name);
    return order ? order : (x->group > y->group) - (x->group < y->group);
}

static void sort_blocks(pa_list_job *job)
{
    pa_list_block *b = job->blocks.p;
    size_t n = job->blocks.n;
    qsort(b, n, sizeof *b, compare_files);
    for (size_t i = 0; i < n; i++)
        b[i].weight = i && pa_str_eq(b[i].file, b[i - 1].file) ? b[i - 1].weight : weight(b[i].cum);
    qsort_r(b, n, sizeof *b, compare_blocks, job);
}

/* ---- for machines -------------------------------------------------------------------------------------------- */

static double share(const pa_list_job *job, int64_t value)
{
    return job->view->total ? (double)value / (double)job->view->total : 0;
}

static void fill_values(const pa_list_job *job, int64_t flat, int64_t cum, pa_cell *cells)
{
    cells[0] = pa_cell_value(flat);
    cells[1] = pa_cell_share(share(job, flat));
    cells[2] = pa_cell_value(cum);
    cells[3] = pa_cell_share(share(job, cum));
}

enum { R_FUNCTION, R_KEY, R_FILE, R_LINE, R_FLAT, R_FLAT_SHARE, R_CUM, R_CUM_SHARE, R_TEXT, N_R };

const pa_table *pa_list_rows(pa_list_job *job)
{
    static const pa_column columns[N_R] = {
        [R_FUNCTION] = {.key = "function"}, [R_KEY] = {.key = "key"},
        [R_FILE] = {.key = "file"},         [R_LINE] = {.key = "line"},
        [R_FLAT] = {.key = "flat"},         [R_FLAT_SHARE] = {.key = "flat_share"},
        [R_CUM] = {.key = "cum"},           [R_CUM_SHARE] = {.key = "cum_share"},
        [R_TEXT] = {.key = "text"},
    };
    pa_column *own = pa_new(job->arena, pa_column, N_R);
    memcpy(own, columns, sizeof columns);
    own[R_FLAT].quantity = own[R_CUM].quantity = job->quantity;
    pa_table *t = pa_table_new(job->arena, own, N_R);
    for (size_t i = 0; i < job->blocks.n; i++) {
        const pa_list_block *b = &job->blocks.p[i];
        const pa_source *source = pa_source_find(&job->sources, b->file);
        for (size_t j = 0; j < b->n; j++) {
            const pa_list_place *p = &b->places[j];
            pa_cell *row = pa_table_row(job->arena, t);
            pa_str text;
            row[R_FUNCTION] = pa_cell_str(job->view->groups[b->group].name);
            row[R_KEY] = pa_cell_str(job->view->groups[b->group].key);
            if (b->file.n)
                row[R_FILE] = pa_cell_str(b->file);
            if (p->line)
                row[R_LINE] = pa_cell_int(p->line);
            fill_values(job, p->flat, p->cum, &row[R_FLAT]);
            if (pa_source_line(source, p->line, &text))
                row[R_TEXT] = pa_cell_str(text.n ? text : PA_STR(""));
        }
    }
    return t;
}

enum { F_FUNCTION, F_KEY, F_FILE, F_START, F_SOURCE, F_WHY, F_FLAT, F_FLAT_SHARE, F_CUM, F_CUM_SHARE, N_F };

static const pa_table *function_table(pa_list_job *job)
{
    static const pa_column columns[N_F] = {
        [F_FUNCTION] = {.key = "function"}, [F_KEY] = {.key = "key"},
        [F_FILE] = {.key = "file"},         [F_START] = {.key = "start_line"},
        [F_SOURCE] = {.key = "source"},     [F_WHY] = {.key = "no_source"},
        [F_FLAT] = {.key = "flat"},         [F_FLAT_SHARE] = {.key = "flat_share"},
        [F_CUM] = {.key = "cum"},           [F_CUM_SHARE] = {.key = "cum_share"},
    };
    pa_column *own = pa_new(job->arena, pa_column, N_F);
    memcpy(own, columns, sizeof columns);
    own[F_FLAT].quantity = own[F_CUM].quantity = job->quantity;
    pa_table *t = pa_table_new(job->arena, own, N_F);
    for (size_t i = 0; i < job->blocks.n; i++) {
        const pa_list_block *b = &job->blocks.p[i];
        const pa_source *source = pa_source_find(&job->sources, b->file);
        pa_cell *row = pa_table_row(job->arena, t);
        row[F_FUNCTION] = pa_cell_str(job->view->groups[b->group].name);
        row[F_KEY] = pa_cell_str(job->view->groups[b->group].key);
        if (b->file.n)
            row[F_FILE] = pa_cell_str(b->file);
        if (b->start_line)
            row[F_START] = pa_cell_int(b->start_line);
        if (source->path.p)
            row[F_SOURCE] = pa_cell_str(source->path);
        else if (source->why.n)
            row[F_WHY] = pa_cell_str(source->why);
        fill_values(job, b->flat, b->cum, &row[F_FLAT]);
    }
    return t;
}

/* ---- for people ---------------------------------------------------------------------------------------------- */

enum { T_FLAT, T_FLAT_SHARE, T_CUM, T_CUM_SHARE, T_LINE, T_TEXT, N_T };

static pa_cell value_or_dot(pa_list_job *job, int64_t value)
{
    return pa_cell_str(value ? pa_quantity_text(job->arena, value, job->quantity) : PA_STR("."));
}

static pa_cell share_or_dot(pa_list_job *job, int64_t value)
{
    return value ? pa_cell_share(share(job, value)) : pa_cell_cstr(".");
}

static void put_line(pa_list_job *job, pa_table *t, const pa_source *source, int64_t line,
                     const pa_list_place *place)
{
    pa_cell *row = pa_table_row(job->arena, t);
    pa_str text;
    row[T_FLAT] = value_or_dot(job, place ? place->flat : 0);
    row[T_FLAT_SHARE] = share_or_dot(job, place ? place->flat : 0);
    row[T_CUM] = value_or_dot(job, place ? place->cum : 0);
    row[T_CUM_SHARE] = share_or_dot(job, place ? place->cum : 0);
    row[T_LINE] = pa_cell_str(line ? pa_arena_format(job->arena, "%lld", (long long)line) : PA_STR("?"));
    if (pa_source_line(source, line, &text))
        row[T_TEXT] = pa_cell_str(pa_untabbed(job->arena, text, 0));
    else if (source->path.p && line)
        row[T_TEXT] = pa_cell_cstr("<the file has no such line>");
}

/* Lines with values and those around them; "..." where lines are left out. */
static const pa_table *source_table(pa_list_job *job, const pa_list_block *b, const pa_source *source)
{
    static const pa_column columns[N_T] = {
        [T_FLAT] = {.title = "flat"}, [T_FLAT_SHARE] = {.title = "flat%"},
        [T_CUM] = {.title = "cum"},   [T_CUM_SHARE] = {.title = "cum%"},
        [T_LINE] = {.title = "line"}, [T_TEXT] = {.title = "source", .flags = PA_COL_NAME | PA_COL_LEFT},
    };
    pa_table *t = pa_table_new(job->arena, columns, N_T);
    int64_t next = b->start_line > 0 ? b->start_line : 1, n_lines = (int64_t)source->lines.n;
    bool any = false;
    for (size_t i = 0; i < b->n; i++) {
        const pa_list_place *p = &b->places[i];
        int64_t first = p->line - MARGIN > next ? p->line - MARGIN : next;
        if (any && source->path.p && first > next && p->line > 0)
            pa_table_row(job->arena, t)[T_TEXT] = pa_cell_cstr("...");
        for (int64_t line = first; p->line <= n_lines && line < p->line; line++)
            put_line(job, t, source, line, NULL);
        put_line(job, t, source, p->line, p);
        any = true;
        next = p->line >= next ? p->line + 1 : next;
        int64_t until = i + 1 < b->n ? b->places[i + 1].line : INT64_MAX;
        for (int64_t last = p->line + MARGIN; p->line > 0 && next <= last && next < until && next <= n_lines;
             next++)
            put_line(job, t, source, next, NULL);
    }
    return t;
}

static void block_line(pa_list_job *job, const pa_list_block *b)
{
    char flat_share[PA_VALUE_TEXT], cum_share[PA_VALUE_TEXT];
    pa_percent_text(flat_share, share(job, b->flat));
    pa_percent_text(cum_share, share(job, b->cum));
    pa_str name = job->view->groups[b->group].name,
           flat = pa_quantity_text(job->arena, b->flat, job->quantity),
           cum = pa_quantity_text(job->arena, b->cum, job->quantity), f = pa_str_trim(pa_cstr(flat_share)),
           c = pa_str_trim(pa_cstr(cum_share));
    pa_report_line(job->report, "%.*s: flat %.*s (%.*s), cum %.*s (%.*s)", (int)name.n, name.p, (int)flat.n,
                   flat.p, (int)f.n, f.p, (int)cum.n, cum.p, (int)c.n, c.p)
        ->emphasis = true;
}

static void file_line(pa_list_job *job, const pa_source *source)
{
    pa_str file = source->recorded, path = source->path, why = source->why;
    if (file.n == 0)
        pa_report_line(job->report, "no file is recorded for:");
    else if (path.p && pa_str_eq(path, file))
        pa_report_line(job->report, "%.*s", (int)file.n, file.p);
    else if (path.p)
        pa_report_line(job->report, "%.*s, read from %.*s", (int)file.n, file.p, (int)path.n, path.p);
    else
        pa_report_line(job->report, "%.*s: source not found: %.*s", (int)file.n, file.p, (int)why.n,
                       why.n ? why.p : "");
}

void pa_list_as_text(pa_list_job *job)
{
    sort_blocks(job);
    pa_report_field(job->report, "functions", NULL, pa_cell_table(function_table(job)));
    pa_report_field(job->report, "rows", "", pa_cell_table(pa_list_rows(job)));
    for (size_t i = 0; i < job->blocks.n; i++) {
        const pa_list_block *b = &job->blocks.p[i];
        const pa_source *source = pa_source_find(&job->sources, b->file);
        pa_report_line(job->report, "%s", "");
        if (i == 0 || !pa_str_eq(b->file, b[-1].file))
            file_line(job, source);
        block_line(job, b);
        pa_report_field(job->report, NULL, "", pa_cell_table(source_table(job, b, source)));
    }
}
