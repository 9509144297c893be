/*
 * disk_policy.c - which of those waiting a spindle serves next.
 *
 * `fcfs` is the queue's own order: what is before a request when it comes is
 * all that is served before it.
 *
 * `elevator` is LOOK, in sweeps: the arm goes on in its direction to the
 * nearest cylinder wanted, turns round when none is left there, and within a
 * cylinder takes the lowest block, as the platter does. A sweep takes only
 * those that were waiting when it began. Plain LOOK has no such bound: those
 * who ask again just ahead of the arm could keep it from turning. Here a
 * request waits for what is left of one sweep and then for others of its own,
 * so that with at most n in the system, itself included, fewer than 2n are
 * served before it.
 *
 * `fair` knows who asks: disk_fair.c.
 */
#include <string.h>

#include "sim/devices/disk.h"

static struct disk_request *fcfs_choose(struct disk *d)
{
    return d->head;
}

/* Whether `a` is to be served before `b`, both on the arm's way. */
static bool is_nearer(const struct disk *d, const struct disk_request *a,
                      const struct disk_request *b)
{
    uint32_t at = disk_cylinder(d, a->block);
    uint32_t bt = disk_cylinder(d, b->block);
    if (at != bt) {
        return d->is_ascending ? at < bt : at > bt;
    }
    return a->block < b->block;
}

static bool is_ahead(const struct disk *d, const struct disk_request *r)
{
    uint32_t cylinder = disk_cylinder(d, r->block);
    return d->is_ascending ? cylinder >= d->cylinder : cylinder <= d->cylinder;
}

/* The queue is in order of issue, so a sweep is its first part. */
static struct disk_request *nearest_ahead(const struct disk *d)
{
    struct disk_request *best = NULL;
    for (struct disk_request *r = d->head; r && r->issued <= d->sweep_issued;
         r = r->next) {
        if (is_ahead(d, r) && (!best || is_nearer(d, r, best))) {
            best = r;
        }
    }
    return best;
}

static struct disk_request *elevator_choose(struct disk *d)
{
    if (d->head->issued > d->sweep_issued) {
        d->sweep_issued = d->tail->issued;
    }
    struct disk_request *best = nearest_ahead(d);
    if (!best) {
        d->is_ascending = !d->is_ascending;
        best = nearest_ahead(d);
    }
    return best;
}

static const struct disk_policy fcfs = {
    .name = "fcfs",
    .summary = "first come, first served",
    .choose = fcfs_choose,
};

static const struct disk_policy elevator = {
    .name = "elevator",
    .summary = "to and fro over those waiting when the sweep began (LOOK)",
    .choose = elevator_choose,
};

const struct disk_policy *const disk_policies[] = { &elevator, &fcfs,
                                                    &disk_fair, NULL };

const struct disk_policy *disk_policy_find(const char *name)
{
    for (size_t i = 0; disk_policies[i]; i++) {
        if (strcmp(disk_policies[i]->name, name) == 0) {
            return disk_policies[i];
        }
    }
    return NULL;
}
