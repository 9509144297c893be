/* sched.h - of Ilwaco's libc. */
#ifndef ILWACO_SCHED_H
#define ILWACO_SCHED_H

int sched_yield(void);

#endif /* ILWACO_SCHED_H */
