/*
 * main.c - holds a run's report to the run's trace, and what else says how the
 * run was: the table of VMs, and the groups in the page.
 *
 *     shadow TRACE.ikt REPORT.json [VMS.csv PAGE.html RUN.pcap]
 *
 * Prints each figure that is not what the trace's events come to, and ends
 * with 1 when there is one; 2: a file cannot be read. With no such figure,
 * prints each with the least and the most that it may be, a line each: so a
 * test can see which figures its runs have moved at all, and how exact this is.
 */
#include <stdlib.h>
#include <string.h>

#include "tests/shadow/figures.h"
#include "tests/shadow/page.h"

#define LINE_BYTES 4096

_Noreturn static void fail(const char *path, const char *why)
{
    fprintf(stderr, "shadow: '%s': %s\n", path, why);
    exit(2);
}

/* ---- The trace ---------------------------------------------------------- */

typedef void feed_fn(struct shadow *s, const struct fact *f);

/* All events of the file. The file, at its end, is the caller's to close. */
static struct trace_file *read_trace(const char *path)
{
    char why[TRACE_MESSAGE_BYTES];
    struct trace_file *file = trace_file_open(path, why);
    if (!file) {
        fail(path, why);
    }
    return file;
}

static void feed_all(struct trace_file *file, const char *path,
                     struct shadow *s, feed_fn *feed)
{
    struct trace_event event;
    enum trace_read got;
    while ((got = trace_file_next(file, &event)) == TRACE_READ_EVENT) {
        struct fact fact = fact_of(&event);
        feed(s, &fact);
    }
    if (got != TRACE_READ_END) {
        fail(path, trace_file_message(file));
    }
}

/* ---- The table of VMs --------------------------------------------------- */

/* The next field of a line, without its quotation marks; NULL: no more. */
static char *next_field(char **rest)
{
    char *at = *rest;
    if (!at) {
        return NULL;
    }
    if (*at != '"') {
        char *comma = strchr(at, ',');
        *rest = comma ? comma + 1 : NULL;
        at[comma ? comma - at : (ptrdiff_t)strcspn(at, "\r\n")] = '\0';
        return at;
    }
    char *to = ++at;
    for (char *from = at; *from != '\0'; from++, to++) {
        if (from[0] == '"' && from[1] != '"') {
            *rest = from[1] == ',' ? from + 2 : NULL;
            break;
        }
        from += from[0] == '"';
        *to = *from;
    }
    *to = '\0';
    return at;
}

/* Numbers as numbers, so that a line is judged as a report is. */
static json_t *line_object(char *names, char *line)
{
    json_t *object = json_object();
    char *name;
    while ((name = next_field(&names)) != NULL) {
        char *text = next_field(&line);
        char *end = text;
        double number = text ? strtod(text, &end) : 0;
        bool is_number = text && end != text && *end == '\0';
        json_object_set_new(object, name,
                            is_number ? json_real(number)
                                      : json_string(text ? text : ""));
    }
    return object;
}

static unsigned judge_vm(const struct shadow *s, uint32_t vm, char *names,
                         char *line)
{
    static const struct untold none[] = { { NULL, NULL } };
    char name[32];
    snprintf(name, sizeof(name), "VM %u", vm);
    struct expectations expected = { 0 };
    figures_expect_vm(&expected, s, vm);
    json_t *object = line_object(names, line);
    unsigned wrong = expect_judge(&expected, object, none, name, stdout);
    json_decref(object);
    expect_release(&expected);
    return wrong;
}

static unsigned judge_vms(const struct shadow *s, const char *path)
{
    char head[LINE_BYTES];
    char line[LINE_BYTES];
    FILE *file = fopen(path, "r");
    if (!file || !fgets(head, sizeof(head), file)) {
        fail(path, "cannot be read");
    }
    unsigned wrong = 0;
    for (uint32_t vm = 0; vm < s->info->vm_limit; vm++) {
        char names[LINE_BYTES];
        memcpy(names, head, sizeof(names));
        if (!s->vms[vm].exists) {
            continue;
        }
        if (!fgets(line, sizeof(line), file)) {
            printf("there is no line of VM %u\n", vm);
            wrong++;
            break;
        }
        wrong += judge_vm(s, vm, names, line);
    }
    if (fgets(line, sizeof(line), file)) {
        printf("the table has a line that is of no VM: %s", line);
        wrong++;
    }
    fclose(file);
    return wrong;
}

/* ---- The page ----------------------------------------------------------- */

static unsigned judge_page(const struct shadow *s, const char *path)
{
    FILE *file = fopen(path, "r");
    long bytes = file && fseek(file, 0, SEEK_END) == 0 ? ftell(file) : -1;
    if (bytes < 0 || fseek(file, 0, SEEK_SET) != 0) {
        fail(path, "cannot be read");
    }
    char *html = calloc((size_t)bytes + 1, 1);
    SIM_ASSERT(html);
    if (fread(html, 1, (size_t)bytes, file) != (size_t)bytes) {
        fail(path, "cannot be read");
    }
    unsigned wrong = page_judge(s, html, stdout);
    free(html);
    fclose(file);
    return wrong;
}

/* ---- The report --------------------------------------------------------- */

static unsigned judge_report(const struct shadow *s, struct trace_file *file,
                             const char *path)
{
    json_error_t error;
    json_t *report = json_load_file(path, 0, &error);
    const char(*fingerprints)[FINGERPRINT_CHARS] =
        trace_file_fingerprints(file);
    if (!report || !fingerprints) {
        fail(path, report ? "its trace has no end" : error.text);
    }
    struct expectations expected = { 0 };
    figures_expect(&expected, s, fingerprints);
    unsigned wrong =
        expect_judge(&expected, report, figures_untold, "the report", stdout);
    for (size_t i = 0; wrong == 0 && i < expected.count; i++) {
        const struct expectation *x = &expected.items[i];
        if (!x->text && x->most < EXPECT_NOTHING) {
            printf("%s %.15g %.15g\n", x->path, x->least, x->most);
        }
    }
    json_decref(report);
    expect_release(&expected);
    return wrong;
}

int main(int argc, char **argv)
{
    if (argc != 3 && argc != 6) {
        fprintf(stderr, "usage: shadow TRACE.ikt REPORT.json "
                        "[VMS.csv PAGE.html RUN.pcap]\n");
        return 2;
    }
    struct shadow s;
    struct trace_file *first = read_trace(argv[1]);
    if (!shadow_init(&s, trace_file_info(first))) {
        fail(argv[1], "a scenario that the shadow does not understand");
    }
    if (argc > 5 && !frames_open(&s.frames, argv[5])) {
        fail(argv[5], "is no pcap of a run");
    }
    feed_all(first, argv[1], &s, shadow_foresee);
    shadow_foreseen(&s);
    struct trace_file *again = read_trace(argv[1]);
    feed_all(again, argv[1], &s, shadow_take);
    shadow_finish(&s);
    unsigned wrong = s.odd[0] != '\0';
    if (wrong > 0) {
        printf("the events contradict each other: %s\n", s.odd);
    }
    wrong += argc > 3 ? judge_vms(&s, argv[3]) : 0;
    wrong += argc > 4 ? judge_page(&s, argv[4]) : 0;
    wrong += judge_report(&s, again, argv[2]);
    shadow_release(&s);
    trace_file_close(first);
    trace_file_close(again);
    return wrong > 0;
}
