/*
 * cpu.c - how fast the processor is: one checksum loop under a plain engine
 * without hooks, under iksim's processor with its exact counts, and, where
 * qemu-system-i386 is installed, under QEMU with and without exact counts.
 *
 *   build/bench/cpu [ROUNDS [REPEATS]]
 *
 * Times are processor time, and medians; the ratios are what to look at.
 * QEMU boots the loop from a multiboot file, and what it takes for one round
 * is subtracted.
 */
#define _DEFAULT_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <unicorn/unicorn.h>

#include "tests/isa/fixture.h"

enum {
    DATA_BYTES = 1024,
    INSNS_PER_BYTE = 9,
    REPEAT_LIMIT = 31,
    QUANTUM_CYCLES = 17000000, /* 10 ms at 1.7 GHz. */
};

#define TABLE_VA  0x00420000u
#define BUFFER_VA 0x00421000u

/* EAX: sum. EBP: rounds. ESI: buffer. EDI: table. */
static const uint8_t loop_text[] = {
    0x31, 0xc9,                   /*    xor %ecx, %ecx              */
    0x0f, 0xb6, 0x14, 0x0e,       /* 1: movzbl (%esi, %ecx), %edx   */
    0x89, 0xc3,                   /*    mov %eax, %ebx              */
    0xc1, 0xe8, 0x08,             /*    shr $8, %eax                */
    0x31, 0xda,                   /*    xor %ebx, %edx              */
    0x0f, 0xb6, 0xd2,             /*    movzbl %dl, %edx            */
    0x33, 0x04, 0x97,             /*    xor (%edi, %edx, 4), %eax   */
    0x41,                         /*    inc %ecx                    */
    0x81, 0xf9, 0,    4,    0, 0, /*    cmp $1024, %ecx             */
    0x75, 0xe6,                   /*    jne 1b                      */
    0x4d,                         /*    dec %ebp                    */
    0x75, 0xe1,                   /*    jne the start               */
};

struct work {
    uint32_t rounds;
    uint32_t table[256];
    uint8_t buffer[DATA_BYTES];
};

struct result {
    const char *name;
    bool is_there;
    double seconds; /* Median. */
    uint32_t sum;
};

static void prepare(struct work *w, uint32_t rounds)
{
    w->rounds = rounds;
    for (uint32_t i = 0; i < 256; i++) {
        uint32_t rest = i;
        for (int bit = 0; bit < 8; bit++) {
            rest = (rest >> 1) ^ ((rest & 1) != 0 ? 0xedb88320u : 0);
        }
        w->table[i] = rest;
    }
    for (uint32_t i = 0; i < DATA_BYTES; i++) {
        w->buffer[i] = (uint8_t)(i * 167 + 13);
    }
}

static double insns_of(const struct work *w)
{
    return (double)w->rounds * (DATA_BYTES * INSNS_PER_BYTE + 3);
}

static double process_seconds(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static double children_seconds(void)
{
    struct rusage u;
    (void)getrusage(RUSAGE_CHILDREN, &u);
    return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) +
           (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) * 1e-6;
}

static struct cpu_regs start_regs(const struct work *w)
{
    struct cpu_regs regs = { .eip = ABI_TEXT_BASE, .eflags = 2 };
    regs.gpr[CPU_EAX] = 0xffffffff;
    regs.gpr[CPU_EBP] = w->rounds;
    regs.gpr[CPU_ESI] = BUFFER_VA;
    regs.gpr[CPU_EDI] = TABLE_VA;
    return regs;
}

/* ---- The contenders: each runs once and returns its seconds ------------- */

