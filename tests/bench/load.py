"""A process that only sends: requests made beforehand, so many at once, and how long each took."""

import json
import selectors
import socket
import sys
from time import perf_counter, sleep


class Line:
    """One connection that is kept, with one request under way."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.got, self.started = b"", 0.0

    def send(self, request: bytes) -> None:
        self.got, self.started = b"", perf_counter()
        self.socket.sendall(request)

    def answered(self) -> int:
        """The status, once all of the answer is there; 0 before."""
        self.got += self.socket.recv(65536)
        head, end, body = self.got.partition(b"\r\n\r\n")
        length = int(head.lower().rpartition(b"content-length:")[2].split()[0]) if end else 0
        return int(head.split(maxsplit=2)[1]) if end and len(body) >= length else 0


def send(port: int, requests: list[bytes], at_once: int, rest: float) -> list[tuple[int, float]]:
    """Keeps so many under way until all are answered, each sent after a rest of so many seconds:
    status and seconds of each.
    """
    left, found = iter(requests), []
    waiting = selectors.DefaultSelector()
    for line in [Line(port) for _ in range(min(at_once, len(requests)))]:
        waiting.register(line.socket, selectors.EVENT_READ, line)
        line.send(next(left))
    while len(found) < len(requests):
        for key, _ in waiting.select():
            line = key.data
            if status := line.answered():
                found.append((status, perf_counter() - line.started))
                if request := next(left, None):
                    sleep(rest)
                    line.send(request)
    return found


def steady(port: int, requests: list[bytes], lines: int, pace: float) -> list[tuple[int, float]]:
    """Sends one every `pace` seconds, whether those before are answered or not, as Slack does:
    status of each, and the seconds since it was due. What waits for a free line waits in that time.
    """
    waiting, free = selectors.DefaultSelector(), [Line(port) for _ in range(lines)]
    for line in free:
        waiting.register(line.socket, selectors.EVENT_READ, line)
    found, sent, began = list[tuple[int, float]](), 0, perf_counter()
    due = dict[Line, float]()
    while len(found) < len(requests):
        while sent < len(requests) and free and began + sent * pace <= perf_counter():
            line = free.pop()
            due[line] = began + sent * pace
            line.send(requests[sent])
            sent += 1
        wait = began + sent * pace - perf_counter() if sent < len(requests) and free else None
        for key, _ in waiting.select(None if wait is None else max(0.0, wait)):
            line = key.data
            if status := line.answered():
                found.append((status, perf_counter() - due[line]))
                free.append(line)
    return found


def main() -> None:
    asked = json.load(sys.stdin)
    requests = [one.encode() for one in asked["requests"]]
    port, lines = asked["port"], asked["at_once"]
    if pace := asked.get("pace"):
        json.dump(steady(port, requests, lines, pace), sys.stdout)
    else:
        json.dump(send(port, requests, lines, asked["rest"]), sys.stdout)


if __name__ == "__main__":
    main()
