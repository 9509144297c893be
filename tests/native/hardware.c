/* hardware.c - see hardware.h. */
#define _GNU_SOURCE /* The registers in a signal's frame, by name. */
#include "tests/native/hardware.h"

#ifdef __x86_64__

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>

#include "tests/native/flags.h"

#define USER32_CODE 0x23
#define USER_DATA   0x2b

enum { TRAP_DIVIDE = 0, TRAP_PROTECTION = 13, TRAP_PAGE = 14 };

struct hardware {
    uint8_t *text, *ram; /* Where a guest has them. */
    bool is_inside;
    bool has_finished;
    const struct trial *trial; /* Of this run. */
    struct ending *out;
    gregset_t host; /* Where the run began. */
    uint8_t stack[1 << 16];
};

/* Signals know no context: the one that is open. */
static struct hardware *the_hardware;

static const int order[CPU_GPR_COUNT] = { REG_RAX, REG_RCX, REG_RDX, REG_RBX,
                                          REG_RSP, REG_RBP, REG_RSI, REG_RDI };

static void set_pages(struct hardware *h, uint32_t first, uint32_t count,
                      int rights)
{
    uint8_t *data = h->ram + (DATA_BASE - RAM_BASE);
    int err = mprotect(data + first * ABI_PAGE_BYTES,
                       (size_t)count * ABI_PAGE_BYTES, rights);
    SIM_ASSERT(err == 0);
}

static void enter(struct hardware *h, gregset_t regs)
{
    memcpy(h->host, regs, sizeof(gregset_t));
    for (int i = 0; i < CPU_GPR_COUNT; i++) {
        regs[order[i]] = 0;
    }
    regs[REG_RIP] = h->trial->entry;
    regs[REG_EFL] = 2;
    regs[REG_CSGSFS] = (regs[REG_CSGSFS] & ~0xffffLL) | USER32_CODE;
    h->is_inside = true;
}

static void leave(struct hardware *h, gregset_t regs, bool has_finished)
{
    memcpy(regs, h->host, sizeof(gregset_t));
    h->is_inside = false;
    h->has_finished = has_finished;
}

static void add_fault(struct hardware *h, const gregset_t regs, uint32_t page)
{
    struct fault fault = { .page = page };
    fault.is_write = page != FAULT_DIVIDE && (regs[REG_ERR] & 2) != 0;
    for (int i = 0; i < CPU_GPR_COUNT; i++) {
        fault.regs.gpr[i] = (uint32_t)regs[order[i]];
    }
    fault.regs.eip = (uint32_t)regs[REG_RIP];
    fault.regs.eflags = ((uint32_t)regs[REG_EFL] & FLAGS_ALL) | 2;
    ending_add_fault(h->out, &fault);
}

/* The trial's own signals; false: it is over, for a reason that it has not. */
static bool serve(struct hardware *h, gregset_t regs)
{
    uint32_t page = ((uint32_t)regs[REG_CR2] - DATA_BASE) / ABI_PAGE_BYTES;
    switch (regs[REG_TRAPNO]) {
    case TRAP_DIVIDE:
        add_fault(h, regs, FAULT_DIVIDE);
        regs[REG_RIP] = h->trial->resume;
        return true;
    case TRAP_PAGE:
        if (page >= DATA_PAGES) {
            return false;
        }
        add_fault(h, regs, page);
        set_pages(h, page, 1,
                  (regs[REG_ERR] & 2) != 0 ? PROT_READ | PROT_WRITE
                                           : PROT_READ);
        return true;
    case TRAP_PROTECTION:
        if (regs[REG_ERR] == (VI_SERVICE << 3 | 2)) {
            set_pages(h, 0, DATA_PAGES, PROT_NONE);
            regs[REG_RIP] += 2;
            return true;
        }
        if (regs[REG_ERR] == (VI_END << 3 | 2)) {
            leave(h, regs, true);
            return true;
        }
        return false;
    default:
        return false;
    }
}

