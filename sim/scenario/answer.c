/*
 * answer.c - what a load expects of an answer: `expect: {status, bytes, sha256}`,
 * each a value or `any`. See resolve.h.
 */
#include <string.h>

#include "sim/scenario/resolve.h"
#include "sim/units.h"

#include "sim/banned.h"

static bool is_any(const char *text)
{
    return strcmp(text, "any") == 0;
}

static bool read_number(const char *text, uint64_t low, uint64_t high,
                        uint32_t *number)
{
    uint64_t value;
    if (units_read_whole(text, &value) || value < low || value > high) {
        return false;
    }
    *number = (uint32_t)value;
    return true;
}

static int digit(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
                                  : -1;
}

static bool read_sha256(const char *text, uint8_t to[SCENARIO_SHA256_BYTES])
{
    if (strlen(text) != 2ul * SCENARIO_SHA256_BYTES) {
        return false;
    }
    for (size_t i = 0; i < SCENARIO_SHA256_BYTES; i++) {
        int high = digit(text[2 * i]);
        int low = digit(text[2 * i + 1]);
        if (high < 0 || low < 0) {
            return false;
        }
        to[i] = (uint8_t)(high * 16 + low);
    }
    return true;
}

/* Returns NULL, or what the argument must be. */
static const char *read_argument(const struct scenario_arg *arg,
                                 struct scenario_answer *a)
{
    const char *text = arg->text;
    if (strcmp(arg->name, "status") == 0) {
        return is_any(text) || read_number(text, 100, 599, &a->status)
                   ? NULL
                   : "must be a status, 100 to 599, or any";
    }
    if (strcmp(arg->name, "bytes") == 0) {
        a->has_bytes = !is_any(text);
        return !a->has_bytes || read_number(text, 0, UINT32_MAX, &a->bytes)
                   ? NULL
                   : "must be a number of bytes below 4294967296, or any";
    }
    if (strcmp(arg->name, "sha256") == 0) {
        a->has_sha256 = !is_any(text);
        return !a->has_sha256 || read_sha256(text, a->sha256)
                   ? NULL
                   : "must be 64 digits as sha256sum prints them, or any";
    }
    return "is nothing that can be expected: status, bytes or sha256 is";
}

bool resolve_answer(const struct resolver *r, uint32_t i)
{
    struct scenario_load *load = &r->s->loads[i];
    struct scenario_answer *a = &load->answer;
    if (!resolve_args(r, OPEN_expect, r->raw->load[i].expect, &a->args)) {
        return false;
    }
    a->is_given = a->args.count > 0;
    a->status = a->is_given ? 200 : 0;
    for (uint32_t n = 0; n < a->args.count; n++) {
        if (strcmp(a->args.items[n].name, "status") == 0) {
            a->status = 0;
        }
        const char *wrong = read_argument(&a->args.items[n], a);
        if (wrong) {
            char key[OPEN_NAME_BYTES + 8];
            snprintf(key, sizeof(key), "expect.%s", a->args.items[n].name);
            REFUSE_ITEM(r, "load", i, key, "%s", wrong);
            return false;
        }
    }
    bool is_http = load->kind == LOAD_HTTP || load->kind == LOAD_EACH ||
                   load->kind == LOAD_REPLAY;
    if (a->is_given && !is_http) {
        REFUSE_ITEM(r, "load", i, "expect", "is for loads that ask by HTTP");
        return false;
    }
    return true;
}
