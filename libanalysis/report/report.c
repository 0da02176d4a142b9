/* report: building reports.
 * In: cells, keys and labels (literals or bytes that outlive the report).  Out: items and rows in the order of the calls.
 * Memory: all in the arena given; out of memory leaves through its guard.
 * Must not format values: that is the renderers' business. */
#include "libanalysis/report/report.h"

#include <stdio.h>

pa_report *pa_report_new(pa_arena *arena, const char *command)
{
    pa_report *report = pa_new(arena, pa_report, 1);
    report->arena = arena;
    report->command = command;
    return report;
}

pa_object *pa_object_new(pa_arena *arena) { return pa_new(arena, pa_object, 1); }

pa_table *pa_table_new(pa_arena *arena, const pa_column *columns, size_t n_columns)
{
    pa_table *table = pa_new(arena, pa_table, 1);
    table->columns = columns;
    table->n_columns = n_columns;
    return table;
}

pa_item *pa_object_field(pa_arena *arena, pa_object *object, const char *key, const char *label, pa_cell cell)
{
    pa_item *item = &pa_push(arena, &object->items);
    *item = (pa_item){.kind = PA_ITEM_FIELD, .key = key, .label = label, .cell = cell};
    return item;
}

pa_item *pa_report_line(pa_report *report, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int n = vsnprintf(NULL, 0, format, args);
    size_t length = n > 0 ? (size_t)n : 0;
    char *text = pa_new(report->arena, char, length + 1);
    vsnprintf(text, length + 1, format, again);
    va_end(again);
    va_end(args);
    pa_item *item = &pa_push(report->arena, &report->root.items);
    *item = (pa_item){.kind = PA_ITEM_LINE, .cell = pa_cell_str((pa_str){text, length})};
    return item;
}

pa_item *pa_report_field(pa_report *report, const char *key, const char *label, pa_cell cell)
{
    return pa_object_field(report->arena, &report->root, key, label, cell);
}

pa_cell *pa_table_row(pa_arena *arena, pa_table *table)
{
    pa_reserve(arena, &table->cells, table->n_columns);
    pa_cell *row = table->cells.p + table->cells.n;
    for (size_t i = 0; i < table->n_columns; i++)
        row[i] = (pa_cell){.kind = PA_CELL_NONE};
    table->cells.n += table->n_columns;
    return row;
}

size_t pa_table_rows(const pa_table *table)
{
    return table->n_columns ? table->cells.n / table->n_columns : 0;
}
