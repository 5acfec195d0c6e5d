"""Ask a server on this machine for records, many clients at once: `python -m tests.benchmarks.load`.

It starts `quotes serve` itself on the loopback interface, posts PolNeAR's articles to `/extract` for a bounded time,
and tells the answers by status, their times, and what memory the server and its workers hold, six times in between.
"""

from __future__ import annotations

import asyncio
import subprocess
import tempfile
import time
from collections import Counter
from pathlib import Path
from statistics import quantiles

import click
import httpx

from tests.benchmarks import corpus
from tests.serving import served

_HEADERS = {"Content-Type": "text/plain"}


def memory(process: int) -> float:
    """Return the megabytes that a process and its children hold."""
    command = ["ps", "-o", "rss=", "--pid", str(process), "--ppid", str(process)]
    done = subprocess.run(command, capture_output=True, text=True)
    return sum(map(int, done.stdout.split())) / 1024


async def ask(url: str, texts: list[bytes], *, clients: int, seconds: float, process: int) -> None:
    """Ask for so long, and print what came of it."""
    times: list[float] = []
    answers: Counter[str] = Counter()
    sizes: list[float] = []
    began = time.monotonic()
    limits = httpx.Limits(max_connections=clients)

    async def client(number: int, session: httpx.AsyncClient) -> None:
        at = number
        while time.monotonic() - began < seconds:
            start = time.monotonic()
            try:
                answer = await session.post("/extract", content=texts[at % len(texts)], headers=_HEADERS)
            except httpx.HTTPError as error:
                answers[type(error).__name__] += 1
                continue
            answers[str(answer.status_code)] += 1
            if answer.status_code == 503:
                await asyncio.sleep(float(answer.headers["Retry-After"]))
                continue
            times.append(time.monotonic() - start)
            at += clients

    async def watch() -> None:
        while time.monotonic() - began < seconds:
            await asyncio.sleep(seconds / 6)
            sizes.append(memory(process))

    async with httpx.AsyncClient(base_url=url, timeout=120, limits=limits) as session:
        await asyncio.gather(watch(), *(client(number, session) for number in range(clients)))
    cuts = quantiles(times, n=100)
    print(f"answers       {dict(answers)}")
    print(f"texts/second  {len(times) / (time.monotonic() - began):.1f}")
    print(f"seconds       median {cuts[49]:.2f}, p95 {cuts[94]:.2f}, longest {max(times):.2f}")
    print(f"megabytes     {', '.join(f'{size:.0f}' for size in sizes)}")


@click.command()
@click.option("--clients", default=50, show_default=True)
@click.option("--seconds", default=60.0, show_default=True)
@click.option("--jobs", default=2, show_default=True)
@click.option("--split", type=click.Choice(corpus.SPLITS), default="dev", show_default=True)
def main(clients: int, seconds: float, jobs: int, split: str) -> None:
    """Load a separate server with PolNeAR's articles."""
    if why := corpus.missing():
        raise click.ClickException(why)
    texts = [text.encode() for _, text in corpus.texts(split)]
    with (
        tempfile.TemporaryDirectory() as folder,
        served("serve", "--port", "0", "--jobs", str(jobs), folder=Path(folder)) as server,
    ):
        asyncio.run(ask(server.url, texts, clients=clients, seconds=seconds, process=server.process.pid))
        server.stop()
        print(f"server        {' '.join(''.join(server.said).split())}")


if __name__ == "__main__":
    main()
