/* table.c - see table.h. */
#include "cli/lab/isolate/table.h"

#include <stdio.h>
#include <string.h>

#include "sim/vocabulary/text.h"

#define CELL_BYTES 48
#define ROW        "%-16s %4s %6s %8s %15s %15s %15s %8s %8s\n"

static const char *const figure_names[ISOLATE_FIGURES] = {
    [ISOLATE_THROUGHPUT] = "throughput",
    [ISOLATE_P50] = "p50",
    [ISOLATE_P99] = "p99",
};

void isolate_print_list(void)
{
    for (const struct attacker *a = attacker_table; a->name; a++) {
        printf("%-16s %s\n", a->name, a->summary);
    }
}

/* Fewer pairs have no interval of 95 %. */
static bool has_intervals(const struct isolate *i)
{
    return i->want.seed_count >= statistics_least_pairs(1);
}

/* ---- For people --------------------------------------------------------- */

/* The columns of the figures, of one line. */
struct columns {
    char text[ISOLATE_FIGURES][CELL_BYTES];
};

static double share(uint64_t part, uint64_t whole)
{
    return whole > 0 ? (double)part / (double)whole : 0;
}

static void write_values(const struct isolate_cell *cell, struct columns *c)
{
    for (int f = 0; f < ISOLATE_FIGURES; f++) {
        double value = cell->differences[f].b;
        if (!cell->has[f]) {
            snprintf(c->text[f], CELL_BYTES, "-");
        } else if (f == ISOLATE_THROUGHPUT) {
            snprintf(c->text[f], CELL_BYTES, "%.1f/s", value);
        } else {
            snprintf(c->text[f], CELL_BYTES, "%s",
                     figure_text(FIGURE_LOAD_LATENCY_P50, value).chars);
        }
    }
}

static void write_percent(double value, char *text, size_t bytes)
{
    bool is_large = value >= 10 || value <= -10;
    snprintf(text, bytes, "%+.*f", is_large ? 0 : 1, value * 100);
}

static void write_changes(const struct isolate_cell *cell, struct columns *c)
{
    for (int f = 0; f < ISOLATE_FIGURES; f++) {
        const struct estimate *e = &cell->differences[f].relative;
        c->text[f][0] = '\0';
        if (cell->has[f] && e->is_defined) {
            write_percent(e->value, c->text[f], CELL_BYTES - 2);
            snprintf(c->text[f] + strlen(c->text[f]), 3, " %%");
        }
    }
}

/* False: there is no interval of the confidence that is promised. */
static bool write_intervals(const struct isolate *i,
                            const struct isolate_cell *cell, struct columns *c)
{
    bool has_any = false;
    if (!has_intervals(i)) {
        return false;
    }
    for (int f = 0; f < ISOLATE_FIGURES; f++) {
        const struct estimate *e = &cell->differences[f].relative;
        char low[CELL_BYTES / 2 - 4];
        char high[CELL_BYTES / 2 - 4];
        c->text[f][0] = '\0';
        if (cell->has[f] && e->is_defined && e->has_interval) {
            write_percent(e->low, low, sizeof(low));
            write_percent(e->high, high, sizeof(high));
            snprintf(c->text[f], CELL_BYTES, "%s to %s", low, high);
            has_any = true;
        }
    }
    return has_any;
}

static void print_columns(const struct columns *c)
{
    printf(ROW, "", "", "", "", c->text[0], c->text[1], c->text[2], "", "");
}

/* Of a partition, instead of changes. */
static void print_equality(const struct isolate_cell *cell)
{
    const char *layer;
    json_t *hash;
    const char *before = "differs from alone in ";
    if (cell->is_equal) {
        puts("  equal to the victims alone, to the bit");
        return;
    }
    fputs("  ", stdout);
    json_object_foreach(cell->differing, layer, hash)
    {
        printf("%s%s", before, text_shown(layer).chars);
        before = ", ";
    }
    putchar('\n');
}

