/* schema.c - see schema.h. */
#define _GNU_SOURCE /* open_memstream */
#include "cli/lab/sweep/schema.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/report/figures.h"

const char schema_tables[] = "CREATE TABLE runs("
                             " id INTEGER PRIMARY KEY,"
                             " key TEXT NOT NULL UNIQUE,"
                             " plan TEXT NOT NULL,"
                             " base TEXT NOT NULL,"
                             " name TEXT NOT NULL,"
                             " sets TEXT NOT NULL,"
                             " seed INTEGER NOT NULL,"
                             " scenario TEXT NOT NULL,"
                             " images TEXT NOT NULL,"
                             " state TEXT NOT NULL DEFAULT 'waiting'"
                             "  CHECK(state IN ('waiting', 'done', 'failed')),"
                             " version TEXT,"
                             " exit_code INTEGER,"
                             " message TEXT,"
                             " fingerprint TEXT,"
                             " report TEXT);"
                             "CREATE TABLE hosts("
                             " run INTEGER PRIMARY KEY REFERENCES runs(id),"
                             " figures TEXT NOT NULL);"
                             "CREATE TABLE settings("
                             " run INTEGER NOT NULL REFERENCES runs(id),"
                             " key TEXT NOT NULL,"
                             " value NOT NULL,"
                             " unit TEXT,"
                             " text TEXT NOT NULL,"
                             " PRIMARY KEY(run, key)) WITHOUT ROWID;";

const char schema_metrics_view[] =
    "CREATE VIEW metrics(run, metric, value) AS"
    " SELECT runs.id, replace(substr(t.fullkey, 3), '\"', ''), t.atom"
    " FROM runs, json_tree(runs.report) AS t"
    " WHERE t.type IN ('integer', 'real')";

const char schema_pilots[] = "CREATE TABLE IF NOT EXISTS pilots("
                             " key TEXT PRIMARY KEY,"
                             " images TEXT NOT NULL,"
                             " warmup_ms INTEGER NOT NULL) WITHOUT ROWID;";

/* Prints a path such as "load.latency_ns.p99" as the name of a column. */
static void put_column(FILE *file, const char *path)
{
    for (; *path; path++) {
        fputc(*path == '.' ? '_' : *path, file);
    }
}

char *schema_figures_view(void)
{
    char *text = NULL;
    size_t bytes = 0;
    FILE *file = open_memstream(&text, &bytes);
    if (!file) {
        return NULL;
    }
    fputs("CREATE VIEW figures AS SELECT id AS run", file);
    for (int i = 0; i < FIGURE_COUNT; i++) {
        const struct figure *f = &figure_table[i];
        if (f->section == SECTION_GROUP) {
            continue;
        }
        bool is_host = f->section == SECTION_HOST;
        fprintf(file, ", json_extract(%s, '$.%s') AS ",
                is_host ? "hosts.figures" : "report",
                is_host ? strchr(f->path, '.') + 1 : f->path);
        put_column(file, f->path);
    }
    fputs(", json_extract(report, '$.guests') AS guests"
          ", json_extract(report, '$.steady.class') AS steady_class"
          ", json_extract(report, '$.steady.overloaded') AS overloaded"
          ", json_extract(report, '$.steady.reason') AS steady_reason",
          file);
    fputs(" FROM runs LEFT JOIN hosts ON hosts.run = id"
          " WHERE report IS NOT NULL",
          file);
    if (fclose(file) != 0) {
        free(text);
        return NULL;
    }
    return text;
}
