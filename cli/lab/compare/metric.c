/* metric.c - see metric.h. */
#include "cli/lab/compare/metric.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "sim/units.h"

const struct metric metrics[] = {
    { "throughput", "load", NULL, "throughput_rps", METRIC_RATE,
      "requests completed, a second" },
    { "p50", "load", "latency_ns", "p50", METRIC_TIME, "median latency" },
    { "p90", "load", "latency_ns", "p90", METRIC_TIME, "90 % of latency" },
    { "p99", "load", "latency_ns", "p99", METRIC_TIME, "99 % of latency" },
    { "p99.9", "load", "latency_ns", "p999", METRIC_TIME, "99.9 % of latency" },
    { "mean", "load", "latency_ns", "mean", METRIC_TIME, "mean latency" },
    { "timed_out", "load", NULL, "timed_out", METRIC_COUNT,
      "requests without an answer in time" },
    { "failed", "load", NULL, "failed", METRIC_COUNT,
      "requests with a wrong answer" },
    { "faults", "memory", NULL, "faults", METRIC_COUNT, "page faults" },
    { "switches", "sched", NULL, "switches", METRIC_COUNT,
      "switches from VM to VM" },
    { "fairness", "fairness", NULL, "cpu", METRIC_INDEX,
      "Jain's index of the VMs' CPU time" },
    { "fair_answered", "fairness", NULL, "answered", METRIC_INDEX,
      "Jain's index of the part that was answered" },
    { "fair_latency", "fairness", NULL, "latency", METRIC_INDEX,
      "Jain's index of the VMs' mean latency" },
    { NULL, NULL, NULL, NULL, METRIC_COUNT, NULL },
};

static const struct metric *find(const char *name, size_t length)
{
    for (const struct metric *m = metrics; m->name; m++) {
        if (strlen(m->name) == length && strncmp(m->name, name, length) == 0) {
            return m;
        }
    }
    return NULL;
}

const struct metric *metric_find(const char *name)
{
    return find(name, strlen(name));
}

bool metric_read(const struct metric *metric, const json_t *report,
                 double *value)
{
    const json_t *at = json_object_get(report, metric->section);
    if (metric->part) {
        at = json_object_get(at, metric->part);
    }
    at = json_object_get(at, metric->key);
    if (!json_is_number(at)) {
        return false;
    }
    *value = json_number_value(at);
    return true;
}

/* ---- Writing ------------------------------------------------------------ */

/* With commas: 12,345. */
static void write_whole(double value, char text[METRIC_TEXT_BYTES])
{
    char digits[METRIC_TEXT_BYTES];
    snprintf(digits, sizeof(digits), "%.0f", value);
    size_t count = strlen(digits);
    size_t out = 0;
    for (size_t i = 0; i < count && out + 2 < METRIC_TEXT_BYTES; i++) {
        text[out++] = digits[i];
        size_t left = count - 1 - i;
        if (left > 0 && left % 3 == 0 && digits[i] != '-') {
            text[out++] = ',';
        }
    }
    text[out] = '\0';
}

static void write_time(double ns, char text[METRIC_TEXT_BYTES])
{
    static const char *const units[] = { "ns", "us", "ms", "s" };
    size_t unit = 0;
    while (fabs(ns) >= 999.95 && unit < 3) {
        ns /= 1000;
        unit++;
    }
    snprintf(text, METRIC_TEXT_BYTES, "%.4g %s", ns, units[unit]);
}

void metric_write(const struct metric *metric, double value,
                  char text[METRIC_TEXT_BYTES])
{
    if (metric->unit == METRIC_TIME) {
        write_time(value, text);
    } else if (fabs(value) >= 1000) {
        write_whole(value, text);
    } else {
        snprintf(text, METRIC_TEXT_BYTES, "%.4g", value);
    }
}

/* ---- Conditions --------------------------------------------------------- */

static bool complain(const char *text, const char *what, char *message)
{
    snprintf(message, CONDITION_MESSAGE_BYTES, "'%.100s': %s", text, what);
    return false;
}

static bool complain_metric(const char *text, size_t length, char *message)
{
    char known[160] = "";
    for (const struct metric *m = metrics; m->name; m++) {
        size_t used = strlen(known);
        snprintf(known + used, sizeof(known) - used, "%s%s",
                 used > 0 ? ", " : "", m->name);
    }
    snprintf(message, CONDITION_MESSAGE_BYTES, "there is no '%.*s'; known: %s",
             length < 30 ? (int)length : 30, text, known);
    return false;
}

static const char *skip_blanks(const char *at)
{
    return at + strspn(at, " \t");
}

/* The value without its sign: "100ms", "5%", "12.5". */
static bool parse_value(const char *at, struct condition *c, char *message)
{
    char word[64];
    size_t length = strcspn(at, " \t%");
    c->is_percent = at[length] == '%';
    const char *end = skip_blanks(at + length + (c->is_percent ? 1 : 0));
    if (length == 0 || length >= sizeof(word) || *at == '+' || *at == '-' ||
        *end != '\0') {
        return complain(c->text,
                        "the value is to be a number, such as +5% or "
                        "100ms",
                        message);
    }
    snprintf(word, sizeof(word), "%.*s", (int)length, at);
    const char *why;
    uint64_t ns = 0;
    if (!c->is_percent && c->metric->unit == METRIC_TIME) {
        why = units_read_time(word, &ns);
        c->value = (double)ns;
    } else {
        why = units_read_real(word, &c->value);
        c->value = c->is_percent ? c->value / 100 : c->value;
    }
    if (why) {
        char what[160];
        snprintf(what, sizeof(what), "the value %s", why);
        return complain(c->text, what, message);
    }
    return true;
}

bool condition_parse(const char *text, struct condition *c,
                     char message[CONDITION_MESSAGE_BYTES])
{
    *c = (struct condition){ .text = text };
    const char *at = skip_blanks(text);
    size_t length = strcspn(at, " \t<>=");
    c->metric = find(at, length);
    if (!c->metric) {
        return complain_metric(at, length, message);
    }
    at = skip_blanks(at + length);
    if (*at != '<' && *at != '>') {
        return complain(text, "one of < <= > >= is to stand behind the metric",
                        message);
    }
    bool or_equal = at[1] == '=';
    if (*at == '<') {
        c->relation = or_equal ? LESS_OR_EQUAL : LESS;
    } else {
        c->relation = or_equal ? MORE_OR_EQUAL : MORE;
    }
    at = skip_blanks(at + (or_equal ? 2 : 1));
    c->is_signed = *at == '+' || *at == '-';
    bool is_negative = *at == '-';
    if (!parse_value(at + (c->is_signed ? 1 : 0), c, message)) {
        return false;
    }
    c->value = is_negative ? -c->value : c->value;
    return true;
}

bool condition_holds(const struct condition *c, double value)
{
    switch (c->relation) {
    case LESS:
        return value < c->value;
    case LESS_OR_EQUAL:
        return value <= c->value;
    case MORE:
        return value > c->value;
    case MORE_OR_EQUAL:
        return value >= c->value;
    }
    return false;
}
