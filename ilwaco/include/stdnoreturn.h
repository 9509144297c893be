/* stdnoreturn.h - of Ilwaco's libc. */
#ifndef ILWACO_STDNORETURN_H
#define ILWACO_STDNORETURN_H

#define noreturn _Noreturn

#endif /* ILWACO_STDNORETURN_H */
