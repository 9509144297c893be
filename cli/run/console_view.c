/* console_view.c - see console_view.h. */
#include "cli/run/console_view.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "ik/state.h"

#define LINES_SHOWN 20

bool console_view_open(struct console_view *v, const struct session *s,
                       const char *out_dir, FILE *out, bool shows_all)
{
    *v = (struct console_view){
        .out = out,
        .out_dir = out_dir,
        .vm_count = s->scenario->vm_count,
        .shows_all = shows_all,
    };
    v->lines = calloc(v->vm_count, sizeof(*v->lines));
    if (!v->lines) {
        cli_complain("out of memory");
        return false;
    }
    if (out_dir) {
        char path[4096];
        snprintf(path, sizeof(path), "%s/console.log", out_dir);
        v->file = fopen(path, "w");
        if (!v->file) {
            cli_complain("cannot write '%s': %s", path, strerror(errno));
            return false;
        }
    }
    return true;
}

/* A guest's bytes may not move the reader's cursor. */
static void put_text(FILE *file, const struct console_line *line)
{
    for (uint16_t i = 0; i < line->length; i++) {
        char c = line->text[i];
        bool is_plain = (c >= ' ' && c <= '~') || c == '\t';
        fputc(is_plain ? c : '?', file);
    }
    fputc('\n', file);
}

static void put_line(struct console_view *v, const struct session *s,
                     const struct vm *vm, struct console_line *line)
{
    struct vm_name name = vm_name(&s->scenario->roster, vm->id);
    if (v->file) {
        fprintf(v->file, "%llu %s: ",
                (unsigned long long)ns_from_cycles(s->kernel->now,
                                                   s->kernel->cpu_hz),
                name.chars);
        put_text(v->file, line);
    }
    if (v->shows_all || v->shown < LINES_SHOWN) {
        fprintf(v->out, "%s: ", name.chars);
        put_text(v->out, line);
        v->shown++;
    } else {
        v->hidden++;
    }
    line->length = 0;
}

void console_view_write(struct console_view *v, const struct session *s,
                        const struct vm *vm, const uint8_t *bytes,
                        uint32_t count)
{
    struct console_line *line = &v->lines[vm->id];
    for (uint32_t i = 0; i < count; i++) {
        if (bytes[i] != '\n') {
            line->text[line->length++] = (char)bytes[i];
        }
        if (bytes[i] == '\n' || line->length == CONSOLE_LINE_BYTES) {
            put_line(v, s, vm, line);
        }
    }
}

bool console_view_has_failed(const struct console_view *v)
{
    return v->file && ferror(v->file);
}

bool console_view_close(struct console_view *v, const struct session *s)
{
    for (uint32_t i = 0; v->lines && i < v->vm_count; i++) {
        if (v->lines[i].length > 0) {
            put_line(v, s, &s->kernel->vms[i], &v->lines[i]);
        }
    }
    free(v->lines);
    v->lines = NULL;
    if (v->hidden > 0) {
        fprintf(v->out,
                "(%llu more lines of console output; --console shows "
                "all)\n",
                (unsigned long long)v->hidden);
    }
    bool is_whole = true;
    if (v->file) {
        bool had_failed = console_view_has_failed(v);
        is_whole = fclose(v->file) == 0 && !had_failed;
        v->file = NULL;
    }
    if (!is_whole) {
        cli_complain("cannot write '%s/console.log': %s", v->out_dir,
                     strerror(errno));
    }
    if (v->shown > 0) {
        fputc('\n', v->out);
    }
    return is_whole;
}
