/* page_groups.c - writes a row for each group of VMs: what the group got of the
   processor and of memory, and what it did, over the whole run. */
#include <stdlib.h>

#include "cli/views/page/page.h"
#include "cli/views/page/text.h"
#include "sim/vocabulary/vocabulary.h"

/* The categories that are charged to VMs: all but the processor's idle time. */
#define PARTS CPU_IDLE
_Static_assert(PARTS == CPU_CATEGORY_COUNT - 1, "idle is the last");

struct row {
    uint32_t created, alive, resident;
    uint64_t cpu[CPU_CATEGORY_COUNT], insns;
    uint64_t busy; /* The sum of cpu[]. */
    struct histogram latency;
};

static void fill_rows(struct row *rows, const struct collect *c)
{
    const struct replay *r = c->replay;
    for (uint32_t g = 0; g < c->info->roster.group_count; g++) {
        hist_init(&rows[g].latency);
    }
    for (uint32_t vm = 0; vm < c->info->vm_limit; vm++) {
        const struct replay_vm *v = &r->vms[vm];
        struct row *row = &rows[collect_group_of(c, vm)];
        row->created += v->exists;
        row->alive += v->exists && v->state != VM_DEAD;
        row->resident += v->resident + v->tables;
        row->insns += v->insns;
        for (int i = 0; i < CPU_CATEGORY_COUNT; i++) {
            row->cpu[i] += v->cpu[i];
            row->busy += v->cpu[i];
        }
    }
    for (size_t i = 0; i < c->reply_count; i++) {
        const struct collect_reply *reply = &c->replies[i];
        if (reply->vm < c->info->vm_limit) {
            struct row *row = &rows[collect_group_of(c, reply->vm)];
            hist_record(&row->latency, reply->latency);
        }
    }
}

static const char *colour_of(int category)
{
    return palette_name(
        word_of(&cpu_category_words, (uint64_t)category)->color);
}

static void write_bar(FILE *file, const struct row *row, uint64_t most)
{
    fputs("<td class=\"bar\"><div>", file);
    for (int i = 0; i < PARTS; i++) {
        uint64_t cycles = row->cpu[i];
        if (cycles > 0) {
            fprintf(file, "<i class=\"b c-%s\" style=\"width:%.2f%%\"></i>",
                    colour_of(i), 100.0 * (double)cycles / (double)most);
        }
    }
    fputs("</div></td>", file);
}

static void write_cell(FILE *file, struct quantity text)
{
    fprintf(file, "<td>%s</td>", text.chars);
}

static void write_row(FILE *file, const struct collect *c, uint32_t g,
                      const struct row *row, uint64_t most)
{
    double ns_per_cycle = 1e9 / (double)c->info->cpu_hz;
    const struct collect_group *group = &c->groups[g];
    fputs("<tr><td>", file);
    html_put(file, c->info->roster.groups[g].name);
    fputs("</td>", file);
    write_cell(file, quantity_count(row->created));
    write_cell(file, quantity_count(row->alive));
    write_cell(file, quantity_time((double)row->busy * ns_per_cycle));
    write_bar(file, row, most);
    write_cell(file, quantity_count(row->insns));
    write_cell(file,
               quantity_size((double)row->resident * SCENARIO_PAGE_BYTES));
    write_cell(file, quantity_count(group->faults));
    write_cell(file, quantity_count(group->requests));
    write_cell(file, quantity_count(group->replies));
    write_cell(file, quantity_count(group->lost));
    for (uint32_t i = 500; i <= 990; i += 490) {
        if (row->latency.count == 0) {
            fputs("<td>-</td>", file);
            continue;
        }
        double cycles = (double)hist_percentile(&row->latency, i);
        write_cell(file, quantity_time(cycles * ns_per_cycle));
    }
    fputs("</tr>\n", file);
}

void page_groups(FILE *file, const struct collect *c)
{
    struct row *rows = calloc(c->info->roster.group_count, sizeof(*rows));
    if (!rows) {
        fputs("<p>The host had too little memory for the groups.</p>\n", file);
        return;
    }
    fill_rows(rows, c);
    uint64_t most = 1;
    for (uint32_t g = 0; g < c->info->roster.group_count; g++) {
        most = rows[g].busy > most ? rows[g].busy : most;
    }
    fputs("<h2>Groups, over the whole run</h2>\n<div class=\"legend\">", file);
    for (int i = 0; i < PARTS; i++) {
        fprintf(file, "<span><i class=\"b c-%s\"></i>%s</span> ", colour_of(i),
                word_phrase(&cpu_category_words, (uint64_t)i));
    }
    fputs("</div>\n<div class=\"wide\"><table>\n<tr><th>group</th>"
          "<th>VMs</th><th>alive</th><th>processor</th><th></th>"
          "<th>instructions</th><th>memory at the end</th><th>faults</th>"
          "<th>requests</th><th>completed</th><th>lost</th><th>p50</th>"
          "<th>p99</th></tr>\n",
          file);
    for (uint32_t g = 0; g < c->info->roster.group_count; g++) {
        write_row(file, c, g, &rows[g], most);
    }
    fputs("</table></div>\n", file);
    free(rows);
}