static double run_plain(const struct work *w, uint32_t *sum)
{
    static const int ids[] = {
        UC_X86_REG_EAX, UC_X86_REG_ECX, UC_X86_REG_EDX, UC_X86_REG_EBX,
        UC_X86_REG_ESP, UC_X86_REG_EBP, UC_X86_REG_ESI, UC_X86_REG_EDI,
    };
    uc_engine *uc = NULL;
    struct cpu_regs regs = start_regs(w);
    uint32_t end = ABI_TEXT_BASE + (uint32_t)sizeof(loop_text);
    bool is_ok = uc_open(UC_ARCH_X86, UC_MODE_32, &uc) == UC_ERR_OK;
    SIM_ASSERT(is_ok);
    is_ok =
        uc_mem_map(uc, ABI_MEM_BASE, 0x40000, UC_PROT_ALL) == UC_ERR_OK &&
        uc_mem_write(uc, ABI_TEXT_BASE, loop_text, sizeof(loop_text)) ==
            UC_ERR_OK &&
        uc_mem_write(uc, TABLE_VA, w->table, sizeof(w->table)) == UC_ERR_OK &&
        uc_mem_write(uc, BUFFER_VA, w->buffer, DATA_BYTES) == UC_ERR_OK;
    SIM_ASSERT(is_ok);
    for (int i = 0; i < CPU_GPR_COUNT; i++) {
        (void)uc_reg_write(uc, ids[i], &regs.gpr[i]);
    }
    double before = process_seconds();
    uc_err err = uc_emu_start(uc, ABI_TEXT_BASE, end, 0, 0);
    double seconds = process_seconds() - before;
    SIM_ASSERT(err == UC_ERR_OK);
    (void)uc_reg_read(uc, UC_X86_REG_EAX, sum);
    (void)uc_close(uc);
    return seconds;
}

static double run_iksim(const struct work *w, uint32_t *sum)
{
    static const uint8_t terminate[] = { 0xcd, ABI_VI_TERMINATE };
    uint8_t text[sizeof(loop_text) + sizeof(terminate)];
    struct machine m;
    struct cpu_exit e;
    memcpy(text, loop_text, sizeof(loop_text));
    memcpy(text + sizeof(loop_text), terminate, sizeof(terminate));
    machine_open(&m, text, sizeof(text));
    memcpy(machine_at(&m, TABLE_VA), w->table, sizeof(w->table));
    memcpy(machine_at(&m, BUFFER_VA), w->buffer, DATA_BYTES);
    m.regs = start_regs(w);
    double before = process_seconds();
    machine_go(&m, QUANTUM_CYCLES, &e);
    double seconds = process_seconds() - before;
    SIM_ASSERT(e.kind == CPU_EXIT_VINSN);
    SIM_ASSERT((double)m.insns == insns_of(w) + 1); /* And the last one. */
    *sum = m.regs.gpr[CPU_EAX];
    machine_close(&m);
    return seconds;
}

/* A multiboot file that sets the registers, runs the loop and exits with the
   low bits of the sum. */
static void write_multiboot(FILE *file, const struct work *w)
{
    enum { BASE = 0x100000, LOOP = 64, TABLE = 4096, BUFFER = 8192 };
    static uint8_t image[BUFFER + DATA_BYTES];
    const uint32_t header[] = {
        0x1badb002, 0x10000,   0u - 0x1badb002u - 0x10000u,
        BASE,       BASE,      BASE + sizeof(image),
        0,          BASE + 32,
    };
    const uint32_t values[] = { 0xffffffff, w->rounds, BASE + BUFFER,
                                BASE + TABLE };
    static const uint8_t moves[] = { 0xb8, 0xbd, 0xbe, 0xbf };
    static const uint8_t leave[] = { 0xe6, 0xf4, 0xeb, 0xfe };
    memset(image, 0x90, sizeof(image));
    memcpy(image, header, sizeof(header));
    for (size_t i = 0; i < 4; i++) { /* eax, ebp, esi, edi */
        image[32 + 5 * i] = moves[i];
        memcpy(image + 33 + 5 * i, &values[i], 4);
    }
    memcpy(image + LOOP, loop_text, sizeof(loop_text));
    memcpy(image + LOOP + sizeof(loop_text), leave, sizeof(leave));
    memcpy(image + TABLE, w->table, sizeof(w->table));
    memcpy(image + BUFFER, w->buffer, DATA_BYTES);
    (void)fwrite(image, sizeof(image), 1, file);
}

/* The seconds of one run; < 0: there is no QEMU, or it did not do it. */
static double boot_qemu(const struct work *w, bool has_icount, int *status)
{
    char path[] = "/tmp/iksim-bench-XXXXXX";
    int fd = mkstemp(path);
    FILE *file = fd < 0 ? NULL : fdopen(fd, "wb");
    if (file == NULL) {
        return -1;
    }
    write_multiboot(file, w);
    (void)fclose(file);
    double before = children_seconds();
    pid_t child = fork();
    if (child == 0) {
        const char *args[] = {
            "qemu-system-i386",
            "-nodefaults",
            "-display",
            "none",
            "-no-reboot",
            "-accel",
            "tcg",
            "-m",
            "16",
            "-kernel",
            path,
            "-device",
            "isa-debug-exit,iobase=0xf4,iosize=1",
            has_icount ? "-icount" : NULL,
            "shift=0",
            NULL,
        };
        union { /* exec does not write to them, whatever its type says. */
            const char **in;
            char *const *out;
        } u = { .in = args };
        (void)!freopen("/dev/null", "w", stderr);
        (void)execvp(args[0], u.out);
        _exit(127);
    }
    *status = 0;
    bool has_ended = child > 0 && waitpid(child, status, 0) == child;
    (void)unlink(path);
    if (!has_ended || !WIFEXITED(*status) || WEXITSTATUS(*status) == 127) {
        return -1;
    }
    return children_seconds() - before;
}

