/* talk_script.c - see talk_script.h. */
#include "workloads/talk/talk_script.h"

#include <string.h>

#include "sim/arena.h"

/* Where the reader is. */
struct reader {
    const char *at, *end;
    uint32_t line;
};

static void skip_blanks(struct reader *r)
{
    bool is_comment = false;
    for (; r->at < r->end; r->at++) {
        char c = *r->at;
        is_comment = (is_comment || c == '#') && c != '\n';
        if (!is_comment && c != ' ' && c != '\t' && c != '\r' && c != '\n') {
            return;
        }
        r->line += c == '\n';
    }
}

/* True, and past it: the text goes on with `word`. */
static bool take_word(struct reader *r, const char *word)
{
    size_t bytes = strlen(word);
    size_t left = (size_t)(r->end - r->at);
    if (left < bytes || memcmp(r->at, word, bytes) != 0) {
        return false;
    }
    r->at += bytes;
    return true;
}

static int digit(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

/* What follows a backslash. Returns a byte; -1: it is no escape. */
static int take_escape(struct reader *r)
{
    static const char names[] = "rnt\\\"";
    static const char values[] = "\r\n\t\\\"";
    char c = '\0';
    if (r->at < r->end) {
        c = *r->at++;
    }
    const char *name = c == '\0' ? NULL : strchr(names, c);
    if (name) {
        return values[name - names];
    }
    if (c != 'x' || r->end - r->at < 2) {
        return -1;
    }
    int high = digit(r->at[0]);
    int low = digit(r->at[1]);
    r->at += 2;
    return high < 0 || low < 0 ? -1 : high * 16 + low;
}

/* A text in quotation marks; `to` NULL: its bytes are only counted. Returns NULL,
   or what is wrong. */
static const char *take_text(struct reader *r, uint8_t *to, uint32_t *bytes)
{
    *bytes = 0;
    if (!take_word(r, "\"")) {
        return "a text in quotation marks must follow send or expect";
    }
    while (r->at < r->end && *r->at != '"') {
        int byte = (uint8_t)*r->at++;
        if (byte == '\\') {
            byte = take_escape(r);
            if (byte < 0) {
                return "after a backslash must stand r, n, t, \\, \" or x and "
                       "two hexadecimal digits";
            }
        } else if (byte < ' ' || byte > '~') {
            return "a byte that is no printable ASCII character is written "
                   "\\xHH";
        }
        if (to) {
            to[*bytes] = (uint8_t)byte;
        }
        ++*bytes;
    }
    if (!take_word(r, "\"")) {
        return "a text has no quotation mark at its end";
    }
    return *bytes > 0 ? NULL : "a text is empty";
}

/* `is_kept`: the step's text goes to the arena. */
static const char *take_step(struct reader *r, struct arena *arena,
                             struct talk_step *step)
{
    bool sends = take_word(r, "send");
    *step = (struct talk_step){ .kind = sends ? TALK_SEND : TALK_EXPECT };
    if (!sends && !take_word(r, "expect")) {
        return "a step begins with send or expect";
    }
    skip_blanks(r);
    if (!sends && take_word(r, "line")) {
        step->kind = TALK_EXPECT_LINE;
        return NULL;
    }
    struct reader again = *r;
    const char *wrong = take_text(r, NULL, &step->bytes);
    if (wrong || !arena) {
        return wrong;
    }
    uint8_t *to = arena_alloc(arena, step->bytes, 1);
    if (!to) {
        return "does not fit in the host's memory";
    }
    step->text = to;
    return take_text(&again, to, &step->bytes);
}

/* Reads all of it; without `steps` it only counts them. */
static const char *take_steps(struct reader *r, struct arena *arena,
                              struct talk_script *script)
{
    const char *wrong = NULL;
    script->count = 0;
    script->send_bytes = 0;
    script->expect_bytes = 0;
    for (skip_blanks(r); !wrong && r->at < r->end; script->count++) {
        struct talk_step step;
        wrong = take_step(r, arena, &step);
        if (arena) {
            script->steps[script->count] = step;
        }
        *(step.kind == TALK_SEND ? &script->send_bytes
                                 : &script->expect_bytes) += step.bytes;
        if (!wrong) {
            skip_blanks(r);
        }
    }
    return wrong;
}

const char *talk_script_read(struct arena *arena, const char *text,
                             size_t bytes, struct talk_script *script,
                             uint32_t *line)
{
    *script = (struct talk_script){ 0 };
    *line = 0;
    if (bytes > TALK_SCRIPT_BYTES) {
        return "is longer than 1 MiB";
    }
    struct reader r = { text, text + bytes, 1 };
    struct reader again = r;
    const char *wrong = take_steps(&r, NULL, script);
    if (wrong) {
        *line = r.line;
        return wrong;
    }
    if (script->send_bytes == 0) {
        return "sends nothing";
    }
    script->steps = arena_alloc(arena, script->count * sizeof(*script->steps),
                                alignof(struct talk_step));
    if (!script->steps || take_steps(&again, arena, script)) {
        return "does not fit in the host's memory";
    }
    return script->steps[script->count - 1].kind == TALK_SEND
               ? "ends with send: what is the answer?"
               : NULL;
}

void talk_script_echo(struct talk_step steps[2], uint32_t bytes,
                      struct talk_script *script)
{
    steps[0] = (struct talk_step){ .kind = TALK_SEND, .bytes = bytes };
    steps[1] = (struct talk_step){ .kind = TALK_EXPECT, .bytes = bytes };
    *script = (struct talk_script){ steps, 2, bytes, bytes };
}
