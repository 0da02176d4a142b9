/* render_json: a report for programs (docs/json.md is the contract).
 * In: the items and columns that have a key.  Out: one JSON object, a table row of plain values on one line.
 * Values in base units, exact; shares and other doubles with 6 significant digits.  Owns nothing. */
#include "libanalysis/base/json_write.h"
#include "libanalysis/report/render.h"

static void write_object(pa_json *json, const pa_object *object);

static bool is_plain(const pa_cell *cell)
{
    return cell->kind != PA_CELL_TABLE && cell->kind != PA_CELL_OBJECT && cell->kind != PA_CELL_LIST;
}

static void write_table(pa_json *json, const pa_table *table);
static void write_list(pa_json *json, const pa_table *list);

static void write_cell(pa_json *json, const pa_cell *cell, const pa_quantity *quantity)
{
    switch (cell->kind) {
    case PA_CELL_NONE: pa_json_null(json); break;
    case PA_CELL_STR: pa_json_str(json, cell->s); break;
    case PA_CELL_INT: pa_json_i64(json, cell->i); break;
    case PA_CELL_VALUE: pa_json_decimal(json, cell->i, quantity->decimals); break;
    case PA_CELL_SHARE:
    case PA_CELL_DOUBLE: pa_json_double(json, cell->d); break;
    case PA_CELL_BOOL: pa_json_bool(json, cell->b); break;
    case PA_CELL_TABLE: write_table(json, cell->table); break;
    case PA_CELL_OBJECT: write_object(json, cell->object); break;
    case PA_CELL_LIST: write_list(json, cell->table); break;
    }
}

static void write_row(pa_json *json, const pa_table *table, const pa_cell *row)
{
    bool one_line = true;
    for (size_t i = 0; i < table->n_columns; i++)
        one_line = one_line && (!table->columns[i].key || is_plain(&row[i]));
    pa_json_object(json, one_line);
    for (size_t i = 0; i < table->n_columns; i++) {
        if (!table->columns[i].key)
            continue;
        pa_json_key(json, table->columns[i].key);
        write_cell(json, &row[i], &table->columns[i].quantity);
    }
    pa_json_end_object(json);
}

static void write_table(pa_json *json, const pa_table *table)
{
    if (!table) {
        pa_json_null(json);
        return;
    }
    size_t rows = pa_table_rows(table);
    if (table->rule_hides && table->rule_at < rows)
        rows = table->rule_at;
    pa_json_array(json, false);
    for (size_t i = 0; i < rows; i++)
        write_row(json, table, table->cells.p + i * table->n_columns);
    pa_json_end_array(json);
}

static void write_list(pa_json *json, const pa_table *list)
{
    if (!list) {
        pa_json_null(json);
        return;
    }
    pa_json_array(json, true);
    for (size_t i = 0; i < pa_table_rows(list); i++)
        write_cell(json, &list->cells.p[i * list->n_columns], &list->columns[0].quantity);
    pa_json_end_array(json);
}

static void write_items(pa_json *json, const pa_object *object)
{
    for (size_t i = 0; i < object->items.n; i++) {
        const pa_item *item = &object->items.p[i];
        if (item->kind != PA_ITEM_FIELD || !item->key)
            continue;
        pa_json_key(json, item->key);
        write_cell(json, &item->cell, &item->quantity);
    }
}

static void write_object(pa_json *json, const pa_object *object)
{
    if (!object) {
        pa_json_null(json);
        return;
    }
    bool one_line = true;
    for (size_t i = 0; i < object->items.n; i++)
        one_line = one_line && (!object->items.p[i].key || is_plain(&object->items.p[i].cell));
    pa_json_object(json, one_line);
    write_items(json, object);
    pa_json_end_object(json);
}

static void render(const pa_report *report, const pa_render_options *options, pa_arena *scratch, pa_out *out)
{
    (void)options;
    pa_json json;
    pa_json_init(&json, out);
    pa_json_object(&json, false);
    pa_json_key(&json, "schema");
    pa_json_str(&json, pa_arena_format(scratch, "panalyze/%s/1", report->command));
    pa_json_key(&json, "tool");
    pa_json_object(&json, true);
    pa_json_key(&json, "name");
    pa_json_str(&json, PA_STR("panalyze"));
    pa_json_key(&json, "version");
    pa_json_str(&json, pa_cstr(pa_version()));
    pa_json_end_object(&json);
    write_items(&json, &report->root);
    pa_json_end_object(&json);
    pa_out_char(out, '\n');
}

const pa_renderer pa_renderer_json = {{"json", "JSON, as docs/json.md describes it", "json", false}, render};
