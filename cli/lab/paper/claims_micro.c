/* claims_micro.c - claims from the paper's microbenchmarks (nodes 19, 22). */
#include <math.h>

#include "cli/lab/paper/rule.h"

/* The series are one, two and eight VMs; x is the number of pages walked. */
JUDGE(judge_switch_memory)
{
    double one = rule_last(v, 0);
    double two = rule_last(v, 1);
    double rise = two / fmax(1e-9, rule_first(v, 1));
    double ratio = claim_ratio(v, 1, v->x_count - 1).value;
    WRITE(j,
          "%.1f us with one, %.1f us with two; %.1f times that of the least "
          "memory",
          one, two, rise);
    j->holds = rise >= 1.5 && ratio >= 3.9 / 9 * 0.7 && ratio <= 3.9 / 9 * 1.3;
}

JUDGE(judge_switch_paid)
{
    WRITE(j, "%.2f us at %s page, %.2f us at %s pages", rule_first(v, 0),
          v->x_text[0], rule_last(v, 0), rule_end(v));
}

JUDGE(judge_tcp)
{
    struct range r = rule_range(v, 0, 0, HUGE_VAL);
    WRITE(j, "%.0f Mbit/s", r.most);
    j->holds = r.most >= 569 * 0.85 && r.most <= 569 * 1.15;
}

JUDGE(judge_http_size)
{
    bool rises = true;
    for (uint32_t i = 1; i < v->x_count; i++) {
        rises =
            rises && claim_value(v, 0, i) >= 0.95 * claim_value(v, 0, i - 1);
    }
    double first = rule_first(v, 0);
    double last = rule_last(v, 0);
    WRITE(j, "%.1f Mbit/s at %s bytes to %.0f at %s", first, v->x_text[0], last,
          rule_end(v));
    j->holds = rises && last >= 10 * first;
}

#define OVER_PAGES                                                        \
    .base = "walk", .axis = {                                             \
        .name = "pages walked",                                           \
        .sets = "vms[0].args=order=sequential rounds=0 words=16 pages=@", \
        .quick = "1 4 16 64 256",                                         \
        .full = "1 2 4 8 16 32 64 128 256 512",                           \
        .is_log = true,                                                   \
    }

const struct claim micro_claims[] = {
    { .name = "switch-paid",
      .node = "19",
      .claim = "A switch's cost rises with the memory walked between switches",
      .paper = "1.4 to 9 us",
      .kind = CLAIM_DERIVED,
      .judge = judge_switch_paid,
      .series = { { "8 VMs", "vms[0].count=8" } },
      OVER_PAGES,
      .measure = { { "cost of a switch", "us", .read = measure_switch_us } },
      .mark = { { "the paper's best and worst switch: 1.4 and 9 us (node 19)",
                  CLAIM_AT_Y, 1.4, 9, 0 } } },
    { .name = "switch-memory",
      .node = "19",
      .claim = "Walking a large buffer between switches makes a switch dearer, "
               "and less so when there is but one VM",
      .paper = "3.9 us with one VM, 9 us with more",
      .kind = CLAIM_EMERGENT,
      .suggested_by = "the costs of a switch, inputs from the same lines",
      .rule = "kernel time a quantum's end, over guests that walk memory: with "
              "two VMs at least 1.5 times as much at the largest buffer as at "
              "the smallest; and one VM pays there 3.9/9 of what two pay, "
              "within 30 %",
      .judge = judge_switch_memory,
      .series = { { "1 VM", "vms[0].count=1" },
                  { "2 VMs", "vms[0].count=2" },
                  { "8 VMs", "vms[0].count=8" } },
      OVER_PAGES,
      .measure = { { "kernel time a turn", "us", .read = measure_turn_us } },
      .mark = { { "the paper's switch, 1 VM: 3.9 us (node 19)", CLAIM_AT_Y, 3.9,
                  3.9, 0 },
                { "the paper's switch, more VMs: 9 us (node 19)", CLAIM_AT_Y, 9,
                  9, 0 } } },
    { .name = "tcp-throughput",
      .node = "22",
      .claim = "One VM sends a TCP stream with large socket buffers",
      .paper = "569 Mb/s",
      .kind = CLAIM_EMERGENT,
      .suggested_by = AFTER_CYCLES,
      .rule = "the most payload that one server sends, over 1 to 16 clients "
              "that fetch documents of 4 MB, is within 15 % of 569 Mb/s",
      .judge = judge_tcp,
      .base = "web",
      .sets = "vms[0].count=1;vms[0].args=size=4000000;run.duration=10s",
      .series = { { "one server", "" } },
      .axis = { .name = "clients",
                .sets = "load[0].clients=@",
                .quick = "1 4 16",
                .full = "1 2 4 8 16 32",
                .is_log = true },
      OF_CAPACITY,
      .mark = { { "the paper: 569 Mb/s (node 22)", CLAIM_AT_Y, 569, 569,
                  0 } } },
    { .name = "http-size",
      .node = "22",
      .claim = "A web server sends more bytes a second the larger its "
               "documents, up to what the wire and the stack can do (Fig. 3's "
               "axes; its BSD is not modelled)",
      .paper = "Fig. 3, values unknown",
      .kind = CLAIM_EMERGENT,
      .suggested_by = AFTER_CYCLES ", which scale it and do not shape it",
      .rule = "the payload does not fall by more than 5 % from any size to the "
              "next, and grows tenfold over all",
      .judge = judge_http_size,
      .base = "web",
      .sets = "vms[0].count=1;load[0].clients=50",
      .series = { { "one server", "" } },
      .axis = { .name = "document (bytes)",
                .sets = "vms[0].args=size=@",
                .quick = "100 1000 2258 10000 50000 100000",
                .full = "100 300 1000 2258 5000 10000 20000 50000 75000 100000 "
                        "200000 500000 1000000",
                .is_log = true },
      OF_CAPACITY,
      .open = OPEN_LARGE },
    { .name = NULL },
};
