/* fake_memory.c - see fake_memory.h. */
#include "tests/ik_policy/fake_memory.h"

#include <string.h>

static bool may_take(void *ctx, uint32_t frame)
{
    struct fake_memory *m = ctx;
    m->questions++;
    return fake_may_take(m, frame);
}

static bool was_touched(void *ctx, uint32_t frame)
{
    struct fake_memory *m = ctx;
    SIM_ASSERT(m->frames[frame].is_entered);
    bool touched = m->frames[frame].is_touched;
    m->frames[frame].is_touched = m->touch_sticks;
    return touched;
}

static bool is_dirty(void *ctx, uint32_t frame)
{
    struct fake_memory *m = ctx;
    SIM_ASSERT(m->frames[frame].is_entered);
    return m->frames[frame].is_dirty;
}

static bool clean(void *ctx, uint32_t frame)
{
    struct fake_memory *m = ctx;
    SIM_ASSERT(fake_may_take(m, frame));
    if (m->clean_room == 0) {
        m->refused++;
        return false;
    }
    fake_write(m, frame);
    return true;
}

void fake_init(struct fake_memory *m, const struct replace_policy *policy,
               const struct replace_config *config, int fill)
{
    SIM_ASSERT(config->frame_count <= FAKE_FRAMES);
    SIM_ASSERT(config->vm_limit <= FAKE_VMS);
    memset(m, 0, sizeof(*m));
    memset(m->block, fill, sizeof(m->block));
    arena_init(&m->arena, m->block, sizeof(m->block));
    struct replace_config hosted = *config;
    hosted.host = &m->host;
    rng_init(&m->host.rng, 7, "replacement", 0);
    m->r = policy->create(policy, &m->arena, &hosted);
    SIM_ASSERT(m->r);
    m->view = (struct replace_view){
        .ctx = m,
        .wanted_by = VM_NONE,
        .may_take = may_take,
        .was_touched = was_touched,
        .is_dirty = is_dirty,
        .clean = clean,
    };
    m->frame_count = config->frame_count;
    m->vm_count = config->vm_limit;
    m->only_vm = VM_NONE;
    m->clean_room = UINT32_MAX;
}

/* As the kernel does when a VM stops, and before it asks for a victim. */
static void tell_ran(struct fake_memory *m)
{
    for (vmid_t vm = 0; m->r->policy->ran && vm < m->vm_count; vm++) {
        m->r->policy->ran(m->r, vm, m->virtual_time[vm]);
    }
}

void fake_enter(struct fake_memory *m, uint32_t frame, vmid_t vm)
{
    SIM_ASSERT(!m->frames[frame].is_entered);
    m->frames[frame] = (struct fake_frame){
        .is_entered = true,
        .is_touched = true,
        .vm = vm,
    };
    tell_ran(m);
    m->r->policy->enter(m->r, frame, vm);
}

void fake_leave(struct fake_memory *m, uint32_t frame)
{
    SIM_ASSERT(m->frames[frame].is_entered);
    m->frames[frame].is_entered = false;
    m->r->policy->leave(m->r, frame);
}

void fake_touch(struct fake_memory *m, uint32_t frame)
{
    SIM_ASSERT(m->frames[frame].is_entered);
    m->frames[frame].is_touched = true;
    if (m->r->policy->touch) {
        m->r->policy->touch(m->r, frame);
    }
}

void fake_write(struct fake_memory *m, uint32_t frame)
{
    SIM_ASSERT(m->frames[frame].is_dirty);
    SIM_ASSERT(m->clean_room > 0);
    m->clean_room--;
    m->cleaned++;
    for (uint32_t i = 0; i < 2; i++) {
        struct fake_frame *f = &m->frames[frame ^ i];
        if (i == 0 || (m->writes_in_pairs && f->is_entered && f->is_dirty)) {
            f->is_dirty = false;
            f->is_writing = true;
        }
    }
}

bool fake_may_take(const struct fake_memory *m, uint32_t frame)
{
    SIM_ASSERT(frame < m->frame_count);
    const struct fake_frame *f = &m->frames[frame];
    SIM_ASSERT(f->is_entered);
    return !f->is_pinned && (!f->is_writing || m->writes_copy) &&
           (m->only_vm == VM_NONE || m->only_vm == f->vm);
}

uint32_t fake_victim(struct fake_memory *m)
{
    tell_ran(m);
    uint32_t frame = m->r->policy->victim(m->r, &m->view);
    SIM_ASSERT(frame == FRAME_NONE || fake_may_take(m, frame));
    return frame;
}

uint32_t fake_evict(struct fake_memory *m)
{
    uint32_t frame = fake_victim(m);
    if (frame != FRAME_NONE) {
        fake_leave(m, frame);
    }
    return frame;
}
