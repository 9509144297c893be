/* hello.c - the smallest guest: says which VM it is and ends with code 0. */
#include "ilwaco/cmdline.h"
#include "ilwaco/start.h"
#include "ilwaco/vregs.h"

#include <stdio.h>

#define HELLO_ARGS(X)
ARGS_PROGRAM("says which VM it is, and ends", HELLO_ARGS)

int main(void)
{
    cmdline_read(args_rules, NULL);
    uint32_t address = vreg_read(ABI_VR_IPV4);
    printf("Hello from VM %u, %u.%u.%u.%u, %u KiB.\n",
           vreg_read(ABI_VR_VM_NUMBER), address >> 24, address >> 16 & 0xff,
           address >> 8 & 0xff, address & 0xff,
           vreg_read(ABI_VR_MEMORY_BYTES) / 1024);
    return 0;
}
