/*
 * device.h - what a virtual device is: one table.
 *
 * A device is a file that defines such a table, and a row in devices.h. The
 * parts of the kernel that meet devices (boot, lifecycle, virtual instructions,
 * registers, the loop for finished transfers, the audit) go by the tables and
 * name none. A slot that a device has no use for is NULL.
 *
 * Three things no table has: what a device keeps of each VM is a member of
 * struct vm (ik/vm.h), and what it keeps of all a member of struct kernel
 * (ik/state.h); hardware of its own that waits to be served stands in
 * hardware_waits() and serve_hardware() (ik/kernel.c).
 */
#ifndef IK_DEVICE_H
#define IK_DEVICE_H

#include "ik/state.h"

/* A virtual instruction's arguments, as the guest's registers had them. */
struct vinsn_args {
    uint32_t eax, ecx, edx, ebx;
    uint64_t time_ns; /* EDX:EAX. */
};

/* A buffer of the guest's, or none when bytes is 0. */
struct vinsn_buffer {
    uint32_t va;
    uint32_t bytes;
    enum cpu_access access;
};

/* What the way into the kernel costs. */
enum vinsn_entry {
    VINSN_ENTRY_PIO,  /* A programmed I/O. */
    VINSN_ENTRY_TRAP, /* Less: no device is emulated. */
};

struct vinsn {
    uint8_t vector; /* ABI_VI_...; no other device has it. */
    enum vinsn_entry entry;
    bool reads_registers; /* The register page is present at decode. */

    /*
     * Checks the arguments and changes nothing: 0 and the buffer, which will
     * be checked against the VM's memory and made present, or ABI_E...; NULL:
     * all arguments are fine, and there is no buffer.
     */
    int32_t (*decode)(struct kernel *k, const struct vm *vm,
                      const struct vinsn_args *a, struct vinsn_buffer *b);

    /* Does what decode allowed; returns what EAX is to hold. */
    int32_t (*invoke)(struct kernel *k, struct vm *vm,
                      const struct vinsn_args *a, const struct vinsn_buffer *b);
};

struct device {
    const char *name;
    uint32_t irqs; /* ABI_IRQ_... that it raises; no other device does. */
    const struct vinsn *insns; /* Ended by one without invoke. */

    /* Makes what all VMs share, when the kernel is built: RAM, disks and
       processor are there, VMs are not. NULL, or why it cannot be. */
    const char *(*init)(struct kernel *k, struct arena *arena);

    /* The VM is being created: its memory and its region are there. */
    void (*begin)(struct kernel *k, struct vm *vm);

    /* The VM is dead, its memory still there: gives back what it holds. In the
       reverse order of begin. */
    void (*end)(struct kernel *k, struct vm *vm);

    /* Writes what stays the same to a register page of zeros; then update. */
    void (*fill)(const struct kernel *k, const struct vm *vm, uint8_t *page);

    /* Brings the device's registers up to date: at each dispatch, and after
       each virtual instruction. */
    void (*update)(const struct kernel *k, const struct vm *vm, uint8_t *page);

    /* A transfer of the device's is done (TRANSFER_DEVICE_...). */
    void (*finish)(struct kernel *k, const struct transfer *x);

    /* What holds between any two steps of the kernel: check_equal (check.h). At
       the end of all VMs too, when nothing may be left. */
    void (*audit)(struct kernel *k);
};

#endif /* IK_DEVICE_H */
