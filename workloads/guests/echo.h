/* echo.h - what the echo server and its clients agree on. */
#ifndef WORKLOADS_GUESTS_ECHO_H
#define WORKLOADS_GUESTS_ECHO_H

#define ECHO_PORT 7

#endif /* WORKLOADS_GUESTS_ECHO_H */
