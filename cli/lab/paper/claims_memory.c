/* claims_memory.c - claims about memory and paging, and about ten thousand VMs
   (nodes 1, 13, 29, 30 and 35). */
#include <math.h>

#include "cli/lab/paper/rule.h"

/* Returns the last value of x before a series falls below half of its first
   value. */
static double cliff_of(const struct claim_view *v, uint32_t series)
{
    double half = claim_value(v, series, 0) / 2;
    uint32_t i = 0;
    while (i + 1 < v->x_count && claim_value(v, series, i + 1) >= half) {
        i++;
    }
    return v->x[i];
}

JUDGE(judge_in_core)
{
    struct range r = rule_range(v, 0, 100, FULL);
    WRITE(j, "%.0f to %.0f Mbit/s from 100 to %d VMs", r.least, r.most, FULL);
    j->holds = r.least >= 0.9 * r.most;
}

JUDGE(judge_cliff)
{
    double before = claim_value(v, 0, claim_place(v, FULL));
    double after = claim_value(v, 0, claim_place(v, 1200));
    WRITE(j, "%.0f Mbit/s at 800 VMs, %.1f at 1,200", before, after);
    j->holds = after <= before / 5;
}

JUDGE(judge_cliff_place)
{
    double cliff = cliff_of(v, 0);
    bool is_there = cliff < v->x[v->x_count - 1];
    WRITE(j, "%s %.0f VMs", is_there ? "after" : "none up to", cliff);
    j->holds = is_there && cliff >= 500;
}

JUDGE(judge_object)
{
    struct range r = rule_range(v, 0, 100, 400);
    double after = rule_last(v, 0);
    WRITE(j, "%.0f to %.0f Mbit/s up to 400 VMs, %.1f at %s", r.least, r.most,
          after, rule_end(v));
    j->holds = r.least >= 0.9 * r.most && after <= r.least / 5;
}

/* The series are paging blocks of 4, 16, 64 KiB; x is the number of VMs. */
JUDGE(judge_block)
{
    double small = cliff_of(v, 0);
    double middle = cliff_of(v, 1);
    double large = cliff_of(v, 2);
    WRITE(j, "half after %.0f, %.0f, %.0f VMs with 4, 16, 64 KiB", small,
          middle, large);
    j->holds = small > large && small >= middle && middle >= large;
}

JUDGE(judge_skew)
{
    double even = rule_first(v, 0);
    double skewed = rule_last(v, 0);
    WRITE(j, "%.3f Mbit/s evenly, %.3f with Zipf %s", even, skewed,
          rule_end(v));
    j->holds = skewed >= 2 * even;
}

/* The series are wsclock, clock and others; x is the number of VMs. */
JUDGE(judge_wsclock)
{
    uint32_t last = v->x_count - 1;
    double ratio = rule_ratio(v, last);
    WRITE(j, "wsclock/clock %.2f at %s VMs (%.3f and %.3f Mbit/s)", ratio,
          rule_end(v), rule_last(v, 0), rule_last(v, 1));
    j->holds = ratio >= 1.05;
}

JUDGE(judge_ten_thousand)
{
    double created = claim_median(v, 0, 0, FIGURE_VMS_CREATED);
    double sent = claim_median(v, 0, 0, FIGURE_LOAD_SENT);
    double completed = claim_median(v, 0, 0, FIGURE_LOAD_COMPLETED);
    WRITE(j, "%.0f VMs, %.0f of %.0f asked have answered", created, completed,
          sent);
    j->holds = created >= 10000 && sent >= 10000 && completed == sent &&
               claim_median(v, 0, 0, FIGURE_VMS_FAULTED) == 0;
}

JUDGE(judge_tables)
{
    WRITE(j, "%.1f MiB of page tables on demand, %.1f MiB eagerly",
          rule_first(v, 0), rule_first(v, 1));
}

