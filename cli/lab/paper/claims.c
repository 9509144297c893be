/*
 * claims.c - all claims of the paper that the model can test, in the order of
 * the paper's text; each file claims_*.c has those of a part, and beside each
 * claim the rule, in words and as code, that decides whether it holds.
 */
#include <string.h>

#include "cli/lab/paper/claim.h"

static const struct claim *const parts[] = {
    input_claims,  micro_claims, interrupt_claims,
    memory_claims, game_claims,  fairness_claims,
};

#define PARTS (sizeof(parts) / sizeof(parts[0]))

const struct claim *claim_first(void)
{
    return parts[0];
}

const struct claim *claim_next(const struct claim *c)
{
    const struct claim *next = c + 1;
    if (next->name) {
        return next;
    }
    size_t part = 0;
    for (size_t i = 0; i < PARTS; i++) {
        for (const struct claim *of = parts[i]; of->name; of++) {
            part = of == c ? i : part;
        }
    }
    return part + 1 < PARTS ? parts[part + 1] : NULL;
}

const struct claim_series claim_variants[] = {
    { "quantum 1 ms", "kernel.quantum=1ms" },
    { "quantum 50 ms", "kernel.quantum=50ms" },
    { "min_free 256 KiB", "kernel.min_free=256KiB" },
    { "min_free 16 MiB", "kernel.min_free=16MiB" },
    { "lease 100 ms", "kernel.lease=100ms" },
    { "lease 10 s", "kernel.lease=10s" },
    { "swap sparse", "kernel.swap=sparse" },
    { "tx_ahead 256", "machine.tx_ahead=256" },
    { "costs netburst-throughput", "machine.costs=netburst-throughput" },
    { NULL, NULL },
};

bool claim_varies_quantum(const struct claim_series *variant)
{
    static const char key[] = "kernel.quantum=";
    return strncmp(variant->sets, key, sizeof(key) - 1) == 0;
}
