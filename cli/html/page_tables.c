/* page_tables.c - every figure of the report, from its JSON: so a figure that
   is added there is here, too. What depends on the host is left out. */
#define _GNU_SOURCE /* open_memstream */
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "cli/html/page.h"
#include "cli/html/text.h"

#define NAME_BYTES 96

static const struct {
    const char *key, *title;
} sections[] = {
    { "load", "Requests" },
    { "cpu", "Processor" },
    { "sched", "Scheduler" },
    { "gate", "Gate" },
    { "memory", "Memory" },
    { "virq", "Virtual interrupts" },
    { "net", "Network" },
    { "disk", "Disks" },
    { "fairness", "Fairness" },
    { "cpu_whole", "Processor, whole run" },
    { "guest", "Guests, whole run" },
    { "vms", "VMs, whole run" },
};

#define SECTIONS (sizeof(sections) / sizeof(sections[0]))

static bool ends_in(const char *text, const char *end)
{
    size_t length = strlen(text);
    size_t end_length = strlen(end);
    return length >= end_length && strcmp(text + length - end_length, end) == 0;
}

/* "rx_drops" as "rx drops", without the unit, which the value says. */
static void name_of(const char *key, char name[NAME_BYTES])
{
    snprintf(name, NAME_BYTES, "%s", key);
    if (ends_in(name, "_ns")) {
        name[strlen(name) - 3] = '\0';
    }
    if (ends_in(name, "_rps")) {
        snprintf(name, NAME_BYTES, "%.*s per second", (int)strlen(key) - 4,
                 key);
    }
    for (char *c = name; *c; c++) {
        if (*c == '_') {
            *c = ' ';
        }
    }
}

/* The key says what it is of. */
static struct html_text value_of(const char *key, const json_t *value)
{
    double number = json_number_value(value);
    if (ends_in(key, "_ns")) {
        return html_time(number);
    }
    if (ends_in(key, "bytes")) {
        return html_bytes(number);
    }
    if (json_is_integer(value)) {
        return html_count((uint64_t)json_integer_value(value));
    }
    struct html_text t;
    snprintf(t.chars, sizeof(t.chars), "%.6g", number);
    return t;
}

static void write_value(FILE *file, const char *key, const json_t *value)
{
    char name[NAME_BYTES];
    name_of(key, name);
    fputs("<tr><td>", file);
    html_put(file, name);
    fprintf(file, "</td><td>%s</td></tr>\n", value_of(key, value).chars);
}

static bool is_distribution(const json_t *value)
{
    return json_object_get(value, "mean");
}

static void write_values(FILE *file, json_t *section)
{
    const char *key;
    const char *inner;
    json_t *value;
    json_t *part;
    fputs("<table>\n", file);
    json_object_foreach(section, key, value)
    {
        if (json_is_number(value)) {
            write_value(file, key, value);
        } else if (!is_distribution(value)) {
            json_object_foreach(value, inner, part)
            {
                char both[NAME_BYTES];
                snprintf(both, sizeof(both), "%s: %s", key, inner);
                write_value(file, both, part);
            }
        }
    }
    fputs("</table>\n", file);
}

static void write_distribution(FILE *file, const char *key,
                               const json_t *distribution)
{
    static const char *const columns[] = { "mean", "p50",  "p90",
                                           "p99",  "p999", "max" };
    char name[NAME_BYTES];
    name_of(key, name);
    fputs("<tr><td>", file);
    html_put(file, name);
    fputs("</td>", file);
    for (size_t i = 0; i < sizeof(columns) / sizeof(columns[0]); i++) {
        const json_t *value = json_object_get(distribution, columns[i]);
        fprintf(file, "<td>%s</td>", value ? value_of(key, value).chars : "-");
    }
    fputs("</tr>\n", file);
}

static void write_distributions(FILE *file, json_t *section)
{
    const char *key;
    json_t *value;
    bool has_any = false;
    json_object_foreach(section, key, value)
    {
        if (!is_distribution(value)) {
            continue;
        }
        if (!has_any) {
            fputs("<div class=\"wide\"><table>\n<tr><th></th><th>mean</th>"
                  "<th>p50</th><th>p90</th><th>p99</th><th>p99.9</th>"
                  "<th>max</th></tr>\n",
                  file);
        }
        has_any = true;
        write_distribution(file, key, value);
    }
    if (has_any) {
        fputs("</table></div>\n", file);
    }
}

/* The report as a value. NULL: out of memory. */
static json_t *report_value(const struct report *report)
{
    char *text = NULL;
    size_t bytes = 0;
    FILE *memory = open_memstream(&text, &bytes);
    if (!memory) {
        return NULL;
    }
    bool is_written = report_write_json(report, memory);
    is_written = fclose(memory) == 0 && is_written;
    json_t *value = is_written ? json_loads(text, 0, NULL) : NULL;
    free(text);
    return value;
}

bool page_tables(FILE *file, const struct report *report)
{
    json_t *value = report_value(report);
    if (!value) {
        return false;
    }
    fputs("<h2>All figures</h2>\n<p class=\"soft\">Of the measured window, but "
          "for where the heading says otherwise; what each one means stands in "
          "docs/report.md.</p>\n<div class=\"columns\">\n",
          file);
    for (size_t i = 0; i < SECTIONS; i++) {
        json_t *section = json_object_get(value, sections[i].key);
        fprintf(file, "<section>\n<h3>%s</h3>\n", sections[i].title);
        write_values(file, section);
        write_distributions(file, section);
        fputs("</section>\n", file);
    }
    fputs("</div>\n", file);
    json_decref(value);
    return true;
}
