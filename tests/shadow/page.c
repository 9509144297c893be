/*
 * page.c - see page.h. A cell is a text for people, like "1,832" or "9.11 MiB":
 * it is right when what the shadow counts would be written so.
 */
#include "tests/shadow/page.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define PAGE_BYTES     4096
#define HISTOGRAM_PART 128.0 /* A percentile is too large by 1/128 at most. */

struct group {
    uint64_t vms, alive, frames, instructions;
    uint64_t cpu[CPU_CATEGORY_COUNT], busy; /* Cycles. */
    const struct shadow_group *did;
    const char *name;
};

struct table {
    const struct shadow *shadow;
    FILE *out;
    uint64_t busiest; /* Cycles. */
    unsigned wrong;
};

static struct group group_of(const struct shadow *s, uint32_t number)
{
    struct group g = { .did = &s->groups[number],
                       .name = shadow_group_name(s, number) };
    for (uint32_t i = 0; i < s->info->vm_limit; i++) {
        const struct shadow_vm *vm = &s->vms[i];
        if (!vm->exists || shadow_group_of(s, i) != number) {
            continue;
        }
        g.vms++;
        g.alive += vm->state != SHADOW_DEAD;
        g.frames += vm->resident + vm->tables;
        g.instructions += vm->instructions;
        for (int k = 0; k < CPU_CATEGORY_COUNT; k++) {
            g.cpu[k] += vm->cpu[k];
            g.busy += vm->cpu[k];
        }
    }
    return g;
}

/* ---- Cells -------------------------------------------------------------- */

/* A number with its unit, in ns or bytes. False: it is none. */
static bool read_quantity(const char *text, double *value, double *step)
{
    static const struct {
        const char *name;
        double size;
    } units[] = { { "", 1 },         { "ns", 1 },        { "us", 1e3 },
                  { "ms", 1e6 },     { "s", 1e9 },       { "B", 1 },
                  { "KiB", 1024.0 }, { "MiB", 1 << 20 }, { "GiB", 1 << 30 } };
    char digits[64];
    size_t length = 0;
    *step = 1;
    bool is_behind_point = false;
    for (; strchr("0123456789.,", *text) && *text; text++) {
        *step /= is_behind_point ? 10 : 1;
        is_behind_point = is_behind_point || *text == '.';
        if (*text != ',' && length + 1 < sizeof(digits)) {
            digits[length++] = *text;
        }
    }
    digits[length] = '\0';
    text += *text == ' ';
    for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
        if (length > 0 && strcmp(text, units[i].name) == 0) {
            *value = strtod(digits, NULL) * units[i].size;
            *step *= units[i].size;
            return true;
        }
    }
    return false;
}

/* It lies between the two, as exactly as it is written. */
static void judge_range(struct table *t, const struct group *g,
                        const char *column, const char *cell, double least,
                        double most)
{
    double value = 0;
    double step = 0;
    if (!read_quantity(cell, &value, &step) || value < least - step * 0.501 ||
        value > most + step * 0.501) {
        fprintf(t->out, "the page: %s of %s is '%s', but by the trace %.15g\n",
                column, g->name, cell, least);
        t->wrong++;
    }
}

static double ns_of(const struct table *t, uint64_t cycles)
{
    return (double)cycles * 1e9 / (double)t->shadow->info->cpu_hz;
}

static void judge_percentile(struct table *t, const struct group *g,
                             const char *column, const char *cell,
                             uint32_t per_mille)
{
    const struct sample *all = &g->did->latency;
    if (all->count == 0) {
        t->wrong += strcmp(cell, "-") != 0;
        return;
    }
    double exact = ns_of(t, sample_percentile(all, per_mille));
    judge_range(t, g, column, cell, exact, exact * (1 + 1 / HISTOGRAM_PART));
}

