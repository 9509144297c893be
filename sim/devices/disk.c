/*
 * disk.c - see disk.h.
 *
 * The platter is asked where it is, not turned: each cycle moves it by rpm of
 * the layout's `turn` units, so its angle at any cycle is exact for ever. A
 * block takes a whole number of cycles, and angles are laid out in whole
 * cycles' turns, so the next block is under the head when one ends.
 */
#include "sim/devices/disk.h"

#include "sim/devices/machine.h"

#define LIMIT_32 (1ull << 32)
#define LIMIT_24 (1ull << 24)

/* Root of x * 2^32, rounded down: the root of x with 16 bits of fraction. */
static uint64_t root_16(uint32_t x)
{
    uint64_t left = (uint64_t)x << 32;
    uint64_t root = 0;
    for (uint64_t bit = 1ull << 62; bit > 0; bit >>= 2) {
        if (left >= root + bit) {
            left -= root + bit;
            root = (root >> 1) + bit;
        } else {
            root >>= 1;
        }
    }
    return root;
}

/*
 * The shape is Ruemmler and Wilkes': while the arm gathers speed, a constant
 * and a root; where it coasts, a line. They meet at the average seek, and the
 * three figures of the model are on the curve.
 */
uint64_t disk_seek_ns(const struct disk_model *m, uint32_t distance)
{
    uint32_t knee = m->cylinders / 3;
    if (distance == 0) {
        return 0;
    }
    if (distance <= knee) {
        uint64_t rise = m->average_seek_ns - m->track_seek_ns;
        uint64_t way = root_16(distance) - root_16(1);
        return m->track_seek_ns + rise * way / (root_16(knee) - root_16(1));
    }
    uint64_t rise = m->full_seek_ns - m->average_seek_ns;
    return m->average_seek_ns +
           rise * (distance - knee) / (m->cylinders - 1 - knee);
}

static void check_model(const struct disk_model *m)
{
    SIM_ASSERT(m->capacity_bytes >= DISK_BLOCK_BYTES);
    SIM_ASSERT(m->rpm <= DISK_RPM_MAX);
    SIM_ASSERT(m->rpm == 0 || m->bytes_per_second > 0);
    SIM_ASSERT(m->cylinders == 1 || m->cylinders >= DISK_CYLINDERS_MIN);
    SIM_ASSERT(m->cylinders <= DISK_CYLINDERS_MAX);
    SIM_ASSERT(m->track_seek_ns <= m->average_seek_ns);
    SIM_ASSERT(m->average_seek_ns <= m->full_seek_ns);
    SIM_ASSERT(m->full_seek_ns <= DISK_NS_MAX);
    SIM_ASSERT(m->overhead_ns <= DISK_NS_MAX);
    SIM_ASSERT(m->read_ahead_bytes < LIMIT_32);
}

static uint64_t divide_up(uint64_t a, uint64_t b)
{
    return a / b + (a % b != 0);
}

/*
 * The limits keep every product below 2^64: a block's cycles below 2^32, a
 * turn below 2^38, cylinders, and blocks of one that turns, at most 2^24.
 */
static void layout_init(struct disk *d)
{
    const struct disk_model *m = d->model;
    struct disk_layout *l = &d->layout;
    *l = (struct disk_layout){
        .blocks_per_cylinder = divide_up(d->block_count, m->cylinders),
        .overhead_cycles = cycles_from_ns(m->overhead_ns, d->cpu_hz),
        .track_seek_cycles = cycles_from_ns(m->track_seek_ns, d->cpu_hz),
        .turn = 60 * d->cpu_hz,
    };
    if (m->bytes_per_second > 0) {
        l->block_cycles =
            divide_up(DISK_BLOCK_BYTES * d->cpu_hz, m->bytes_per_second);
        SIM_ASSERT(l->block_cycles < LIMIT_32);
        l->ahead_cycles =
            m->read_ahead_bytes / DISK_BLOCK_BYTES * l->block_cycles;
    }
    if (m->rpm > 0) {
        SIM_ASSERT(l->blocks_per_cylinder <= LIMIT_24);
        l->block_turn = l->block_cycles * m->rpm % l->turn;
        l->cylinder_turn = (l->blocks_per_cylinder * l->block_turn +
                            l->track_seek_cycles * m->rpm) %
                           l->turn;
    }
}