static double run_qemu_with(const struct work *w, bool has_icount,
                            uint32_t *sum)
{
    struct work one = *w;
    int status = 0;
    one.rounds = 1;
    double start_up = boot_qemu(&one, has_icount, &status);
    double seconds = boot_qemu(w, has_icount, &status);
    if (start_up < 0 || seconds < 0) {
        return -1;
    }
    *sum = (uint32_t)WEXITSTATUS(status) >> 1; /* It shifts a 1 in. */
    return seconds - start_up;
}

static double run_qemu(const struct work *w, uint32_t *sum)
{
    return run_qemu_with(w, false, sum);
}

static double run_qemu_icount(const struct work *w, uint32_t *sum)
{
    return run_qemu_with(w, true, sum);
}

/* ---- The table ---------------------------------------------------------- */

static int compare_doubles(const void *a, const void *b)
{
    const double *x = a;
    const double *y = b;
    return (*x > *y) - (*x < *y);
}

struct contender {
    const char *name;
    double (*run)(const struct work *w, uint32_t *sum);
    double seconds[REPEAT_LIMIT];
    uint32_t sum;
    bool is_there;
};

static void print_table(const struct contender *c, int count, int repeats,
                        const struct work *w)
{
    double plain = c[0].seconds[repeats / 2];
    (void)printf("%.0f million instructions, medians of %d repeats\n\n"
                 "%-28s %9s %9s %9s\n",
                 insns_of(w) * 1e-6, repeats, "", "MIPS", "spread", "ratio");
    for (int i = 0; i < count; i++) {
        if (!c[i].is_there) {
            (void)printf("%-28s  not there\n", c[i].name);
            continue;
        }
        double median = c[i].seconds[repeats / 2];
        double spread = c[i].seconds[repeats - 1] / c[i].seconds[0] - 1;
        (void)printf("%-28s %9.0f %8.0f%% %9.2f\n", c[i].name,
                     insns_of(w) / median * 1e-6, spread * 100, plain / median);
    }
}

int main(int argc, char **argv)
{
    struct contender all[] = {
        { .name = "plain Unicorn, no hooks", .run = run_plain },
        { .name = "iksim, exact counts", .run = run_iksim },
        { .name = "QEMU", .run = run_qemu },
        { .name = "QEMU -icount shift=0", .run = run_qemu_icount },
    };
    enum { COUNT = sizeof(all) / sizeof(all[0]) };
    struct work w;
    prepare(&w, argc > 1 ? (uint32_t)strtoul(argv[1], NULL, 10) : 50000);
    int repeats = argc > 2 ? (int)strtol(argv[2], NULL, 10) : 5;
    if (w.rounds < 2 || repeats < 1 || repeats > REPEAT_LIMIT) {
        (void)fprintf(stderr,
                      "bench/cpu: 2 rounds or more, and 1 to %d "
                      "repeats.\n",
                      REPEAT_LIMIT);
        return 2;
    }
    /* In turn, so that a busy machine is busy for all of them. */
    for (int r = 0; r < repeats; r++) {
        for (int i = 0; i < COUNT; i++) {
            struct contender *c = &all[i];
            c->seconds[r] = c->run(&w, &c->sum);
            c->is_there = c->seconds[r] > 0;
        }
    }
    for (int i = 0; i < COUNT; i++) {
        qsort(all[i].seconds, (size_t)repeats, sizeof(double), compare_doubles);
        uint32_t mask = i < 2 ? 0xffffffff : 0x7f;
        SIM_ASSERT(!all[i].is_there || ((all[i].sum ^ all[0].sum) & mask) == 0);
    }
    print_table(all, COUNT, repeats, &w);
    return 0;
}
