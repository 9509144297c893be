/* test_vm.c - which state of a VM may follow which. */
#define _POSIX_C_SOURCE 200809L
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ik/vm.h"

/* As the manual says it: the life of a VM, step by step. */
static const struct step {
    enum vm_state from, to;
} steps[] = {
    { VM_CREATED, VM_WAITING }, /* It arrives at the gate. */
    { VM_WAITING, VM_READY },   /* The gate admits it. */
    { VM_READY, VM_RUNNING },   /* The scheduler chooses it. */
    { VM_RUNNING, VM_READY },   /* Its quantum ends, or it is set aside. */
    { VM_RUNNING, VM_PAGING },  /* It waits for a page. */
    { VM_RUNNING, VM_IDLE },    /* It idles. */
    { VM_RUNNING, VM_WAITING }, /* Its lease is over. */
    { VM_PAGING, VM_READY },    /* The page is in. */
    { VM_PAGING, VM_WAITING },  /* All wait for frames: it steps back. */
    { VM_IDLE, VM_WAITING },    /* It wakes. */
    { VM_DEAD, VM_CREATED },    /* A number is used for the first time. */
};

static bool is_step(enum vm_state from, enum vm_state to)
{
    for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
        if (steps[i].from == from && steps[i].to == to) {
            return true;
        }
    }
    return from != VM_DEAD && to == VM_DEAD;
}

static void a_state_is_followed_by_those_of_a_vms_life_only(void **state)
{
    (void)state;
    for (enum vm_state from = 0; from < (enum vm_state)VM_STATE_COUNT; from++) {
        for (enum vm_state to = 0; to < (enum vm_state)VM_STATE_COUNT; to++) {
            assert_int_equal(vm_state_may_follow(from, to), is_step(from, to));
        }
    }
}

static void a_legal_change_is_made(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
        struct vm vm = { .state = steps[i].from };
        vm_enter(&vm, steps[i].to);
        assert_int_equal(vm.state, steps[i].to);
    }
}

static void an_illegal_change_stops_the_run(void **state)
{
    (void)state;
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        struct vm vm = { .state = VM_IDLE };
        close(STDERR_FILENO);
        vm_enter(&vm, VM_RUNNING);
        _exit(0);
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status));
    assert_int_equal(WTERMSIG(status), SIGABRT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_state_is_followed_by_those_of_a_vms_life_only),
        cmocka_unit_test(a_legal_change_is_made),
        cmocka_unit_test(an_illegal_change_stops_the_run),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
