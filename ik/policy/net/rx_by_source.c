/*
 * rx_by_source.c - a VM's receive queue is shared out by who sends: frames are
 * refused at the card, and a source's part of the queue shrinks as it fills.
 *
 * Sources are VMs, and the connections of clients; each is counted in one of
 * the receiver's buckets, by a hash, as stochastic fair queueing does (McKenney
 * 1990), with buckets for VMs apart from those for clients. With L the limit of
 * the queue, q frames of a bucket in it, V of all VMs and C of all clients, one
 * more is taken if
 *
 *     q < (L / 2 - V) / 4        of a VM
 *     q < (3 L / 4 - C) / 4      of a client
 *
 * That is Choudhury and Hahne's dynamic threshold (1998), by sender: a
 * bucket's part shrinks as its kind's part of the queue fills. So
 *
 *  - VMs, however many, have at most half of the queue, and clients at most
 *    three quarters: a quarter is always left to the other kind;
 *  - a bucket has at most a fifth of its kind's part: a VM L / 10 frames;
 *  - n buckets, filled one after another, leave 0.8^n of their kind's part, and
 *    4 / (4 + n) once frames have been taken out in turn.
 *
 * A receiver that takes frames out at once would take in as many again, and spend
 * its processor time on what others send. So the same holds of the frames that
 * VMs have put in within a period, waiting or not: in ten quanta VMs cost a
 * receiver at most L / 2 frames, and one VM L / 10.
 *
 * What is refused costs the receiver nothing: the card sorts frames before an
 * interrupt is charged (Druschel and Banga, "Lazy receiver processing", 1996);
 * of what another VM sends, the sender has been charged. Between two services
 * of hardware, whoever is ready runs for as long as the first one took.
 *
 * Weakness: sources that share a bucket share its part; who has a thousand
 * connections has a thousand sources. VMs that mean each other well are slow: with
 * the defaults one sends another 250 frames a second. What a frame makes its
 * receiver keep, as a SYN does, is the receiver's own affair.
 */
#include "ik/policy/policies.h"
#include "sim/arena.h"

#define BUCKETS 32 /* Of each kind, a VM: a power of 2. */
#define QUANTA  10 /* Of a period. */

/* A bucket has at most this part of what its kind leaves free. */
#define PART 4

enum kind { OF_CLIENTS, OF_VMS, KINDS };

/* Quarters of a queue that are the kind's, rounded up. */
static const uint32_t quarters[KINDS] = { [OF_CLIENTS] = 3, [OF_VMS] = 2 };

/* Frames, by bucket. */
struct counts {
    uint32_t sum;
    uint32_t bucket[BUCKETS];
};

struct receiver {
    struct counts waiting[KINDS];
    struct counts lately; /* That VMs have put in within the period. */
    uint64_t period;      /* Its number. */
};

struct by_source {
    struct rx base;
    uint32_t queue_limit;
    vmid_t vm_limit;
    uint64_t period_cycles;
    struct receiver receivers[]; /* By number. */
};

static struct by_source *by_source_of(struct rx *r)
{
    SIM_ASSERT(r->policy == &rx_by_source);
    return CONTAINER_OF(r, struct by_source, base);
}

static struct rx *by_source_create(const struct rx_policy *self,
                                   struct arena *arena,
                                   const struct rx_config *config)
{
    size_t size =
        sizeof(struct by_source) + config->vm_limit * sizeof(struct receiver);
    struct by_source *b = arena_alloc(arena, size, alignof(struct by_source));
    if (!b) {
        return NULL;
    }
    b->base.policy = self;
    b->queue_limit = config->queue_limit;
    b->vm_limit = config->vm_limit;
    b->period_cycles = config->quantum_cycles * QUANTA;
    return &b->base;
}

/* Fibonacci hashing: the top bits of a product with 2^64 over the golden
   ratio. VMs' numbers, which are small, fall into different buckets while they
   are few. */
static uint32_t bucket_of(const struct rx_source *from)
{
    return (uint32_t)(from->is_vm ? from->key
                                  : (from->key * 0x9e3779b97f4a7c15u) >> 32) %
           BUCKETS;
}

static struct receiver *receiver_of(struct rx *r, vmid_t vm)
{
    struct by_source *b = by_source_of(r);
    SIM_ASSERT(vm < b->vm_limit);
    return &b->receivers[vm];
}

/* Whether the bucket may have one more of a part. */
static bool has_room(const struct counts *c, uint32_t bucket, uint64_t part)
{
    return c->sum + (uint64_t)c->bucket[bucket] * PART < part;
}

static bool by_source_takes(struct rx *r, vmid_t to,
                            const struct rx_source *from, uint32_t queued,
                            uint64_t now)
{
    const struct by_source *b = by_source_of(r);
    struct receiver *q = receiver_of(r, to);
    SIM_ASSERT(queued < b->queue_limit);
    enum kind kind = from->is_vm ? OF_VMS : OF_CLIENTS;
    uint64_t part = ((uint64_t)b->queue_limit * quarters[kind] + 3) / 4;
    uint32_t bucket = bucket_of(from);
    if (q->period != now / b->period_cycles) {
        q->period = now / b->period_cycles;
        q->lately = (struct counts){ 0 };
    }
    return has_room(&q->waiting[kind], bucket, part) &&
           (!from->is_vm || has_room(&q->lately, bucket, part));
}

static void count(struct counts *c, uint32_t bucket)
{
    c->sum++;
    c->bucket[bucket]++;
}

static void by_source_took(struct rx *r, vmid_t to,
                           const struct rx_source *from)
{
    struct receiver *q = receiver_of(r, to);
    count(&q->waiting[from->is_vm ? OF_VMS : OF_CLIENTS], bucket_of(from));
    if (from->is_vm) {
        count(&q->lately, bucket_of(from));
    }
}

static void by_source_gave(struct rx *r, vmid_t to,
                           const struct rx_source *from)
{
    struct counts *c =
        &receiver_of(r, to)->waiting[from->is_vm ? OF_VMS : OF_CLIENTS];
    uint32_t bucket = bucket_of(from);
    SIM_ASSERT(c->bucket[bucket] > 0);
    c->sum--;
    c->bucket[bucket]--;
}

const struct rx_policy rx_by_source = {
    .facts = {
        .name = "by-source",
        .summary = "a queue is shared out by sender, at the card",
        .source = "Choudhury and Hahne, Dynamic Queue Length Thresholds for "
                  "Shared-Memory Packet Switches, 1998; McKenney, Stochastic "
                  "Fairness Queueing, 1990; Druschel and Banga, Lazy Receiver "
                  "Processing, OSDI 1996",
        .differs = "The threshold is a sender's within one queue, not a "
                   "queue's within a pool. Frames of a queue are taken in the "
                   "order of their arrival. Protocol processing is the "
                   "guest's, and so is lazy anyway.",
    },
    .is_early = true,
    .yields = true,
    .create = by_source_create,
    .takes = by_source_takes,
    .took = by_source_took,
    .gave = by_source_gave,
};
