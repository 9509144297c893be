# wire.awk - judges what tshark prints of each frame, tab-separated:
#
#   frame.number tcp.stream tcp.srcport tcp.flags.{syn,ack,fin,reset}
#   ip.checksum.status tcp.checksum.status http.request.method
#   http.response.code _ws.malformed _ws.expert.message
#
# Prints what is wrong, the first ten times, and then the counts.
function wrong(what) {
    if (faults++ < 10) {
        print "frame " $1 ", connection " $2 ": " what
    }
}
# tshark 3 prints 1 and 0, tshark 4 True and False.
function is_set(flag) {
    return flag == "1" || flag == "True"
}

$8 != 1 { wrong("IP checksum status " $8) }
$9 != 1 { wrong("TCP checksum status " $9) }
$12 != "" { wrong("malformed: " $12) }
is_set($7) { wrong("RST") }
$13 ~ /[Rr]etransmission|[Oo]ut-of-[Oo]rder|[Dd]uplicate ACK|[Ww]indow/ ||
$13 ~ /not captured|unseen|reused|[Mm]alformed|[Ii]llegal|[Bb]ad/ {
    wrong($13)
}
{
    frames++
    streams[$2] = 1
    from_server = $3 == 80
    if (is_set($4)) {
        if (is_set($5) != from_server) {
            wrong("SYN from the wrong side")
        }
        syn[$2, from_server]++
    }
    if (is_set($6)) {
        fin[$2, from_server]++
    }
}
$10 != "" { requests++; request[$2]++ }
$11 != "" { responses++; response[$2]++ }

END {
    for (s in streams) {
        count++
        $1 = "-"
        $2 = s
        if (syn[s, 0] != 1 || syn[s, 1] != 1) {
            wrong(syn[s, 0] + 0 " SYN, " syn[s, 1] + 0 " SYN ACK")
        }
        if (fin[s, 0] != 1 || fin[s, 1] != 1) {
            wrong(fin[s, 0] + 0 " FIN of the client, " \
                fin[s, 1] + 0 " of the server")
        }
        if (request[s] != response[s] || request[s] == 0) {
            wrong(request[s] + 0 " requests, " response[s] + 0 " responses")
        }
    }
    printf "frames=%d connections=%d requests=%d responses=%d faults=%d\n",
        frames, count, requests, responses, faults
}
