/* describe.c - see describe.h. */
#include "sim/trace/describe.h"

#include <stdio.h>
#include <string.h>

#include "sim/events.h"
#include "sim/quantity.h"

#include "sim/banned.h"

typedef unsigned long long u64;

static void write_span(const struct trace_info *info, uint64_t cycles,
                       char text[DESCRIBE_BYTES])
{
    double ns = (double)cycles * 1e9 / (double)info->cpu_hz;
    snprintf(text, DESCRIBE_BYTES, "%s (%llu)", quantity_time(ns).chars,
             (u64)cycles);
}

/* "none" is what stands for none. */
static void write_number(uint64_t value, char text[DESCRIBE_BYTES])
{
    if (value == TRACE_NONE) {
        snprintf(text, DESCRIBE_BYTES, "none");
    } else {
        snprintf(text, DESCRIBE_BYTES, "%llu", (u64)value);
    }
}

static void write_vm(const struct trace_info *info, uint64_t vm,
                     char text[DESCRIBE_BYTES])
{
    if (vm == TRACE_NO_VM) {
        snprintf(text, DESCRIBE_BYTES, "none");
    } else {
        snprintf(text, DESCRIBE_BYTES, "%s",
                 vm_name(&info->roster, (uint32_t)vm).chars);
    }
}

/* A guest may ask for one that there is not. */
static void write_vinsn(uint64_t number, char text[DESCRIBE_BYTES])
{
    if (number - VI_FIRST < VI_COUNT) {
        snprintf(text, DESCRIBE_BYTES, "%s",
                 word_name(&virtual_insn_words, number - VI_FIRST));
    } else {
        snprintf(text, DESCRIBE_BYTES, "%llu", (u64)number);
    }
}

/* The value alone; "" of a flag. */
static void write_value(const struct trace_info *info,
                        const struct trace_type *type, uint64_t value,
                        char text[DESCRIBE_BYTES])
{
    char names[WORD_SET_BYTES];
    text[0] = '\0';
    switch (type->form) {
    case TRACE_FORM_COUNT:
        snprintf(text, DESCRIBE_BYTES, "%llu", (u64)value);
        break;
    case TRACE_FORM_NUMBER:
        write_number(value, text);
        break;
    case TRACE_FORM_VM:
        write_vm(info, value, text);
        break;
    case TRACE_FORM_TIME:
        if (value == TIME_NEVER) {
            snprintf(text, DESCRIBE_BYTES, "never");
        } else {
            write_span(info, value, text);
        }
        break;
    case TRACE_FORM_CYCLES:
        write_span(info, value, text);
        break;
    case TRACE_FORM_ADDRESS:
    case TRACE_FORM_HIDDEN:
        snprintf(text, DESCRIBE_BYTES, "%#llx", (u64)value);
        break;
    case TRACE_FORM_VINSN:
        write_vinsn(value, text);
        break;
    case TRACE_FORM_VIRQS:
        word_set(&virq_words, value, names);
        snprintf(text, DESCRIBE_BYTES, "%s", names);
        break;
    case TRACE_FORM_FLAG:
        break;
    case TRACE_FORM_WORD:
        snprintf(text, DESCRIBE_BYTES, "%s", word_name(type->words, value));
        break;
    }
}

void describe_field(const struct trace_info *info,
                    const struct trace_field *field, uint64_t value,
                    char text[DESCRIBE_BYTES])
{
    char what[DESCRIBE_BYTES];
    write_value(info, field->type, value, what);
    bool is_unset = field->type->form == TRACE_FORM_FLAG && value == 0;
    snprintf(text, DESCRIBE_BYTES, "%s%s%.200s", is_unset ? "" : field->name,
             what[0] != '\0' ? " " : "", what);
    for (char *c = text; *c != '\0' && *c != ' '; c++) {
        if (*c == '_') {
            *c = ' ';
        }
    }
}

void describe_event(const struct trace_info *info,
                    const struct trace_event *event, char text[DESCRIBE_BYTES])
{
    const struct trace_kind_info *kind = &trace_kinds[trace_kind(event)];
    size_t used = 0;
    text[0] = '\0';
    for (uint32_t i = 0; i < kind->field_count; i++) {
        char field[DESCRIBE_BYTES];
        describe_field(info, &kind->fields[i],
                       trace_value(event, &kind->fields[i]), field);
        if (field[0] != '\0' && used < DESCRIBE_BYTES) {
            used += (size_t)snprintf(text + used, DESCRIBE_BYTES - used, "%s%s",
                                     used > 0 ? ", " : "", field);
        }
    }
}

void describe_reason(const struct trace_info *info,
                     const struct trace_reason *reason,
                     char text[DESCRIBE_BYTES])
{
    const json_t *texts = json_object_get(
        info->reasons, word_name(&policy_kind_words, reason->policy));
    const char *own = json_string_value(json_array_get(texts, reason->which));
    if (!own) {
        snprintf(text, DESCRIBE_BYTES, "reason %llu (%llu)", (u64)reason->which,
                 (u64)reason->value);
        return;
    }
    size_t before = strcspn(own, "%");
    struct quantity value = { "" };
    if (own[before] && own[before + 1] == 't') {
        value =
            quantity_time((double)reason->value * 1e9 / (double)info->cpu_hz);
    } else if (own[before]) {
        value = quantity_count(reason->value);
    }
    snprintf(text, DESCRIBE_BYTES, "%.*s%s%s", (int)before, own, value.chars,
             own[before] && own[before + 1] ? own + before + 2 : "");
}
