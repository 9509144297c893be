#!/bin/sh
# test_images.sh IMAGE... - the bundled images have only plain i586
# instructions, text alone in its executable segment, and nothing that is both
# writable and executable. `iksim verify` is the judge; this is a second one,
# that knows nothing of it.
set -u
bad=0

# Mnemonics as objdump has them: integers, no privilege, nothing after i586; its
# tzcnt is the i586's bsf with a prefix that means nothing.
suffix='[bwl]?'
allowed="(mov|add|sub|adc|sbb|and|or|xor|not|neg|inc|dec|mul|imul|div|idiv\
|cmp|test|shl|shr|sal|sar|rol|ror|rcl|rcr|xchg|cmpxchg|xadd|push|pop|movs|stos\
|lods|scas|cmps)$suffix|mov[sz][bw][wl]|shld|shrd|set[a-z]+|j[a-z]+|lea|call\
|ret|leave|nop|int|bswap|pushf|popf|cltd|cwtl|cbtw|cwtd|bt[src]?|bs[fr]|cld\
|std|rep|repz|repnz|lock|tzcnt"

for image; do
    foreign=$(objdump -d --no-show-raw-insn "$image" |
        awk -F '\t' 'NF > 1 { split($2, word, " "); print word[1] }' |
        sort -u | grep -vxE "$allowed")
    [ -z "$foreign" ] || { echo "$image has $foreign"; bad=1; }
    flags=$(readelf -lW "$image" | awk '$1 == "LOAD" { print $7 $8 }')
    case "$(echo "$flags" | sort | tr '\n' ' ')" in
    "R0x1000 RE RW0x1000 " | "RE RW0x1000 ") ;;
    *) echo "$image has segments $flags"; bad=1 ;;
    esac
    # Only .text is in the executable segment.
    readelf -lW "$image" | grep -qE '^ +00 +\.text *$' ||
        { echo "$image has more than text in its first segment"; bad=1; }
done
exit $bad
