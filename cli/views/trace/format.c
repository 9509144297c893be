/* format.c - see format.h. */
#include "cli/views/trace/format.h"

#include <stdio.h>

#include "sim/devices/machine.h"
#include "sim/quantity.h"
#include "sim/trace/describe.h"

#define NS_PER_SECOND 1000000000u

uint64_t format_ns(const struct trace_info *info, uint64_t cycles)
{
    return ns_from_cycles(cycles, info->cpu_hz);
}

/* Returns the VM's name, or "-" for no VM. */
static struct vm_name format_vm(const struct trace_info *info, uint32_t vm)
{
    return vm == TRACE_NO_VM ? (struct vm_name){ "-" }
                             : vm_name(&info->roster, vm);
}

void format_span(const struct trace_info *info, uint64_t cycles,
                 char text[FORMAT_BYTES])
{
    double ns = (double)cycles * 1e9 / (double)info->cpu_hz;
    snprintf(text, FORMAT_BYTES, "%s", quantity_time(ns).chars);
}

void format_line(const struct trace_info *info, const struct trace_event *e,
                 char text[2 * FORMAT_BYTES])
{
    char details[DESCRIBE_BYTES];
    uint64_t ns = format_ns(info, e->time);
    describe_event(info, e, details);
    int length = snprintf(
        text, (size_t)2 * FORMAT_BYTES, "%3llu.%09llu  %-10s  %-11s  %s",
        (unsigned long long)(ns / NS_PER_SECOND),
        (unsigned long long)(ns % NS_PER_SECOND), format_vm(info, e->vm).chars,
        trace_kinds[e->kind].name, details);
    while (length > 0 && length < 2 * FORMAT_BYTES && text[length - 1] == ' ') {
        text[--length] = '\0';
    }
}
