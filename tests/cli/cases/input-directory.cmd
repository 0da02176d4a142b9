# The profiles in it; what is none is counted; hidden files and directories are left alone.
mkdir -p runs/deeper 'odd[name]*' none empty
cp "$DATA/pprof/good-go126-mutex.pb.gz" runs/b.pb.gz
cp "$DATA/pprof/good-go126-mutex.pb.gz" runs/a.pb.gz
cp runs/a.pb.gz runs/.hidden; cp runs/a.pb.gz runs/deeper/c.pb.gz
cp runs/a.pb.gz 'odd[name]*/a.pb.gz'
echo text >runs/readme.txt; echo text >none/one.txt
p top -n 1 runs
p top -n 1 -q runs
p info --format csv runs
p top -n 1 'odd[name]*/'
p top -n 1 runs 'odd[name]*'
p top none
p info none
p top empty
head -c 200 runs/a.pb.gz >runs/cut.pb.gz
p top runs
