/* vm_name.c - see vm_name.h. */
#include "sim/vocabulary/vm_name.h"

#include <stdio.h>
#include <string.h>

#include "sim/banned.h"

/* More characters than any number of a VM has. */
#define NUMBER_LENGTH 9

/* Of a group's name, in a VM's name and in sentences. */
#define GROUP_LENGTH 64

/* ---- The roster --------------------------------------------------------- */

uint32_t vm_roster_limit(const struct vm_roster *r)
{
    if (r->group_count == 0) {
        return 0;
    }
    const struct vm_group *last = &r->groups[r->group_count - 1];
    return last->first + last->count;
}

uint32_t vm_roster_group(const struct vm_roster *r, uint32_t vm)
{
    uint32_t low = 0;
    uint32_t high = r->group_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        const struct vm_group *g = &r->groups[middle];
        if (vm - g->first < g->count && vm >= g->first) {
            return middle;
        }
        if (vm < g->first) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return r->group_count;
}

/* The group called so, by the first `length` characters; group_count: none. */
static uint32_t find_group(const struct vm_roster *r, const char *name,
                           size_t length)
{
    for (uint32_t g = 0; g < r->group_count; g++) {
        if (strlen(r->groups[g].name) == length &&
            memcmp(r->groups[g].name, name, length) == 0) {
            return g;
        }
    }
    return r->group_count;
}

/* ---- Writing ------------------------------------------------------------ */

struct vm_name vm_name(const struct vm_roster *r, uint32_t vm)
{
    struct vm_name name;
    uint32_t g = vm_roster_group(r, vm);
    if (g < r->group_count) {
        (void)snprintf(name.chars, sizeof(name.chars), "%.*s-%u", GROUP_LENGTH,
                       r->groups[g].name, vm - r->groups[g].first);
    } else {
        (void)snprintf(name.chars, sizeof(name.chars), "VM %u", vm);
    }
    return name;
}

struct vm_name vm_name_and_number(const struct vm_roster *r, uint32_t vm)
{
    struct vm_name name = vm_name(r, vm);
    uint32_t g = vm_roster_group(r, vm);
    if (g < r->group_count && r->groups[g].first > 0) {
        size_t used = strlen(name.chars);
        (void)snprintf(name.chars + used, sizeof(name.chars) - used, " (VM %u)",
                       vm);
    }
    return name;
}

/* ---- Reading ------------------------------------------------------------ */

/* What a word means: VMs [first, first + count). */
struct meaning {
    uint32_t first, count;
};

static bool read_number(const char *text, size_t length, uint32_t *number)
{
    if (length == 0 || length > NUMBER_LENGTH) {
        return false;
    }
    uint32_t value = 0;
    for (size_t i = 0; i < length; i++) {
        if (text[i] < '0' || text[i] > '9') {
            return false;
        }
        value = value * 10 + (uint32_t)(text[i] - '0');
    }
    *number = value;
    return true;
}

/* A number or a name. */
static bool read_vm(const struct vm_roster *r, const char *text, size_t length,
                    uint32_t *vm)
{
    if (read_number(text, length, vm)) {
        return *vm < vm_roster_limit(r);
    }
    size_t digits = 0;
    while (digits < length && text[length - digits - 1] != '-') {
        digits++;
    }
    uint32_t place;
    if (digits == length ||
        !read_number(text + length - digits, digits, &place)) {
        return false;
    }
    uint32_t g = find_group(r, text, length - digits - 1);
    if (g == r->group_count || place >= r->groups[g].count) {
        return false;
    }
    *vm = r->groups[g].first + place;
    return true;
}

/* Reads a word: the name of a VM comes before that of a group, and that before
   a range. */
static bool read_word(const struct vm_roster *r, const char *text,
                      size_t length, struct meaning *meaning)
{
    uint32_t vm;
    if (read_vm(r, text, length, &vm)) {
        *meaning = (struct meaning){ vm, 1 };
        return true;
    }
    uint32_t g = find_group(r, text, length);
    if (g < r->group_count) {
        *meaning = (struct meaning){ r->groups[g].first, r->groups[g].count };
        return true;
    }
    const char *hyphen = memchr(text, '-', length);
    if (!hyphen) {
        return false;
    }
    size_t before = (size_t)(hyphen - text);
    uint32_t last;
    if (!read_number(text, before, &vm) ||
        !read_number(hyphen + 1, length - before - 1, &last) || vm > last ||
        last >= vm_roster_limit(r)) {
        return false;
    }
    *meaning = (struct meaning){ vm, last - vm + 1 };
    return true;
}

static bool complain(const struct vm_roster *r, const char *text, size_t length,
                     char message[VM_NAME_MESSAGE_BYTES])
{
    uint32_t limit = vm_roster_limit(r);
    int shown = length < GROUP_LENGTH ? (int)length : GROUP_LENGTH;
    if (limit <= 1) {
        (void)snprintf(message, VM_NAME_MESSAGE_BYTES,
                       "there is no VM '%.*s': the run has %s%s", shown, text,
                       limit == 0 ? "none" : "one, number 0 or ",
                       limit == 0 ? "" : vm_name(r, 0).chars);
        return false;
    }
    (void)snprintf(message, VM_NAME_MESSAGE_BYTES,
                   "there is no VM '%.*s': VMs of this run are 0 to %u, or %s "
                   "to %s by name",
                   shown, text, limit - 1, vm_name(r, 0).chars,
                   vm_name(r, limit - 1).chars);
    return false;
}

bool vm_name_read(const struct vm_roster *r, const char *text, uint32_t *vm,
                  char message[VM_NAME_MESSAGE_BYTES])
{
    struct meaning meaning;
    size_t length = strlen(text);
    if (!read_word(r, text, length, &meaning)) {
        return complain(r, text, length, message);
    }
    if (meaning.count != 1) {
        (void)snprintf(message, VM_NAME_MESSAGE_BYTES,
                       "'%.*s' is %u VMs: name one, such as %s", GROUP_LENGTH,
                       text, meaning.count, vm_name(r, meaning.first).chars);
        return false;
    }
    *vm = meaning.first;
    return true;
}

bool vm_name_read_list(const struct vm_roster *r, const char *text,
                       bool *chosen, char message[VM_NAME_MESSAGE_BYTES])
{
    for (const char *at = text;; at++) {
        struct meaning meaning;
        size_t length = strcspn(at, ",");
        if (!read_word(r, at, length, &meaning)) {
            return complain(r, at, length, message);
        }
        for (uint32_t i = 0; i < meaning.count; i++) {
            chosen[meaning.first + i] = true;
        }
        at += length;
        if (*at == '\0') {
            return true;
        }
    }
}
