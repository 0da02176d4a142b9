/* report: what an analysis answers, typed: fields, tables, lines of text.  Renderers turn it into text, JSON, CSV and
 * Markdown without knowing which analysis made it.  Lives in the arena of the analysis; strings are borrowed from the
 * profile or that arena.
 * Every item may be for machines (it has a key), for people (it has a label or is a line), or for both. */
#ifndef PA_REPORT_REPORT_H
#define PA_REPORT_REPORT_H

#include "libanalysis/base/units.h"
#include "libanalysis/base/vec.h"

typedef struct pa_table pa_table;
typedef struct pa_object pa_object;

typedef enum pa_cell_kind {
    PA_CELL_NONE = 0, /* JSON null, text nothing */
    PA_CELL_STR,
    PA_CELL_INT,    /* a whole number: text with thousands separators */
    PA_CELL_VALUE,  /* i in the column's or field's unit, decimals as there */
    PA_CELL_SHARE,  /* d of 1.0; text in percent */
    PA_CELL_DOUBLE, /* 6 significant digits */
    PA_CELL_BOOL,
    PA_CELL_TABLE,  /* JSON: array of objects */
    PA_CELL_OBJECT, /* JSON: object */
    PA_CELL_LIST    /* table with one column; JSON: array of plain values */
} pa_cell_kind;

/* How a PA_CELL_VALUE is read. */
typedef struct pa_quantity {
    pa_display display; /* for people */
    int decimals;       /* 0, or 9: i counts 1e-9 base units */
} pa_quantity;

typedef struct pa_cell {
    pa_cell_kind kind;
    union {
        pa_str s;
        int64_t i;
        double d;
        bool b;
        const pa_table *table;
        const pa_object *object;
    };
} pa_cell;

enum {                  /* column flags */
       PA_COL_LEFT = 1, /* text: aligned left (names); others right */
       PA_COL_NAME = 2, /* text: the long name; last, cut in the middle on a terminal */
       PA_COL_WIDE = 4, /* text: only with intervals asked for or at 120 columns and more */
       PA_COL_EMPHASIS = 8
};

typedef struct pa_column {
    const char *key;   /* JSON and CSV name; NULL: for people only */
    const char *title; /* text and Markdown heading; NULL: for machines only */
    unsigned flags;
    pa_quantity quantity;
} pa_column;

typedef enum pa_table_layout {
    PA_LAYOUT_COLUMNS = 0, /* one line a row */
    PA_LAYOUT_RECORDS      /* text: one "title: value" line a cell, rows apart by a blank line */
} pa_table_layout;

struct pa_table {
    const pa_column *columns;
    size_t n_columns;
    PA_VEC(pa_cell) cells; /* rows one after the other */
    pa_table_layout layout;
    size_t rule_at;  /* a rule above this row in text (0: none)... */
    bool rule_hides; /* ...and rows from it on are for people only */
};

typedef enum pa_item_kind { PA_ITEM_FIELD, PA_ITEM_LINE } pa_item_kind;

typedef struct pa_item {
    pa_item_kind kind;
    const char *key;   /* JSON; NULL: for people only */
    const char *label; /* text "label: value"; tables: "" for no heading; NULL: for machines only */
    pa_cell cell;      /* a line is a PA_CELL_STR; "" is an empty line */
    pa_quantity quantity;
    bool emphasis;
} pa_item;

struct pa_object {
    PA_VEC(pa_item) items;
};

struct pa_report {
    pa_arena *arena;
    const char *command; /* "top": the schema is panalyze/top/1 */
    const char *main;    /* key of the table that CSV takes; NULL: the first that has a label */
    pa_object root;      /* in the order of the output; "schema" and "tool" come from the renderer */
};

pa_report *pa_report_new(pa_arena *arena, const char *command);
pa_object *pa_object_new(pa_arena *arena);
pa_table *pa_table_new(pa_arena *arena, const pa_column *columns, size_t n_columns);

pa_item *pa_object_field(pa_arena *arena, pa_object *object, const char *key, const char *label,
                         pa_cell cell);
/* A line of text for people only. */
pa_item *pa_report_line(pa_report *report, const char *format, ...) PA_PRINTF(2, 3);
pa_item *pa_report_field(pa_report *report, const char *key, const char *label, pa_cell cell);
/* Append one row: n_columns cells, all PA_CELL_NONE; fill them through the returned pointer before the next row. */
pa_cell *pa_table_row(pa_arena *arena, pa_table *table);
size_t pa_table_rows(const pa_table *table);

static inline pa_cell pa_cell_str(pa_str s) { return (pa_cell){PA_CELL_STR, .s = s}; }
static inline pa_cell pa_cell_cstr(const char *s) { return (pa_cell){PA_CELL_STR, .s = pa_cstr(s)}; }
static inline pa_cell pa_cell_int(int64_t i) { return (pa_cell){PA_CELL_INT, .i = i}; }
static inline pa_cell pa_cell_value(int64_t i) { return (pa_cell){PA_CELL_VALUE, .i = i}; }
static inline pa_cell pa_cell_share(double d) { return (pa_cell){PA_CELL_SHARE, .d = d}; }
static inline pa_cell pa_cell_double(double d) { return (pa_cell){PA_CELL_DOUBLE, .d = d}; }
static inline pa_cell pa_cell_bool(bool b) { return (pa_cell){PA_CELL_BOOL, .b = b}; }
static inline pa_cell pa_cell_table(const pa_table *t) { return (pa_cell){PA_CELL_TABLE, .table = t}; }
static inline pa_cell pa_cell_list(const pa_table *t) { return (pa_cell){PA_CELL_LIST, .table = t}; }
static inline pa_cell pa_cell_object(const pa_object *o) { return (pa_cell){PA_CELL_OBJECT, .object = o}; }

#endif
