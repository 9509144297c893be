/* audit.c - see audit.h. */
#include "cli/run/inspect/audit.h"

#include "ik/admission.h"
#include "ik/check.h"
#include "ik/devices/device.h"
#include "ik/memory/eviction.h"

/* Each VM that is set aside can go on, and none is there twice. */
static void audit_aside(struct kernel *k)
{
    const struct vmlist *list = &k->summons.aside;
    uint32_t count = 0;
    for (vmid_t i = list->head; i != VM_NONE && count <= list->count;
         i = k->summons.aside_links[i].next) {
        const struct vm *vm = &k->vms[i];
        count++;
        check_equal(k, "the state of a VM set aside", vm->state, VM_READY);
        check_equal(k, "whether a VM set aside knows it", vm->aside.is_aside,
                    true);
        check_equal(k, "a quantum set aside that is over",
                    vm->aside.used >= vm->aside.granted, 0);
    }
    check_equal(k, "VMs set aside", count, list->count);
    check(k, count <= 1 || k->config.scenario->interrupts == INTERRUPTS_NESTED,
          "VMs set aside, without nesting", count, 1);
}

void audit_step(struct kernel *k)
{
    const struct stats *s = k->config.stats;
    uint64_t sum = 0;
    for (int c = 0; c < CPU_CATEGORY_COUNT; c++) {
        sum += s->cpu_whole[c];
    }
    check_equal(k, "processor time", sum, k->now);
    if (k->turn.running != VM_NONE) {
        check_equal(k, "the running VM's state", k->vms[k->turn.running].state,
                    VM_RUNNING);
    }
    audit_aside(k);
    const struct frames *f = &k->frames;
    check_equal(k, "frames in all",
                f->free_count + f->pinned + f->tables + f->orphans +
                    k->paging.resident,
                f->count);
    check(k, k->transfers.pages_writing <= EVICTION_WRITE_LIMIT,
          "pages waiting to be written", k->transfers.pages_writing,
          EVICTION_WRITE_LIMIT);
    if (k->steps % k->config.audit_period == 0) {
        audit_whole(k);
    }
}

/* Every page is resident, on disk, or untouched; nothing is two of them. */
static void audit_page(struct kernel *k, const struct vm *vm, uint32_t page)
{
    const struct pte *pte = &vm->ptes[page];
    bool is_present = (pte->flags & PTE_PRESENT) != 0;
    bool is_reading = (pte->flags & PTE_READING) != 0;
    check_equal(k, "a page both present and on its way in",
                is_present && is_reading, 0);
    bool is_bare = !is_present && (pte->flags & (PTE_DIRTY | PTE_TEXT)) != 0;
    check_equal(k, "a page dirty or text without a frame", is_bare, 0);
    bool is_odd_text = (pte->flags & PTE_TEXT) != 0 &&
                       (pte->flags & (PTE_DIRTY | PTE_SWAPPED)) != 0;
    check_equal(k, "a text page that was written", is_odd_text, 0);
}

/* What maps a page is there: its leaf, and the directory of any leaf. */
static uint32_t audit_tables(struct kernel *k, const struct vm *vm)
{
    bool has_directory = vm->directory_frame != FRAME_NONE;
    uint32_t tables = has_directory;
    for (uint32_t i = 0; i * TABLE_PAGES < vm->page_count; i++) {
        bool has_leaf = vm->leaf_frame[i] != FRAME_NONE;
        tables += has_leaf;
        check_equal(k, "a leaf without its directory",
                    has_leaf && !has_directory, 0);
        check_equal(k, "pages without their leaf",
                    vm->leaf_resident[i] > 0 && !has_leaf, 0);
    }
    return tables;
}

/* The frames in the VM's ring are those its page table names. */
static void audit_pages(struct kernel *k, const struct vm *vm)
{
    uint32_t present = 0;
    uint32_t reading = 0;
    for (uint32_t page = 0; page < vm->page_count; page++) {
        const struct pte *pte = &vm->ptes[page];
        audit_page(k, vm, page);
        reading += (pte->flags & PTE_READING) != 0;
        if (!(pte->flags & PTE_PRESENT)) {
            continue;
        }
        present++;
        const struct frame *f = &k->frames.table[pte->frame];
        check_equal(k, "the owner of a present page's frame", f->owner, vm->id);
        check_equal(k, "the page of a present page's frame", f->page, page);
    }
    check_equal(k, "a VM's pages present or on their way in", present + reading,
                vm->resident);
    uint32_t in_ring = 0;
    uint32_t frame = vm->first_frame;
    while (frame != FRAME_NONE && in_ring <= k->frames.count) {
        in_ring += k->frames.table[frame].page != FRAME_PAGE_TABLE;
        frame = k->frames.table[frame].next;
        if (frame == vm->first_frame) {
            break;
        }
    }
    check_equal(k, "the pages in a VM's ring", in_ring, vm->resident);
}

