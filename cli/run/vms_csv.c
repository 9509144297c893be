/* vms_csv.c - a table of all VMs, for awk, sqlite or a spreadsheet. */
#include "cli/run/vms_csv.h"

#include <inttypes.h>

#include "cli/csv.h"
#include "ik/lifecycle.h"
#include "sim/units.h"
#include "sim/vocabulary/vocabulary.h"

#include "sim/banned.h"

/* Names are the scenario's: any text. */
static void write_vm(const struct session *s, const struct vm *vm, FILE *file)
{
    const struct vm_stats *got = &s->stats->per_vm[vm->id];
    uint64_t hz = s->kernel->cpu_hz;
    fprintf(file, "%u,", vm->id);
    csv_put_quoted(file, s->scenario->vms[vm->group].name);
    fprintf(
        file,
        ",%s,%u,%" PRIu64 ",%" PRIu64 ",%" PRIu64 ",%" PRIu64 ",%" PRIu64 "\n",
        word_name(&vm_state_words, vm->state), vm->resident, vm->insns,
        ns_from_cycles(got->cpu, hz), got->sent, got->completed,
        got->completed ? ns_from_cycles(got->latency / got->completed, hz) : 0);
}

bool vms_csv_write(const struct session *s, FILE *file)
{
    fputs("vm,group,state,resident_pages,instructions,cpu_ns,sent,completed,"
          "latency_mean_ns\n",
          file);
    for (vmid_t i = 0; i < s->kernel->vm_count; i++) {
        const struct vm_stats *got = stats_of_vm(s->stats, i);
        if (got && got->exists) {
            write_vm(s, &s->kernel->vms[i], file);
        }
    }
    return fflush(file) == 0 && !ferror(file);
}
