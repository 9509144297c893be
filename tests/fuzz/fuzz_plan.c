/*
 * fuzz_plan.c - any bytes as a plan of `iksim sweep`: up to a NUL the plan, and
 * behind it the base scenario. Both lie in memory: a plan names the base as
 * `base: 201`, and a scenario the image of its guest as /proc/self/fd/202.
 */
#include "tests/fuzz/fuzz.h"

#include <string.h>

#include "cli/lab/sweep/plan.h"
#include "tests/ik/guest_asm.h"

/* A plan takes as long as it has runs: what has many items is passed over. */
#define ITEMS 14

static bool is_long(const struct fuzz_input *plan)
{
    uint32_t items = 0;
    uint32_t digits = 0;
    for (size_t i = 0; i < plan->count; i++) {
        uint8_t c = plan->at[i];
        digits = c >= '0' && c <= '9' ? digits + 1 : 0;
        items += c == ',' || c == '-';
        if (digits > 3 || (digits == 2 && i > 2 && plan->at[i - 2] == '.')) {
            return true;
        }
    }
    return items > ITEMS;
}

static void put_image(void)
{
    static struct guest_asm a;
    static uint8_t file[GUEST_ELF_BYTES];
    asm_init(&a);
    asm_idle_for_ever(&a);
    fuzz_file(2, file, asm_elf(&a, file));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_input in = { data, size };
    struct fuzz_input text = fuzz_until(&in, '\0');
    struct plan plan;
    char message[SCENARIO_MESSAGE_BYTES] = "";
    char what[256];
    if (is_long(&text)) {
        return -1;
    }
    put_image();
    fuzz_file(1, in.at, in.count);
    const char *path = fuzz_file(0, text.at, text.count);
    if (plan_load(&plan, path, message)) {
        for (uint32_t i = 0; i < plan.run_count; i++) {
            plan_describe_run(&plan.runs[i], what, sizeof(what));
            SIM_ASSERT(strlen(plan.runs[i].key) == PLAN_KEY_CHARS - 1);
        }
    } else {
        SIM_ASSERT(message[0] != '\0' && !strpbrk(message, "\n\r"));
    }
    plan_release(&plan);
    return 0;
}
