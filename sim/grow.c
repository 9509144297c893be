/* grow.c - see grow.h. */
#define SIM_MAY_ALLOCATE
#include "sim/grow.h"

#include <stdlib.h>

#include "sim/banned.h"

#define FIRST_ROOM 8

void *grow_array(void *array, size_t count, size_t *room, size_t bytes)
{
    SIM_ASSERT(count <= *room);
    if (count < *room) {
        return array;
    }
    size_t wanted = *room > 0 ? 2 * *room : FIRST_ROOM;
    SIM_ASSERT(wanted <= SIZE_MAX / bytes);
    void *larger = realloc(array, wanted * bytes);
    if (larger) {
        *room = wanted;
    }
    return larger;
}
