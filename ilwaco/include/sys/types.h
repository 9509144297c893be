/* types.h - <sys/types.h> of Ilwaco's libc. */
#ifndef ILWACO_SYS_TYPES_H
#define ILWACO_SYS_TYPES_H

#include <stddef.h>
#include <stdint.h>

typedef int ssize_t;
typedef long long off_t;
typedef int pid_t;
typedef unsigned useconds_t;
typedef long long time_t;
typedef long long suseconds_t;
typedef int clockid_t;

#endif /* ILWACO_SYS_TYPES_H */
