/*
 * replay.h - clients that ask what a file says (load `kind: replay`): its
 * requests, `speed` times as fast as they were, each of the VM that `map` names.
 *
 * map path    the path up to `?` or `#`, hashed by FNV-1a (64 bits), modulo the
 *             number of VMs; so a path is always asked of the same VM
 *     client  the same of the client's name, as it stands in a common log
 *     first   the n-th path to appear is asked of the n-th VM, and again from
 *             the first one; memory for each path: 24 bytes
 *     zipf    a VM by its popularity, as other loads draw it
 *
 * A CSV that says which VM needs no rule.
 */
#ifndef WORKLOADS_REPLAY_H
#define WORKLOADS_REPLAY_H

#include "workloads/load_state.h"

extern const struct arrivals replay_arrivals;

/* True: the source's file is no longer what it was when the run began. */
bool replay_is_broken(const struct source *s);

#endif /* WORKLOADS_REPLAY_H */
