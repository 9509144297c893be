/* drawn_guest.c - see drawn_guest.h. */
#include "tests/ik/drawn_guest.h"

#include "sim/bytes.h"
#include "tests/ik/fixture.h"

#define STATEMENTS 120
#define MEM_END    (ABI_MEM_BASE + (1u << 20))

/* A number that something depends on, or that is next to one. */
static uint32_t draw_value(struct draws *d)
{
    static const uint32_t edges[] = {
        0,          1,
        12,         14,
        60,         1514,
        4096,       ABI_MEM_BASE,
        GUEST_DATA, MEM_END,
        0x80000000, ABI_TEXT_BASE,
        0x00421000, 0x00430ffc,
        UINT32_MAX, ABI_TEXT_BASE + 0x200,
        20000,      ABI_VM_NET + 1,
    };
    uint32_t count = sizeof(edges) / sizeof(edges[0]);
    uint32_t pick = draw(d, count + 2);
    if (pick >= count) {
        return (uint32_t)draw_u64(d, 4);
    }
    return edges[pick] + draw(d, 3) - 1 + (draw(d, 4) ? 0 : draw(d, 64));
}

static void draw_frame(struct guest_asm *a, struct draws *d)
{
    uint8_t frame[16] = { 0 };
    uint32_t to = draw(d, 4) ? ABI_VM_NET + 1 + draw(d, 20) : ABI_CLIENT_NET;
    static const uint16_t types[] = { 0x800, 0x806, FRAME_TYPE_OTHER };
    frame_head(frame, to, ABI_VM_NET + 1 + draw(d, 16), types[draw(d, 3)]);
    frame[0] = draw(d, 8) ? frame[0] : 0xff;
    for (uint32_t i = 0; i < sizeof(frame); i += 4) {
        asm_store(a, GUEST_DATA + i, get_le32(frame + i));
    }
    asm_buffer(a, ABI_VI_PACKET_SEND, GUEST_DATA,
               14 + draw(d, PACKET_MAX_BYTES - 13));
}

/* A request to a disk that may be there. */
static void draw_disk(struct guest_asm *a, struct draws *d)
{
    asm_mov(a, CPU_EAX, draw(d, 4) / 3);
    asm_mov(a, CPU_ECX, draw(d, DRAWN_DISK_BLOCKS + 1));
    asm_mov(a, CPU_EDX, GUEST_DATA + 512 * draw(d, 800));
    asm_mov(a, CPU_EBX, draw(d, 100));
    asm_int(a, (uint8_t)(ABI_VI_DISK_READ + draw(d, 2)));
}

static void draw_statement(struct guest_asm *a, struct draws *d,
                           uint32_t handler)
{
    switch (draw(d, 17)) {
    case 0:
    case 1:
    case 2:
        asm_mov(a, (enum cpu_reg)draw(d, CPU_GPR_COUNT), draw_value(d));
        break;
    case 3:
    case 4:
    case 5: /* Not `terminate`, or all would be over soon. */
        asm_int(a, (uint8_t)(draw(d, 8) ? ABI_VI_PACKET_SEND + draw(d, 7)
                                        : ABI_VI_IDLE));
        break;
    case 6:
        asm_idle(a, draw(d, 2000000));
        break;
    case 7:
        asm_alarm(a, draw(d, 2000000));
        break;
    case 8:
        asm_use_handler(a, handler);
        break;
    case 9:
        asm_store(a, ABI_VREGS_BASE + 4 * draw(d, 20), draw_value(d));
        break;
    case 10:
        asm_mov(a, CPU_ESP, MEM_END - 4 * draw(d, 2000));
        break;
    case 11:
        draw_frame(a, d);
        break;
    case 12:
        asm_spin(a, 1 + draw(d, 20000));
        break;
    case 13:
        asm_store(a, 0x00410000 + 4 * draw(d, 0x3c000), draw_value(d));
        break;
    case 14:
        asm_buffer(a, (uint8_t)(ABI_VI_PACKET_RECV + draw(d, 2) * 3),
                   GUEST_DATA + draw(d, 8192), draw(d, 4097));
        break;
    case 15:
        draw_disk(a, d);
        break;
    default:
        if (draw(d, 12) == 0) {
            ASM(a, (uint8_t)draw(d, 256), (uint8_t)draw(d, 256));
        } else {
            asm_jmp(a, ABI_TEXT_BASE + draw(d, draw(d, 20) ? 1000 : 9000));
        }
        break;
    }
}

void drawn_guest(struct guest_asm *a, struct draws *d)
{
    asm_init(a);
    uint32_t handler = asm_handler(a);
    asm_entry(a);
    uint32_t statements = 1 + draw(d, STATEMENTS);
    for (uint32_t i = 0; i < statements; i++) {
        draw_statement(a, d, handler);
    }
    asm_jmp(a, a->entry);
}
