/*
 * judge.h - whether a span of a run was steady, from what was observed of it.
 *
 * The classes are those of Barrett, Bolz-Tereick, Killick, Mount and Tratt,
 * "Virtual machine warmup blows hot and cold", OOPSLA 2017: flat; warm-up, if a
 * part of the beginning differs and the rest is flat; else no steady state, of
 * which drift is told apart, where a quantity goes one way. A window of a few
 * moments is unknown. Of several seeds a
 * fifth is possible: inconsistent, when they are not all of one class. What is
 * significant and what matters are two questions: a difference is held against a
 * run only if chance is no explanation, and if it is large enough to change what
 * is reported.
 */
#ifndef SIM_STEADY_JUDGE_H
#define SIM_STEADY_JUDGE_H

#include "sim/base.h"
#include "sim/vocabulary/words.h"

enum steady_quantity {
    STEADY_LATENCY, /* ns, mean, by when requests were due. */
    STEADY_FAULTS,  /* Page faults a second. */
    STEADY_OPEN,    /* Requests. */
    STEADY_WAITING, /* VMs at the gate. */
    STEADY_QUANTITY_COUNT
};

#define STEADY_OBSERVATIONS 400 /* Of one quantity, at most. */

struct steady_observations {
    size_t count;
    double values[STEADY_OBSERVATIONS]; /* In the order of time. */
    double
        at[STEADY_OBSERVATIONS]; /* When each begins, as a share of the span. */
};

struct steady_input {
    struct steady_observations of[STEADY_QUANTITY_COUNT];
    double first[STEADY_QUANTITY_COUNT];  /* Means of the halves of the */
    double second[STEADY_QUANTITY_COUNT]; /* span, by time. */
    uint64_t answers;                     /* To requests that were due in it. */
    double seconds;                       /* How long it is. */
};

struct steady_verdict {
    enum steady_class class;
    enum steady_quantity what; /* The first that is not flat. */
    bool is_overloaded;        /* What is open grew all the time. */
    double cut;                /* STEADY_WARMUP: the share of the span that
                                  differs from the rest; else 0. */
};

void steady_judge(const struct steady_input *input, struct steady_verdict *v);

/* What stands before the word of the class: "Steady", "Not steady"... */
const char *steady_heading(const struct steady_verdict *v);

#define STEADY_REASON_BYTES 200

/* In a clause: "latency 12.1 ms in the first half, 283 us in the second". */
void steady_explain(const struct steady_input *input,
                    const struct steady_verdict *v,
                    char reason[STEADY_REASON_BYTES]);

/* A span, and what it is found to be. */
struct steady {
    struct steady_input input;
    struct steady_verdict verdict;
};

#endif /* SIM_STEADY_JUDGE_H */
