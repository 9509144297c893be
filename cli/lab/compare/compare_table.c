/* compare_table.c - see compare_table.h. */
#include "cli/lab/compare/compare_table.h"

#include <stdio.h>
#include <string.h>

#include "sim/steady/tally.h"
#include "sim/vocabulary/text.h"
#include "sim/vocabulary/vocabulary.h"

#define CONFIG_BYTES 400
#define CHANGE_BYTES 40

/* A longer name has a line of its own; so has a longer interval. */
#define NAME_WIDTH     13
#define INTERVAL_WIDTH 23
#define LINE_WIDTH     80

/* A's value, B's, and the change between them. */
#define COLUMNS "%10s %10s %10s"

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

/* Writes the least change, and "+1.20 to +3.40 %"; of differences, each end has
   its unit. */
static void print_interval(struct figure_ref figure,
                           const struct estimate *shown,
                           const struct estimate *relative, const char *mark)
{
    char least[CHANGE_BYTES];
    char low[CHANGE_BYTES];
    char high[CHANGE_BYTES];
    char text[2 * CHANGE_BYTES + 8];
    write_change(figure, relative, statistics_least_shown(shown), least);
    write_change(figure, relative, shown->low, low);
    write_change(figure, relative, shown->high, high);
    if (relative->is_defined) {
        low[strcspn(low, " ")] = '\0';
    }
    int length = snprintf(text, sizeof(text), "%s to %s%s", low, high, mark);
    printf(" %9s", least + 1); /* Without its sign. */
    if (length > INTERVAL_WIDTH) {
        printf("\n%*s", LINE_WIDTH, text);
    } else {
        printf("  %s", text);
    }
}

/* The marks claim that the figure has changed, which too few runs cannot
   show. */
static const char *mark_of(const struct comparison *c, size_t i,
                           const struct estimate *shown, bool is_sure)
{
    if (c->is_shown[i]) {
        return " *";
    }
    return is_sure && (shown->low > 0 || shown->high < 0) ? " +" : "";
}

static void print_row(const struct comparison *c, size_t i, bool is_sure)
{
    struct figure_ref figure = c->compared->figures[i];
    const struct difference *d = &c->differences[i];
    const struct estimate *shown =
        d->relative.is_defined ? &d->relative : &d->absolute;
    char name[FIGURE_NAME_BYTES];
    char change[CHANGE_BYTES];
    figure_name(figure, name);
    write_change(figure, &d->relative, shown->value, change);
    if (strlen(name) > NAME_WIDTH) {
        puts(name);
        name[0] = '\0';
    }
    printf("%-*s " COLUMNS, NAME_WIDTH, name,
           figure_text(figure.id, d->a).chars,
           figure_text(figure.id, d->b).chars, change);
    if (shown->has_interval) {
        print_interval(figure, shown, &d->relative,
                       mark_of(c, i, shown, is_sure));
    } else if (c->a_count + c->b_count > 2) {
        printf(" %9s  none", "");
    }
    putchar('\n');
}

static size_t row_count(const struct comparison *c)
{
    size_t rows = 0;
    for (size_t i = 0; i < c->compared->count; i++) {
        rows += c->has[i];
    }
    return rows;
}

static double most_coverage(const struct comparison *c)
{
    struct sample s = { .a_count = c->a_count,
                        .b_count = c->b_count,
                        .is_paired = c->is_paired };
    return statistics_most_coverage(&s);
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
        text_tame(text);
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
    double most = most_coverage(c);
    if (c->a_count + c->b_count == 2) {
        puts(": there is no confidence interval; run more seeds");
    } else if (most < STATISTICS_CONFIDENCE) {
        printf("; so few that an interval contains the true\nchange with a "
               "probability of %.1f %% at most\n",
               most * 100);
    } else {
        puts("");
    }
}

