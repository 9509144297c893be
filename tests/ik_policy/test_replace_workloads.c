/*
 * test_replace_workloads.c - page replacement on thousands of random workloads of
 * several VMs, which come late, sleep and move from one working set to another:
 * as many faults as the textbooks' algorithms have, and the working sets kept.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "ik/policy/policies.h"
#include "sim/random.h"
#include "tests/ik_policy/fake_memory.h"
#include "tests/ik_policy/textbook_paging.h"

#define WORKLOADS 2000
#define LENGTH    600
#define EACH      (PAGE_LIMIT / TEXTBOOK_VMS)
#define TAU       20

struct workload {
    uint8_t string[LENGTH];
    uint32_t frames;
};

/* Turns of random lengths; who sleeps has no turn for a while. In one of four
   workloads all turns, and all working sets, are of one size. */
static void draw(struct workload *w, uint64_t seed)
{
    struct rng r;
    rng_init(&r, seed, "workloads", 0);
    uint32_t place[TEXTBOOK_VMS] = { 0 };
    size_t asleep_until[TEXTBOOK_VMS] = { 0 };
    uint32_t vms = 1 + (uint32_t)rng_below(&r, TEXTBOOK_VMS);
    bool is_even = rng_below(&r, 4) == 0;
    w->frames = 2 + (uint32_t)rng_below(&r, 40);
    for (uint32_t vm = 1; vm < vms; vm++) {
        asleep_until[vm] = rng_below(&r, LENGTH / 2); /* It comes later. */
    }
    for (size_t i = 0; i < LENGTH;) {
        uint32_t vm = (uint32_t)rng_below(&r, vms);
        if (asleep_until[vm] > i && rng_below(&r, 8) > 0) {
            continue;
        }
        size_t turn = is_even ? 10 : 1 + rng_below(&r, 40);
        uint64_t size = is_even ? 4 : 2 + rng_below(&r, 6);
        if (rng_below(&r, 6) == 0) {
            place[vm] = (uint32_t)rng_below(&r, EACH);
        }
        for (size_t n = 0; n < turn && i < LENGTH; n++) {
            uint64_t page = place[vm] + rng_below(&r, size);
            w->string[i++] = (uint8_t)(vm * EACH + page % EACH);
        }
        if (rng_below(&r, 5) == 0) {
            asleep_until[vm] = i + rng_below(&r, 150);
        }
    }
}

/* ---- Memory ------------------------------------------------------------- */

/* What is known of a page without asking a policy. */
struct truth {
    uint32_t frame;   /* FRAME_NONE: not resident. */
    uint64_t touched; /* Its owner's virtual time at the last touch. */
    uint64_t left; /* Likewise, when a page of a working set was taken although
                      this one was untouched for tau: first since then. */
    bool has_left;
};

struct machine {
    struct fake_memory memory;
    struct truth pages[PAGE_LIMIT];
    uint8_t page_in[FAKE_FRAMES];
    uint64_t tau;
    uint32_t used, faults;
    uint32_t kept_sets; /* Victims of which more was promised. */
};

static uint64_t now_of(const struct machine *m, uint8_t page)
{
    return m->memory.virtual_time[textbook_vm(page)];
}

static bool is_past_tau(const struct machine *m, uint8_t page)
{
    return now_of(m, page) - m->pages[page].touched > m->tau;
}

/* Some page is out of its working set for a second tau. */
static bool one_is_overdue(const struct machine *m)
{
    bool is_overdue = false;
    for (uint8_t page = 0; page < PAGE_LIMIT; page++) {
        const struct truth *t = &m->pages[page];
        is_overdue |= t->frame != FRAME_NONE && t->has_left &&
                      now_of(m, page) - t->left > m->tau;
    }
    return is_overdue;
}

/* A victim of a working set was taken: so all others have been looked at, and
   what is out of one is known from now on. */
static void note_those_out(struct machine *m)
{
    for (uint8_t page = 0; page < PAGE_LIMIT; page++) {
        struct truth *t = &m->pages[page];
        if (t->frame != FRAME_NONE && is_past_tau(m, page) && !t->has_left) {
            t->has_left = true;
            t->left = now_of(m, page);
        }
    }
}

