/*
 * policies.h - every policy there is, by name. A policy is its file and a row
 * of one of these lists: declarations, arrays and `iksim policies` follow.
 */
#ifndef IK_POLICY_POLICIES_H
#define IK_POLICY_POLICIES_H

#include "ik/gate.h"
#include "ik/replace.h"
#include "ik/rx.h"
#include "ik/sched.h"
#include "ik/tx.h"

/* The default first. */
#define GATE_POLICIES(X) \
    X(gate_fifo)         \
    X(gate_open)         \
    X(gate_working_set)

#define SCHED_POLICIES(X) \
    X(sched_rr)           \
    X(sched_rr_no_boost)  \
    X(sched_vrr)          \
    X(sched_lottery)      \
    X(sched_stride)       \
    X(sched_mlfq)         \
    X(sched_fair)         \
    X(sched_fifo)

#define REPLACE_POLICIES(X) \
    X(replace_wsclock)      \
    X(replace_clock)        \
    X(replace_fifo)         \
    X(replace_lru)          \
    X(replace_random)

#define RX_POLICIES(X) \
    X(rx_pool)         \
    X(rx_by_source)

#define TX_POLICIES(X) \
    X(tx_rr)           \
    X(tx_drr)

#define DECLARE_GATE(name)    extern const struct gate_policy name;
#define DECLARE_SCHED(name)   extern const struct sched_policy name;
#define DECLARE_REPLACE(name) extern const struct replace_policy name;
#define DECLARE_RX(name)      extern const struct rx_policy name;
#define DECLARE_TX(name)      extern const struct tx_policy name;
GATE_POLICIES(DECLARE_GATE)
SCHED_POLICIES(DECLARE_SCHED)
REPLACE_POLICIES(DECLARE_REPLACE)
RX_POLICIES(DECLARE_RX)
TX_POLICIES(DECLARE_TX)

/* In the order of their rows; ended by NULL. */
extern const struct gate_policy *const gate_policies[];
extern const struct sched_policy *const sched_policies[];
extern const struct replace_policy *const replace_policies[];
extern const struct rx_policy *const rx_policies[];
extern const struct tx_policy *const tx_policies[];

/* NULL when there is none of that name. */
const struct gate_policy *gate_policy_find(const char *name);
const struct sched_policy *sched_policy_find(const char *name);
const struct replace_policy *replace_policy_find(const char *name);
const struct rx_policy *rx_policy_find(const char *name);
const struct tx_policy *tx_policy_find(const char *name);

#endif /* IK_POLICY_POLICIES_H */
