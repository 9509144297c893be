/* compare.c - `iksim compare`: did the change change anything? */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/commands/commands.h"
#include "cli/commands/shared.h"
#include "cli/lab/compare/compare_table.h"
#include "sim/vocabulary/text.h"

struct compare {
    struct runset a, b;
    struct conditions conditions;
    bool json, any_images, any_seeds;
    const char *estimand; /* NULL: the median. */
    const char *a_path, *b_path;
    struct compared compared;
    struct comparison *comparisons; /* Owned. */
    size_t comparison_count;
    struct verdict
        *verdicts; /* Owned; one for each comparison and condition. */
    size_t verdict_count;
};

/* ---- Options ------------------------------------------------------------ */

#define RUNS                                                                   \
    "a run directory of `iksim run --out`, a folder of run directories, a "    \
    "database of `iksim sweep`, or DB:KEY=VALUE, those of its runs for which " \
    "the plan set KEY to VALUE."

static const struct cli_option argument_rows[] = {
    { .name = "set of runs A",
      .argument = "A",
      CLI_FILE(struct compare, a_path),
      .help = "A is " RUNS },
    { .name = "set of runs B",
      .argument = "B",
      CLI_FILE(struct compare, b_path),
      .help = "B is named in the same way, and compared with A." },
    CLI_END
};

/* By enum estimand. */
static const char *const estimands[] = { "median", "mean", NULL };

static const struct cli_option option_rows[] = {
    { .name = "fail-if",
      .argument = "CONDITION",
      CLI_OWN(struct compare, conditions, struct conditions, conditions_read),
      .offer = figure_offer,
      .help = "The exit code is 1 if this condition, FIGURE OP VALUE, holds of "
              "B. OP is `<`, `<=`, `>` or "
              "`>=`. A VALUE with a percent sign, `+5%`, is a change relative "
              "to A; one with a sign, `+1ms`, is a difference from A; any "
              "other is B's own value. The option may be repeated." },
    { .name = "estimand",
      .argument = "median|mean",
      CLI_CHOICE(struct compare, estimand, estimands),
      .otherwise = "median",
      .help = "The change is the median of the differences, whose interval "
              "holds for any distribution; or the difference of the means, "
              "whose interval is too narrow for few runs of a long tail." },
    OPTION_JSON(struct compare, json),
    { .name = "any-images",
      CLI_FLAG(struct compare, any_images),
      .help = "A and B are compared though their guests are not the same." },
    { .name = "any-seeds",
      CLI_FLAG(struct compare, any_seeds),
      .help = "A and B are compared though their seeds are not the same; no "
              "run is paired then." },
    CLI_END
};

static enum estimand estimand_of(const struct compare *c)
{
    return c->estimand && strcmp(c->estimand, estimands[ESTIMAND_MEAN]) == 0
               ? ESTIMAND_MEAN
               : ESTIMAND_MEDIAN;
}

/* ---- Who belongs to whom ------------------------------------------------ */

static const char *config_name(const char *config)
{
    return config[0] != '\0' ? config : "the runs";
}

static bool have_same_seeds(const struct comparison *c)
{
    if (c->a_count != c->b_count) {
        return false;
    }
    for (size_t i = 0; i < c->a_count; i++) {
        if (c->a[i].seed != c->b[i].seed) {
            return false;
        }
    }
    return true;
}

static void list_seeds(const struct runset_run *runs, size_t count, char *text,
                       size_t bytes)
{
    size_t used = 0;
    text[0] = '\0';
    for (size_t i = 0; i < count && used < bytes; i++) {
        used += (size_t)snprintf(text + used, bytes - used, "%s%lld",
                                 i > 0 ? " " : "", (long long)runs[i].seed);
    }
}

static bool check_seeds(const struct compare *compare, struct comparison *c)
{
    c->is_paired = have_same_seeds(c);
    if (c->is_paired || compare->any_seeds) {
        return true;
    }
    char a[64];
    char b[64];
    list_seeds(c->a, c->a_count, a, sizeof(a));
    list_seeds(c->b, c->b_count, b, sizeof(b));
    cli_complain("the seeds differ: '%s' has %s, '%s' has %s; --any-seeds "
                 "compares them all the same, unpaired",
                 compare->a.name, a, compare->b.name, b);
    return false;
}

