/* claims_inputs.c - figures of the paper that the simulated machine is built
   from. */
#include <string.h>

#include "cli/lab/paper/rule.h"
#include "cli/run/choice/choices.h"
#include "sim/devices/disk.h"
#include "sim/devices/machine.h"

static const struct machine *paper_machine(void)
{
    const struct machine *m = machine_find("denali-2002");
    SIM_ASSERT(m);
    return m;
}

static double us_of_cycles(double cycles)
{
    return cycles / (double)paper_machine()->cpu_hz * 1e6;
}

JUDGE(judge_machine)
{
    (void)v;
    const struct machine *m = paper_machine();
    WRITE(j, "%.0f MHz, %.0f GiB, %.0f Mbit/s, %u disks of %.0f GB",
          (double)m->cpu_hz / 1e6, (double)m->ram_bytes / (1 << 30),
          (double)m->link_bits_per_second / 1e6, m->disk_count,
          (double)m->disk->capacity_bytes / 1e9);
}

JUDGE(judge_switch_best)
{
    (void)v;
    double cycles = (double)paper_machine()->costs.switch_base;
    WRITE(j, "%.1f us (%.0f cycles)", us_of_cycles(cycles), cycles);
}

JUDGE(judge_switch_worst)
{
    (void)v;
    const struct machine_costs *c = &paper_machine()->costs;
    double cycles = (double)c->switch_base +
                    (double)c->switch_page_max * (double)c->switch_per_page;
    WRITE(j, "%.1f us (%.0f cycles, %u pages)", us_of_cycles(cycles), cycles,
          c->switch_page_max);
}

JUDGE(judge_costs)
{
    (void)v;
    const struct choices *models = choices_find("machine.costs");
    struct choice model;
    size_t i = 0;
    SIM_ASSERT(models);
    while (models->get(i, &model) && strcmp(model.name, "netburst") != 0) {
        i++;
    }
    WRITE(j, "%s", model.summary);
}

JUDGE(judge_pio)
{
    (void)v;
    double cycles = (double)paper_machine()->costs.pio;
    WRITE(j, "%.0f cycles (%.1f us) each", cycles, us_of_cycles(cycles));
}

JUDGE(judge_metadata)
{
    (void)v;
    WRITE(j, "%d bytes a VM, %.1f MiB for 10,000", VM_PINNED_BYTES,
          VM_PINNED_BYTES * 1e4 / (1 << 20));
}

const struct claim input_claims[] = {
    { .name = "machine",
      .node = "17",
      .claim = "The test bed",
      .paper = "1700 MHz, 1 GB, gigabit, 3 disks of 80 GB",
      .kind = CLAIM_INPUT,
      .judge = judge_machine },
    { .name = "switch-best",
      .node = "19",
      .claim = "A context switch that touches no memory",
      .paper = "1.4 us",
      .kind = CLAIM_INPUT,
      .judge = judge_switch_best },
    { .name = "switch-worst",
      .node = "19",
      .claim = "A context switch between two or more VMs that each walk a "
               "large buffer",
      .paper = "9 us",
      .kind = CLAIM_INPUT,
      .judge = judge_switch_worst },
    { .name = "costs",
      .node = "17",
      .claim = "Cycles of an instruction on the test bed's Pentium 4, by class "
               "(latencies measured by InstLatx64 on that core; "
               "docs/experiments/costs.md)",
      .paper = "not stated",
      .kind = CLAIM_INPUT,
      .judge = judge_costs },
    { .name = "pio",
      .node = "26",
      .claim = "A trapped and emulated programmed I/O",
      .paper = "18,381 cycles for 9, 22,955 for 11",
      .kind = CLAIM_INPUT,
      .judge = judge_pio },
    { .name = "metadata",
      .node = "29",
      .claim = "Kernel memory that every VM takes, swapped out or not",
      .paper = "8,472 bytes, 81 MB for 10,000",
      .kind = CLAIM_INPUT,
      .judge = judge_metadata },
    { .name = NULL },
};
