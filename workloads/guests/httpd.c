/*
 * httpd.c - a web server: one document, kept in memory and sent from there.
 *
 * GET and HEAD of `/` and `/index...` (a query is ignored) give the document,
 * other paths 404, other methods 405 with Allow, what is no request 400, a
 * request line beyond 256 bytes 414, a head beyond 8 KiB 431. Requests may
 * come in any pieces and several at once; they are answered in order. A body
 * that comes with a GET is passed over. Errors have no body.
 *
 * What is in the document: see http_site.h.
 *
 * Who closes first: the client, when it has the whole answer by its length.
 * Then the server goes through LAST-ACK and keeps nothing. It closes first
 * only for a client that asks for that (`Connection: close`, or HTTP/1.0
 * without `keep-alive`), after an error other than 404, and after `timeout`.
 * It then shuts down its half and reads on until the client closes too, so
 * that no late byte is answered with a reset that would overtake the answer.
 * The TIME-WAIT that follows lasts 1 to 1.5 s, and ends the next time the
 * guest wakes for something else: see ilwaco/net/time_wait.h.
 *
 * Without a connection the guest has no timer, and sleeps until a packet.
 *
 * The working set stands for what a server of more than one document would do:
 * see working_set.h.
 */
#include "workloads/guests/http_site.h"
#include "workloads/guests/working_set.h"

#include "ilwaco/cmdline.h"
#include "ilwaco/panic.h"
#include "ilwaco/start.h"
#include "isa/abi.h"

#include <stdlib.h>

#define HTTPD_ARGS(X)                                                          \
    HTTP_SITE_ARGS(X)                                                          \
    X(working_set, "working-set", ARGS_SIZE, 0, ABI_MEM_MAX_BYTES, 0, "bytes", \
      "in whole pages, touched at its start and before each answer")
ARGS_PROGRAM("a web server: one document, kept in memory", HTTPD_ARGS)

static struct http_site site;

static void make_working_set(uint32_t size_bytes)
{
    if (size_bytes > 0) {
        working_set_make(size_bytes);
        site.on_request = working_set_touch;
    }
}

static void make_document(uint32_t size_bytes)
{
    char *document = malloc(size_bytes);
    if (document == NULL) {
        panic("no memory for %u bytes", size_bytes);
    }
    http_document_fill(0, document, size_bytes);
    site.document = document;
    site.body_bytes = size_bytes;
}

int main(void)
{
    struct args_value args[ARG_COUNT];
    cmdline_read(args_rules, args);
    site.timeout_seconds =
        (uint32_t)(args[ARG_timeout].number / HTTP_TIMEOUT_UNIT_NS);
    make_document((uint32_t)args[ARG_size].number);
    make_working_set((uint32_t)args[ARG_working_set].number);
    http_site_serve(&site, (uint16_t)args[ARG_port].number);
}
