/* renamed_stdio.c - Ilwaco's <stdio.h> with the names of renamed_stdio.h. */
#include "ilwaco/console.h"
#include "ilwaco/libc/format.h"

#include "tests/ilwaco/renamed_stdio.h"

#include "ilwaco/libc/stdio.c" /* NOLINT(bugprone-suspicious-include) */
