/* plot.c - `iksim plot`: results of a sweep as a picture, through gnuplot. */
#define _GNU_SOURCE
#include "cli/lab/plot/plot.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/commands/commands.h"

struct call {
    struct plot_options options;
    const char *database_path;
    const char *out_path;
};

enum { OPT_X = 256, OPT_Y, OPT_BY, OPT_WHERE, OPT_LOG, OPT_OUT };

static const struct option long_options[] = {
    { "x", required_argument, NULL, OPT_X },
    { "y", required_argument, NULL, OPT_Y },
    { "by", required_argument, NULL, OPT_BY },
    { "where", required_argument, NULL, OPT_WHERE },
    { "log", required_argument, NULL, OPT_LOG },
    { "out", required_argument, NULL, OPT_OUT },
    { "help", no_argument, NULL, CLI_OPT_HELP },
    { NULL, 0, NULL, 0 },
};

static const char help[] =
    "Draws the mean over the seeds, with its 95 % confidence interval.\n"
    "\n"
    "Options:\n"
    "  --x KEY           a key of scenarios, or `name` (of the bundle)\n"
    "  --y METRIC        a figure of reports, such as load.latency_ns.p99\n"
    "  --by KEY          a line for each of its values\n"
    "  --where KEY=VALUE only runs with that setting; may be repeated\n"
    "  --log x|y|xy      logarithmic axes\n"
    "  --out FILE        FILE.svg or FILE.png (default: SVG on stdout)\n"
    "\n"
    "Exit: 0 drawn; 2 not, and one sentence says why. It takes gnuplot.\n"
    "docs/sweep.md tells how to list keys and metrics.\n";

/* ---- Options ------------------------------------------------------------ */

static int add_where(const struct command *self, struct plot_options *o)
{
    if (!strchr(optarg, '=') || o->where_count == PLOT_WHERE_LIMIT) {
        return cli_misuse(self,
                          "--where must be KEY=VALUE, and %d at most, "
                          "not '%s'",
                          PLOT_WHERE_LIMIT, optarg);
    }
    o->where[o->where_count++] = optarg;
    return CLI_DONE;
}

static int set_log(const struct command *self, struct plot_options *o)
{
    o->has_log_x = strcmp(optarg, "x") == 0 || strcmp(optarg, "xy") == 0;
    o->has_log_y = strcmp(optarg, "y") == 0 || strcmp(optarg, "xy") == 0;
    return o->has_log_x || o->has_log_y
               ? CLI_DONE
               : cli_misuse(self, "--log must be x, y or xy, not '%s'", optarg);
}

static int set_out(const struct command *self, struct call *c)
{
    const char *dot = strrchr(optarg, '.');
    if (!dot || (strcmp(dot, ".svg") != 0 && strcmp(dot, ".png") != 0)) {
        return cli_misuse(self, "--out must end in .svg or .png, not '%s'",
                          optarg);
    }
    c->out_path = optarg;
    return CLI_DONE;
}

static int take_option(const struct command *self, void *ctx, int option)
{
    struct call *c = ctx;
    switch (option) {
    case OPT_X:
        c->options.x = optarg;
        return CLI_DONE;
    case OPT_Y:
        c->options.y = optarg;
        return CLI_DONE;
    case OPT_BY:
        c->options.by = optarg;
        return CLI_DONE;
    case OPT_WHERE:
        return add_where(self, &c->options);
    case OPT_LOG:
        return set_log(self, &c->options);
    case OPT_OUT:
        return set_out(self, c);
    default:
        return cli_misuse(self, "bad option");
    }
}

static int parse(const struct command *self, struct call *c, int argc,
                 char **argv)
{
    struct cli_words words = { argv, argc };
    int code = cli_parse(self, &words, long_options, take_option, c);
    if (code != CLI_DONE) {
        return code;
    }
    if (words.count != 1) {
        return cli_misuse(self, words.count == 0 ? "no database is named"
                                                 : "one database at a time");
    }
    c->database_path = words.words[0];
    return c->options.x && c->options.y
               ? CLI_DONE
               : cli_misuse(self, "both --x and --y are needed");
}

/* ---- Drawing ------------------------------------------------------------ */

/* Before anything is opened for it. */
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

/* What gnuplot said, on one line. */
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
 * Reads the program from `script`, draws to `out`. What it says goes to
 * `words`: much of it is no fault, such as what the locale lacks.
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

/* gnuplot does not say when a disk is full, so its picture is copied by someone
   who does. An errno; 0: all of it is there. */
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

/* False: complained. */
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

bool plot_draw(const struct plot *p, const char *path)
{
    if (!has_gnuplot()) {
        return false;
    }
    FILE *script = tmpfile();
    FILE *picture = tmpfile();
    FILE *words = tmpfile();
    bool is_good = false;
    if (script && picture && words) {
        plot_write(p, path, script);
        is_good =
            fflush(script) == 0 && lseek(fileno(script), 0, SEEK_SET) == 0;
    }
    if (!is_good) {
        cli_complain("cannot make a temporary file: %s", strerror(errno));
    }
    is_good = is_good && run_gnuplot(script, picture, words) &&
              write_picture(picture, path);
    FILE *const files[] = { script, picture, words };
    for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
        if (files[i]) {
            fclose(files[i]);
        }
    }
    return is_good;
}

static int execute(const struct call *c)
{
    struct database *db = database_open(c->database_path, DATABASE_READ);
    struct plot p = { .count = 0 };
    bool is_good =
        db && plot_read(&p, db, &c->options) && plot_draw(&p, c->out_path);
    plot_clear(&p);
    database_close(db);
    return is_good ? CLI_DONE : CLI_USAGE;
}

static int run(const struct command *self, int argc, char **argv)
{
    struct call c = { .database_path = NULL };
    int code = parse(self, &c, argc, argv);
    if (code == CLI_DONE) {
        code = execute(&c);
    }
    return code;
}

const struct command command_plot = {
    .name = "plot",
    .arguments = "DB --x KEY --y METRIC [OPTION]...",
    .summary = "Draws the results of a sweep",
    .help = help,
    .run = run,
};
