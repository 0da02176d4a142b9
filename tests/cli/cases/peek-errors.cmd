# What peek refuses.
p peek
p peek main
p peek nosuchfunction "$DATA/pprof/good-go126-cpu.pb.gz"
p peek '*bad' "$DATA/pprof/good-go126-cpu.pb.gz"
p peek x --by label=handler "$DATA/pprof/good-go126-tags.pb.gz"
p top -peek=main "$DATA/pprof/good-go126-cpu.pb.gz"
