/* compare_table.c - see compare_table.h. */
#include "cli/lab/compare/compare_table.h"

#include <stdio.h>
#include <string.h>

#include "sim/steady/tally.h"

#define CONFIG_BYTES 400
#define CHANGE_BYTES 40

/* A longer name has a line of its own. */
#define NAME_WIDTH 18

/* The two means and the change between them. */
#define COLUMNS "%11s %11s %10s"

/* ---- What is compared ---------------------------------------------------- */

size_t compared_add(struct compared *c, struct figure_ref figure)
{
    for (size_t i = 0; i < c->count; i++) {
        if (c->figures[i].id == figure.id &&
            c->figures[i].group == figure.group) {
            return i;
        }
    }
    SIM_ASSERT(c->count < COMPARED_LIMIT);
    c->figures[c->count] = figure;
    return c->count++;
}

void compared_init(struct compared *c)
{
    *c = (struct compared){ .count = 0 };
    for (int i = 0; i < FIGURE_COUNT; i++) {
        if (figure_table[i].short_name) {
            compared_add(c, (struct figure_ref){ (enum figure_id)i, 0 });
        }
    }
}

/* ---- For people --------------------------------------------------------- */

/* Writes "+4.91 %", "+482 %"; a change from 0 is written as a difference. */
static void write_change(struct figure_ref figure, const struct estimate *e,
                         double value, char text[CHANGE_BYTES])
{
    if (e->is_defined) {
        bool is_large = value >= 1 || value <= -1;
        snprintf(text, CHANGE_BYTES, "%+.*f %%", is_large ? 0 : 2, value * 100);
    } else {
        snprintf(text, CHANGE_BYTES, "%s%s", value < 0 ? "" : "+",
                 figure_text(figure.id, value).chars);
    }
}

/* The mark * claims that the figure has changed, which too few runs cannot
   show. */
static void print_interval(struct figure_ref figure,
                           const struct estimate *shown,
                           const struct estimate *relative, bool is_sure)
{
    char low[CHANGE_BYTES];
    char high[CHANGE_BYTES];
    write_change(figure, relative, shown->low, low);
    write_change(figure, relative, shown->high, high);
    bool is_clear = is_sure && (shown->low > 0 || shown->high < 0);
    printf("   %s to %s%s", low, high, is_clear ? " *" : "");
}

static void print_row(struct figure_ref figure, const struct difference *d,
                      bool is_sure)
{
    char name[FIGURE_NAME_BYTES];
    char change[CHANGE_BYTES];
    const struct estimate *shown =
        d->relative.is_defined ? &d->relative : &d->absolute;
    figure_name(figure, name);
    write_change(figure, &d->relative, shown->value, change);
    if (strlen(name) > NAME_WIDTH) {
        puts(name);
        name[0] = '\0';
    }
    printf("%-*s " COLUMNS, NAME_WIDTH, name,
           figure_text(figure.id, d->mean_a).chars,
           figure_text(figure.id, d->mean_b).chars, change);
    if (shown->has_interval) {
        print_interval(figure, shown, &d->relative, is_sure);
    }
    putchar('\n');
}

static size_t least_count(const struct comparison *c)
{
    return c->a_count < c->b_count ? c->a_count : c->b_count;
}

/* Writes "load[0].rate=500, vms[0].count=10". */
static void write_config(const char *config, char *text, size_t bytes)
{
    json_t *object = json_loads(config, 0, NULL);
    const char *key;
    json_t *value;
    size_t used = 0;
    text[0] = '\0';
    json_object_foreach(object, key, value)
    {
        if (used < bytes) {
            used += (size_t)snprintf(text + used, bytes - used, "%s%s=%s",
                                     used > 0 ? ", " : "", key,
                                     json_string_value(value));
        }
    }
    json_decref(object);
}

static void print_head(const struct comparison *c)
{
    if (c->config[0] != '\0') {
        char text[CONFIG_BYTES];
        write_config(c->config, text, sizeof(text));
        printf("\n%s\n", text);
    }
    if (!c->is_paired) {
        printf("%zu run%s against %zu, not paired", c->a_count,
               c->a_count == 1 ? "" : "s", c->b_count);
    } else if (c->a_count == 1) {
        printf("One pair, of seed %lld", (long long)c->a[0].seed);
    } else {
        printf("%zu pairs by seed", c->a_count);
    }
    double most = statistics_most_coverage(least_count(c));
    if (least_count(c) < 2) {
        puts(": there is no confidence interval; run more seeds");
    } else if (most < STATISTICS_CONFIDENCE) {
        printf("; so few that an interval contains the true\nchange with a "
               "probability of %.0f %% at most\n",
               most * 100);
    } else {
        puts("; *: the interval does not contain 0");
    }
}

