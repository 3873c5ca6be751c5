"""Reads the first page of a portal until it is ended, and prints how many seconds each time took."""

import sys
import time

import httpx
from tests.bench.places import HOST

ASK = 0.25


def main(address: str) -> None:
    with httpx.Client(base_url=address, headers={"Host": HOST}, timeout=60) as client:
        while True:
            began = time.perf_counter()
            client.get("/").raise_for_status()
            print(time.perf_counter() - began, flush=True)  # noqa: T201
            time.sleep(ASK)


if __name__ == "__main__":
    main(sys.argv[1])
