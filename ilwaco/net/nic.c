/* nic.c - see nic.h. */
#include "ilwaco/net/nic.h"

#include "ilwaco/panic.h"
#include "ilwaco/vi.h"
#include "isa/abi.h"

static struct {
    struct nic_counts counts;
    uint32_t first; /* Of the frames held; counts up, taken modulo. */
    uint32_t held;  /* How many, <= NIC_QUEUE_FRAMES. */
    struct pbuf *queue[NIC_QUEUE_FRAMES];
    /* One frame in a piece: what is being received, or gathered to send. */
    uint8_t frame[ABI_PACKET_MAX_BYTES];
} nic;

static int32_t transmit(const struct pbuf *frame)
{
    const void *bytes = frame->payload;
    if (frame->next != NULL) {
        (void)pbuf_copy_partial(frame, nic.frame, frame->tot_len, 0);
        bytes = nic.frame;
    }
    int32_t result = vi_packet_send(bytes, frame->tot_len);
    if (result != 0 && result != ABI_EAGAIN) {
        panic("packet_send of %u bytes: %d", frame->tot_len, result);
    }
    nic.counts.sent += result == 0;
    return result;
}

static err_t hold(struct pbuf *frame)
{
    if (nic.held == NIC_QUEUE_FRAMES) {
        nic.counts.refused++;
        return ERR_MEM;
    }
    pbuf_ref(frame);
    nic.queue[(nic.first + nic.held) % NIC_QUEUE_FRAMES] = frame;
    nic.held++;
    nic.counts.held++;
    return ERR_OK;
}

err_t nic_send(struct pbuf *frame)
{
    if (frame->tot_len > ABI_PACKET_MAX_BYTES) {
        return ERR_BUF;
    }
    if (nic.held > 0 || transmit(frame) != 0) {
        return hold(frame);
    }
    return ERR_OK;
}

bool nic_send_held(void)
{
    while (nic.held > 0) {
        struct pbuf *frame = nic.queue[nic.first % NIC_QUEUE_FRAMES];
        if (transmit(frame) != 0) {
            return false;
        }
        nic.first++;
        nic.held--;
        pbuf_free(frame);
    }
    return true;
}

struct pbuf *nic_receive(void)
{
    for (;;) {
        int32_t got = vi_packet_recv(nic.frame, sizeof(nic.frame));
        if (got < 0) {
            panic("packet_recv: %d", got);
        }
        if (got == 0) {
            return NULL;
        }
        nic.counts.received++;
        /* Exactly as long as the frame: most are short. */
        struct pbuf *frame = pbuf_alloc(PBUF_RAW, (u16_t)got, PBUF_RAM);
        if (frame != NULL) {
            (void)pbuf_take(frame, nic.frame, (u16_t)got);
            return frame;
        }
        nic.counts.rx_dropped++;
    }
}

const struct nic_counts *nic_counts(void)
{
    return &nic.counts;
}