uint32_t disk_cylinder(const struct disk *d, uint64_t block)
{
    return (uint32_t)(block / d->layout.blocks_per_cylinder);
}

static uint64_t seek_cycles(const struct disk *d, uint32_t from, uint32_t to)
{
    uint32_t distance = from < to ? to - from : from - to;
    return cycles_from_ns(disk_seek_ns(d->model, distance), d->cpu_hz);
}

/* Cycles from `at` until the block begins to pass under the head. */
static uint64_t rotation_cycles(const struct disk *d, uint64_t at,
                                uint64_t block)
{
    const struct disk_layout *l = &d->layout;
    uint64_t rpm = d->model->rpm;
    if (rpm == 0) {
        return 0;
    }
    uint64_t start = (block / l->blocks_per_cylinder * l->cylinder_turn +
                      block % l->blocks_per_cylinder * l->block_turn) %
                     l->turn;
    uint64_t head = at % l->turn * rpm % l->turn;
    uint64_t past = (head + l->turn - start) % l->turn;
    if (past < rpm) { /* Late by less than a cycle: on time. */
        return 0;
    }
    return divide_up(l->turn - past, rpm);
}

/*
 * When the drive has been reading on to where the request begins, what has
 * passed since is had for nothing, and the rest comes without a wait. Not
 * when the buffer has filled up and the request wants more than is in it.
 */
static bool take_ahead(const struct disk *d, uint64_t at,
                       const struct disk_request *r, struct disk_service *s)
{
    if (r->is_write || r->block != d->ahead_block || at < d->ahead_from) {
        return false;
    }
    uint64_t passed = at - d->ahead_from;
    uint64_t needed = s->seek + s->transfer;
    if (passed > d->layout.ahead_cycles && needed > d->layout.ahead_cycles) {
        return false;
    }
    uint64_t had = passed < needed ? passed : needed;
    uint64_t of_seek = had < s->seek ? had : s->seek;
    s->seek -= of_seek;
    s->transfer -= had - of_seek;
    s->ahead = had;
    return true;
}

static uint64_t service_cycles(const struct disk_service *s)
{
    return s->overhead + s->seek + s->rotation + s->transfer;
}

static struct disk_service service_of(const struct disk *d, uint64_t now,
                                      const struct disk_request *r)
{
    const struct disk_layout *l = &d->layout;
    uint32_t first = disk_cylinder(d, r->block);
    uint32_t last = disk_cylinder(d, r->block + r->count - 1);
    struct disk_service s = {
        .overhead = l->overhead_cycles,
        .seek = seek_cycles(d, d->cylinder, first) +
                (last - first) * l->track_seek_cycles,
        .transfer = r->count * l->block_cycles,
    };
    uint64_t at = now + s.overhead;
    if (!take_ahead(d, at, r, &s)) {
        at += seek_cycles(d, d->cylinder, first);
        s.rotation = rotation_cycles(d, at, r->block);
    }
    if (service_cycles(&s) == 0) {
        s.transfer = 1;
    }
    return s;
}

uint64_t disk_service_cycles(const struct disk *d, uint64_t now,
                             const struct disk_request *r)
{
    struct disk_service s = service_of(d, now, r);
    return service_cycles(&s);
}

/* By time of issue, and of one time by order of arrival. */
static void enqueue(struct disk *d, struct disk_request *r)
{
    struct disk_request *before = d->tail;
    while (before && before->issued > r->issued) {
        before = before->prev;
    }
    r->prev = before;
    r->next = before ? before->next : d->head;
    *(before ? &before->next : &d->head) = r;
    *(r->next ? &r->next->prev : &d->tail) = r;
    d->queued++;
}

static void unlink_request(struct disk *d, struct disk_request *r)
{
    SIM_ASSERT(d->queued > 0);
    *(r->prev ? &r->prev->next : &d->head) = r->next;
    *(r->next ? &r->next->prev : &d->tail) = r->prev;
    r->next = NULL;
    r->prev = NULL;
    d->queued--;
}

