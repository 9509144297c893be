/* stats.c - see stats.h. */
#include "sim/stats.h"

#include <string.h>

#include "sim/banned.h"

#define INIT(at, S, NAME, member, STORAGE, ...) INIT_##STORAGE(at.member)
#define INIT_NUMBER(place)
#define INIT_SPLIT(place)
#define INIT_COMPUTED(place)
#define INIT_DISTRIBUTION(place) hist_init(&s->place);
#define INIT_BRIEF(place)        hist_init(&s->place);
#define NO_INIT(...)

void stats_init(struct stats *s)
{
    memset(s, 0, sizeof(*s));
    FIGURES(INIT, NO_INIT)
    for (size_t i = 0; i < INTERVAL_BATCHES; i++) {
        hist_init(&s->load.batches[i]);
    }
}

struct vm_stats *stats_of_vm(struct stats *s, uint32_t vm)
{
    return vm < s->per_vm_count ? &s->per_vm[vm] : NULL;
}

/* What the VM has of it; negative: it does not take part. */
static double share_of(const struct vm_stats *vm, enum fairness kind)
{
    switch (kind) {
    case FAIRNESS_CPU:
        return vm->is_whole ? (double)vm->cpu : -1;
    case FAIRNESS_ANSWERED:
        return vm->sent > 0 ? (double)vm->completed / (double)vm->sent : -1;
    case FAIRNESS_LATENCY:
        return vm->completed > 0 ? (double)vm->latency / (double)vm->completed
                                 : -1;
    }
    return -1;
}

double stats_fairness(const struct stats *s, enum fairness kind)
{
    double count = 0;
    double sum = 0;
    double squares = 0;
    for (uint32_t i = 0; i < s->per_vm_count; i++) {
        double share = share_of(&s->per_vm[i], kind);
        if (share >= 0) {
            count++;
            sum += share;
            squares += share * share;
        }
    }
    return squares > 0 ? sum * sum / (count * squares) : 1;
}
