/* viz_live.c - see viz_live.h. */
#define _POSIX_C_SOURCE 200809L
#include "cli/commands/viz_live.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/run/trace_info.h"
#include "cli/sandbox.h"
#include "ik/state.h"
#include "isa/decode.h"
#include "isa/disasm.h"

#define STEPS_AT_ONCE 64

struct console_tail {
    uint32_t count;
    char text[GUEST_CONSOLE_BYTES];
};

struct viz_session {
    struct session session;
    struct trace_info *info; /* Owned. */
    struct viz_live live;
    struct disasm *disasm;          /* Owned. */
    struct console_tail **consoles; /* Owned; by VM. NULL: it wrote nothing. */
    uint32_t steps;                 /* Since the last pause. */
    bool has_events;                /* One came since the last pause. */
    bool is_over;
    bool is_closed; /* Its sandbox. */
};

/* ---- The run ------------------------------------------------------------ */

static void on_event(void *ctx, const struct trace_event *event)
{
    struct viz_session *v = ctx;
    v->has_events = true;
    if (v->live.sink) {
        v->live.sink(v->live.sink_ctx, event);
    }
}

static bool wants_pause(void *ctx)
{
    struct viz_session *v = ctx;
    return v->has_events || v->steps++ >= STEPS_AT_ONCE;
}

/* The window is open by the first step. Pictures may be asked for at any time
   and place, so that files stay as free as they are. */
static void close_sandbox(void)
{
    const char *all[] = { "/" };
    struct sandbox_needs needs = { .written = all,
                                   .written_count = 1,
                                   .has_window = true };
    char message[SANDBOX_MESSAGE_BYTES];
    if (!sandbox_close(&needs, message)) {
        fprintf(stderr, "iksim: %s\n", message);
    }
}

static bool step(void *ctx)
{
    struct viz_session *v = ctx;
    if (!v->is_closed) {
        close_sandbox();
        v->is_closed = true;
    }
    v->steps = 0;
    v->has_events = false;
    v->is_over = v->is_over || !session_step(&v->session, wants_pause, v);
    return !v->is_over;
}

static const char *end_message(void *ctx)
{
    const struct viz_session *v = ctx;
    return v->session.kernel->failure;
}

/* ---- What only the machine knows ---------------------------------------- */

/* Keeps the tail of what the VM wrote: older halves are dropped. */
static void on_console(void *ctx, const struct vm *vm, const uint8_t *bytes,
                       uint32_t count)
{
    struct viz_session *v = ctx;
    struct console_tail *tail = v->consoles[vm->id];
    if (!tail) {
        tail = calloc(1, sizeof(*tail));
        v->consoles[vm->id] = tail;
    }
    for (uint32_t i = 0; tail && i < count; i++) {
        if (tail->count == sizeof(tail->text) - 1) {
            uint32_t half = tail->count / 2;
            memmove(tail->text, tail->text + half, tail->count - half);
            tail->count -= half;
        }
        bool is_shown = bytes[i] == '\n' || (bytes[i] >= ' ' && bytes[i] < 127);
        char c = '.';
        if (is_shown) {
            memcpy(&c, &bytes[i], 1);
        }
        tail->text[tail->count++] = c;
        tail->text[tail->count] = '\0';
    }
}

static void fill_code(const struct viz_session *v, const struct vm *vm,
                      struct guest_view *g)
{
    const struct image *image = &v->session.images[vm->image];
    uint32_t at = vm->regs.eip - image->text_va;
    while (at < image->text_bytes && g->code_count < GUEST_CODE_LINES) {
        const uint8_t *bytes = image->text + at;
        struct insn insn = { 0 };
        if (insn_decode(bytes, image->text_bytes - at, &insn) ==
                INSN_TRUNCATED ||
            insn.size_bytes == 0 || insn.size_bytes > image->text_bytes - at) {
            break;
        }
        char text[DISASM_TEXT_BYTES];
        disasm_format(v->disasm, image->text_va + at, bytes, insn.size_bytes,
                      text);
        uint32_t line = g->code_count++;
        g->code_va[line] = image->text_va + at;
        snprintf(g->code[line], sizeof(g->code[line]), "%.*s",
                 (int)sizeof(g->code[line]) - 1, text);
        at += insn.size_bytes;
    }
}

static bool guest(void *ctx, uint32_t id, struct guest_view *g)
{
    static const char *const names[GUEST_REGISTERS] = {
        "eax", "ecx", "edx", "ebx", "esp", "ebp", "esi", "edi", "eip", "eflg"
    };
    struct viz_session *v = ctx;
    const struct kernel *k = v->session.kernel;
    if (id >= k->vm_count || k->vms[id].state == VM_CREATED) {
        return false;
    }
    const struct vm *vm = &k->vms[id];
    *g = (struct guest_view){ .vm = id };
    memcpy(g->register_names, names, sizeof(names));
    memcpy(g->registers, vm->regs.gpr, sizeof(vm->regs.gpr));
    g->registers[CPU_GPR_COUNT] = vm->regs.eip;
    g->registers[CPU_GPR_COUNT + 1] = vm->regs.eflags;
    fill_code(v, vm, g);
    if (v->consoles[id]) {
        memcpy(g->console, v->consoles[id]->text, sizeof(g->console));
    }
    return true;
}

/* ---- Opening and closing ------------------------------------------------ */

struct viz_session *viz_session_open(struct session_options *options,
                                     char message[SCENARIO_MESSAGE_BYTES])
{
    struct viz_session *v = calloc(1, sizeof(*v));
    snprintf(message, SCENARIO_MESSAGE_BYTES, "the host is out of memory");
    if (!v) {
        return NULL;
    }
    options->observer.console = on_console;
    options->observer.ctx = v;
    if (!session_open(&v->session, options, message)) {
        viz_session_close(v);
        return NULL;
    }
    v->disasm = disasm_create(&v->session.arena);
    v->info = trace_info_of(&v->session);
    v->consoles =
        calloc(v->session.kernel->vm_count, sizeof(struct console_tail *));
    if (!v->disasm || !v->info || !v->consoles) {
        snprintf(message, SCENARIO_MESSAGE_BYTES, "the host is out of memory");
        viz_session_close(v);
        return NULL;
    }
    v->live = (struct viz_live){ .info = v->info,
                                 .ctx = v,
                                 .step = step,
                                 .guest = guest,
                                 .message = end_message };
    trace_add_sink(v->session.trace, on_event, v);
    return v;
}

void viz_session_close(struct viz_session *v)
{
    if (!v) {
        return;
    }
    for (uint32_t i = 0; v->consoles && v->info && i < v->info->vm_limit; i++) {
        free(v->consoles[i]);
    }
    free(v->consoles);
    trace_info_free(v->info);
    disasm_release(v->disasm);
    session_close(&v->session);
    free(v);
}

struct viz_live *viz_session_live(struct viz_session *v)
{
    return &v->live;
}

struct session *viz_session_of(struct viz_session *v)
{
    return &v->session;
}

void viz_session_finish(struct viz_session *v)
{
    v->live.sink = NULL;
    while (step(v)) {
    }
}
