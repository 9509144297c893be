/* specific.h - what a thread keeps under the keys of <pthread.h>. */
#ifndef ILWACO_POSIX_SPECIFIC_H
#define ILWACO_POSIX_SPECIFIC_H

#include "ilwaco/posix/wait.h"

/* Calls the keys' destructors of what the ending thread keeps; frees it. */
void specific_destroy(struct pthread *self);

#endif /* ILWACO_POSIX_SPECIFIC_H */