static bool check_images(const struct compare *compare,
                         const struct comparison *c)
{
    for (size_t i = 0; i < c->a_count + c->b_count; i++) {
        const struct runset_run *run =
            i < c->a_count ? &c->a[i] : &c->b[i - c->a_count];
        if (strcmp(run->images, c->a[0].images) != 0 && !compare->any_images) {
            cli_complain("the guests are not the same in '%s' and '%s'; "
                         "--any-images compares them all the same",
                         compare->a.name, compare->b.name);
            return false;
        }
    }
    return true;
}

/* Reads a figure of all runs. False: not all have it. */
static bool read_figure(const struct comparison *c, struct figure_ref figure,
                        double *a, double *b)
{
    bool has = true;
    for (size_t i = 0; has && i < c->a_count; i++) {
        has = figure_read(c->a[i].report, figure, &a[i]);
    }
    for (size_t i = 0; has && i < c->b_count; i++) {
        has = figure_read(c->b[i].report, figure, &b[i]);
    }
    return has;
}

/* Judges the rows of the table together. False: out of memory. */
static bool correct(struct comparison *c)
{
    double p[COMPARED_LIMIT];
    bool is_shown[COMPARED_LIMIT];
    size_t rows = 0;
    for (size_t m = 0; m < c->compared->count; m++) {
        if (c->has[m]) {
            p[rows++] = c->differences[m].p;
        }
    }
    if (!statistics_holm(p, rows, is_shown)) {
        return false;
    }
    rows = 0;
    for (size_t m = 0; m < c->compared->count; m++) {
        c->is_shown[m] = c->has[m] && is_shown[rows++];
    }
    return true;
}

/* Fills in the difference of each figure that all runs have. */
static bool measure(struct comparison *c)
{
    double *a = calloc(c->a_count + c->b_count, sizeof(*a));
    double *b = a ? a + c->a_count : NULL;
    struct sample s = { a, b, c->a_count, c->b_count, c->is_paired };
    bool is_good = a;
    for (size_t m = 0; is_good && m < c->compared->count; m++) {
        c->has[m] = read_figure(c, c->compared->figures[m], a, b);
        is_good = !c->has[m] ||
                  statistics_compare(&s, c->estimand, &c->differences[m]);
    }
    free(a);
    if (!is_good || !correct(c)) {
        cli_complain("out of memory for the comparison");
        return false;
    }
    return true;
}

/* Pairs the spans of both sets that have the same config. Both sets are sorted
   by config. False: complained. */
static bool match(struct compare *compare)
{
    struct runset *a = &compare->a;
    struct runset *b = &compare->b;
    compare->comparisons = calloc(a->count, sizeof(*compare->comparisons));
    size_t at_b = 0;
    for (size_t at = 0; compare->comparisons && at < a->count;) {
        struct comparison *c =
            &compare->comparisons[compare->comparison_count++];
        *c = (struct comparison){ .compared = &compare->compared,
                                  .estimand = estimand_of(compare),
                                  .config = a->runs[at].config,
                                  .a = &a->runs[at],
                                  .a_count = runset_span(a, at) };
        bool is_there =
            at_b < b->count && strcmp(b->runs[at_b].config, c->config) == 0;
        if (!is_there) {
            cli_complain("'%s' has no runs like %s of '%s'", b->name,
                         config_name(c->config), a->name);
            return false;
        }
        c->b = &b->runs[at_b];
        c->b_count = runset_span(b, at_b);
        if (!check_seeds(compare, c) || !check_images(compare, c) ||
            !measure(c)) {
            return false;
        }
        at += c->a_count;
        at_b += c->b_count;
    }
    if (at_b < b->count) {
        cli_complain("'%s' has no runs like %s of '%s'", a->name,
                     config_name(b->runs[at_b].config), b->name);
        return false;
    }
    return compare->comparisons != NULL;
}

/* ---- Verdicts ----------------------------------------------------------- */

/* False, having complained: the runs do not have the figure, or the condition
   is a change in per cent and A's figure is 0. */
static bool judge(struct compare *compare, const struct comparison *c,
                  struct verdict *v)
{
    const struct condition *condition = v->condition;
    size_t m = compared_add(&compare->compared, condition->figure);
    const struct difference *d = &c->differences[m];
    if (!c->has[m]) {
        char name[FIGURE_NAME_BYTES];
        figure_name(condition->figure, name);
        cli_complain("not all of the reports have %s", name);
        return false;
    }
    if (!condition_value(condition, d, &v->value)) {
        cli_complain("--fail-if '%s': it is 0 in '%s', so there is no change "
                     "in %%",
                     condition->text, "A");
        return false;
    }
    v->holds = condition_holds(condition, v->value);
    return true;
}

