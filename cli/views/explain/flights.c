/* flights.c - see flights.h. */
#include "cli/views/explain/flights.h"

#include <stdlib.h>

#define SLOTS_AT_FIRST 1024

static size_t home_of(const struct flights *f, uint64_t packet)
{
    return (size_t)(packet * 0x9e3779b97f4a7c15ull >> 32) & (f->slot_count - 1);
}

/* Returns the frame's slot, or the free slot where the frame belongs. */
static size_t slot_of(const struct flights *f, uint64_t packet)
{
    size_t i = home_of(f, packet);
    while (f->slots[i].packet != 0 && f->slots[i].packet != packet) {
        i = (i + 1) & (f->slot_count - 1);
    }
    return i;
}

bool flights_init(struct flights *f)
{
    *f = (struct flights){ .slot_count = SLOTS_AT_FIRST };
    f->slots = calloc(f->slot_count, sizeof(*f->slots));
    return f->slots;
}

void flights_release(struct flights *f)
{
    free(f->slots);
    *f = (struct flights){ 0 };
}

static bool make_room(struct flights *f)
{
    if (2 * (f->count + 1) <= f->slot_count) {
        return true;
    }
    struct flights larger = { .slot_count = 2 * f->slot_count };
    larger.slots = calloc(larger.slot_count, sizeof(*larger.slots));
    if (!larger.slots) {
        f->is_short = true;
        return false;
    }
    for (size_t i = 0; i < f->slot_count; i++) {
        if (f->slots[i].packet != 0) {
            larger.slots[slot_of(&larger, f->slots[i].packet)] = f->slots[i];
        }
    }
    free(f->slots);
    f->slots = larger.slots;
    f->slot_count = larger.slot_count;
    return true;
}

void flights_put(struct flights *f, const struct flight *flight)
{
    if (flight->packet == 0 || !make_room(f)) {
        return;
    }
    struct flight *slot = &f->slots[slot_of(f, flight->packet)];
    f->count += slot->packet == 0;
    *slot = *flight;
}

struct flight *flights_find(const struct flights *f, uint64_t packet)
{
    struct flight *slot = &f->slots[slot_of(f, packet)];
    return packet != 0 && slot->packet == packet ? slot : NULL;
}

void flights_remove(struct flights *f, uint64_t packet)
{
    size_t mask = f->slot_count - 1;
    size_t hole = slot_of(f, packet);
    if (packet == 0 || f->slots[hole].packet != packet) {
        return;
    }
    f->count--;
    /* Frames behind the hole move up, since a search would stop at the hole. */
    for (size_t i = (hole + 1) & mask; f->slots[i].packet != 0;
         i = (i + 1) & mask) {
        size_t home = home_of(f, f->slots[i].packet);
        if (((i - home) & mask) >= ((i - hole) & mask)) {
            f->slots[hole] = f->slots[i];
            hole = i;
        }
    }
    f->slots[hole] = (struct flight){ .packet = 0 };
}

/* A client's frame on the wire stays, since it may find another VM of that
   number; so does a reply, which arrives. */
void flights_remove_vm(struct flights *f, uint32_t vm)
{
    for (size_t i = 0; i < f->slot_count;) {
        const struct flight *at = &f->slots[i];
        if (at->packet != 0 && at->vm == vm && !at->is_reply &&
            at->taken.came.order != 0) {
            flights_remove(f, at->packet); /* Another may have moved here. */
        } else {
            i++;
        }
    }
}
