/*
 * memory.h - the address spaces: which accesses are legal, what a first touch
 * does, and the kernel's own accesses to a guest's memory.
 *
 * Every page is paged in (ik/memory/paging.h) when it is first touched, by the
 * guest or by the kernel on its behalf. A text page is the VM's own frame in
 * every respect, but with shared text its contents are taken from the image.
 *
 * First touches after a switch are counted here, by address-space epoch: the
 * processor's TLB refills are not repeatable and count for nothing.
 */
#ifndef IK_MEMORY_H
#define IK_MEMORY_H

#include "ik/state.h"

enum memory_result {
    MEMORY_OK,
    MEMORY_ILLEGAL, /* Not the VM's, or not for this access. */
    MEMORY_BLOCKED, /* The VM is to wait, and then to try again. */
};

/* The processor's question; `ctx` is the kernel. See isa/cpu.h. */
bool memory_translate(void *ctx, uint32_t page_va, enum cpu_access access,
                      struct cpu_mapping *mapping);

/* A page fault of the running VM at `va`: makes the page present. */
enum memory_result memory_fault(struct kernel *k, struct vm *vm, uint32_t va,
                                enum cpu_access access);

/*
 * Whether all of [va, va + bytes) is the VM's and fit for the access. Changes
 * nothing. Zero bytes are always fit.
 */
bool memory_is_legal(const struct kernel *k, const struct vm *vm, uint32_t va,
                     uint32_t bytes, enum cpu_access access);

/* Whether it is legal and all of it is present. Touches nothing. */
bool memory_is_resident(const struct kernel *k, const struct vm *vm,
                        uint32_t va, uint32_t bytes, enum cpu_access access);

/*
 * Makes all of a legal range present, and touches it for `access`: afterwards
 * memory_copy_in and memory_copy_out cannot fail.
 */
enum memory_result memory_ensure(struct kernel *k, struct vm *vm, uint32_t va,
                                 uint32_t bytes, enum cpu_access access);

/* Between the guest's memory, ensured before, and the host's. */
void memory_copy_in(struct kernel *k, struct vm *vm, void *to, uint32_t va,
                    uint32_t bytes);
void memory_copy_out(struct kernel *k, struct vm *vm, uint32_t va,
                     const void *from, uint32_t bytes);

/* What copying so many bytes costs the VM, as programmed I/O, at that many
   cycles for each 64 of them, or part of 64. */
void memory_charge_copy(struct kernel *k, struct vm *vm, uint32_t bytes,
                        uint32_t unit_cycles);

/* The bytes of the resident register page. */
uint8_t *memory_register_page(struct kernel *k, const struct vm *vm);

/* Charges what memory_translate counted since the last call. */
void memory_charge_touches(struct kernel *k, struct vm *vm);

/*
 * The last epoch is over: makes the counting of epochs start again, in time
 * that grows with the RAM. Of each resident page it stays known whether it was
 * touched since its space was loaded, and since the policy asked.
 */
void memory_renumber_epochs(struct kernel *k);

#endif /* IK_MEMORY_H */
