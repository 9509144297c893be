/*
 * edf_args.h - the arguments of a policy that tests make up: earliest deadline
 * first, with some of each kind.
 */
#ifndef TESTS_IK_EDF_ARGS_H
#define TESTS_IK_EDF_ARGS_H

#include "ik/host.h"

#define SECOND_NS 1000000000ull

static const struct policy_arg edf_args[] = {
    { "rest", POLICY_TIME, 0, SECOND_NS, 0, "until when nobody runs" },
    { "strict", POLICY_FLAG, 0, 1, 0, "whether the run fails if a VM ends" },
    { "depth", POLICY_NUMBER, 2, 9, 5, "nothing" },
    { .name = NULL },
};
static const struct policy_arg edf_vm_args[] = {
    { "deadline", POLICY_TIME, 1, SECOND_NS, SECOND_NS,
      "within which it is to be served" },
    { .name = NULL },
};

#endif /* TESTS_IK_EDF_ARGS_H */
