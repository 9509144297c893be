/*
 * sys_arch.h - what lwIP's sockets wait in: semaphores and mailboxes over
 * ilwaco/thread.h. lwIP includes it by this name.
 */
#ifndef ILWACO_NET_SOCKET_ARCH_SYS_ARCH_H
#define ILWACO_NET_SOCKET_ARCH_SYS_ARCH_H

#include "ilwaco/thread.h"

#include <stdbool.h>
#include <stdint.h>

typedef struct {
    bool is_valid;
    uint32_t count; /* 0 while threads wait. */
    struct thread_queue waiters;
} sys_sem_t;

/* A ring that grows up to its limit: most are nearly empty. */
typedef struct {
    void **slots; /* Owned. */
    uint32_t room, limit;
    uint32_t first, used; /* used <= room <= limit */
    struct thread_queue waiters;
    bool is_valid;
} sys_mbox_t;

typedef int sys_mutex_t;
typedef int sys_thread_t;

#define sys_sem_valid(sem)             ((sem)->is_valid)
#define sys_sem_valid_val(sem)         ((sem).is_valid)
#define sys_sem_set_invalid(sem)       ((sem)->is_valid = false)
#define sys_sem_set_invalid_val(sem)   ((sem).is_valid = false)
#define sys_mbox_valid(mbox)           ((mbox)->is_valid)
#define sys_mbox_valid_val(mbox)       ((mbox).is_valid)
#define sys_mbox_set_invalid(mbox)     ((mbox)->is_valid = false)
#define sys_mbox_set_invalid_val(mbox) ((mbox).is_valid = false)

void sockets_enter(void);
void sockets_leave(void);
sys_sem_t *sockets_thread_sem(void);

#endif /* ILWACO_NET_SOCKET_ARCH_SYS_ARCH_H */