static void print_cell(const struct isolate *i, const struct isolate_cell *cell)
{
    const char *name = cell->attacker ? cell->attacker->name : "alone";
    struct columns c;
    char count[16] = "";
    char wrong[24];
    char answered[24];
    char wall[24];
    char taken[24] = "-";
    if (cell->attacker) {
        snprintf(count, sizeof(count), "%u", cell->count);
    }
    if (cell->why) {
        printf("%-16s %4s %s\n", text_shown(name).chars, count,
               text_shown(cell->why).chars);
        return;
    }
    snprintf(wrong, sizeof(wrong), "%llu", (unsigned long long)cell->wrong);
    snprintf(answered, sizeof(answered), "%.2f %%",
             100 * share(cell->answered, cell->sent));
    snprintf(wall, sizeof(wall), "%.2f s", cell->wall);
    if (cell->attacker && !cell->differing) {
        snprintf(taken, sizeof(taken), "%.1f %%", 100 * cell->taken);
    }
    write_values(cell, &c);
    printf(ROW, text_shown(name).chars, count, wrong, answered, c.text[0],
           c.text[1], c.text[2], taken, wall);
    if (cell->differing) {
        print_equality(cell);
    } else if (cell->attacker) {
        write_changes(cell, &c);
        print_columns(&c);
        if (write_intervals(i, cell, &c)) {
            print_columns(&c);
        }
    }
}

void isolate_print(const struct isolate *i)
{
    for (uint32_t c = 0; c < i->cell_count; c++) {
        const struct isolate_cell *cell = &i->cells[c];
        if (!cell->attacker) {
            printf("%sPreset %s, %u seed%s, %llu requests\n\n",
                   c > 0 ? "\n" : "", cell->preset, i->want.seed_count,
                   i->want.seed_count == 1 ? "" : "s",
                   (unsigned long long)cell->sent);
            printf(ROW, "Beside", "VMs", "wrong", "answered", "throughput",
                   "p50", "p99", "taken", "host");
        }
        print_cell(i, cell);
    }
    if (!has_intervals(i)) {
        printf("\nIntervals take %zu seeds.\n", statistics_least_pairs(1));
    }
}

/* ---- For programs ------------------------------------------------------- */

static json_t *change_to_json(const struct isolate *i,
                              const struct isolate_cell *cell, int f)
{
    const struct difference *d = &cell->differences[f];
    const struct estimate *e = &d->relative;
    if (!cell->has[f]) {
        return json_null();
    }
    json_t *object = json_pack("{s:f, s:f}", "alone", d->a, "beside", d->b);
    if (e->is_defined) {
        json_object_set_new(object, "change", json_real(e->value));
    }
    if (e->is_defined && e->has_interval && has_intervals(i)) {
        json_object_set_new(object, "low", json_real(e->low));
        json_object_set_new(object, "high", json_real(e->high));
    }
    return object;
}

static json_t *cell_to_json(const struct isolate *i,
                            const struct isolate_cell *cell)
{
    json_t *object = json_pack(
        "{s:s, s:s?, s:i}", "preset", cell->preset, "attacker",
        cell->attacker ? cell->attacker->name : NULL, "vms", (int)cell->count);
    if (cell->why) {
        json_object_set_new(object, "failed", json_string(cell->why));
        return object;
    }
    json_object_set_new(object, "sent", json_integer((json_int_t)cell->sent));
    json_object_set_new(object, "completed",
                        json_integer((json_int_t)cell->answered));
    json_object_set_new(object, "wrong", json_integer((json_int_t)cell->wrong));
    for (int f = 0; f < ISOLATE_FIGURES; f++) {
        json_object_set_new(object, figure_names[f],
                            change_to_json(i, cell, f));
    }
    if (cell->differing) {
        json_t *layers = json_array();
        const char *layer;
        json_t *hash;
        json_object_foreach(cell->differing, layer, hash)
        {
            json_array_append_new(layers, json_string(layer));
        }
        json_object_set_new(object, "equal", json_boolean(cell->is_equal));
        json_object_set_new(object, "differs", layers);
    } else if (cell->attacker) {
        json_object_set_new(object, "taken", json_real(cell->taken));
    }
    json_object_set_new(object, "host_s", json_real(cell->wall));
    return object;
}

json_t *isolate_to_json(const struct isolate *i)
{
    json_t *cells = json_array();
    json_t *conditions = json_array();
    for (uint32_t c = 0; c < i->cell_count; c++) {
        json_array_append_new(cells, cell_to_json(i, &i->cells[c]));
    }
    for (uint32_t k = 0; k < i->verdict_count; k++) {
        const struct verdict *v = &i->verdicts[k];
        json_array_append_new(conditions,
                              json_pack("{s:s, s:o, s:f, s:b}", "condition",
                                        v->condition->text, "of",
                                        json_loads(v->config, 0, NULL), "value",
                                        v->value, "holds", v->holds));
    }
    return json_pack("{s:i, s:s, s:i, s:f, s:o, s:o}", "schema", 1, "scenario",
                     i->want.path, "seeds", (int)i->want.seed_count,
                     "confidence", STATISTICS_CONFIDENCE, "runs", cells,
                     "conditions", conditions);
}
