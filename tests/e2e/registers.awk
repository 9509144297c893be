# registers.awk - the registers after each instruction of a list made by `iksim
# run --instructions`, as single_step prints them: its address, then the values.
#
# What the kernel sets between two instructions belongs to the one before.
BEGIN {
    split("eax ecx edx ebx esp ebp esi edi CF PF AF ZF SF DF OF", order, " ")
    for (i = 1; i in order; i++)
        value[order[i]] = i <= 8 ? "00000000" : "0"
}
function take(text,   n, i, words, pair) {
    n = split(text, words, " ")
    for (i = 1; i <= n; i++)
        if (split(words[i], pair, "=") == 2)
            value[pair[1]] = pair[2]
}
function put(   i) {
    if (address == "")
        return
    printf "%s", address
    for (i = 1; i in order; i++)
        printf " %s", value[order[i]]
    print ""
}
/^# (the kernel set|the VM begins)/ { take($0); next }
/^#/ { next }
{
    put()
    address = $3
    sub(/.* ;/, "")
    take($0)
}
END { put() }