static uint32_t evict(struct machine *m, bool keeps_working_sets)
{
    bool is_overdue = one_is_overdue(m);
    uint32_t frame = fake_evict(&m->memory);
    assert_int_not_equal(frame, FRAME_NONE);
    uint8_t page = m->page_in[frame];
    bool is_old = is_past_tau(m, page);
    if (keeps_working_sets && is_overdue) {
        assert_true(is_old);
        m->kept_sets++;
    }
    if (!is_old) {
        note_those_out(m);
    }
    m->pages[page].frame = FRAME_NONE;
    return frame;
}

/* As the kernel does it: a free frame, or else the victim's. */
static uint32_t faults_of(struct machine *m,
                          const struct replace_policy *policy,
                          const struct workload *w, uint64_t tau)
{
    const struct replace_config config = {
        .frame_count = w->frames,
        .vm_limit = TEXTBOOK_VMS,
        .tau_cycles = tau,
    };
    fake_init(&m->memory, policy, &config, 0);
    m->tau = tau;
    m->used = 0;
    m->faults = 0;
    for (uint32_t page = 0; page < PAGE_LIMIT; page++) {
        m->pages[page] = (struct truth){ .frame = FRAME_NONE };
    }
    for (size_t i = 0; i < LENGTH; i++) {
        uint8_t page = w->string[i];
        struct truth *t = &m->pages[page];
        m->memory.virtual_time[textbook_vm(page)]++;
        if (t->frame == FRAME_NONE) {
            m->faults++;
            t->frame = m->used < w->frames
                           ? m->used++
                           : evict(m, policy == &replace_wsclock);
            m->page_in[t->frame] = page;
            fake_enter(&m->memory, t->frame, textbook_vm(page));
        } else {
            fake_touch(&m->memory, t->frame);
        }
        t->touched = now_of(m, page);
        t->has_left = false;
    }
    return m->faults;
}

/* ---- Tests -------------------------------------------------------------- */

static void each_has_the_faults_of_its_textbook(void **state)
{
    (void)state;
    static struct workload w;
    static struct machine m;
    for (uint64_t seed = 0; seed < WORKLOADS; seed++) {
        draw(&w, seed);
        uint32_t fifo = textbook_fifo(w.string, LENGTH, w.frames);
        uint32_t lru = textbook_lru(w.string, LENGTH, w.frames);
        uint32_t clock = textbook_clock(w.string, LENGTH, w.frames);
        assert_int_equal(faults_of(&m, &replace_fifo, &w, TAU), fifo);
        assert_int_equal(faults_of(&m, &replace_lru, &w, TAU), lru);
        assert_int_equal(faults_of(&m, &replace_clock, &w, TAU), clock);
        uint32_t least = textbook_opt(w.string, LENGTH, w.frames);
        for (size_t i = 0; replace_policies[i]; i++) {
            assert_true(faults_of(&m, replace_policies[i], &w, TAU) >= least);
        }
    }
}

/* Its pages stand in another order (a VM's are adjacent), and touches are noted
   later. That working sets are kept is held at each victim. */
static void wsclock_has_about_the_faults_of_the_published(void **state)
{
    (void)state;
    static struct workload w;
    static struct machine m;
    static const uint64_t taus[] = { 10, 20, 50, 100000 };
    for (size_t t = 0; t < sizeof(taus) / sizeof(taus[0]); t++) {
        uint64_t ours = 0;
        uint64_t published = 0;
        uint64_t clock = 0;
        uint64_t least = 0;
        for (uint64_t seed = 0; seed < WORKLOADS; seed++) {
            draw(&w, seed);
            ours += faults_of(&m, &replace_wsclock, &w, taus[t]);
            published += textbook_wsclock(w.string, LENGTH, w.frames, taus[t]);
            clock += textbook_clock(w.string, LENGTH, w.frames);
            least += textbook_opt(w.string, LENGTH, w.frames);
        }
        print_message("tau %6u: %llu faults, published %llu, clock %llu, "
                      "opt %llu\n",
                      (unsigned)taus[t], (unsigned long long)ours,
                      (unsigned long long)published, (unsigned long long)clock,
                      (unsigned long long)least);
        assert_true(taus[t] > LENGTH || m.kept_sets > 100);
        m.kept_sets = 0;
        assert_in_range(ours, published * 98 / 100, published * 102 / 100);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_has_the_faults_of_its_textbook),
        cmocka_unit_test(wsclock_has_about_the_faults_of_the_published),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