static void audit_frames(struct kernel *k)
{
    const struct frames *f = &k->frames;
    uint32_t used = 0;
    uint32_t tables = 0;
    uint32_t pinned = 0;
    uint32_t orphans = 0;
    for (uint32_t i = 0; i < f->fresh; i++) {
        const struct frame *e = &f->table[i];
        bool is_pinned = e->owner == VM_NONE && e->page == FRAME_PAGE_PINNED;
        pinned += is_pinned;
        bool is_orphan = e->owner == VM_NONE && e->page == FRAME_PAGE_ORPHAN;
        orphans += is_orphan;
        used += e->owner != VM_NONE || is_pinned || is_orphan;
        tables += e->owner != VM_NONE && e->page == FRAME_PAGE_TABLE;
    }
    check_equal(k, "free and used frames together", used + f->free_count,
                f->count);
    check_equal(k, "frames of page tables", f->tables, tables);
    check_equal(k, "pinned frames", f->pinned, pinned);
    check_equal(k, "frames of ended VMs", f->orphans, orphans);
}

static void audit_devices(struct kernel *k)
{
    for (size_t i = 0; k->devices[i]; i++) {
        if (k->devices[i]->audit) {
            k->devices[i]->audit(k);
        }
    }
}

void audit_whole(struct kernel *k)
{
    uint32_t waiting = 0;
    uint32_t admitted = 0;
    uint32_t running = 0;
    uint32_t alive = 0;
    uint32_t resident = 0;
    uint32_t tables = 0;
    uint32_t aside = 0;
    uint64_t unfilled = 0;
    for (vmid_t i = 0; i < k->vm_count; i++) {
        const struct vm *vm = &k->vms[i];
        aside += vm->aside.is_aside;
        waiting += vm->state == VM_WAITING;
        running += vm->state == VM_RUNNING;
        alive += vm->state != VM_DEAD;
        resident += vm->resident;
        if (vm_is_admitted(vm)) {
            admitted++;
            unfilled += vm->reservation > vm->resident
                            ? vm->reservation - vm->resident
                            : 0;
        } else {
            check_equal(k, "a reservation without admission", vm->reservation,
                        0);
            check_equal(k, "pages pinned without admission", vm->pin_count, 0);
        }
        if (vm->ptes) {
            audit_pages(k, vm);
            tables += audit_tables(k, vm);
        }
    }
    check_equal(k, "waiting VMs", k->admission.waiting, waiting);
    check_equal(k, "admitted VMs", k->admission.admitted, admitted);
    check_equal(k, "living VMs", k->alive, alive);
    check_equal(k, "running VMs", running, k->turn.running != VM_NONE);
    check_equal(k, "VMs that are set aside", k->summons.aside.count, aside);
    check_equal(k, "promised frames", k->admission.unfilled, unfilled);
    check_equal(k, "page tables that VMs hold", k->frames.tables, tables);
    check_equal(k, "resident pages of all VMs", k->paging.resident, resident);
    audit_frames(k);
    audit_devices(k);
}

void audit_empty(struct kernel *k)
{
    const struct frames *f = &k->frames;
    check_equal(k, "living VMs at the end", k->alive, 0);
    check_equal(k, "resident pages at the end", k->paging.resident, 0);
    check_equal(k, "page tables at the end", f->tables, 0);
    check_equal(k, "frames of ended VMs at the end", f->orphans, 0);
    check_equal(k, "pinned frames at the end", f->pinned,
                k->paging.pinned_base);
    check_equal(k, "free frames at the end", f->free_count,
                f->count - k->paging.pinned_base);
    check_equal(k, "swap not given back",
                k->swap.free_pages + k->paging.swap_kept, k->swap.page_count);
    check_equal(k, "transfers at the end", k->transfers.in_flight, 0);
    check_equal(k, "frames promised at the end", k->admission.unfilled, 0);
    audit_devices(k);
}
