/*
 * log_line.h - one line of a file that says who asked what when.
 *
 * LOG_COMMON is the common log format of web servers, and whatever follows its
 * seven fields on the line (the combined format):
 *
 *     client ident user [10/Oct/2000:13:55:36 -0700] "GET /a HTTP/1.0" 200 2326
 *
 * LOG_CSV is `time,target` or `time,target,size`: seconds with at most nine
 * decimals; a path, or the number of a VM in the load's group; bytes. Fields are
 * not quoted: a comma in a path is written %2C.
 */
#ifndef WORKLOADS_LOG_LINE_H
#define WORKLOADS_LOG_LINE_H

#include "sim/scenario.h"

#define LOG_NO_VM UINT32_MAX

/* Borrowed from the line; bytes 0: there is none. */
struct log_text {
    const char *at;
    uint32_t bytes;
};

struct log_line {
    uint64_t at_ns;         /* Of its own clock. */
    struct log_text client; /* The first field of a common log's line. */
    struct log_text path;   /* Printable ASCII, from its first slash on. */
    uint32_t vm;            /* LOG_NO_VM: the path says which. */
    uint32_t size;          /* Bytes that were answered; valid if has_size. */
    bool has_size;
    /* False: the line is as it should be, but holds nothing that can be asked:
       no request line, no path of a server, or one of more than
       SCENARIO_PATH_LENGTH bytes or of bytes that no URL has. */
    bool is_request;
};

/* Returns NULL, or what is wrong with the line. */
const char *log_line_read(enum scenario_log_format format, const char *text,
                          uint32_t bytes, struct log_line *line);

/* True: a CSV may begin with these words, "time,...". */
bool log_line_is_title(const char *text, uint32_t bytes);

#endif /* WORKLOADS_LOG_LINE_H */