/*
 * The processor's clock may be ahead of the event that ended the last
 * service: a request is not served before it was issued.
 */
static void begin(struct disk *d, uint64_t at)
{
    struct disk_request *r = d->policy->choose(d);
    unlink_request(d, r);
    d->serving = r;
    d->serving_from = at > r->issued ? at : r->issued;
    d->service = service_of(d, d->serving_from, r);
    if (d->policy->begun) {
        d->policy->begun(d, r, service_cycles(&d->service));
    }
    timer_set(d->events, &d->timer,
              d->serving_from + service_cycles(&d->service));
}

static void count(struct disk_stats *stats, const struct disk_service *s,
                  const struct disk_request *r)
{
    *(r->is_write ? &stats->writes : &stats->reads) += 1;
    *(r->is_write ? &stats->blocks_written : &stats->blocks_read) += r->count;
    stats->busy += service_cycles(s);
    stats->overhead += s->overhead;
    stats->seek += s->seek;
    stats->rotation += s->rotation;
    stats->transfer += s->transfer;
    hist_record(&stats->service, service_cycles(s));
}

/* The spindle reads on from the moment at which the last block passed, however
   long ago that was. */
static void read_on(struct disk *d, const struct disk_request *r)
{
    const struct disk_service *s = &d->service;
    if (r->is_write || d->layout.ahead_cycles == 0) {
        d->ahead_block = d->block_count;
        return;
    }
    d->ahead_block = r->block + r->count;
    d->ahead_from = s->ahead > 0
                        ? d->ahead_from + s->ahead + s->seek + s->transfer
                        : d->events->now;
}

static void finish(void *ctx, struct sim_timer *timer)
{
    struct disk *d = ctx;
    (void)timer;
    struct disk_request *r = d->serving;
    count(&d->stats, &d->service, r);
    hist_record(&d->stats.wait, d->serving_from - r->issued);
    read_on(d, r);
    d->cylinder = disk_cylinder(d, r->block + r->count - 1);
    d->serving = NULL;
    if (d->head) {
        begin(d, d->events->now);
    }
    r->done(r->ctx, r);
}

void disk_init(struct disk *d, const struct disk_model *model,
               const struct disk_policy *policy, struct event_queue *events,
               uint64_t cpu_hz)
{
    check_model(model);
    *d = (struct disk){
        .model = model,
        .policy = policy,
        .events = events,
        .cpu_hz = cpu_hz,
        .block_count = model->capacity_bytes / DISK_BLOCK_BYTES,
        .is_ascending = true,
    };
    d->ahead_block = d->block_count;
    layout_init(d);
    timer_init(&d->timer, finish, d);
    hist_init(&d->stats.wait);
    hist_init(&d->stats.service);
}

bool disk_share(struct disk *d, struct arena *arena, uint32_t owners)
{
    if (d->policy->create) {
        d->shares = d->policy->create(arena, owners);
    }
    return d->shares || !d->policy->create;
}

void disk_submit(struct disk *d, uint64_t now, struct disk_request *r)
{
    SIM_ASSERT(now >= d->events->now);
    SIM_ASSERT(r->count > 0);
    SIM_ASSERT(r->count <= d->block_count);
    SIM_ASSERT(r->block <= d->block_count - r->count);
    r->issued = now;
    if (d->policy->arrived) {
        d->policy->arrived(d, r);
    }
    enqueue(d, r);
    if (!d->serving) {
        begin(d, now);
    }
    if (d->queued > d->stats.queue_peak) {
        d->stats.queue_peak = d->queued;
    }
}

bool disk_cancel(struct disk *d, struct disk_request *r)
{
    if (d->serving == r) {
        return false;
    }
    unlink_request(d, r);
    return true;
}

uint64_t disk_busy(const struct disk *d, uint64_t now)
{
    if (!d->serving || now <= d->serving_from) {
        return d->stats.busy;
    }
    uint64_t total = service_cycles(&d->service);
    uint64_t passed = now - d->serving_from;
    return d->stats.busy + (passed < total ? passed : total);
}
