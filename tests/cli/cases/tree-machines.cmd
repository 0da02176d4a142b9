# The call tree for programs.
p tree -n 5 --format json "$DATA/pprof/good-go126-cpu.pb.gz"
p tree -n 5 --format csv "$DATA/pprof/good-go126-cpu.pb.gz"
p tree -n 5 --format markdown "$DATA/pprof/good-go126-cpu.pb.gz"
# the total of every node is its own value, its children's totals and what was cut
"$PANALYZE" tree --format json "$DATA/pprof/good-go126-cpu.pb.gz" |
    awk 'function f(key,   t) { t = $0; return sub(".*\"" key "\": ", "", t) ? t + 0 : "" }
         /^ *{"id"/ { id = f("id"); left[id] += f("total") - f("self") - f("cut_total"); n++
                      if ($0 !~ /"parent": null/) left[f("parent")] -= f("total") }
         END { for (id in left) if (left[id]) { print "node", id, "is off by", left[id]; bad = 1 }
               print n, (bad ? "nodes" : "nodes add up") }'
