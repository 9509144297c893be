/*
 * vm_name.h - the one name of a VM: its group's, a hyphen, and its place in the
 * group from 0: "web-3". No two VMs of a run have the same: what stands behind
 * the last hyphen is the place, whatever the group is called.
 *
 * People may always say the number instead. Where several VMs may be meant, a
 * group's name means all of its VMs, and "3-7" those numbers.
 */
#ifndef SIM_VM_NAME_H
#define SIM_VM_NAME_H

#include "sim/base.h"

/* VMs with numbers in a row. */
struct vm_group {
    const char *name;      /* Borrowed; unique. */
    uint32_t first, count; /* Numbers [first, first + count). */
};

/* All VMs of a run: groups follow each other, from number 0, without gaps. */
struct vm_roster {
    uint32_t group_count;
    struct vm_group *groups;
};

/* VM numbers are below this. */
uint32_t vm_roster_limit(const struct vm_roster *r);

/* The index of the VM's group; group_count: there is no such VM. */
uint32_t vm_roster_group(const struct vm_roster *r, uint32_t vm);

/* Names of groups that are longer than those of scenarios are cut. */
#define VM_NAME_BYTES 96

struct vm_name {
    char chars[VM_NAME_BYTES];
};

/* "web-3"; "VM 3" when the roster has no such VM. */
struct vm_name vm_name(const struct vm_roster *r, uint32_t vm);

/* With the number, where that helps: "web-3 (VM 103)"; "web-3" where the place
   is the number. */
struct vm_name vm_name_and_number(const struct vm_roster *r, uint32_t vm);

#define VM_NAME_MESSAGE_BYTES 512

/*
 * The VM that `text` means: its number, its name, or the name of a group that
 * has no other. False, with one sentence in `message`: it means none, or several.
 */
SIM_MUST_USE bool vm_name_read(const struct vm_roster *r, const char *text,
                               uint32_t *vm,
                               char message[VM_NAME_MESSAGE_BYTES]);

/*
 * Sets chosen[vm] for each VM that the list means, with commas in between:
 * numbers, names, ranges of numbers and names of groups. `chosen` has
 * vm_roster_limit members.
 */
SIM_MUST_USE bool vm_name_read_list(const struct vm_roster *r, const char *text,
                                    bool *chosen,
                                    char message[VM_NAME_MESSAGE_BYTES]);

#endif /* SIM_VM_NAME_H */
