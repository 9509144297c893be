/*
 * random.c - the random generator of <stdlib.h>: SplitMix64, which any seed
 * suits. Without srand() it starts from this VM's seed register, so two VMs
 * differ and two runs do not.
 */
#include "ilwaco/vregs.h"

#include <stdbool.h>
#include <stdlib.h>

static struct {
    bool is_seeded;
    uint64_t state;
} generator;

void srand(unsigned int seed)
{
    generator.state = seed;
    generator.is_seeded = true;
}

uint32_t random_u32(void)
{
    if (!generator.is_seeded) {
        generator.state = vreg_seed();
        generator.is_seeded = true;
    }
    generator.state += UINT64_C(0x9e3779b97f4a7c15);
    uint64_t z = generator.state;
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return (uint32_t)((z ^ (z >> 31)) >> 32);
}

int rand(void)
{
    return (int)(random_u32() & RAND_MAX);
}
