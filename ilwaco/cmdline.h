/*
 * cmdline.h - the boot command line of this VM, as the guest's table of words
 * (isa/args/args.h) has it.
 */
#ifndef ILWACO_CMDLINE_H
#define ILWACO_CMDLINE_H

#include "isa/args/args.h"

/*
 * Reads the command line into values[i] for each rules[i]. A panic when it
 * holds what the rules do not allow, for a misspelt word should not quietly
 * mean the default.
 */
void cmdline_read(const struct args_rule *rules, struct args_value *values);

#endif /* ILWACO_CMDLINE_H */
