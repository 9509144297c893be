/* errno.c - errno. Threads being cooperative, one is enough: whoever waits
   keeps its own meanwhile (posix_wait(), net/socket/). */
#include <errno.h>

static int value;

int *__errno_location(void);

int *__errno_location(void)
{
    return &value;
}
