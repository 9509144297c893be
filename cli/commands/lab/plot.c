/* plot.c - `iksim plot`: results of a sweep as a picture, through gnuplot. */
#define _GNU_SOURCE
#include "cli/lab/plot/plot.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/commands/commands.h"
#include "cli/commands/shared.h"

struct call {
    struct plot_options options;
    const char *database_path;
    const char *out_path;
    const char *log; /* "x", "y" or "xy"; NULL: no axis is logarithmic. */
};

/* ---- Options ------------------------------------------------------------ */

static bool read_where(const char *text, void *at,
                       char message[CLI_MESSAGE_BYTES])
{
    struct plot_where *where = at;
    if (!strchr(text, '=') || where->count == PLOT_WHERE_LIMIT) {
        snprintf(message, CLI_MESSAGE_BYTES,
                 "must be KEY=VALUE, and %d at most, not '%s'",
                 PLOT_WHERE_LIMIT, text);
        return false;
    }
    where->items[where->count++] = text;
    return true;
}

static const char *const axes[] = { "x", "y", "xy", NULL };

static const struct cli_option argument_rows[] = {
    { .name = "database",
      .argument = "DB",
      CLI_FILE(struct call, database_path),
      .help = "The database is one that `iksim sweep` has made." },
    CLI_END
};

static const struct cli_option option_rows[] = {
    { .name = "x",
      .argument = "KEY|FIGURE",
      CLI_TEXT(struct call, options.x),
      .is_required = true,
      .help = "The horizontal axis is this key of the scenarios, or `name`, "
              "the name of the bundle, or this figure of the reports." },
    { .name = "y",
      .argument = "FIGURE",
      CLI_TEXT(struct call, options.y),
      .offer = figure_offer,
      .is_required = true,
      .help = "The vertical axis is this figure of the reports, such as "
              "`load.latency_ns.p99`, or `p99` for short." },
    { .name = "by",
      .argument = "KEY",
      CLI_TEXT(struct call, options.by),
      .help = "A line is drawn for each value of this key." },
    { .name = "where",
      .argument = "KEY=VALUE",
      CLI_OWN(struct call, options.where, struct plot_where, read_where),
      .help = "Only runs with this setting count. The option may be "
              "repeated." },
    { .name = "log",
      .argument = "x|y|xy",
      CLI_CHOICE(struct call, log, axes),
      .help = "These axes are logarithmic." },
    { .name = "out",
      .argument = "FILE",
      CLI_OWN(struct call, out_path, const char *, read_picture_path),
      .offer = cli_offer_files,
      .otherwise = "SVG on standard output",
      .help = "The picture is written to FILE, whose name ends in `.svg` or "
              "`.png`." },
    CLI_END
};

/* ---- Drawing ------------------------------------------------------------ */

/* Looks for gnuplot before any file is opened. False: complained. */
static bool has_gnuplot(void)
{
    const char *path = getenv("PATH");
    char file[4096];
    for (const char *at = path ? path : ""; *at;) {
        size_t length = strcspn(at, ":");
        snprintf(file, sizeof(file), "%.*s/gnuplot", (int)length, at);
        if (access(file, X_OK) == 0) {
            return true;
        }
        at += length;
        at += *at == ':';
    }
    cli_complain("gnuplot is not here; `apt install gnuplot-nox` brings it");
    return false;
}

/* Complains on one line, whatever lines gnuplot wrote. */
static void complain_of_gnuplot(FILE *words)
{
    char text[512];
    size_t count = 0;
    if (fseek(words, 0, SEEK_SET) == 0) {
        count = fread(text, 1, sizeof(text) - 1, words);
    }
    text[count] = '\0';
    for (char *end = strchr(text, '\n'); end; end = strchr(end, '\n')) {
        *end = ' ';
    }
    cli_complain("gnuplot has failed: %s", text);
}

/*
 * gnuplot reads its program from `script` and draws to `out`. Its messages go
 * to `words`: many of them tell of no fault, but of what the locale lacks.
 */
static bool run_gnuplot(FILE *script, FILE *out, FILE *words)
{
    pid_t pid = fork();
    if (pid == 0) {
        dup2(fileno(script), STDIN_FILENO);
        dup2(fileno(out), STDOUT_FILENO);
        dup2(fileno(words), STDERR_FILENO);
        execlp("gnuplot", "gnuplot", "--default-settings", "-", (char *)NULL);
        _exit(CLI_NO_EXEC);
    }
    int status = 0;
    if (pid < 0 || waitpid(pid, &status, 0) != pid) {
        cli_complain("cannot start gnuplot: %s", strerror(errno));
        return false;
    }
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
        complain_of_gnuplot(words);
        return false;
    }
    return true;
}

/* gnuplot does not say when a disk is full, so its picture goes to a temporary
   file and is copied here. Returns an errno, or 0 when all of it is copied. */
