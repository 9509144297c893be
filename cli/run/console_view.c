/* console_view.c - see console_view.h. */
#include "cli/run/console_view.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "ik/state.h"

#define LINES_SHOWN 20 /* Of all groups: each has its share, or one. */

bool console_view_open(struct console_view *v, const struct session *s,
                       const char *out_dir, FILE *out, bool shows_all)
{
    *v = (struct console_view){
        .out = out,
        .out_dir = out_dir,
        .vm_count = s->scenario->vm_count,
        .shows_all = shows_all,
    };
    uint32_t groups = s->scenario->group_count;
    v->share = groups < LINES_SHOWN ? LINES_SHOWN / groups : 1;
    v->lines = calloc(v->vm_count, sizeof(*v->lines));
    v->group_shown = calloc(groups, sizeof(*v->group_shown));
    if (!v->lines || !v->group_shown) {
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
    if (v->shows_all || v->group_shown[vm->group] < v->share) {
        v->group_shown[vm->group]++;
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

/* What VMs wrote beyond vms[].console: how much, and by how many. */
static void tell_what_was_not_kept(const struct console_view *v,
                                   const struct session *s)
{
    uint64_t bytes = 0;
    uint32_t vms = 0;
    for (uint32_t i = 0; s->kernel && i < v->vm_count; i++) {
        const struct vm *vm = &s->kernel->vms[i];
        uint64_t limit = s->scenario->vms[vm->group].console_bytes;
        if (limit > 0 && vm->console_bytes > limit) {
            bytes += vm->console_bytes - limit;
            vms++;
        }
    }
    if (vms > 0) {
        fprintf(v->out,
                "(%llu bytes more of console output by %u VMs: beyond "
                "vms[].console, counted and not kept)\n",
                (unsigned long long)bytes, vms);
    }
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
    free(v->group_shown);
    v->group_shown = NULL;
    if (v->hidden > 0) {
        fprintf(v->out,
                "(%llu more lines of console output; --console shows "
                "all)\n",
                (unsigned long long)v->hidden);
    }
    tell_what_was_not_kept(v, s);
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
