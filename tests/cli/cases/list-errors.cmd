f=$DATA/pprof/good-go126-cpu.pb.gz
p list
p list 'main\.fib$'
p list nothing "$f"
p list '(' "$f"
p list '' "$f"
p list --by module fib "$f"
p list --lines 'main\.fib$' --sources=false "$f"
p list --unit bytes fib "$f"
p top --source-path . "$f"
# a profile may name anything: only regular files are opened
mkfifo load.go
p list 'main\.fib$' --source-path . --trim-path fixture "$f"
rm load.go && mkdir load.go
p list 'main\.fib$' --source-path . --trim-path fixture "$f"
