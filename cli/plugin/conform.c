/* conform.c - see conform.h. */
#include "cli/plugin/conform.h"

#include <stdio.h>
#include <string.h>

#include "cli/plugin/bench.h"
#include "sim/vocabulary/vocabulary.h"

#define HISTORY 20000 /* Steps of a random history. */
#define TURNS   20000 /* Of those that are always ready. */

static struct conform_row *add_row(struct conform *c, const char *what)
{
    SIM_ASSERT(c->count < CONFORM_ROWS);
    struct conform_row *row = &c->rows[c->count++];
    *row = (struct conform_row){ .what = what };
    return row;
}

/* ---- Any policy ---------------------------------------------------------- */

/* The same history twice, by the seed: each with the policy loaded afresh. */
static bool try_history(struct conform *c, const struct plugin_source *source,
                        char *message)
{
    uint64_t hashes[2];
    for (int i = 0; i < 2; i++) {
        struct bench b;
        if (!bench_open(&b, source, message)) {
            bench_close(&b);
            return false;
        }
        bench_history(&b, HISTORY);
        hashes[i] = b.hash;
        c->calls += b.calls;
        if (c->broken[0] == '\0') {
            snprintf(c->broken, sizeof(c->broken), "%s", b.said);
        }
        bench_close(&b);
    }
    bool is_kept = c->broken[0] == '\0';
    struct conform_row *row = add_row(c, "contract");
    snprintf(row->promised, CONFORM_TEXT_BYTES, "kept");
    snprintf(row->seen, CONFORM_TEXT_BYTES,
             is_kept ? "kept over a random history of %d steps" : "broken",
             HISTORY);
    row->verdict = is_kept ? CONFORM_KEPT : CONFORM_BROKEN;
    row = add_row(c, "again");
    snprintf(row->promised, CONFORM_TEXT_BYTES, "the same");
    snprintf(row->seen, CONFORM_TEXT_BYTES, "%s",
             hashes[0] == hashes[1] ? "the same choices" : "other choices");
    row->verdict = hashes[0] == hashes[1] ? CONFORM_KEPT : CONFORM_BROKEN;
    return true;
}

/* ---- Schedulers ---------------------------------------------------------- */

static void say_rest(struct conform *c, const struct sched_promises *p,
                     const struct bench *b)
{
    struct conform_row *row = add_row(c, "conserves work");
    snprintf(row->promised, CONFORM_TEXT_BYTES, "%s",
             p->may_rest ? "may rest" : "yes");
    snprintf(row->seen, CONFORM_TEXT_BYTES,
             b->rests > 0 ? "rested %llu times although VMs were ready"
                          : "somebody ran whenever a VM was ready",
             (unsigned long long)b->rests);
    row->verdict = p->may_rest ? CONFORM_SEEN : CONFORM_KEPT;
}

/* The longest wait of those that are always ready. */
static void say_wait(struct conform *c, const struct sched_promises *p,
                     const struct bench *b, uint32_t vms)
{
    struct conform_row *row = add_row(c, "longest wait");
    uint64_t quanta = (b->longest_wait + BENCH_QUANTUM - 1) / BENCH_QUANTUM;
    uint64_t bound = p->bound ? p->bound(b->sched, vms - 1) : 0;
    snprintf(row->promised, CONFORM_TEXT_BYTES,
             bound > 0 ? "%llu quanta of %u others" : "none",
             (unsigned long long)bound, vms - 1);
    snprintf(row->seen, CONFORM_TEXT_BYTES, "%llu quanta beside %u others%s",
             (unsigned long long)quanta, vms - 1,
             b->starved > 0 ? ": some never ran" : "");
    row->verdict = bound == 0        ? CONFORM_SEEN
                   : quanta <= bound ? CONFORM_KEPT
                                     : CONFORM_BROKEN;
}

static bool is_near(double seen, double wanted, double share)
{
    return seen > wanted - share && seen < wanted + share;
}

/* Three that compute, with 100, 200 and 300 shares. */
static void say_shares(struct conform *c, const struct sched_promises *p,
                       const struct bench *b)
{
    static const char *const words[] = { "none", "as vms[].shares, on average",
                                         "as vms[].shares, within a quantum" };
    double all = (double)(b->used[0] + b->used[1] + b->used[2]);
    double of[3] = { 0, 0, 0 };
    bool is_kept = true;
    for (int i = 0; i < 3; i++) {
        of[i] = all > 0 ? (double)b->used[i] / all : 0;
        is_kept = is_kept && is_near(of[i], (i + 1) / 6.0, 0.02);
    }
    struct conform_row *row = add_row(c, "shares of 1:2:3");
    snprintf(row->promised, CONFORM_TEXT_BYTES, "%s", words[p->shares]);
    snprintf(row->seen, CONFORM_TEXT_BYTES, "%.1f : %.1f : %.1f %%",
             of[0] * 100, of[1] * 100, of[2] * 100);
    row->verdict = p->shares == SCHED_SHARES_NONE ? CONFORM_SEEN
                   : is_kept                      ? CONFORM_KEPT
                                                  : CONFORM_BROKEN;
}

/* One that idles just before its quantum ends, beside three that compute. */
static void say_gaming(struct conform *c, const struct sched_promises *p,
                       const struct bench *b)
{
    double all = 0;
    for (int i = 0; i < 4; i++) {
        all += (double)b->used[i];
    }
    double share = all > 0 ? (double)b->used[0] / all : 0;
    struct conform_row *row = add_row(c, "gaming");
    snprintf(row->promised, CONFORM_TEXT_BYTES, "%s",
             p->can_be_gamed ? "may gain" : "gains nothing");
    snprintf(row->seen, CONFORM_TEXT_BYTES,
             "who idles before its quantum ends gets %.1f %%, fair are 25",
             share * 100);
    row->verdict = p->can_be_gamed ? CONFORM_SEEN
                   : share < 0.27  ? CONFORM_KEPT
                                   : CONFORM_BROKEN;
}

static bool try_scheduler(struct conform *c, const struct plugin_source *source,
                          char *message)
{
    static const struct {
        uint32_t vms;
        bool games, has_shares;
    } trials[] = { { 32, false, false },
                   { 3, false, true },
                   { 4, true, false } };
    for (size_t i = 0; i < sizeof(trials) / sizeof(trials[0]); i++) {
        struct bench b;
        bool is_open = bench_open(&b, source, message);
        if (is_open) {
            const struct sched_promises *p = &b.plugin.sched->promises;
            b.has_shares = trials[i].has_shares;
            bench_compute(&b, trials[i].vms, TURNS, trials[i].games);
            c->calls += b.calls;
            if (trials[i].games) {
                say_gaming(c, p, &b);
            } else if (trials[i].has_shares) {
                say_shares(c, p, &b);
            } else {
                say_rest(c, p, &b);
                say_wait(c, p, &b, trials[i].vms);
            }
        }
        bench_close(&b);
        if (!is_open) {
            return false;
        }
    }
    return true;
}

bool conform_try(struct conform *c, const struct plugin_source *source,
                 char message[PLUGIN_MESSAGE_BYTES])
{
    *c = (struct conform){ .count = 0 };
    struct bench b;
    bool is_open = bench_open(&b, source, message);
    bool is_sched = is_open && b.plugin.kind == POLICY_SCHEDULER;
    bench_close(&b);
    return is_open && try_history(c, source, message) &&
           (!is_sched || c->broken[0] != '\0' ||
            try_scheduler(c, source, message));
}
