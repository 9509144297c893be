/*
 * agree.c - compares what the simulated hardware and the ABI both state. Each
 * states it alone: sim may not include isa, and guests include only isa/abi.h.
 */
#include "isa/abi.h"
#include "sim/base.h"
#include "sim/devices/disk.h"
#include "sim/devices/packet.h"
#include "sim/limits.h"
#include "sim/scenario.h"

#define AGREE(here, there) \
    _Static_assert((here) == (there), #here " is not " #there)

AGREE(PACKET_MAX_BYTES, ABI_PACKET_MAX_BYTES);
AGREE(PACKET_MIN_BYTES, ABI_PACKET_MIN_BYTES);
AGREE(DISK_BLOCK_BYTES, ABI_BLOCK_BYTES);
AGREE(DISK_BLOCK_BYTES, ABI_PAGE_BYTES); /* A page is paged as a block. */
AGREE(SCENARIO_PAGE_BYTES, ABI_PAGE_BYTES);
AGREE(SCENARIO_MEMORY_MIN, ABI_MEM_MIN_BYTES);
AGREE(SCENARIO_MEMORY_MAX, ABI_MEM_MAX_BYTES);
AGREE(SCENARIO_ARGS_LENGTH + 1, ABI_CMDLINE_BYTES);
AGREE(SCENARIO_DISK_LIMIT, ABI_DISK_LIMIT);
AGREE(TIME_NEVER, ABI_TIME_NEVER);
_Static_assert(ABI_VM_NET + VM_LIMIT < ABI_CLIENT_NET, "VMs are no clients");
