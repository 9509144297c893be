/* page.c - see page.h: names the run, shows its main figures, then the rest. */
#include "cli/views/page/page.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli/views/page/style.h"
#include "cli/views/page/text.h"
#include "sim/report/figures.h"
#include "sim/vocabulary/vocabulary.h"

bool page_open(struct page *p, const char *path, const struct trace_info *info,
               struct trace *trace, char message[SCENARIO_MESSAGE_BYTES])
{
    *p = (struct page){ .path = path };
    if (!collect_begin(&p->collect, info)) {
        snprintf(message, SCENARIO_MESSAGE_BYTES, "out of memory for a page");
        return false;
    }
    p->file = fopen(path, "w");
    if (!p->file) {
        snprintf(message, SCENARIO_MESSAGE_BYTES, "cannot write '%s': %s", path,
                 strerror(errno));
        return false;
    }
    trace_add_sink(trace, collect_event, &p->collect);
    return true;
}

void page_release(struct page *p)
{
    if (p->file) {
        fclose(p->file);
    }
    collect_release(&p->collect);
    *p = (struct page){ 0 };
}

/* ---- The head ----------------------------------------------------------- */

static void write_tile(FILE *file, const char *name, struct quantity value)
{
    fprintf(file, "<div class=\"tile\"><b>%s</b><span>%s</span></div>\n",
            value.chars, name);
}

static void write_figure(FILE *file, const char *name,
                         const struct report *report, enum figure_id id)
{
    write_tile(file, name, figure_text(id, figure_real(report, id)));
}

static void write_load_tiles(FILE *file, const struct report *report)
{
    const struct load_stats *load = &report->stats->load;
    write_figure(file, "requests offered per second", report,
                 FIGURE_LOAD_OFFERED);
    write_figure(file, "answered per second", report, FIGURE_LOAD_ANSWERED);
    write_figure(file, "open when the window ended", report, FIGURE_LOAD_OPEN);
    write_figure(file, "latency, p50", report, FIGURE_LOAD_LATENCY_P50);
    write_figure(file, "latency, p99", report, FIGURE_LOAD_LATENCY_P99);
    write_tile(
        file, "not completed right and in time",
        quantity_count(load->timed_out + load->failed + load->unanswered));
}

static void write_tiles(FILE *file, const struct report *report)
{
    const struct stats *s = report->stats;
    double window = 0;
    for (int i = 0; i < CPU_CATEGORY_COUNT; i++) {
        window += (double)s->cpu[i];
    }
    double busy = window - (double)s->cpu[CPU_IDLE];
    fputs("<div class=\"tiles\">\n", file);
    if (s->load.sent > 0) {
        write_load_tiles(file, report);
    }
    write_tile(file, "processor busy", quantity_share(busy, window));
    write_tile(file, "busy time in guests",
               quantity_share((double)s->cpu[CPU_GUEST], busy));
    write_figure(file, "VMs created", report, FIGURE_VMS_CREATED);
    write_figure(file, "page faults", report, FIGURE_MEMORY_FAULTS);
    write_figure(file, "warm-up", report, FIGURE_MEASURED_WARMUP);
    write_figure(file, "measured window", report, FIGURE_MEASURED_LENGTH);
    fputs("</div>\n", file);
}

static void write_steady(FILE *file, const struct steady *steady)
{
    char reason[STEADY_REASON_BYTES];
    steady_explain(&steady->input, &steady->verdict, reason);
    fprintf(file, "<p>%s: <b>%s</b>: %s.</p>\n",
            steady_heading(&steady->verdict),
            word_name(&steady_class_words, steady->verdict.class), reason);
}

static void write_identity(FILE *file, const struct collect *c,
                           const struct report *report)
{
    char fingerprint[FINGERPRINT_CHARS];
    trace_fingerprint(report->trace, fingerprint);
    const struct scenario *s = report->scenario;
    fputs("<h1>", file);
    html_put(file, s->name);
    fprintf(file, "</h1>\n<p class=\"soft\">seed %llu, ",
            (unsigned long long)s->seed);
    html_put(file, s->scheduler);
    fputs(" scheduler, ", file);
    html_put(file, s->gatekeeper);
    fputs(" gate, ", file);
    html_put(file, s->replacement);
    fprintf(file, " replacement, %s of RAM; ",
            quantity_size((double)s->ram_bytes).chars);
    html_put(file, c->info->program);
    fprintf(file, "<br/>fingerprint <code>%s</code>, %s</p>\n", fingerprint,
            word_phrase(&guests_words, report->guests));
    write_steady(file, report->steady);
}

/* ---- The foot ----------------------------------------------------------- */

static void write_scenario(FILE *file, const struct collect *c)
{
    char *text = json_dumps(c->info->scenario, JSON_INDENT(2));
    if (!text) {
        return;
    }
    fputs("<h2>Scenario</h2>\n<details><summary>With every default spelled "
          "out</summary>\n<pre>",
          file);
    html_put(file, text);
    fputs("</pre></details>\n", file);
    free(text);
}

static void write_all(FILE *file, const struct collect *c,
                      const struct report *report)
{
    fputs("<!DOCTYPE html>\n<html xmlns=\"http://www.w3.org/1999/xhtml\" "
          "lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n<meta "
          "name=\"viewport\" content=\"width=device-width, "
          "initial-scale=1\"/>\n<title>",
          file);
    html_put(file, report->scenario->name);
    fputs("</title>\n<style>\n", file);
    html_style_write(file);
    fputs("</style>\n</head>\n<body>\n", file);
    write_identity(file, c, report);
    if (c->is_incomplete) {
        fputs("<p>The host had too little memory for all answers: the latency "
              "over time and by group leaves some out.</p>\n",
              file);
    }
    write_tiles(file, report);
    page_groups(file, c);
    page_figures(file, c, report);
    page_tables(file, report);
    write_scenario(file, c);
    fputs("</body>\n</html>\n", file);
}

bool page_write(struct page *p, const struct report *report,
                char message[SCENARIO_MESSAGE_BYTES])
{
    FILE *file = p->file;
    p->file = NULL;
    replay_settle(p->collect.replay);
    errno = 0;
    write_all(file, &p->collect, report);
    bool has_failed = ferror(file);
    has_failed = fclose(file) != 0 || has_failed;
    if (has_failed) {
        snprintf(message, SCENARIO_MESSAGE_BYTES, "cannot write '%s': %s",
                 p->path, strerror(errno));
    }
    return !has_failed;
}
