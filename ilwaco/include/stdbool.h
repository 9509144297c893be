/* stdbool.h - of Ilwaco's libc. */
#ifndef ILWACO_STDBOOL_H
#define ILWACO_STDBOOL_H

#define bool                          _Bool
#define true                          1
#define false                         0
#define __bool_true_false_are_defined 1

#endif /* ILWACO_STDBOOL_H */
