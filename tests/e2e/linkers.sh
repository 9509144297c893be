#!/bin/bash
# What a common linker makes by default is run, or the sentence has the flag
# that helps, and the flag does help. The program has a constant and a jump
# table, so that its text is not all that lies between its ends.
. "${0%/*}/lib.sh"
needs clang-19
cd "$work" || exit 2
cat >plain.c <<'END'
static const char text[] = "a plain program\n";
static int one(int x)
{
    switch (x) {
    case 0: return 3;
    case 1: return 9;
    case 2: return 4;
    case 3: return 11;
    case 4: return 1;
    }
    return x;
}
void _start(void)
{
    volatile int which = 2;
    int n = (int)text + one(which) - 4;
    __asm__ volatile("int $0x46"
                     : "+a"(n) : "c"(sizeof(text) - 1) : "memory");
    __asm__ volatile("int $0x41" : : "a"(0));
    for (;;) { }
}
END
cat >plain.yaml <<'END'
run: {boot_instructions: 0, warmup: 0s, duration: 200ms}
vms: [{name: plain, image: ./plain.elf}]
END

# links FLAG...: makes plain.elf.
links() {
    clang-19 --target=i586-linux-gnu -march=i586 -O2 -ffreestanding -nostdlib \
        "$@" plain.c -o plain.elf 2>err || fail "clang-19 $*: $(cat err)"
}
# runs WHAT FLAG...
runs() {
    links "${@:2}"
    "$iksim" run plain.yaml >out 2>err || fail "$1: exit $?: $(cat err)"
    grep -q '^plain-0: a plain program' out || fail "$1: $(cat out)"
}
# says WHAT FLAG...: the sentence, which must have a flag.
says() {
    links "${@:3}"
    "$iksim" run plain.yaml >out 2>err && fail "$1 is run"
    [ "$(wc -l <err)" = 1 ] || fail "$1: $(cat err)"
    grep -qF -- "$2" err || fail "$1: no $2: $(cat err)"
}

tried=0
for linker in ld.bfd ld.gold; do
    command -v $linker >/dev/null || continue
    use=(-static "-fuse-ld=${linker#ld.}")
    says "$linker" -Wl,-Ttext-segment=0x401000 "${use[@]}"
    sed -i 's/plain.elf/plain.elf, memory: 160MiB/' plain.yaml
    runs "$linker with memory" "${use[@]}"
    sed -i 's/, memory: 160MiB//' plain.yaml
    runs "$linker as it is told" "${use[@]}" -Wl,-Ttext-segment=0x401000
    if [ $linker = ld.bfd ]; then # The other knows neither.
        runs "$linker, one segment" "${use[@]}" \
            -Wl,-Ttext-segment=0x401000 -Wl,-z,noseparate-code
        says "$linker -N" 'without -N' "${use[@]}" -Wl,-N
    fi
    says "$linker, a PIE" '-static -no-pie' -pie "${use[@]:1}"
    tried=$((tried + 1))
done
if command -v ld.lld-19 >/dev/null; then
    use=(-static "--ld-path=$(command -v ld.lld-19)")
    says ld.lld-19 -Wl,--image-base=0x401000 "${use[@]}"
    runs "ld.lld-19 as it is told" "${use[@]}" -Wl,--image-base=0x401000
    says "ld.lld-19, a PIE" '-static -no-pie' -pie "${use[@]:1}"
    tried=$((tried + 1))
fi
[ $tried -gt 0 ] || skip "there is no linker here"

# A constant in the text is no instruction; one that a switch leads to is.
cat >table.S <<'END'
        .globl _start
        .type _start, @function
_start: mov     $1, %eax
        jmp     *table(,%eax,4)
text:   .byte   0x0f, 0xa2
one:    xor     %eax, %eax
        int     $0x41
two:    REFUSED
        .size _start, . - _start
        .section .rodata
table:  .long   one, two
END
for what in nop rdtsc; do
    clang-19 --target=i586-linux-gnu -nostdlib -static -DREFUSED=$what \
        -Wl,-Ttext-segment=0x401000 -fuse-ld=bfd table.S -o table.elf ||
        skip "there is no ld.bfd here"
    "$iksim" verify table.elf >$what.out
    echo $? >>codes
done
expect "exit codes of verify" "0 1" "$(xargs <codes)"
grep -q 'rdtsc .*<-' rdtsc.out || fail "rdtsc: $(cat rdtsc.out)"
expect "instructions outside the subset" 1 "$(grep -c '<-' rdtsc.out)"
exit 0
