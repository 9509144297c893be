/* cmdline.c - see cmdline.h. */
#include "ilwaco/cmdline.h"

#include "ilwaco/panic.h"
#include "ilwaco/vregs.h"

void cmdline_read(const struct args_rule *rules, struct args_value *values)
{
    struct args_fault fault;
    if (!args_read(rules, vreg_cmdline(), values, &fault)) {
        char text[160];
        args_explain(&fault, text, sizeof(text));
        panic("%s", text);
    }
}