/* Figure 8; the working set lets some 1,000 VMs fit in memory. Disk bound, clients
   come to servers that have each been asked once, and the warm-up ends when it
   will, or after its limit. */
#define SMALL_DOCUMENTS                                         \
    "vms[0].args=size=2258 working-set=928KiB;run.duration=2s;" \
    "load[0].zipf=1.0"
#define OPEN_SMALL "load[0].clients=;load[0].rate=3000;run.drain=2s"
#define FIG8_MARK                                                             \
    { "the paper's cliff: about 1,000 VMs (node 30)", CLAIM_AT_X, 1000, 1000, \
      0 }
#define FIG8_RUNS                                                      \
    .base = "web", .sets = SMALL_DOCUMENTS,                            \
    .series = { { "2,258 bytes", "" } },                               \
    .axis = OVER_VMS("1 100 400 800 1000 1200 2000",                   \
                     "1 10 50 100 200 400 600 800 900 1000 1100 1200 " \
                     "1500 2000"),                                     \
    OF_CAPACITY, .open = OPEN_SMALL
#define TEN_THOUSAND .base = "ten-thousand", .axis = OVER_VMS("10000", "10000")

const struct claim memory_claims[] = {
    { .name = "fig8-in-core",
      .node = "30",
      .claim = "In core, throughput does not depend on the number of VMs",
      .paper = "near-constant",
      .kind = CLAIM_EMERGENT,
      .rule = "from 100 to 800 VMs the payload varies by at most 10 %",
      .judge = judge_in_core,
      FIG8_RUNS,
      .mark = { FIG8_MARK } },
    { .name = "fig8-cliff",
      .node = "30",
      .claim = "Once working sets exceed memory throughput falls sharply",
      .paper = "a sharp cliff",
      .kind = CLAIM_EMERGENT,
      .rule = "at 1,200 VMs, of which 1,000 fit, the payload is at most a "
              "fifth of that at 800",
      .judge = judge_cliff,
      FIG8_RUNS,
      .mark = { FIG8_MARK } },
    { .name = "fig8-place",
      .node = "30",
      .claim = "The cliff lies at about 1,000 VMs, with our server as it is",
      .paper = "about 1,000 VMs",
      .kind = CLAIM_EMERGENT,
      .suggested_by = AFTER_BLOCKS,
      .rule =
          "without a working set of our choice, the payload falls below half "
          "between 500 and 2,000 VMs",
      .judge = judge_cliff_place,
      .base = "web",
      .sets = "vms[0].args=size=2258;run.duration=1s;load[0].zipf=1.0",
      .series = { { "no working set", "" } },
      .axis = OVER_VMS("200 500 1000 2000", "100 200 500 1000 1500 2000"),
      OF_CAPACITY,
      .open = OPEN_SMALL,
      .mark = { FIG8_MARK } },
    { .name = "fig8-object",
      .node = "30",
      .claim = "An object of 134,007 bytes behaves alike",
      .paper = "qualitatively similar",
      .kind = CLAIM_EMERGENT,
      .rule = "from 100 to 400 VMs the payload varies by at most 10 %; at the "
              "most VMs it is at most a fifth",
      .judge = judge_object,
      .base = "web",
      .sets = "vms[0].args=size=134007 working-set=928KiB;run.duration=2s;"
              "load[0].zipf=1.0",
      .series = { { "134,007 bytes", "" } },
      .axis = OVER_VMS("100 400 1000", "100 200 400 600 700 800 900 1000"),
      OF_CAPACITY,
      .open = "load[0].clients=;load[0].rate=200;run.drain=2s" },
    { .name = "fig9-block",
      .node = "30",
      .claim = "A smaller paging block moves the cliff to more VMs (with our "
               "server as it is, in a quarter of the memory)",
      .paper = "smaller block, later cliff",
      .kind = CLAIM_EMERGENT,
      .suggested_by = AFTER_BLOCKS,
      .rule = "the last number of VMs with at least half of the payload of the "
              "fewest is larger with 4 KiB than with 64 KiB, and 16 KiB lies "
              "between or with one of them",
      .judge = judge_block,
      .base = "web",
      .sets = "vms[0].args=size=2258;machine.ram=256MiB;run.duration=2s;"
              "load[0].zipf=1.0",
      .series = { { "4 KiB", "" },
                  { "16 KiB", "kernel.paging_block=16KiB" },
                  { "64 KiB", "kernel.paging_block=64KiB" } },
      .axis = OVER_VMS("250 500 1000 2000 3500",
                       "250 500 750 1000 1250 1500 2000 2500 3000 3500"),
      OF_CAPACITY },
    { .name = "skew",
      .node = "30",
      .claim = "Disk bound, the skew of popularity matters",
      .paper = "one of three factors that matter",
      .kind = CLAIM_EMERGENT,
      .rule = "with twice as many VMs as fit, the payload with the greatest "
              "skew is at least twice that of an even load",
      .judge = judge_skew,
      .base = "web",
      /* There are so few clients that none gives up. The warm-up is no pilot's:
         it takes twenty minutes until the popular servers are in core, since
         the working set of a server takes a second of all disks. */
      .sets = SMALL_DOCUMENTS
      ";vms[0].count=2000;load[0].clients=5;"
      "load[0].timeout=60s;run.warmup=1200s;run.duration=120s",
      .series = { { "2,000 VMs", "" } },
      .axis = { .name = "Zipf's exponent",
                .sets = "load[0].zipf=@",
                .quick = "0 0.8 1.2",
                .full = "0 0.2 0.4 0.6 0.8 1.0 1.2" },
      OF_CAPACITY },
    { .name = "wsclock",
      .node = "13",
      .claim =
          "WSClock cuts thrashing (all policies with the load control that "
          "it was published with)",
      .paper = "said, not measured",
      .kind = CLAIM_EMERGENT,
      .suggested_by = "the published fall-back and load control, taken after "
                      "runs without",
      .rule = "at the most VMs, wsclock gives at least 5 % more payload than "
              "clock, which knows no working sets",
      .judge = judge_wsclock,
      .base = "thrash",
      .series = { { "wsclock", "" },
                  { "clock", "kernel.replacement=clock" },
                  { "lru", "kernel.replacement=lru" },
                  { "fifo", "kernel.replacement=fifo" },
                  { "random", "kernel.replacement=random" } },
      .axis = { .name = "VMs",
                .sets = "vms[0].count=@;load[0].clients=@",
                .quick = "20 30 60",
                .full = "20 25 30 40 60 100" },
      OF_CAPACITY,
      .is_ratio = true },
    { .name = "vms-10000",
      .node = "1, 35",
      .claim = "More than 10,000 VMs on one machine",
      .paper = "over 10,000",
      .kind = CLAIM_EMERGENT,
      .rule = "10,000 web servers that do not fit in memory are created, each "
              "is asked once, and each answers, to the last byte",
      .judge = judge_ten_thousand,
      TEN_THOUSAND,
      .needs_no_steady_state = true,
      .series = { { "on demand", "" } },
      .measure = { { "answered", "", FIGURE_LOAD_COMPLETED, 1, NULL } },
      .mark = { { "the paper: over 10,000 VMs (node 1)", CLAIM_AT_Y, 10000,
                  10000, 0 } } },
    { .name = "tables",
      .node = "29",
      .claim = "Page tables are not allocated to inactive VMs",
      .paper = "none for inactive VMs",
      .kind = CLAIM_DERIVED,
      .judge = judge_tables,
      TEN_THOUSAND,
      .series = { { "on demand", "" },
                  { "eager", "kernel.page_tables=eager" } },
      /* 256 frames are a MiB. */
      .measure = { { "page tables at most", "MiB", FIGURE_MEMORY_TABLE_FRAMES,
                     256, NULL } } },
    { .name = NULL },
};