/* Says what is shown, and what the marks claim. */
static void print_foot(const struct comparison *c)
{
    bool is_median = c->estimand == ESTIMAND_MEDIAN;
    size_t rows = row_count(c);
    printf("\nA, B: %ss over the runs. change: %s.\n",
           is_median ? "median" : "mean",
           !is_median     ? "between the means"
           : c->is_paired ? "the median difference of the pairs"
                          : "the median of all differences B - A");
    if (c->a_count + c->b_count == 2) {
        return;
    }
    printf("least: the smallest change that runs which scatter so could show.\n"
           "+: the interval leaves 0 out.  *: so does the table, with Holm's "
           "correction\nfor its %zu rows.",
           rows);
    size_t pairs = statistics_least_pairs(rows);
    if (is_median && c->is_paired && c->a_count < pairs) {
        printf(" %zu pairs are too few for a *; it takes %zu.", c->a_count,
               pairs);
    }
    puts("");
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

/* Returns the least number of answers in a run; -1: no report has it. */
static double least_answers(const struct comparison *c)
{
    struct figure_ref completed = { FIGURE_LOAD_COMPLETED, 0 };
    double least = -1;
    for (size_t i = 0; i < c->a_count + c->b_count; i++) {
        const struct runset_run *run =
            i < c->a_count ? &c->a[i] : &c->b[i - c->a_count];
        double answers = 0;
        if (figure_read(run->report, completed, &answers) &&
            (least < 0 || answers < least)) {
            least = answers;
        }
    }
    return least;
}

/* Returns how many answers the row takes if it is a percentile of their latency
   that a run of so few cannot bear; else 0. */
static uint64_t unborne(const struct comparison *c, size_t i, double answers)
{
    uint64_t least = figure_least_answers(c->compared->figures[i].id);
    return c->has[i] && answers >= 0 && answers < (double)least ? least : 0;
}

static void print_unborne(const struct comparison *c)
{
    double answers = least_answers(c);
    bool has_any = false;
    for (size_t i = 0; i < c->compared->count; i++) {
        uint64_t least = unborne(c, i, answers);
        if (least > 0) {
            char name[FIGURE_NAME_BYTES];
            figure_name(c->compared->figures[i], name);
            if (!has_any) {
                printf("A run of %.0f answer%s is too short:", answers,
                       answers == 1 ? "" : "s");
            }
            printf("%s %s takes %llu", has_any ? "," : "", name,
                   (unsigned long long)least);
            has_any = true;
        }
    }
    fputs(has_any ? ".\n" : "", stdout);
}

/* ---- Of whom the figures are ---------------------------------------------- */

/* Returns what all runs say of their guests, or "mixed". NULL: one does not
   say. */
static const char *guests_of(const struct runset_run *runs, size_t count)
{
    const char *all = NULL;
    for (size_t i = 0; i < count; i++) {
        const char *guests =
            json_string_value(json_object_get(runs[i].report, "guests"));
        if (!guests) {
            return NULL;
        }
        all = !all || strcmp(all, guests) == 0 ? guests : "mixed";
    }
    return all;
}

static bool have_same_images(const struct comparison *c)
{
    for (size_t i = 0; i < c->b_count; i++) {
        if (strcmp(c->b[i].images, c->a[0].images) != 0) {
            return false;
        }
    }
    return true;
}

/* Silent if all are the reference guests: then figures mean the same on every
   host. */
static void print_guests(const struct comparison *c)
{
    const char *reference = word_name(&guests_words, GUESTS_REFERENCE);
    const char *a = guests_of(c->a, c->a_count);
    const char *b = guests_of(c->b, c->b_count);
    if (!a || !b || strcmp(a, reference) != 0 || strcmp(b, reference) != 0) {
        printf("Guests of A: %s; of B: %s.\n",
               text_shown(a ? a : "unknown").chars,
               text_shown(b ? b : "unknown").chars);
    }
    if (!have_same_images(c)) {
        puts("The guests of B are not those of A.");
    }
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

struct warmups {
    size_t count;
    double least, most; /* Nanoseconds; valid if count > 0. */
};

static void add_warmups(struct warmups *w, const struct runset_run *runs,
                        size_t count)
{
    static const struct figure_ref warmup = { FIGURE_MEASURED_WARMUP, 0 };
    double ns = 0;
    for (size_t i = 0; i < count; i++) {
        if (figure_read(runs[i].report, warmup, &ns)) {
            w->least = w->count == 0 || ns < w->least ? ns : w->least;
            w->most = w->count == 0 || ns > w->most ? ns : w->most;
            w->count++;
        }
    }
}

static struct warmups warmups_of(const struct comparison *c)
{
    struct warmups w = { .count = 0 };
    add_warmups(&w, c->a, c->a_count);
    add_warmups(&w, c->b, c->b_count);
    return w;
}

/* Runs that find their warm-up for themselves were looked at after different
   times, which a difference may come from. */
static void print_warmups(const struct comparison *c)
{
    struct warmups w = warmups_of(c);
    if (w.count > 0 && w.least < w.most) {
        printf("Warm-ups differ, %s to %s: `iksim sweep` fixes one for all.\n",
               figure_text(FIGURE_MEASURED_WARMUP, w.least).chars,
               figure_text(FIGURE_MEASURED_WARMUP, w.most).chars);
    }
}

/* ---- Within a run --------------------------------------------------------- */

/* Their rows stand together in the list of figures. */
static const struct {
    const char *name, *figure;
    enum figure_id low;
} within_rows[] = {
    { "p50", "p50", FIGURE_INTERVAL_P50_LOW },
    { "p90", "p90", FIGURE_INTERVAL_P90_LOW },
    { "p99", "p99", FIGURE_INTERVAL_P99_LOW },
    { "p99.9", "p999", FIGURE_INTERVAL_P999_LOW },
};
#define WITHIN_BYTES 80
#define WITHIN_ROWS  (sizeof(within_rows) / sizeof(within_rows[0]))
_Static_assert(FIGURE_INTERVAL_P50_HIGH == FIGURE_INTERVAL_P50_LOW + 1 &&
                   FIGURE_INTERVAL_P50_TAKES == FIGURE_INTERVAL_P50_LOW + 2,
               "low, high and takes follow each other");

static bool read_within(const struct runset_run *run, enum figure_id low,
                        double values[3])
{
    bool is_there = true;
    for (int i = 0; i < 3; i++) {
        struct figure_ref figure = { (enum figure_id)((int)low + i), 0 };
        is_there = is_there && figure_read(run->report, figure, &values[i]);
    }
    return is_there;
}

static void write_within(const struct runset_run *run, size_t row,
                         char text[WITHIN_BYTES])
{
    enum figure_id low = within_rows[row].low;
    const json_t *load = json_object_get(run->report, "load");
    const json_t *states =
        json_object_get(json_object_get(load, "interval"), "states");
    const char *state =
        json_string_value(json_object_get(states, within_rows[row].figure));
    double of[3];
    if (!state || !read_within(run, low, of)) {
        snprintf(text, WITHIN_BYTES, "-");
    } else if (of[1] > 0) {
        snprintf(text, WITHIN_BYTES, "%s to %s", figure_text(low, of[0]).chars,
                 figure_text(low, of[1]).chars);
    } else if (of[2] > 0) {
        snprintf(text, WITHIN_BYTES, "takes %.0f answers", of[2]);
    } else {
        snprintf(text, WITHIN_BYTES, "none (%.32s)", text_shown(state).chars);
    }
}

/* Where there is one run of each, only the runs themselves say how sure their
   percentiles are. */
static void print_within(const struct comparison *c)
{
    char a[WITHIN_BYTES];
    char b[WITHIN_BYTES];
    if (c->a_count + c->b_count > 2) {
        return;
    }
    printf("\n%*s %-28s %s\n", NAME_WIDTH, "", "95 % within the run A",
           "and within B");
    for (size_t i = 0; i < WITHIN_ROWS; i++) {
        write_within(c->a, i, a);
        write_within(c->b, i, b);
        printf("%-*s %-28s %s\n", NAME_WIDTH, within_rows[i].name, a, b);
    }
}

/* NULL: out of memory. Intervals of several runs come from their seeds. */
static json_t *within_to_json(const struct runset_run *runs, size_t count)
{
    json_t *load = json_object_get(runs[0].report, "load");
    json_t *interval = json_object_get(load, "interval");
    return count == 1 && interval ? json_incref(interval) : json_null();
}

void compare_print(const struct comparison *c)
{
    bool is_sure = most_coverage(c) >= STATISTICS_CONFIDENCE;
    bool has_intervals = c->a_count + c->b_count > 2;
    print_head(c);
    printf("\n%*s " COLUMNS "%s%s\n", NAME_WIDTH, "", "A", "B", "change",
           has_intervals ? "     least  interval" : "",
           has_intervals && is_sure ? " of 95 %" : "");
    for (size_t i = 0; i < c->compared->count; i++) {
        if (c->has[i]) {
            print_row(c, i, is_sure);
        }
    }
    print_within(c);
    print_foot(c);
    print_unborne(c);
    print_guests(c);
    print_steady(c);
    print_warmups(c);
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
        json_object_set_new(object, "least",
                            json_real(statistics_least_shown(e)));
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
    double answers = least_answers(c);
    for (size_t i = 0; i < c->compared->count; i++) {
        const struct difference *d = &c->differences[i];
        if (c->has[i]) {
            char name[FIGURE_NAME_BYTES];
            figure_name(c->compared->figures[i], name);
            json_object_set_new(
                figures, name,
                json_pack("{s:f, s:f, s:o, s:o, s:f, s:b, s:I}", "a", d->a, "b",
                          d->b, "absolute", estimate_to_json(&d->absolute),
                          "relative", estimate_to_json(&d->relative), "p", d->p,
                          "shown", c->is_shown[i], "takes_answers",
                          (json_int_t)unborne(c, i, answers)));
        }
    }
    struct steady_tally a = tally(c->a, c->a_count);
    struct steady_tally b = tally(c->b, c->b_count);
    struct warmups w = warmups_of(c);
    json_t *config =
        c->config[0] != '\0' ? json_loads(c->config, 0, NULL) : json_object();
    return json_pack(
        "{s:o, s:b, s:o, s:o, s:s?, s:s?, s:b, s:o, s:o, s:o, s:o, s:{s:f, "
        "s:f}, "
        "s:o}",
        "config", config, "paired", c->is_paired, "seeds_a",
        seeds_to_json(c->a, c->a_count), "seeds_b",
        seeds_to_json(c->b, c->b_count), "guests_a",
        guests_of(c->a, c->a_count), "guests_b", guests_of(c->b, c->b_count),
        "same_guests", have_same_images(c), "within_a",
        within_to_json(c->a, c->a_count), "within_b",
        within_to_json(c->b, c->b_count), "steady_a", steady_tally_to_json(&a),
        "steady_b", steady_tally_to_json(&b), "warmup_ns", "least", w.least,
        "most", w.most, "metrics", figures);
}
