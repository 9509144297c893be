/* precision.c - see precision.h. */
#define _GNU_SOURCE
#include "cli/lab/compare/precision.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/command.h"
#include "cli/run/trial.h"
#include "sim/steady/tally.h"
#include "sim/units.h"

/* ---- The rule ----------------------------------------------------------- */

static const char *skip_blanks(const char *at)
{
    return at + strspn(at, " \t");
}

bool precision_parse(const char *text, struct precision *p,
                     char message[CONDITION_MESSAGE_BYTES])
{
    static const char *const signs[] = { "+-", "\xc2\xb1" };
    const char *sign = NULL;
    size_t sign_bytes = 0;
    for (size_t i = 0; !sign && i < sizeof(signs) / sizeof(signs[0]); i++) {
        sign = strstr(text, signs[i]);
        sign_bytes = strlen(signs[i]);
    }
    const char *at = skip_blanks(text);
    size_t length = sign ? (size_t)(sign - at) : 0;
    while (length > 0 && strchr(" \t", at[length - 1])) {
        length--;
    }
    char number[32];
    const char *value = sign ? skip_blanks(sign + sign_bytes) : "";
    size_t digits = strcspn(value, "%");
    snprintf(number, sizeof(number), "%.*s", (int)digits, value);
    *p = (struct precision){ .text = text };
    if (length == 0 || value[digits] != '%' || value[digits + 1] != '\0' ||
        units_read_real(number, &p->share) || !(p->share > 0)) {
        snprintf(message, CONDITION_MESSAGE_BYTES,
                 "must be a time, such as 2s, or a figure and how narrow its "
                 "interval is to be, such as 'p99 +-5%%', not '%.100s'",
                 text);
        return false;
    }
    p->share /= 100;
    if (!figure_find(at, length, &p->figure)) {
        figure_describe_unknown(at, length, message);
        return false;
    }
    return true;
}

size_t precision_next(size_t count)
{
    size_t next = count + count / 4;
    next = next < PRECISION_SEEDS_FIRST ? PRECISION_SEEDS_FIRST : next;
    return next < PRECISION_SEEDS_MOST ? next : PRECISION_SEEDS_MOST;
}

bool precision_is_met(const struct precision *p, double *values, size_t count,
                      struct estimate *e)
{
    median_estimate(values, count, PRECISION_LOOK, e);
    return e->has_interval &&
           statistics_least_shown(e) <= p->share * fabs(e->value);
}

/* ---- Runs --------------------------------------------------------------- */

struct series {
    const struct precision_call *call;
    double values[PRECISION_SEEDS_MOST];
    double sorted[PRECISION_SEEDS_MOST];
    size_t count;
    int64_t first_seed;
    struct steady_tally windows;
    double fewest; /* Answers of a run. */
};

/* Returns the exit code; 0: the value is added. */
static int take_result(struct series *s, const struct trial_result *result)
{
    const struct precision *p = s->call->precision;
    if (result->exit_code != CLI_DONE) {
        cli_complain("seed %lld: %s",
                     (long long)s->first_seed + (long long)s->count,
                     result->message);
        return result->exit_code;
    }
    if (!figure_read(result->report, p->figure, &s->values[s->count])) {
        return cli_complain("the report of this scenario does not have what "
                            "'%s' asks for",
                            p->text);
    }
    if (s->count == 0) {
        s->first_seed =
            json_integer_value(json_object_get(result->report, "seed"));
    }
    static const struct figure_ref completed = { FIGURE_LOAD_COMPLETED, 0 };
    double answers;
    if (figure_read(result->report, completed, &answers) &&
        (s->count == 0 || answers < s->fewest)) {
        s->fewest = answers;
    }
    steady_tally_add(&s->windows, result->report);
    s->count++;
    return CLI_DONE;
}

static int add_seed(struct series *s)
{
    const struct precision_call *call = s->call;
    const char *sets[CLI_LIST_LIMIT + 1];
    char seed[40];
    snprintf(seed, sizeof(seed), "run.seed=%lld",
             (long long)s->first_seed + (long long)s->count);
    for (uint32_t i = 0; i < call->set_count; i++) {
        sets[i] = call->sets[i];
    }
    sets[call->set_count] = seed;
    struct trial trial = { call->path, sets,
                           call->set_count + (s->count > 0 ? 1 : 0) };
    struct trial_child child;
    struct trial_result result;
    if (isatty(STDERR_FILENO)) {
        fprintf(stderr, "\rseed %zu of %zu or more\033[K", s->count + 1,
                precision_next(s->count));
    }
    if (!trial_start(&trial, NULL, &child)) {
        return cli_complain("cannot start a process: %s", strerror(errno));
    }
    trial_finish(&child, &result);
    int code = take_result(s, &result);
    trial_result_clear(&result);
    return code;
}

