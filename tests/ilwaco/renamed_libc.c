/* renamed_libc.c - Ilwaco's libc with the names of rename.h. */
#include "tests/ilwaco/rename.h"

#include "ilwaco/libc/number.c" /* NOLINT(bugprone-suspicious-include) */
#include "ilwaco/libc/string.c" /* NOLINT(bugprone-suspicious-include) */
