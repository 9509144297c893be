/* channel.c - see channel.h. */
#include "cli/views/explain/channel.h"

#include <stdlib.h>
#include <string.h>

#include "sim/grow.h"

bool channel_take(struct channel *c, const struct taken *t)
{
    struct taken *all =
        grow_array(c->taken, c->taken_count, &c->taken_room, sizeof(*all));
    if (all) {
        c->taken = all;
        c->taken[c->taken_count++] = *t;
    }
    return all;
}

bool channel_get(struct channel *c, const struct got *g)
{
    struct got *all =
        grow_array(c->got, c->got_count, &c->got_room, sizeof(*all));
    if (all) {
        c->got = all;
        c->got[c->got_count++] = *g;
    }
    return all;
}

bool channel_act(struct channel *c, const struct act *a)
{
    struct act *all =
        grow_array(c->acts, c->act_count, &c->act_room, sizeof(*all));
    if (all) {
        c->acts = all;
        c->acts[c->act_count++] = *a;
    }
    return all;
}

void channel_forget(struct channel *c, uint64_t time)
{
    size_t kept = 0;
    for (size_t i = 0; i < c->taken_count; i++) {
        if (c->taken[i].sent >= time) {
            c->taken[kept++] = c->taken[i];
        }
    }
    c->taken_count = kept;
    kept = 0;
    for (size_t i = 0; i < c->got_count; i++) {
        if (c->got[i].time >= time) {
            c->got[kept++] = c->got[i];
        }
    }
    c->got_count = kept;
    kept = 0;
    for (size_t i = 0; i < c->act_count; i++) {
        if (c->acts[i].time >= time) {
            c->acts[kept++] = c->acts[i];
        }
    }
    c->act_count = kept;
}

void channel_release(struct channel *c)
{
    free(c->taken);
    free(c->got);
    free(c->acts);
}

const struct got *channel_got(const struct channel *c, uint64_t order)
{
    size_t i = c->got_count;
    while (i > 0 && c->got[i - 1].order >= order) {
        i--;
    }
    return i > 0 ? &c->got[i - 1] : NULL;
}

const struct act *channel_acted(const struct channel *c, uint64_t order)
{
    size_t i = c->act_count;
    while (i > 0 && c->acts[i - 1].order >= order) {
        i--;
    }
    return i > 0 ? &c->acts[i - 1] : NULL;
}

const struct taken *channel_taken(const struct channel *c, uint64_t order,
                                  uint64_t due)
{
    for (size_t i = c->taken_count; i > 0; i--) {
        const struct taken *t = &c->taken[i - 1];
        if (t->left.order < order && t->sent >= due) {
            return t;
        }
    }
    return NULL;
}

const struct taken *channel_taken_of(const struct channel *c, uint64_t first,
                                     uint64_t due)
{
    const struct taken *found = NULL;
    for (size_t i = c->taken_count; i > 0; i--) {
        const struct taken *t = &c->taken[i - 1];
        if (t->left.time < due) {
            break;
        }
        found = t->first == first ? t : found;
    }
    return found;
}

/* Returns the last frame that came into the VM's queue before `again` was sent,
   and left the queue after event `since`. */
static const struct taken *first_copy(const struct channel *c, uint64_t since,
                                      const struct taken *again, uint64_t due)
{
    for (size_t i = c->taken_count; i > 0; i--) {
        const struct taken *t = &c->taken[i - 1];
        if (t->sent >= due && t->left.order < again->left.order &&
            t->left.order > since && t->came.order < again->sent_order) {
            return t;
        }
    }
    return NULL;
}

const struct taken *channel_cause(const struct channel *c, uint64_t since,
                                  uint64_t order, uint64_t due)
{
    const struct taken *cause = channel_taken(c, order, due);
    while (cause && cause->is_again) {
        const struct taken *first = first_copy(c, since, cause, due);
        if (!first) {
            break;
        }
        cause = first;
    }
    return cause;
}
