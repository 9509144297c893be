/*
 * shadow_disk.c - requests to disks, and how long the disks were busy.
 *
 * A disk is busy while requests are outstanding. The trace says when one is
 * handed to the disk, and when the kernel hears that it is done, which is a
 * little later than it was: no guest ran in between, as a guest's turn ends
 * where an event is due. So the time has two bounds.
 */
#include "tests/shadow/shadow.h"

#include <stdlib.h>

#define FIRST_ROOM   64
#define READ_UNKNOWN UINT32_MAX /* It did not end, or for nobody. */

/* A guest's last instruction may end after the event that it was to end at. */
#define OVERRUN_CYCLES 1000

/* ---- What is outstanding ------------------------------------------------ */

static struct shadow_io *add_io(struct shadow *s, const struct fact *f)
{
    if (s->io_count == s->io_room) {
        s->io_room = s->io_room > 0 ? 2 * s->io_room : FIRST_ROOM;
        s->ios = realloc(s->ios, s->io_room * sizeof(*s->ios));
        SIM_ASSERT(s->ios);
    }
    struct shadow_io *io = &s->ios[s->io_count++];
    *io = (struct shadow_io){ .is_read = f->kind == TRACE_DISK_READ,
                              .vm = f->vm,
                              .disk = f->disk,
                              .block = f->block,
                              .blocks = f->blocks };
    return io;
}

/* Takes it out. False: nothing of the kind is outstanding. */
static bool take_io(struct shadow *s, const struct fact *f,
                    struct shadow_io *found)
{
    for (size_t i = 0; i < s->io_count; i++) {
        const struct shadow_io *io = &s->ios[i];
        if (io->disk == f->disk && io->block == f->block &&
            io->blocks == f->blocks &&
            (f->vm == TRACE_NO_VM || f->vm == io->vm)) {
            *found = *io;
            s->ios[i] = s->ios[--s->io_count];
            return true;
        }
    }
    return false;
}

/* ---- The first reading: how many pages each read brings ------------------ */

static void foresee_read(struct shadow *s, const struct fact *f)
{
    if (s->read_count == s->read_room) {
        s->read_room = s->read_room > 0 ? 2 * s->read_room : FIRST_ROOM;
        s->fills = realloc(s->fills, s->read_room * sizeof(*s->fills));
        SIM_ASSERT(s->fills);
    }
    add_io(s, f)->read = s->read_count;
    s->fills[s->read_count++] = READ_UNKNOWN;
}

static void foresee_done(struct shadow *s, const struct fact *f)
{
    struct shadow_io io;
    if (take_io(s, f, &io) && io.is_read && f->vm < s->info->vm_limit) {
        s->fills[io.read] = 0;
        s->vms[f->vm].reading = io.read + 1;
    }
}

void shadow_disk_foresee(struct shadow *s, const struct fact *f)
{
    if (f->kind == TRACE_DISK_READ) {
        foresee_read(s, f);
    } else if (f->kind == TRACE_DISK_WRITE) {
        (void)add_io(s, f);
    } else if (f->kind == TRACE_DISK_DONE || f->kind == TRACE_DISK_CANCEL) {
        foresee_done(s, f);
    } else if (f->vm >= s->info->vm_limit) {
        return;
    } else if (f->kind == TRACE_FILL && s->vms[f->vm].reading > 0) {
        s->fills[s->vms[f->vm].reading - 1]++;
    } else if (f->kind == TRACE_READY) {
        s->vms[f->vm].reading = 0;
    }
}

/* ---- Time --------------------------------------------------------------- */

/* What of [from, to) lies between the events that are the window's ends. */
static uint64_t in_window(const struct shadow *s, uint64_t from, uint64_t to)
{
    if (s->phase_start == 0 && !s->in_window) {
        return 0; /* Before the window. */
    }
    uint64_t first = from > s->phase_start ? from : s->phase_start;
    uint64_t last = s->in_window || to < s->phase_stop ? to : s->phase_stop;
    return last > first ? last - first : 0;
}

/* The disk has no more to do, and the kernel hears of it now. What was charged
   just before is for hearing of it. */
static void end_busy(struct shadow *s, struct shadow_disk *d, bool is_heard)
{
    uint64_t most = s->now;
    uint64_t least = s->now;
    if (is_heard) {
        most -= s->before.kind == TRACE_CHARGE ? s->before.cycles : 0;
        least = s->ran > d->since + OVERRUN_CYCLES ? s->ran - OVERRUN_CYCLES
                                                   : d->since;
        least = least < most ? least : most;
    }
    s->busy_most += in_window(s, d->since, most);
    s->busy_least += in_window(s, d->since, least);
}

/* ---- The second reading ------------------------------------------------- */

static void begin_io(struct shadow *s, const struct fact *f)
{
    struct shadow_io *io = add_io(s, f);
    struct shadow_disk *d = &s->disks[f->disk];
    d->since = d->outstanding > 0 ? d->since : s->now;
    d->outstanding++;
    s->count.reads += s->in_window && io->is_read;
    s->count.writes += s->in_window && !io->is_read;
    if (io->is_read) {
        io->read = s->reads_seen++;
        uint32_t fills = s->fills[io->read];
        bool is_known = fills != READ_UNKNOWN;
        shadow_use(s, is_known ? fills : 0, is_known ? fills : f->blocks);
        s->vms[f->vm].coming += is_known ? fills : f->blocks;
    }
}

static void end_io(struct shadow *s, const struct fact *f)
{
    struct shadow_io io;
    if (!take_io(s, f, &io)) {
        shadow_wonder(s, "a disk ends what it never began");
        return;
    }
    struct shadow_disk *d = &s->disks[f->disk];
    d->outstanding--;
    if (d->outstanding == 0) {
        end_busy(s, d, f->kind == TRACE_DISK_DONE);
    }
    if (io.is_read) {
        uint32_t fills = s->fills[io.read];
        bool is_known = fills != READ_UNKNOWN;
        shadow_use(s, is_known ? -(int64_t)fills : 0,
                   -(int64_t)(is_known ? fills : io.blocks));
        s->vms[io.vm].coming -= is_known ? fills : io.blocks;
    }
}

void shadow_disk(struct shadow *s, const struct fact *f)
{
    bool begins = f->kind == TRACE_DISK_READ || f->kind == TRACE_DISK_WRITE;
    bool ends = f->kind == TRACE_DISK_DONE || f->kind == TRACE_DISK_CANCEL;
    if (!begins && !ends) {
        return;
    }
    if (f->disk >= s->info->disks || (begins && f->vm >= s->info->vm_limit)) {
        shadow_wonder(s, "a request of no VM, or to no disk");
    } else if (begins) {
        begin_io(s, f);
    } else {
        end_io(s, f);
    }
}

void shadow_disk_finish(struct shadow *s)
{
    for (uint32_t i = 0; i < s->info->disks; i++) {
        if (s->disks[i].outstanding > 0) {
            end_busy(s, &s->disks[i], false);
        }
    }
}