/* ---- The answer --------------------------------------------------------- */

/* Returns how many answers the figure takes; 0: all runs have them. */
static uint64_t answers_lacking(const struct series *s)
{
    uint64_t least = figure_least_answers(s->call->precision->figure.id);
    return s->fewest < (double)least ? least : 0;
}

/* An interval over seeds is about what each run measures, whatever that is. */
static void print_doubts(const struct series *s)
{
    char classes[STEADY_TALLY_BYTES];
    uint64_t takes = answers_lacking(s);
    char name[FIGURE_NAME_BYTES];
    figure_name(s->call->precision->figure, name);
    steady_tally_write(&s->windows, classes);
    if (s->windows.of[STEADY_FLAT] < s->count) {
        printf("windows: %s; what is not flat depends on when, and for how "
               "long, it is looked at\n",
               classes);
    }
    if (takes > 0) {
        printf("%s takes %llu answers, and a run has only %.0f: the interval "
               "says how it scatters, not how far off it is\n",
               name, (unsigned long long)takes, s->fewest);
    }
}

static void print_text(const struct series *s, const struct estimate *e)
{
    enum figure_id id = s->call->precision->figure.id;
    char name[FIGURE_NAME_BYTES];
    figure_name(s->call->precision->figure, name);
    printf("%s: %s, the median over %zu seeds, %lld to %lld\n", name,
           figure_text(id, e->value).chars, s->count, (long long)s->first_seed,
           (long long)s->first_seed + (long long)s->count - 1);
    printf("interval of 95 %%: %s to %s, which is +-%.2f %%\n",
           figure_text(id, e->low).chars, figure_text(id, e->high).chars,
           100 * statistics_least_shown(e) / fabs(e->value));
    print_doubts(s);
}

static void print_json(const struct series *s, const struct estimate *e,
                       bool is_met)
{
    char path[FIGURE_NAME_BYTES];
    figure_path(s->call->precision->figure, path);
    json_t *values = json_array();
    for (size_t i = 0; i < s->count; i++) {
        json_array_append_new(values, json_real(s->values[i]));
    }
    json_t *root = json_pack(
        "{s:i, s:s, s:s, s:s, s:f, s:b, s:I, s:f, s:f, s:f, s:o, s:o, s:I}",
        "schema", 1, "scenario", s->call->path, "until",
        s->call->precision->text, "figure", path, "confidence",
        STATISTICS_CONFIDENCE, "met", is_met, "first_seed",
        (json_int_t)s->first_seed, "median", e->value, "low", e->low, "high",
        e->high, "values", values, "steady", steady_tally_to_json(&s->windows),
        "takes_answers", (json_int_t)answers_lacking(s));
    if (root && json_dumpf(root, stdout,
                           JSON_INDENT(2) | JSON_REAL_PRECISION(15)) == 0) {
        putchar('\n');
    }
    json_decref(root);
}

static int look(struct series *s)
{
    const struct precision_call *call = s->call;
    struct estimate e;
    bool is_met = false;
    while (!is_met && s->count < PRECISION_SEEDS_MOST) {
        size_t next = precision_next(s->count);
        while (s->count < next) {
            int code = add_seed(s);
            if (code != CLI_DONE) {
                return code;
            }
        }
        memcpy(s->sorted, s->values, s->count * sizeof(*s->sorted));
        is_met = precision_is_met(call->precision, s->sorted, s->count, &e);
    }
    if (isatty(STDERR_FILENO)) {
        fputs("\r\033[K", stderr);
    }
    if (call->json) {
        print_json(s, &e, is_met);
    } else {
        print_text(s, &e);
    }
    if (!is_met) {
        cli_complain("'%s' is not met by %zu seeds", call->precision->text,
                     s->count);
        return CLI_WRONG;
    }
    return CLI_DONE;
}

int precision_run(const struct precision_call *call)
{
    struct series *s = calloc(1, sizeof(*s));
    if (!s) {
        return cli_complain("out of memory for the seeds");
    }
    s->call = call;
    int code = look(s);
    free(s);
    return code;
}
