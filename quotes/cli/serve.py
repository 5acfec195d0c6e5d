"""`quotes serve`: the HTTP API."""

from __future__ import annotations

from pathlib import Path

import click
from attrs import frozen

from quotes.cli.options import gathered, loading
from quotes.cli.terminal import Voice
from quotes.errors import ModelError
from quotes.extraction.options import Options


@frozen
class Asked:
    """The options of `serve`."""

    jobs: int | None
    queue: int | None
    max_body: int
    timeout: float | None
    max_connections: int
    max_per_address: int | None
    token_file: Path | None
    store: Path | None


@click.command(epilog="\b\nExample:\n  quotes serve --port 8000 --jobs 2")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="0 picks a free one.")
@click.option("--jobs", type=click.IntRange(1, 256), help="Worker processes; one per core by default.")
@click.option("--queue", type=click.IntRange(0), help="Requests that may wait; four per worker by default.")
@click.option("--max-body", type=click.IntRange(1), default=2_000_000, show_default=True, help="Bytes of one request.")
@click.option(
    "--timeout", type=click.FloatRange(1, 3600), help="Seconds for a text; by default 30 per 100,000 bytes."
)
@click.option(
    "--max-connections", type=click.IntRange(1), default=512, show_default=True,
    help="Most connections at once, within `ulimit -n`.",
)
@click.option(
    "--max-per-address", type=click.IntRange(1),
    help="Most connections per address; by default 64, and no limit for this machine, where a proxy may run.",
)
@click.option(
    "--token-file", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="FILE",
    help="File with the token that requests must carry; or set QUOTES_TOKEN.",
)
@click.option(
    "--store", type=click.Path(path_type=Path), metavar="FILE", help="Store that answers /search and /check."
)
@loading
@gathered("asked", Asked)
@click.pass_obj
def serve(voice: Voice, /, host: str, port: int, asked: Asked, options: Options) -> int:
    """Answer over HTTP: POST a text to /extract and get its record."""
    from quotes.lexicon import load_lexicon

    try:
        import uvicorn  # noqa: F401

        from quotes.batch.worker_process import cores
        from quotes.web import serving
        from quotes.web.api.pool import Pool
        from quotes.web.api.server import make_app
        from quotes.web.api.tasks import Limits
        from quotes.web.api.worker import Setting
        from quotes.web.guard import loopback
    except ImportError as error:
        raise ModelError(f"serving needs {error.name}: .venv/bin/pip install '.[web]'") from error
    load_lexicon(options.language, extra=options.patterns)  # report a faulty pattern before any worker starts
    if asked.store is not None:
        from quotes.export.store import Store

        Store.open(asked.store).close()  # likewise a file that is not a store
    token = serving.token_of(asked.token_file, host=host)
    count = asked.jobs or cores()
    setting = Setting(options, str(asked.store.absolute()) if asked.store else None, threads=max(1, cores() // count))
    limits = Limits(asked.max_body) if asked.timeout is None else Limits(asked.max_body, asked.timeout, full=None)
    pool = Pool(setting, jobs=count, queue=4 * count if asked.queue is None else asked.queue, limit=limits.seconds)
    app = make_app(pool, limits=limits, local=loopback(host), token=token)
    door = serving.door(asked.max_connections, each=asked.max_per_address, jobs=count)
    if door.most < asked.max_connections:
        voice.say(f"{door.most:,} connections at most, as ulimit -n allows")
    taken = serving.listen(host, port)
    noun = "worker" if count == 1 else "workers"
    where = serving.address(taken, host)
    serving.serve(
        app, taken, door, start=pool.start, patience=limits.seconds,
        ready=lambda: voice.say(f"listening on {where} with {count} {noun}; Ctrl-C stops it"),
    )  # fmt: skip
    voice.say("stopped")
    return 0
