: >empty.pb
p top empty.pb
gzip -c empty.pb >empty.pb.gz
p top empty.pb.gz
