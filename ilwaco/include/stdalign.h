/* stdalign.h - of Ilwaco's libc. */
#ifndef ILWACO_STDALIGN_H
#define ILWACO_STDALIGN_H

#define alignas              _Alignas
#define alignof              _Alignof
#define __alignas_is_defined 1
#define __alignof_is_defined 1

#endif /* ILWACO_STDALIGN_H */
