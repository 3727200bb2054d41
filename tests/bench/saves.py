#!/usr/bin/env python3
"""Times `ipswich dev` from saving a product to serving its page.

    saves.py --root DIR --ipswich FILE [--port 8799] [--saves 9] [--title]

DIR holds content/ and themes/. The body of one product is changed (with --title its title, so that lists change too)
and its page asked for every 2 ms until the change is there; the file is put back at the end. Prints the seconds until
the first page, the median and the range of the saves in milliseconds, and the peak memory.
"""
import argparse
import http.client
import pathlib
import re
import signal
import statistics
import subprocess
import tempfile
import time


def get(port, path):
    try:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read()
    except (OSError, http.client.HTTPException):
        return 0, b""


def until(port, path, wanted, seconds):
    begin = time.monotonic()
    while not wanted(get(port, path)):
        if time.monotonic() - begin > seconds:
            raise SystemExit(f"{path} is not as wanted after {seconds} s")
        time.sleep(0.002)
    return time.monotonic() - begin


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--root", type=pathlib.Path, required=True)
    options.add_argument("--ipswich", type=pathlib.Path, required=True)
    options.add_argument("--port", type=int, default=8799)
    options.add_argument("--saves", type=int, default=9)
    options.add_argument("--title", action="store_true")
    args = options.parse_args()
    products = sorted((args.root / "content/products").rglob("*.md"))
    source = products[len(products) // 2]
    page = f"/product/{source.stem}/"
    before = source.read_text()
    data = tempfile.mkdtemp(prefix="ipswich-saves-")
    command = [args.ipswich.resolve(), "dev", "--port", str(args.port), "--data", data]
    server = subprocess.Popen(command, cwd=args.root, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        start = until(args.port, page, lambda answer: answer[0] == 200, 600)
        times = []
        for number in range(args.saves):
            time.sleep(1.5)
            mark = f"mark{number}x{server.pid}"
            if args.title:
                text = re.sub('title = "', f'title = "{mark} ', before, count=1)
            else:
                text = f"{before}\nChanged: {mark}.\n"
            source.write_text(text)
            times.append(1000 * until(args.port, page, lambda answer: mark.encode() in answer[1], 60))
        status = pathlib.Path(f"/proc/{server.pid}/status").read_text()
        peak = int(re.search(r"VmHWM:\s+(\d+)", status).group(1)) // 1024
    finally:
        source.write_text(before)
        server.send_signal(signal.SIGTERM)
        server.wait(20)
    low, middle, high = min(times), statistics.median(times), max(times)
    print(f"start {start:.2f} s, save to served {middle:.0f} ms ({low:.0f}-{high:.0f}), peak {peak} MiB")


if __name__ == "__main__":
    main()
