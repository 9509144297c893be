/* console.c - see console.h. What the kernel does not take is lost. */
#include "ilwaco/console.h"

#include "ilwaco/vi.h"

#include <stdint.h>

#define LINE_BYTES 128

static struct {
    uint32_t used_bytes; /* <= LINE_BYTES */
    char text[LINE_BYTES];
} line;

void console_flush(void)
{
    const char *rest = line.text;
    while (line.used_bytes > 0) {
        int32_t taken = vi_console_write(rest, line.used_bytes);
        if (taken <= 0) {
            break;
        }
        rest += taken;
        line.used_bytes -= (uint32_t)taken;
    }
    line.used_bytes = 0;
}

void console_put(char c)
{
    line.text[line.used_bytes++] = c;
    if (c == '\n' || line.used_bytes == LINE_BYTES) {
        console_flush();
    }
}

size_t console_read(char *room, size_t room_bytes)
{
    int32_t got = vi_console_read(room, room_bytes);
    return got > 0 ? (size_t)got : 0;
}