/* Names the figures that runs of another version lack, so that nobody takes
   them for 0. */
static void print_absent(const struct comparison *c)
{
    const char *before = "Not all of these runs have ";
    for (size_t i = 0; i < c->compared->count; i++) {
        if (!c->has[i]) {
            char name[FIGURE_NAME_BYTES];
            figure_name(c->compared->figures[i], name);
            printf("%s%s", before, name);
            before = ", ";
        }
    }
    fputs(before[0] == ',' ? ".\n" : "", stdout);
}

static struct steady_tally tally(const struct runset_run *runs, size_t count)
{
    struct steady_tally t = { .runs = 0 };
    for (size_t i = 0; i < count; i++) {
        steady_tally_add(&t, runs[i].report);
    }
    return t;
}

static void print_steady(const struct comparison *c)
{
    char a[STEADY_TALLY_BYTES];
    char b[STEADY_TALLY_BYTES];
    struct steady_tally of_a = tally(c->a, c->a_count);
    struct steady_tally of_b = tally(c->b, c->b_count);
    steady_tally_write(&of_a, a);
    steady_tally_write(&of_b, b);
    printf("Windows of A: %s\nWindows of B: %s\n", a, b);
}

void compare_print(const struct comparison *c)
{
    size_t least = least_count(c);
    bool is_sure = statistics_most_coverage(least) >= STATISTICS_CONFIDENCE;
    print_head(c);
    printf("\n%*s " COLUMNS, NAME_WIDTH, "", "A", "B", "change");
    if (least > 1) {
        printf("   %s", is_sure ? "95 % confidence interval" : "interval");
    }
    putchar('\n');
    for (size_t i = 0; i < c->compared->count; i++) {
        if (c->has[i]) {
            print_row(c->compared->figures[i], &c->differences[i], is_sure);
        }
    }
    print_steady(c);
    print_absent(c);
}

void compare_describe(const struct verdict *v, char *text, size_t bytes)
{
    const struct condition *c = v->condition;
    char value[CHANGE_BYTES];
    if (c->is_percent) {
        snprintf(value, sizeof(value), "%+.2f %%", v->value * 100);
    } else {
        snprintf(value, sizeof(value), "%s",
                 figure_text(c->figure.id, v->value).chars);
    }
    int used = snprintf(text, bytes, "'%s' holds: it is %s", c->text, value);
    if (v->config[0] != '\0' && used > 0 && (size_t)used < bytes) {
        char config[CONFIG_BYTES];
        write_config(v->config, config, sizeof(config));
        snprintf(text + used, bytes - (size_t)used, " (%s)", config);
    }
}

/* ---- For programs ------------------------------------------------------- */

static json_t *estimate_to_json(const struct estimate *e)
{
    if (!e->is_defined) {
        return json_null();
    }
    json_t *object = json_pack("{s:f}", "value", e->value);
    if (object && e->has_interval) {
        json_object_set_new(object, "low", json_real(e->low));
        json_object_set_new(object, "high", json_real(e->high));
    }
    return object;
}

static json_t *seeds_to_json(const struct runset_run *runs, size_t count)
{
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++) {
        json_array_append_new(list, json_integer(runs[i].seed));
    }
    return list;
}

json_t *compare_to_json(const struct comparison *c)
{
    json_t *figures = json_object();
    for (size_t i = 0; i < c->compared->count; i++) {
        const struct difference *d = &c->differences[i];
        if (c->has[i]) {
            char name[FIGURE_NAME_BYTES];
            figure_name(c->compared->figures[i], name);
            json_object_set_new(
                figures, name,
                json_pack("{s:f, s:f, s:o, s:o}", "a", d->mean_a, "b",
                          d->mean_b, "absolute", estimate_to_json(&d->absolute),
                          "relative", estimate_to_json(&d->relative)));
        }
    }
    struct steady_tally a = tally(c->a, c->a_count);
    struct steady_tally b = tally(c->b, c->b_count);
    json_t *config =
        c->config[0] != '\0' ? json_loads(c->config, 0, NULL) : json_object();
    return json_pack(
        "{s:o, s:b, s:o, s:o, s:o, s:o, s:o}", "config", config, "paired",
        c->is_paired, "seeds_a", seeds_to_json(c->a, c->a_count), "seeds_b",
        seeds_to_json(c->b, c->b_count), "steady_a", steady_tally_to_json(&a),
        "steady_b", steady_tally_to_json(&b), "metrics", figures);
}
