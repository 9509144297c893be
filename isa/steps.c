/* steps.c - see steps.h. */
#include "isa/steps.h"

#include "isa/decode.h"
#include "isa/image.h"
#include "isa/text.h"

void steps_init(struct steps *s, const struct cpu_config *config)
{
    *s = (struct steps){
        .fn = config->step,
        .ctx = config->step_ctx,
        .costs = config->costs,
    };
}

void steps_start(struct steps *s, const struct text *text)
{
    s->text = text;
    s->cycles = 0;
    s->has_begun = false;
}

/* The instruction that has begun left `after`. */
static void tell(struct steps *s, const struct cpu_regs *after)
{
    uint32_t offset = s->before.eip - s->text->va;
    SIM_ASSERT(offset < s->text->size_bytes);
    struct insn insn;
    const uint8_t *bytes = s->text->image->text + offset;
    enum insn_result result =
        insn_decode(bytes, s->text->size_bytes - offset, &insn);
    SIM_ASSERT(result == INSN_OK); /* The block was measured. */
    struct cpu_step step = {
        .bytes = bytes,
        .size_bytes = insn.size_bytes,
        .cycles = s->cycles,
        .before = &s->before,
        .after = after,
    };
    s->fn(s->ctx, &step);
    s->cycles += s->costs->cycles[insn.class];
}

void steps_begin(struct steps *s, const struct cpu_regs *regs)
{
    if (s->has_begun) {
        tell(s, regs);
    }
    s->has_begun = true;
    s->before = *regs;
}

void steps_finish(struct steps *s, const struct cpu_exit *exit,
                  const struct cpu_regs *regs)
{
    if (!s->has_begun) {
        return;
    }
    /* A fetch faults before its block begins: what led there is done. */
    bool stands_at_it =
        exit->kind == CPU_EXIT_EXCEPTION ||
        (exit->kind == CPU_EXIT_PAGE_FAULT && exit->access != CPU_FETCH);
    if (!stands_at_it || regs->eip != s->before.eip) {
        tell(s, regs);
    }
    s->has_begun = false;
}