static bool judge_all(struct compare *compare)
{
    compare->verdicts =
        calloc(compare->comparison_count * compare->conditions.count + 1,
               sizeof(*compare->verdicts));
    if (!compare->verdicts) {
        cli_complain("out of memory for the comparison");
        return false;
    }
    for (size_t i = 0; i < compare->comparison_count; i++) {
        for (size_t k = 0; k < compare->conditions.count; k++) {
            struct verdict *v = &compare->verdicts[compare->verdict_count++];
            v->condition = &compare->conditions.items[k];
            v->config = compare->comparisons[i].config;
            if (!judge(compare, &compare->comparisons[i], v)) {
                return false;
            }
        }
    }
    return true;
}

/* ---- Saying it ---------------------------------------------------------- */

static bool print_json(const struct compare *compare)
{
    json_t *list = json_array();
    json_t *conditions = json_array();
    for (size_t i = 0; i < compare->comparison_count; i++) {
        json_array_append_new(list, compare_to_json(&compare->comparisons[i]));
    }
    for (size_t i = 0; i < compare->verdict_count; i++) {
        const struct verdict *v = &compare->verdicts[i];
        SIM_ASSERT(v->condition);
        json_array_append_new(conditions,
                              json_pack("{s:s, s:s, s:f, s:b}", "condition",
                                        v->condition->text, "config", v->config,
                                        "value", v->value, "holds", v->holds));
    }
    json_t *root = json_pack("{s:i, s:s, s:s, s:s, s:f, s:o, s:o}", "schema", 1,
                             "a", compare->a.name, "b", compare->b.name,
                             "estimand", estimands[estimand_of(compare)],
                             "confidence", STATISTICS_CONFIDENCE, "comparisons",
                             list, "conditions", conditions);
    bool is_written =
        root &&
        json_dumpf(root, stdout, JSON_INDENT(2) | JSON_REAL_PRECISION(15)) == 0;
    json_decref(root);
    putchar('\n');
    return is_written;
}

static void print_text(const struct compare *compare)
{
    printf("A  %s\nB  %s\n", text_shown(compare->a.name).chars,
           text_shown(compare->b.name).chars);
    for (size_t i = 0; i < compare->comparison_count; i++) {
        compare_print(&compare->comparisons[i]);
    }
}

static int report(const struct compare *compare)
{
    if (!compare->json) {
        print_text(compare);
    } else if (!print_json(compare)) {
        return cli_complain("cannot write the comparison");
    }
    int code = CLI_DONE;
    for (size_t i = 0; i < compare->verdict_count; i++) {
        if (compare->verdicts[i].holds) {
            char text[1024];
            compare_describe(&compare->verdicts[i], text, sizeof(text));
            cli_complain("%s", text);
            code = CLI_WRONG;
        }
    }
    return code;
}

static int compare_run(struct compare *c)
{
    compared_init(&c->compared);
    for (size_t i = 0; i < c->conditions.count; i++) {
        compared_add(&c->compared, c->conditions.items[i].figure);
    }
    if (!runset_load(&c->a, c->a_path) || !runset_load(&c->b, c->b_path) ||
        !runset_forget_common(&c->a, &c->b) || !match(c) || !judge_all(c)) {
        return CLI_USAGE;
    }
    return report(c);
}

static int run(const struct command *self, void *ctx)
{
    (void)self;
    struct compare *c = ctx;
    int code = compare_run(c);
    runset_release(&c->a);
    runset_release(&c->b);
    free(c->comparisons);
    free(c->verdicts);
    return code;
}

const struct command command_compare = {
    .name = "compare",
    .summary =
        "Compares two sets of runs, with the uncertainty of each difference",
    .about =
        "Runs are paired by seed. The median of B's figures is shown beside "
        "A's, with the median difference of the pairs, its 95 % "
        "confidence interval, and the smallest change that so many runs "
        "could show. docs/compare.md says how they are computed.",
    .arguments = argument_rows,
    .options = option_rows,
    .exits = { [CLI_EXIT_DONE] = "The runs are compared.",
               [CLI_EXIT_WRONG] = "The condition of a --fail-if holds.",
               [CLI_EXIT_USAGE] = "The runs cannot be compared, or the call is "
                                  "wrong." },
    .examples =
        (const struct cli_example[]){
            { "Whether a change of the scheduler costs more than a twentieth",
              "iksim compare before.db after.db --fail-if 'p99 > +5%'" },
            { NULL, NULL } },
    .size_bytes = sizeof(struct compare),
    .run = run,
};