static void on_signal(int number, siginfo_t *info, void *context)
{
    (void)info;
    struct hardware *h = the_hardware;
    ucontext_t *u = context;
    long long *regs = u->uc_mcontext.gregs;
    if (!h->is_inside) {
        if (number == SIGUSR1) {
            enter(h, regs);
        } else { /* A fault of ours. */
            (void)signal(number, SIG_DFL);
        }
        return;
    }
    if (!serve(h, regs)) {
        (void)snprintf(h->out->failure, sizeof(h->out->failure),
                       "signal %d, trap %lld, error %llx, at %08x, "
                       "address %08x",
                       number, regs[REG_TRAPNO], regs[REG_ERR],
                       (uint32_t)regs[REG_RIP], (uint32_t)regs[REG_CR2]);
        leave(h, regs, false);
    }
}

static uint8_t *map_at(uint32_t va, size_t bytes, int rights)
{
    union { /* An address of a guest's, which is to be one of ours. */
        uintptr_t number;
        void *pointer;
    } u = { .number = va };
    void *wanted = u.pointer;
    void *got = mmap(wanted, bytes, rights,
                     MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
    if (got != wanted) {
        return NULL;
    }
    return got;
}

static void take_signals(struct hardware *h)
{
    static const int numbers[] = { SIGSEGV, SIGBUS,  SIGFPE,
                                   SIGILL,  SIGTRAP, SIGUSR1 };
    stack_t stack = { .ss_sp = h->stack, .ss_size = sizeof(h->stack) };
    int err = sigaltstack(&stack, NULL);
    SIM_ASSERT(err == 0);
    struct sigaction action = { .sa_flags = SA_SIGINFO | SA_ONSTACK };
    action.sa_sigaction = on_signal;
    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
        err = sigaction(numbers[i], &action, NULL);
        SIM_ASSERT(err == 0);
    }
    /* In 64-bit mode nobody looks at these; in the other they must be there. */
    __asm__ volatile("movl %0, %%ds\n\tmovl %0, %%es" : : "r"(USER_DATA));
}

/* A trial of nothing at all comes back. */
static bool is_able(struct hardware *h)
{
    struct trial t = { .entry = SLOT_VA(0) };
    struct ending *out = h->out;
    static const uint8_t end[] = { 0xcd, VI_END };
    memcpy(h->text + (t.entry - ABI_TEXT_BASE), end, sizeof(end));
    h->trial = &t;
    out->failure[0] = '\0';
    (void)raise(SIGUSR1);
    return h->has_finished;
}

struct hardware *hardware_open(const char **why)
{
    int rights = PROT_READ | PROT_WRITE;
    size_t bytes = sizeof(struct hardware) + sizeof(struct ending);
    struct hardware *h =
        mmap(NULL, bytes, rights, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    SIM_ASSERT(h != MAP_FAILED && the_hardware == NULL);
    h->out = (struct ending *)(void *)(h + 1);
    h->text = map_at(ABI_TEXT_BASE, TEXT_BYTES, rights | PROT_EXEC);
    h->ram = map_at(RAM_BASE, RAM_BYTES, rights);
    *why = "The addresses of a guest are not free in this process.";
    if (h->text == NULL || h->ram == NULL) {
        return NULL;
    }
    the_hardware = h;
    take_signals(h);
    *why = "This kernel runs no 32-bit code.";
    return is_able(h) ? h : NULL;
}

void hardware_close(struct hardware *h)
{
    (void)munmap(h->text, TEXT_BYTES);
    (void)munmap(h->ram, RAM_BYTES);
    the_hardware = NULL;
}

void hardware_set_text(struct hardware *h, const uint8_t *text)
{
    memcpy(h->text, text, TEXT_BYTES);
}

void hardware_run(struct hardware *h, const struct trial *t,
                  const struct state *states, struct ending *out)
{
    out->fault_count = 0;
    out->failure[0] = '\0';
    h->trial = t;
    h->out = out;
    trial_load(t, states, h->ram);
    (void)raise(SIGUSR1);
    set_pages(h, 0, DATA_PAGES, PROT_READ | PROT_WRITE);
    trial_store(t, h->ram, out);
}

#else

struct hardware *hardware_open(const char **why)
{
    *why = "This machine is not an x86-64.";
    return NULL;
}

void hardware_close(struct hardware *h)
{
    (void)h;
}

void hardware_set_text(struct hardware *h, const uint8_t *text)
{
    (void)h;
    (void)text;
}

void hardware_run(struct hardware *h, const struct trial *t,
                  const struct state *states, struct ending *out)
{
    (void)h;
    (void)t;
    (void)states;
    (void)out;
}

#endif
