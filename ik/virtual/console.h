/* console.h - each VM's console: output as it is written, input as typed. */
#ifndef IK_CONSOLE_H
#define IK_CONSOLE_H

#include "ik/memory/memory.h"

/* Types at the VM's console; returns how many bytes there was room for. */
uint32_t console_type(struct kernel *k, struct vm *vm, const uint8_t *bytes,
                      uint32_t count);

/* The guest's memory is ensured; returns the bytes taken: all. */
uint32_t console_write(struct kernel *k, struct vm *vm, uint32_t va,
                       uint32_t count);

/* At most `room` bytes that were typed, to ensured memory. */
uint32_t console_read(struct kernel *k, struct vm *vm, uint32_t va,
                      uint32_t room);

#endif /* IK_CONSOLE_H */
