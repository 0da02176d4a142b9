# A failure leaves what was there, and no other file.
echo old >out.json
p top -o out.json missing.pb
cat out.json
ls -A
