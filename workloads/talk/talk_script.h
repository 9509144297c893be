/*
 * talk_script.h - what a client says to a server over TCP, and what it expects
 * to hear, in turn (load `kind: lines`):
 *
 *     # A comment, to the end of the line.
 *     expect "220 ready\r\n"
 *     send "PING\r\n"
 *     expect "+PONG\r\n"
 *     expect line
 *
 * `send` says these bytes; `expect` hears exactly these, and `expect line` any
 * to the next LF. Between quotation marks stand printable ASCII characters and
 * the escapes \r \n \t \\ \" \xHH. Blanks and ends of lines separate.
 */
#ifndef WORKLOADS_TALK_TALK_SCRIPT_H
#define WORKLOADS_TALK_TALK_SCRIPT_H

#include "sim/base.h"

struct arena;

#define TALK_SCRIPT_BYTES (1u << 20) /* No script is longer. */
#define TALK_ECHO_PART    256u       /* Echoes are made in parts of this. */

enum talk_kind { TALK_SEND, TALK_EXPECT, TALK_EXPECT_LINE };

struct talk_step {
    enum talk_kind kind;
    uint32_t bytes;      /* Not of TALK_EXPECT_LINE. */
    const uint8_t *text; /* NULL: an echo's, see talk.h. */
};

struct talk_script {
    struct talk_step *steps; /* At least one sends, and the last expects. */
    uint32_t count;
    uint32_t send_bytes;   /* The sum of what is sent, > 0. */
    uint32_t expect_bytes; /* And of what is expected, without lines. */
};

/* Takes memory from the arena. Returns NULL, or what is wrong with the text, in
   line *line of it; 0: with all of it. */
const char *talk_script_read(struct arena *arena, const char *text,
                             size_t bytes, struct talk_script *script,
                             uint32_t *line);

/* The script of an echo of so many bytes: `steps` are for it. */
void talk_script_echo(struct talk_step steps[2], uint32_t bytes,
                      struct talk_script *script);

#endif /* WORKLOADS_TALK_TALK_SCRIPT_H */
