/* page_tables.c - writes every figure of the report, by section: first single
   values, then distributions. Figures of the host are left out. */
#include <string.h>

#include "cli/views/page/page.h"
#include "cli/views/page/text.h"
#include "sim/report/figures.h"

struct tables {
    FILE *file;
    const struct report *report;
    const char *title; /* The title of the section. */
};

static void put_value(const struct tables *t, enum figure_id id)
{
    fprintf(t->file, "<td>%s</td>",
            figure_text(id, figure_real(t->report, id)).chars);
}

static void put_name(const struct tables *t, const struct figure *f)
{
    fputs("<tr><td>", t->file);
    html_put(t->file, f->label);
    fputs(f->unit == UNIT_PER_SECOND ? " per second</td>" : "</td>", t->file);
}

/* Returns the next figure, from `from` on, of the section with the title, with
   parts or without, or FIGURE_COUNT. */
static int next_figure(const struct tables *t, int from, bool has_parts)
{
    int i = from;
    for (; i < FIGURE_COUNT; i++) {
        const struct figure *f = &figure_table[i];
        const char *title = figure_section_title(f->section);
        if (title && strcmp(title, t->title) == 0 &&
            (f->part != PART_NONE) == has_parts) {
            break;
        }
    }
    return i;
}

static void write_values(const struct tables *t)
{
    int first = next_figure(t, 0, false);
    if (first == FIGURE_COUNT) {
        return;
    }
    fputs("<table>\n", t->file);
    for (int i = first; i < FIGURE_COUNT; i = next_figure(t, i + 1, false)) {
        put_name(t, &figure_table[i]);
        put_value(t, (enum figure_id)i);
        fputs("</tr>\n", t->file);
    }
    fputs("</table>\n", t->file);
}

/* Writes a row, whose first part is `first`. Returns the figure behind its
   last. */
static int write_distribution(const struct tables *t, int first)
{
    int i = first;
    put_name(t, &figure_table[first]);
    for (int part = PART_MEAN; part < PART_NONE; part++) {
        if (i < FIGURE_COUNT && (int)figure_table[i].part == part &&
            strcmp(figure_table[i].row, figure_table[first].row) == 0) {
            put_value(t, (enum figure_id)i++);
        } else {
            fputs("<td>-</td>", t->file);
        }
    }
    fputs("</tr>\n", t->file);
    return i;
}

static void write_distributions(const struct tables *t)
{
    int i = next_figure(t, 0, true);
    if (i == FIGURE_COUNT) {
        return;
    }
    fputs("<div class=\"wide\"><table>\n<tr><th></th>", t->file);
    for (int part = PART_MEAN; part < PART_NONE; part++) {
        fprintf(t->file, "<th>%s</th>",
                figure_part_name((enum figure_part)part));
    }
    fputs("</tr>\n", t->file);
    while (i < FIGURE_COUNT) {
        i = next_figure(t, write_distribution(t, i), true);
    }
    fputs("</table></div>\n", t->file);
}

void page_tables(FILE *file, const struct report *report)
{
    struct tables t = { .file = file, .report = report, .title = "" };
    fputs("<h2>All figures</h2>\n<p class=\"soft\">Figures cover the measured "
          "window, unless a heading says otherwise; docs/report.md explains "
          "them.</p>\n<div class=\"columns\">\n",
          file);
    for (int i = 0; i < SECTION_COUNT; i++) {
        const char *title = figure_section_title((enum figure_section)i);
        if (!title || strcmp(title, t.title) == 0) {
            continue;
        }
        t.title = title;
        fputs("<section>\n<h3>", file);
        html_put(file, title);
        fputs("</h3>\n", file);
        write_values(&t);
        write_distributions(&t);
        fputs("</section>\n", file);
    }
    fputs("</div>\n", file);
}
