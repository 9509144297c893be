/* boost.c - round robin in which who idled early goes first once, as round-robin
   is (Denali); see plain.c for the one without. */
#include <iksim/policy.h>

#define OTHERS (UINT64_C(1) << 63) /* Keys of those that are not preferred. */

struct boost_vm {
    int64_t carry; /* Cycles: > 0 what is left of a quantum, < 0 a debt. */
    uint32_t next, prev;
    bool is_preferred;
};

struct queue {
    uint32_t head, tail;
};

struct boost {
    uint64_t quantum, arrivals;
    uint64_t run;           /* Preferred choices in a row, at most. */
    uint64_t preferred_run; /* And so far. */
    struct queue preferred, others;
    struct boost_vm *vms;
};

static void *create(struct iksim_host *h)
{
    struct boost *b = h->alloc(h, sizeof(*b));
    b->vms = h->alloc(h, h->vm_limit * sizeof(*b->vms));
    b->quantum = h->quantum;
    b->run = h->arg(h, "run");
    b->preferred = b->others = (struct queue){ IKSIM_NONE, IKSIM_NONE };
    return b;
}

static struct queue *queue_of(struct boost *b, uint32_t vm)
{
    return b->vms[vm].is_preferred ? &b->preferred : &b->others;
}

static struct iksim_place ready(void *s, uint32_t vm)
{
    struct boost *b = s;
    struct boost_vm *v = &b->vms[vm];
    struct queue *q = queue_of(b, vm);
    v->next = IKSIM_NONE;
    v->prev = q->tail;
    if (q->tail == IKSIM_NONE) {
        q->head = vm;
    } else {
        b->vms[q->tail].next = vm;
    }
    q->tail = vm;
    return (struct iksim_place){
        .key = (v->is_preferred ? 0 : OTHERS) | b->arrivals++,
        .is_preferred = v->is_preferred,
    };
}

static void leave(void *s, uint32_t vm)
{
    struct boost *b = s;
    const struct boost_vm *v = &b->vms[vm];
    struct queue *q = queue_of(b, vm);
    if (v->prev == IKSIM_NONE) {
        q->head = v->next;
    } else {
        b->vms[v->prev].next = v->next;
    }
    if (v->next == IKSIM_NONE) {
        q->tail = v->prev;
    } else {
        b->vms[v->next].prev = v->prev;
    }
}

/* A whole quantum, less what the VM owes. */
static uint64_t whole(const struct boost *b, uint32_t vm)
{
    int64_t carry = b->vms[vm].carry;
    uint64_t debt = carry < 0 ? (uint64_t)-carry : 0;
    return debt < b->quantum ? b->quantum - debt : 1;
}

static struct iksim_choice pick(void *s)
{
    struct boost *b = s;
    bool others_wait = b->others.head != IKSIM_NONE;
    bool prefer = b->preferred.head != IKSIM_NONE &&
                  (!others_wait || b->preferred_run < b->run);
    if (!prefer && !others_wait) {
        return (struct iksim_choice){ .vm = IKSIM_NONE };
    }
    b->preferred_run = prefer && others_wait ? b->preferred_run + 1 : 0;
    uint32_t vm = prefer ? b->preferred.head : b->others.head;
    leave(b, vm);
    int64_t carry = b->vms[vm].carry;
    return (struct iksim_choice){
        .vm = vm,
        .quantum = carry > 0 ? (uint64_t)carry : whole(b, vm),
        .is_preferred = prefer && others_wait,
    };
}

static uint64_t take(void *s, uint32_t vm)
{
    leave(s, vm);
    return whole(s, vm);
}

static void stop(void *s, uint32_t vm, enum iksim_stop why, uint64_t granted,
                 uint64_t used)
{
    struct boost *b = s;
    int64_t left = (int64_t)granted - (int64_t)used;
    b->vms[vm].carry = why == IKSIM_STOP_PAGING || left < 0 ? left : 0;
    b->vms[vm].is_preferred = why == IKSIM_STOP_IDLE && left > 0;
}

static const struct iksim_arg args[] = {
    { "run", IKSIM_NUMBER, 1, 1000000, 16,
      "preferred VMs that may go in a row while another waits" },
    { .name = NULL },
};

const struct iksim_scheduler iksim_scheduler = {
    .facts = { .abi = IKSIM_POLICY_ABI,
               .summary = "in turns; who idled early goes first once",
               .args = args },
    .can_be_gamed = true,
    .create = create,
    .ready = ready,
    .remove = leave,
    .pick = pick,
    .take = take,
    .stop = stop,
};
