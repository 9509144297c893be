/* talk.c - see talk.h. */
#include "workloads/talk/talk.h"

#include <string.h>

#include "workloads/content.h"

void talk_init(struct talk *t, const struct talk_script *script,
               uint64_t number)
{
    *t = (struct talk){ .script = script, .number = number };
}

static const struct talk_step *step_of(const struct talk *t)
{
    return t->step < t->script->count ? &t->script->steps[t->step] : NULL;
}

uint32_t talk_say(struct talk *t)
{
    uint32_t bytes = 0;
    const struct talk_step *step = step_of(t);
    for (; step && step->kind == TALK_SEND; step = step_of(t)) {
        bytes += step->bytes;
        t->step++;
    }
    return bytes;
}

bool talk_is_silent(const struct talk *t)
{
    for (uint32_t i = t->step; i < t->script->count; i++) {
        if (t->script->steps[i].kind == TALK_SEND) {
            return false;
        }
    }
    return true;
}

/* Bytes [offset, offset + count) of the step's text. */
static void copy_step(const struct talk *t, const struct talk_step *step,
                      uint32_t offset, uint8_t *to, uint32_t count)
{
    if (step->text) {
        memcpy(to, step->text + offset, count);
        return;
    }
    content_fill((uint32_t)t->number & 0xffffff, offset, to, count);
    if (offset + count == step->bytes) {
        to[count - 1] = '\n';
    }
}

void talk_copy(const struct talk *t, uint32_t offset, uint8_t *to,
               uint32_t count)
{
    const struct talk_script *script = t->script;
    offset %= script->send_bytes;
    for (uint32_t i = 0; count > 0; i = (i + 1) % script->count) {
        const struct talk_step *step = &script->steps[i];
        if (step->kind != TALK_SEND) {
            continue;
        }
        if (offset >= step->bytes) {
            offset -= step->bytes;
            continue;
        }
        uint32_t part = step->bytes - offset;
        part = part < count ? part : count;
        copy_step(t, step, offset, to, part);
        to += part;
        count -= part;
        offset = 0;
    }
}

/* How many of the bytes are those of the step, from `at` on. */
static uint32_t count_right(const struct talk *t, const struct talk_step *step,
                            const uint8_t *bytes, uint32_t count,
                            uint8_t *expected)
{
    uint8_t part[TALK_ECHO_PART];
    uint32_t done = 0;
    while (done < count) {
        uint32_t n =
            count - done < sizeof(part) ? count - done : (uint32_t)sizeof(part);
        copy_step(t, step, t->at + done, part, n);
        for (uint32_t i = 0; i < n; i++) {
            if (bytes[done + i] != part[i]) {
                *expected = part[i];
                return done + i;
            }
        }
        done += n;
    }
    return done;
}

static enum talk_result hear_line(struct talk *t, const uint8_t *bytes,
                                  uint32_t count, uint32_t *taken)
{
    const uint8_t *end = memchr(bytes, '\n', count);
    *taken = end ? (uint32_t)(end - bytes) + 1 : count;
    t->step += end != NULL;
    return TALK_MORE;
}

static enum talk_result hear_text(struct talk *t, const struct talk_step *step,
                                  const uint8_t *bytes, uint32_t count,
                                  uint32_t *taken)
{
    uint8_t expected = 0;
    uint32_t most = step->bytes - t->at;
    most = most < count ? most : count;
    *taken = count_right(t, step, bytes, most, &expected);
    if (*taken < most) {
        t->wrong = (struct mistake_found){ MISTAKE_BYTE, t->heard + *taken,
                                           expected, bytes[*taken] };
        return TALK_WRONG;
    }
    t->at += *taken;
    if (t->at == step->bytes) {
        t->at = 0;
        t->step++;
    }
    return TALK_MORE;
}

enum talk_result talk_hear(struct talk *t, const uint8_t *bytes, uint32_t count)
{
    while (count > 0) {
        const struct talk_step *step = step_of(t);
        uint32_t taken = 0;
        if (!step || step->kind == TALK_SEND) {
            t->wrong =
                (struct mistake_found){ MISTAKE_EXTRA, t->heard, 0, bytes[0] };
            return TALK_WRONG;
        }
        enum talk_result result =
            step->kind == TALK_EXPECT_LINE
                ? hear_line(t, bytes, count, &taken)
                : hear_text(t, step, bytes, count, &taken);
        if (result == TALK_WRONG) {
            return result;
        }
        t->heard += taken;
        bytes += taken;
        count -= taken;
    }
    return t->step == t->script->count ? TALK_DONE : TALK_MORE;
}
