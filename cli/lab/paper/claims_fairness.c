/* claims_fairness.c - claims about which VM gets how much of the processor, and
   when (node 12). */
#include <math.h>

#include "cli/lab/paper/rule.h"

JUDGE(judge_starvation)
{
    double least = HUGE_VAL;
    double lost = 0;
    for (uint32_t i = 0; i < v->x_count; i++) {
        least = fmin(least, claim_value(v, 0, i));
        lost += claim_read(v, 0, i, measure_lost);
    }
    WRITE(j, "the least of any VM: %.2f ms of processor; %.0f requests lost",
          least, lost);
    j->holds = least > 0 && lost == 0;
}

/* The series are schedulers; the first is Denali's. */
JUDGE(judge_mix)
{
    uint32_t last = v->x_count - 1;
    WRITE(j, "spinning get %.2f, serving %.2f, faulting %.2f of their share",
          claim_read(v, 0, last, measure_gain_third),
          claim_read(v, 0, last, measure_gain_first),
          claim_read(v, 0, last, measure_gain_second));
}

JUDGE(judge_gaming)
{
    WRITE(j, "with the boost %.2f of its share, without %.2f", rule_last(v, 0),
          rule_last(v, 1));
}

JUDGE(judge_delay)
{
    WRITE(j,
          "99 %% within %.1f ms batched, %.1f nested, %.1f synchronous, by %s "
          "spinning",
          rule_last(v, 0), rule_last(v, 1), rule_last(v, 2), rule_end(v));
}

/* A percentile of the time from an interrupt to its delivery. */
#define DELAY(share, part) \
    { "delay, " share " %", "ms", FIGURE_VIRQ_DELAY_##part, 1e6, NULL }
/* The first of the series is Denali's scheduler, and needs no setting. */
#define SCHEDULER(name) { name, "kernel.scheduler=" name }
#define SCHEDULERS                         \
    {                                      \
        { "round-robin", "" },             \
        SCHEDULER("round-robin-no-boost"), \
        SCHEDULER("virtual-round-robin"),  \
        SCHEDULER("lottery"),              \
        SCHEDULER("stride"),               \
        SCHEDULER("mlfq"),                 \
        SCHEDULER("fair"),                 \
        SCHEDULER("fifo"),                 \
    }

const struct claim fairness_claims[] = {
    { .name = "starvation",
      .node = "12",
      .claim = "FIFO gatekeeper and round robin starve nobody",
      .paper = "starvation free",
      .kind = CLAIM_EMERGENT,
      .rule = "beside VMs that never stop, every VM gets processor time in the "
              "window and every request is answered within its 5 s",
      .judge = judge_starvation,
      .base = "mix",
      .sets = "run.duration=3s",
      .series = { { "round-robin", "" } },
      .axis = OVER_SPINNERS("1 10 40", "1 4 10 40 100"),
      .measure = { { "least processor time of a VM", "ms",
                     .read = measure_least_cpu_ms } } },
    { .name = "fairness",
      .node = "-",
      .claim = "What each kind of VM gets of what its shares entitle it to, "
               "when some spin, some serve and some fault",
      .paper = "not measured",
      .kind = CLAIM_UNSTATED,
      .judge = judge_mix,
      .base = "mix",
      .series = SCHEDULERS,
      .axis = OVER_SPINNERS("10", "1 4 10 40"),
      .measure = { { "spinning, of their share", "",
                     .read = measure_gain_third },
                   { "serving, of their share", "",
                     .read = measure_gain_first },
                   { "faulting, of their share", "",
                     .read = measure_gain_second } } },
    { .name = "gaming",
      .node = "-",
      .claim = "What a VM gains that computes for most of its quantum and then "
               "idles for an instant, to be preferred",
      .paper = "not measured",
      .kind = CLAIM_UNSTATED,
      .judge = judge_gaming,
      .base = "gaming",
      .series = SCHEDULERS,
      .axis = { .name = "honest VMs",
                .sets = "vms[1].count=@",
                .quick = "1 9",
                .full = "1 2 3 5 9 19" },
      .measure = { { "the gamer's, of its share", "",
                     .read = measure_gain_first } } },
    { .name = "delay",
      .node = "-",
      .claim = "From an interrupt to its delivery, when other VMs compute",
      .paper = "not measured",
      .kind = CLAIM_UNSTATED,
      .judge = judge_delay,
      .base = "mix",
      .series = OF_INTERRUPTS,
      .axis = OVER_SPINNERS("1 10", "1 4 10 40"),
      .hangs_on_quantum = true,
      .measure = { DELAY("99", P99), DELAY("50", P50), DELAY("99.9", P999) } },
    { .name = NULL },
};
