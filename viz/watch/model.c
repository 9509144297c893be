/* model.c - names of what the model holds; see model.h. */
#include "viz/watch/model.h"

#include <stdio.h>

#include "sim/banned.h"
#include "sim/units.h"

uint64_t model_ns(const struct model *m, uint64_t cycles)
{
    uint64_t hz = m->now->info.cpu_hz;
    return cycles / hz * 1000000000 + cycles % hz * 1000000000 / hz;
}

struct quantity model_time(const struct model *m, uint64_t cycles)
{
    return quantity_time((double)model_ns(m, cycles));
}

struct vm_name model_vm_name(const struct model *m, uint32_t vm)
{
    return vm_name(&m->now->info.roster, vm);
}

struct vm_name model_vm_number_name(const struct model *m, uint32_t vm)
{
    return vm_name_and_number(&m->now->info.roster, vm);
}
