/* sys_arch.c - see arch/sys_arch.h. Times are milliseconds; 0, and the longest:
   for ever. */
#include "ilwaco/net/socket/socket.h"
#include "ilwaco/vregs.h"

#include "lwip/sys.h"

#include <errno.h>
#include <stdlib.h>

#define MS_NS      UINT64_C(1000000)
#define FIRST_ROOM 4

u32_t sys_now(void)
{
    return (u32_t)(vreg_time_ns() / MS_NS);
}

static uint64_t deadline_of(u32_t timeout_ms)
{
    return timeout_ms == 0 || timeout_ms == UINT32_MAX
               ? ABI_TIME_NEVER
               : vreg_time_ns() + timeout_ms * MS_NS;
}

/* errno is the thread's own again behind it. */
static bool wait_in(struct thread_queue *queue, uint64_t deadline_ns)
{
    int kept = errno;
    bool is_woken = thread_wait(queue, deadline_ns);
    errno = kept;
    return is_woken;
}

err_t sys_sem_new(sys_sem_t *sem, u8_t count)
{
    *sem = (sys_sem_t){ .is_valid = true, .count = count };
    return ERR_OK;
}

void sys_sem_free(sys_sem_t *sem)
{
    sem->is_valid = false;
}

void sys_sem_signal(sys_sem_t *sem)
{
    if (thread_wake_first(&sem->waiters) == NULL) {
        sem->count++;
    }
}

u32_t sys_arch_sem_wait(sys_sem_t *sem, u32_t timeout_ms)
{
    if (sem->count > 0) {
        sem->count--;
        return 0;
    }
    sockets_poll_writers();
    u32_t began_ms = sys_now();
    if (!wait_in(&sem->waiters, deadline_of(timeout_ms))) {
        return SYS_ARCH_TIMEOUT;
    }
    return sys_now() - began_ms;
}

/* Each thread's own, found by the thread; one that ended leaves its to the next
   that has its memory. */
struct thread_sem {
    const struct thread *thread;
    struct thread_sem *next;
    sys_sem_t sem;
};

sys_sem_t *sockets_thread_sem(void)
{
    static struct thread_sem *all;
    const struct thread *self = thread_self();
    struct thread_sem *own = all;
    while (own != NULL && own->thread != self) {
        own = own->next;
    }
    if (own == NULL) {
        own = malloc(sizeof(*own));
        if (own == NULL) {
            panic("no memory for a thread's sockets");
        }
        *own = (struct thread_sem){ .thread = self, .next = all };
        all = own;
        (void)sys_sem_new(&own->sem, 0);
    }
    return &own->sem;
}

err_t sys_mbox_new(sys_mbox_t *mbox, int limit)
{
    *mbox = (sys_mbox_t){ .is_valid = true, .limit = (uint32_t)limit };
    return ERR_OK;
}

void sys_mbox_free(sys_mbox_t *mbox)
{
    free((void *)mbox->slots);
    mbox->slots = NULL;
    mbox->is_valid = false;
}

/* Twice the room; what is in it begins at slot 0 then. */
static bool grow(sys_mbox_t *mbox)
{
    uint32_t room = mbox->room == 0 ? FIRST_ROOM : 2 * mbox->room;
    if (mbox->used == mbox->limit) {
        return false;
    }
    void **slots = (void **)malloc(room * sizeof(*slots));
    if (slots == NULL) {
        return false;
    }
    for (uint32_t i = 0; i < mbox->used; i++) {
        slots[i] = mbox->slots[(mbox->first + i) % mbox->room];
    }
    free((void *)mbox->slots);
    mbox->slots = slots;
    mbox->room = room;
    mbox->first = 0;
    return true;
}

err_t sys_mbox_trypost(sys_mbox_t *mbox, void *message)
{
    if (mbox->used == mbox->limit ||
        (mbox->used == mbox->room && !grow(mbox))) {
        return ERR_MEM;
    }
    mbox->slots[(mbox->first + mbox->used) % mbox->room] = message;
    mbox->used++;
    (void)thread_wake_first(&mbox->waiters);
    return ERR_OK;
}

static void *take(sys_mbox_t *mbox)
{
    void *message = mbox->slots[mbox->first];
    mbox->first = (mbox->first + 1) % mbox->room;
    mbox->used--;
    return message;
}

u32_t sys_arch_mbox_tryfetch(sys_mbox_t *mbox, void **message)
{
    if (mbox->used == 0) {
        sockets_breathe();
    }
    if (!mbox->is_valid || mbox->used == 0) {
        return SYS_MBOX_EMPTY;
    }
    *message = take(mbox);
    return 0;
}

u32_t sys_arch_mbox_fetch(sys_mbox_t *mbox, void **message, u32_t timeout_ms)
{
    u32_t began_ms = sys_now();
    uint64_t deadline_ns = deadline_of(timeout_ms);
    while (mbox->used == 0) {
        /* One that is woken may find that another was faster. */
        if (!wait_in(&mbox->waiters, deadline_ns) && mbox->used == 0) {
            return SYS_ARCH_TIMEOUT;
        }
    }
    *message = take(mbox);
    return sys_now() - began_ms;
}
