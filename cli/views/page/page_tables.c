/* page_tables.c - every figure of the report, from its JSON: so a figure that
   is added there is here, too, and so is a section that has no title here. What
   depends on the host is left out. */
#define _GNU_SOURCE /* open_memstream */
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "cli/views/page/page.h"
#include "cli/views/page/text.h"

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
    { "tcp", "TCP, drain included" },
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
static struct quantity value_of(const char *key, const json_t *value)
{
    double number = json_number_value(value);
    if (ends_in(key, "_ns")) {
        return quantity_time(number);
    }
    if (ends_in(key, "bytes")) {
        return quantity_size(number);
    }
    if (json_is_integer(value)) {
        return quantity_count((uint64_t)json_integer_value(value));
    }
    struct quantity t;
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

/* A section's rows are either single values or distributions. */
enum rows { ROWS_OF_VALUES, ROWS_OF_DISTRIBUTIONS };

struct table {
    FILE *file;
    enum rows rows;
    bool has_any;
};

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

static void begin_table(struct table *t)
{
    if (t->has_any) {
        return;
    }
    t->has_any = true;
    fputs(t->rows == ROWS_OF_VALUES
              ? "<table>\n"
              : "<div class=\"wide\"><table>\n<tr><th></th><th>mean</th>"
                "<th>p50</th><th>p90</th><th>p99</th><th>p99.9</th>"
                "<th>max</th></tr>\n",
          t->file);
}

static void end_table(const struct table *t)
{
    if (t->has_any) {
        fputs(t->rows == ROWS_OF_VALUES ? "</table>\n" : "</table></div>\n",
              t->file);
    }
}

/* The value's row, if it is of this table. */
static void write_row(struct table *t, const char *key, const json_t *value)
{
    if (t->rows == ROWS_OF_DISTRIBUTIONS && is_distribution(value)) {
        begin_table(t);
        write_distribution(t->file, key, value);
    } else if (t->rows == ROWS_OF_VALUES && json_is_number(value)) {
        begin_table(t);
        write_value(t->file, key, value);
    }
}

/* What stands in an object of the section is named after both. */
static void write_table(FILE *file, json_t *section, enum rows rows)
{
    struct table t = { file, rows, false };
    const char *key;
    const char *inner;
    json_t *value;
    json_t *part;
    json_object_foreach(section, key, value)
    {
        write_row(&t, key, value);
        if (is_distribution(value)) {
            continue;
        }
        json_object_foreach(value, inner, part)
        {
            char both[NAME_BYTES];
            snprintf(both, sizeof(both), "%s: %s", key, inner);
            write_row(&t, both, part);
        }
    }
    end_table(&t);
}

static void write_section(FILE *file, const char *title, json_t *section)
{
    fputs("<section>\n<h3>", file);
    html_put(file, title);
    fputs("</h3>\n", file);
    write_table(file, section, ROWS_OF_VALUES);
    write_table(file, section, ROWS_OF_DISTRIBUTIONS);
    fputs("</section>\n", file);
}

/* The host's, the head's, and those that have their title and place. */
static bool is_elsewhere(const char *key)
{
    bool is_known =
        strcmp(key, "host") == 0 || strcmp(key, "fingerprints") == 0;
    for (size_t i = 0; i < SECTIONS; i++) {
        is_known = is_known || strcmp(key, sections[i].key) == 0;
    }
    return is_known;
}

static void write_other_sections(FILE *file, json_t *report)
{
    const char *key;
    json_t *section;
    json_object_foreach(report, key, section)
    {
        if (json_is_object(section) && !is_elsewhere(key)) {
            char name[NAME_BYTES];
            name_of(key, name);
            write_section(file, name, section);
        }
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
        write_section(file, sections[i].title,
                      json_object_get(value, sections[i].key));
    }
    write_other_sections(file, value);
    fputs("</div>\n", file);
    json_decref(value);
    return true;
}
