/*
 * csv.c - writes events as rows, for spreadsheets and SQLite (RFC 4180): a
 * column for each name of a field of the selected kinds; docs/trace.md lists
 * the fields.
 *
 * A VM is a number and, in the next column, its name. Words are words, times
 * and spans are cycles. A cell is empty if the kind has no such field, and for
 * no VM, no frame and never. HIDDEN fields may need all of 64 bits, which no
 * number of SQLite has: so they are in hexadecimal.
 */
#include <string.h>

#include "cli/csv.h"
#include "cli/views/trace/exporter.h"
#include "cli/views/trace/format.h"
#include "sim/events.h"

#define COLUMN_LIMIT 128

typedef unsigned long long u64;

struct columns {
    uint32_t count;
    const struct trace_field *first[COLUMN_LIMIT]; /* Has the column's name. */
    const struct trace_field *of_kind[TRACE_KIND_COUNT][COLUMN_LIMIT];
};

static uint32_t find_column(struct columns *c, const struct trace_field *field)
{
    uint32_t i = 0;
    while (i < c->count && strcmp(c->first[i]->name, field->name) != 0) {
        i++;
    }
    if (i == c->count) {
        SIM_ASSERT(c->count < COLUMN_LIMIT);
        c->first[c->count++] = field;
    }
    return i;
}

static void choose_columns(struct columns *c, const struct event_filter *filter)
{
    for (int k = 0; k < TRACE_KIND_COUNT; k++) {
        const struct trace_kind_info *kind = &trace_kinds[k];
        const struct trace_event any = { .kind = (uint16_t)k,
                                         .layer = (uint16_t)kind->layer };
        for (uint32_t i = 0;
             filter_takes_kind(filter, &any) && i < kind->field_count; i++) {
            const struct trace_field *field = &kind->fields[i];
            c->of_kind[k][find_column(c, field)] = field;
        }
    }
}

static bool is_of_vm(const struct trace_field *field)
{
    return field->type->form == TRACE_FORM_VM;
}

static void write_head(FILE *out, const struct columns *c)
{
    fputs("time,ns,layer,kind,vm,vm_name", out);
    for (uint32_t i = 0; i < c->count; i++) {
        const char *name = c->first[i]->name;
        fprintf(out, ",%s", name);
        if (is_of_vm(c->first[i])) {
            fprintf(out, ",%s_name", name);
        }
    }
    fputs("\r\n", out);
}

/* Writes the VM's number, a comma, and its name. */
static void write_vm(FILE *out, const struct trace_info *info, uint64_t vm)
{
    if (vm == TRACE_NO_VM) {
        fputc(',', out);
    } else {
        fprintf(out, "%llu,", (u64)vm);
        csv_put(out, vm_name(&info->roster, (uint32_t)vm).chars);
    }
}

static void write_value(FILE *out, const struct trace_info *info,
                        const struct trace_type *type, uint64_t value)
{
    char names[WORD_SET_BYTES];
    switch (type->form) {
    case TRACE_FORM_COUNT:
    case TRACE_FORM_CYCLES:
    case TRACE_FORM_ADDRESS:
    case TRACE_FORM_FLAG:
        fprintf(out, "%llu", (u64)value);
        break;
    case TRACE_FORM_NUMBER:
        if (value != TRACE_NONE) {
            fprintf(out, "%llu", (u64)value);
        }
        break;
    case TRACE_FORM_TIME:
        if (value != TIME_NEVER) {
            fprintf(out, "%llu", (u64)value);
        }
        break;
    case TRACE_FORM_VM:
        write_vm(out, info, value);
        break;
    case TRACE_FORM_VIRQS:
        word_set(&virq_words, value, names);
        csv_put(out, names);
        break;
    case TRACE_FORM_VINSN:
        if (value - VI_FIRST < VI_COUNT) {
            csv_put(out, word_name(&virtual_insn_words, value - VI_FIRST));
        } else {
            fprintf(out, "%llu", (u64)value);
        }
        break;
    case TRACE_FORM_HIDDEN:
        fprintf(out, "0x%016llx", (u64)value);
        break;
    case TRACE_FORM_WORD:
        csv_put(out, word_name(type->words, value));
        break;
    }
}

static void write_row(FILE *out, const struct trace_info *info,
                      const struct columns *c, const struct trace_event *e)
{
    fprintf(out, "%llu,%llu,%s,%s,", (u64)e->time,
            (u64)format_ns(info, e->time),
            word_name(&trace_layer_words, e->layer), trace_kinds[e->kind].name);
    write_vm(out, info, e->vm);
    for (uint32_t i = 0; i < c->count; i++) {
        const struct trace_field *field = c->of_kind[e->kind][i];
        fputc(',', out);
        if (field) {
            write_value(out, info, field->type, trace_value(e, field));
        } else if (is_of_vm(c->first[i])) {
            fputc(',', out);
        }
    }
    fputs("\r\n", out);
}

static enum trace_read csv_write(struct trace_file *file,
                                 struct event_filter *filter, FILE *out)
{
    const struct trace_info *info = trace_file_info(file);
    struct columns columns = { .count = 0 };
    enum trace_read got;
    struct trace_event e;
    choose_columns(&columns, filter);
    write_head(out, &columns);
    while ((got = filter_next(filter, file, &e)) == TRACE_READ_EVENT) {
        write_row(out, info, &columns, &e);
    }
    return got;
}

const struct exporter exporter_csv = {
    .write = csv_write,
};
