"""Load for the austin fixture. In: seconds. Out: nothing."""
import json
import sys
import threading
import time


def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)


def encode(n):
    return len(json.dumps([{"id": i, "name": "n%d" % (i % 17)} for i in range(n)], indent=1))


def work(until):
    while time.monotonic() < until:
        encode(200)
        fib(14)


end = time.monotonic() + float(sys.argv[1])
other = threading.Thread(target=work, args=(end,), name="helper")
other.start()
work(end)
other.join()
