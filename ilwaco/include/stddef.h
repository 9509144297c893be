/* stddef.h - of Ilwaco's libc: what C17 asks of a freestanding one. */
#ifndef ILWACO_STDDEF_H
#define ILWACO_STDDEF_H

typedef __SIZE_TYPE__ size_t;
typedef __PTRDIFF_TYPE__ ptrdiff_t;
typedef __WCHAR_TYPE__ wchar_t;

#define NULL                   ((void *)0)
#define offsetof(type, member) __builtin_offsetof(type, member)

#endif /* ILWACO_STDDEF_H */