static int copy_picture(FILE *picture, int out)
{
    char bytes[65536];
    size_t total = 0;
    if (fseek(picture, 0, SEEK_SET) != 0) {
        return errno;
    }
    size_t count;
    do {
        count = fread(bytes, 1, sizeof(bytes), picture);
        for (size_t done = 0; done < count;) {
            ssize_t written = write(out, bytes + done, count - done);
            if (written < 0 && errno != EINTR) {
                return errno;
            }
            done += written > 0 ? (size_t)written : 0;
        }
        total += count;
    } while (count == sizeof(bytes));
    return ferror(picture) || total == 0 ? EIO : 0;
}

/* Writes to stdout if `path` is NULL. False: complained. */
static bool write_picture(FILE *picture, const char *path)
{
    int out = path ? open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666)
                   : STDOUT_FILENO;
    int error = out < 0 ? errno : copy_picture(picture, out);
    if (path && out >= 0 && close(out) != 0 && error == 0) {
        error = errno;
    }
    if (error != 0) {
        cli_complain("cannot write '%s': %s", path ? path : "standard output",
                     strerror(error));
    }
    return error == 0;
}

/* Draws what a drawer is asked for by its pipe; nothing: it is not wanted. */
static int serve(int fd, const char *path)
{
    FILE *script = tmpfile();
    FILE *picture = tmpfile();
    FILE *words = tmpfile();
    bool is_good = script && picture && words;
    char bytes[4096];
    size_t total = 0;
    ssize_t count;
    while ((count = read(fd, bytes, sizeof(bytes))) > 0) {
        is_good = is_good && fwrite(bytes, 1, (size_t)count, script) > 0;
        total += (size_t)count;
    }
    if (total == 0) {
        return CLI_DONE;
    }
    is_good = is_good && count == 0 && fflush(script) == 0 &&
              lseek(fileno(script), 0, SEEK_SET) == 0;
    if (!is_good) {
        cli_complain("cannot make a temporary file: %s", strerror(errno));
    }
    return is_good && run_gnuplot(script, picture, words) &&
                   write_picture(picture, path)
               ? CLI_DONE
               : CLI_USAGE;
}

bool plot_drawer_start(struct plot_drawer *d, const char *path)
{
    int ends[2];
    *d = (struct plot_drawer){ .path = path };
    if (!has_gnuplot()) {
        return false;
    }
    d->pid = pipe(ends) == 0 ? fork() : -1;
    if (d->pid < 0) {
        d->pid = 0;
        cli_complain("cannot start a process: %s", strerror(errno));
        return false;
    }
    if (d->pid == 0) {
        close(ends[1]);
        _exit(serve(ends[0], path));
    }
    close(ends[0]);
    d->fd = ends[1];
    return true;
}

bool plot_drawer_end(struct plot_drawer *d, const struct plot *p)
{
    int status = 0;
    if (d->pid == 0) {
        return false;
    }
    FILE *file = fdopen(d->fd, "w");
    if (p && file) {
        plot_write(p, d->path, file);
    }
    bool is_written = file && fclose(file) == 0;
    if (!is_written) {
        cli_complain("cannot draw the picture: %s", strerror(errno));
    }
    bool has_ended = waitpid(d->pid, &status, 0) == d->pid;
    d->pid = 0;
    return is_written && has_ended && WIFEXITED(status) &&
           WEXITSTATUS(status) == CLI_DONE;
}

bool plot_draw(const struct plot *p, const char *path)
{
    struct plot_drawer d;
    return plot_drawer_start(&d, path) && plot_drawer_end(&d, p);
}

static int run(const struct command *self, void *ctx)
{
    (void)self;
    struct call *c = ctx;
    c->options.has_log_x = c->log && strchr(c->log, 'x');
    c->options.has_log_y = c->log && strchr(c->log, 'y');
    struct database *db = database_open(c->database_path, DATABASE_READ);
    struct plot p = { .count = 0 };
    bool is_good =
        db && plot_read(&p, db, &c->options) && plot_draw(&p, c->out_path);
    plot_clear(&p);
    database_close(db);
    return is_good ? CLI_DONE : CLI_USAGE;
}

const struct command command_plot = {
    .name = "plot",
    .summary = "Draws the results of a sweep",
    .about = "Each point is the mean over the seeds, with its 95 % confidence "
             "interval. The picture is drawn by gnuplot. docs/sweep.md tells "
             "how to list keys.",
    .arguments = argument_rows,
    .options = option_rows,
    .exits = { [CLI_EXIT_DONE] = "The picture is drawn.",
               [CLI_EXIT_USAGE] =
                   "The picture is not drawn, and one sentence says why." },
    .size_bytes = sizeof(struct call),
    .run = run,
};
