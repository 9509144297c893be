/* ending.h - how a VM ended, in words. */
#ifndef CLI_RUN_INSPECT_ENDING_H
#define CLI_RUN_INSPECT_ENDING_H

#include "ik/vm.h"

/* "terminated with code 3", "division error (#0) at 0x401012"... */
void ending_describe(const struct vm *vm, char *text, size_t bytes);

#endif /* CLI_RUN_INSPECT_ENDING_H */