static void judge_cell(struct table *t, const struct group *g,
                       const char *column, const char *cell)
{
    const struct {
        const char *column;
        double value;
    } values[] = {
        { "VMs", (double)g->vms },
        { "alive", (double)g->alive },
        { "processor", ns_of(t, g->busy) },
        { "instructions", (double)g->instructions },
        { "memory at the end", (double)g->frames * PAGE_BYTES },
        { "faults", (double)g->did->faults },
        { "requests", (double)g->did->requests },
        { "completed", (double)g->did->replies },
        { "lost", (double)g->did->lost },
    };
    for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
        if (strcmp(column, values[i].column) == 0) {
            judge_range(t, g, column, cell, values[i].value, values[i].value);
            return;
        }
    }
    if (strcmp(column, "p50") == 0) {
        judge_percentile(t, g, column, cell, 500);
    } else if (strcmp(column, "p99") == 0) {
        judge_percentile(t, g, column, cell, 990);
    } else if (strcmp(column, "group") != 0 || strcmp(cell, g->name) != 0) {
        fprintf(t->out, "the page: %s of %s is '%s': what is that?\n", column,
                g->name, cell);
        t->wrong++;
    }
}

/* The bar's parts, as wide as they are long beside the busiest group. */
static void judge_bar(struct table *t, const struct group *g, const char *cell)
{
    static const int order[] = { 0, 1, 2, 3, 4 };
    const char *at = cell;
    for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++) {
        uint64_t cycles = g->cpu[order[i]];
        double part = 100.0 * (double)cycles / (double)t->busiest;
        if (cycles == 0) {
            continue;
        }
        at = at ? strstr(at, "width:") : NULL;
        at = at ? at + strlen("width:") : NULL;
        if (!at || fabs(strtod(at, NULL) - part) > 0.0051) {
            fprintf(t->out, "the page: the bar of %s lacks %.2f %%\n", g->name,
                    part);
            t->wrong++;
        }
    }
}

/* ---- The table ---------------------------------------------------------- */

/* The next text between the tags, whose end becomes a 0; NULL: there is none
   before `limit`. What stands in the open tag is skipped. */
static char *next_element(char **at, const char *limit, const char *open,
                          const char *close)
{
    char *from = strstr(*at, open);
    char *end = from ? strstr(from, close) : NULL;
    if (!from || !end || from >= limit) {
        return NULL;
    }
    *end = '\0';
    *at = end + strlen(close);
    return strchr(from, '>') + 1;
}

#define COLUMNS_LIMIT 32

static void judge_row(struct table *t, const struct group *g, char *row,
                      char *const *columns, size_t count)
{
    char *end = row + strlen(row);
    for (size_t i = 0; i < count; i++) {
        char *cell = next_element(&row, end, "<td", "</td>");
        if (!cell) {
            fprintf(t->out, "the page: %s has no %s\n", g->name, columns[i]);
            t->wrong++;
        } else if (columns[i][0] == '\0') {
            judge_bar(t, g, cell);
        } else {
            judge_cell(t, g, columns[i], cell);
        }
    }
}

static void judge_table(struct table *t, char *at)
{
    char *columns[COLUMNS_LIMIT];
    size_t count = 0;
    char *head = next_element(&at, at + strlen(at), "<tr>", "</tr>");
    char *end = head ? head + strlen(head) : NULL;
    while (head && count < COLUMNS_LIMIT &&
           (columns[count] = next_element(&head, end, "<th", "</th>"))) {
        count++;
    }
    for (uint32_t i = 0; i < shadow_group_count(t->shadow); i++) {
        struct group g = group_of(t->shadow, i);
        char *row = next_element(&at, at + strlen(at), "<tr>", "</tr>");
        if (!row || count == 0) {
            fprintf(t->out, "the page has no row of %s\n", g.name);
            t->wrong++;
            return;
        }
        judge_row(t, &g, row, columns, count);
    }
}

unsigned page_judge(const struct shadow *s, char *html, FILE *out)
{
    struct table t = { .shadow = s, .out = out, .busiest = 1 };
    for (uint32_t i = 0; i < shadow_group_count(s); i++) {
        uint64_t busy = group_of(s, i).busy;
        t.busiest = busy > t.busiest ? busy : t.busiest;
    }
    char *table = strstr(html, "<h2>Groups");
    if (table) {
        judge_table(&t, table);
    } else {
        fprintf(out, "the page has no table of groups\n");
        t.wrong++;
    }
    return t.wrong;
}
