#!/bin/sh
# test_banned.sh CC: each banned call stops the compiler, a harmless one not.
set -u
cc=$1
bad=0

# compiles LINE
compiles() {
    printf '%s\n' '#include <stdio.h>' '#include <stdlib.h>' \
        '#include <string.h>' '#include <time.h>' '#include "sim/banned.h"' \
        'extern void *sink;' 'extern char *text;' 'extern long number;' \
        'void probe(void);' 'void probe(void)' "{ $1; }" |
        "$cc" -std=c17 -D_DEFAULT_SOURCE -I. -fsyntax-only -xc - 2>/dev/null
}

for call in 'number = rand()' 'srand(1)' 'number = random()' \
    'number = time(NULL)' 'number = clock()' 'text = getenv("HOME")' \
    'text = strtok(text, " ")' 'sprintf(text, "x")' 'strcpy(text, "x")' \
    'strcat(text, "x")' 'strncpy(text, "x", 1)' 'sink = malloc(1)' \
    'sink = calloc(1, 1)' 'sink = realloc(sink, 1)'; do
    if compiles "$call"; then
        echo "compiles, but is banned: $call"
        bad=1
    fi
done
compiles 'snprintf(text, 1, "x")' || { echo 'snprintf must compile'; bad=1; }
exit $bad
