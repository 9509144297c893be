/*
 * http_site.h - what web servers of one document have in common: what is in
 * the document, the heads of answers, and listening for clients.
 */
#ifndef WORKLOADS_GUESTS_HTTP_SITE_H
#define WORKLOADS_GUESTS_HTTP_SITE_H

#include "workloads/guests/document.h"
#include "workloads/guests/http_connection.h"

#include "isa/abi.h"

#include <stdint.h>
#include <stdnoreturn.h>

/* The words of the command line that servers of a document have in common. */
#define HTTP_SITE_ARGS(X)                                                     \
    X(size, "size", ARGS_SIZE, 0, ABI_MEM_MAX_BYTES, DOCUMENT_BYTES, "bytes", \
      "of the document")                                                      \
    X(port, "port", ARGS_COUNT, 1, 65535, DOCUMENT_PORT, "TCP port",          \
      "on which it listens")                                                  \
    X(timeout, "timeout", ARGS_TIME, HTTP_TIMEOUT_UNIT_NS,                    \
      HTTP_TIMEOUT_MAX_SECONDS * 1ull * HTTP_TIMEOUT_UNIT_NS,                 \
      60ull * HTTP_TIMEOUT_UNIT_NS, "s",                                      \
      "how long nothing may move on a connection before it is closed")

/*
 * Writes bytes [offset, offset + count) of this VM's document, from the start
 * of a line on: lines of 16 bytes, "%06x %08x\n" of the VM's number and the
 * line's offset, the last one cut to size. So a client knows each byte.
 */
void http_document_fill(uint32_t offset, char *to, uint32_t count);

/* Serves for ever, on `port`, a site whose body, hooks and time-out are set:
   fills in the rest. */
noreturn void http_site_serve(struct http_site *site, uint16_t port);

#endif /* WORKLOADS_GUESTS_HTTP_SITE_H */
