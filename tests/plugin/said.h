/* said.h - a host that keeps the sentence that a run would end with. */
#ifndef TESTS_PLUGIN_SAID_H
#define TESTS_PLUGIN_SAID_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "ik/host.h"

struct said {
    struct policy_host host;
    uint64_t now;
    uint32_t reason;
    char text[1024];
};

static inline uint64_t said_now(void *ctx)
{
    return ((struct said *)ctx)->now;
}

static inline void said_reason(void *ctx, uint32_t which, uint64_t value)
{
    (void)value;
    ((struct said *)ctx)->reason = which;
}

static inline void said_wake_at(void *ctx, uint64_t cycle)
{
    (void)ctx;
    (void)cycle;
}

static inline void said_give_up(void *ctx, const char *why)
{
    struct said *s = ctx;
    assert_string_equal(s->text, "");
    snprintf(s->text, sizeof(s->text), "%s", why);
}

static inline void said_init(struct said *s)
{
    *s = (struct said){ .now = 100, .reason = UINT32_MAX };
    s->host = (struct policy_host){ .ctx = s,
                                    .now = said_now,
                                    .wake_at = said_wake_at,
                                    .reason = said_reason,
                                    .give_up = said_give_up };
    rng_init(&s->host.rng, 1, "scheduler", 0);
}

#endif /* TESTS_PLUGIN_SAID_H */
