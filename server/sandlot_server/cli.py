"""The command `sandlot-server`."""

from __future__ import annotations

import asyncio
import json
import os
import socket
from pathlib import Path
from typing import Any, Literal

import click
import uvicorn
import uvloop

from sandlot_server.app import App, Config, create_app
from sandlot_server.contract.documents import ContractError
from sandlot_server.site.seed import SeedError
from sandlot_server.tls import Certificate, make_certificate
from sandlot_server.trace.database import TraceError


@click.group()
@click.version_option(package_name="sandlot-server")
def main() -> None:
    """A stateful mock of Jira Cloud and Confluence Cloud that records every exchange."""


@main.command()
@click.option("--port", default=8080, show_default=True, help="The Atlassian port; 0 takes a free one.")
@click.option("--control-port", default=8081, show_default=True, help="The control API's port; 0 takes a free one.")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--data", default="data", show_default=True, type=click.Path(path_type=Path), help="Folder of the trace.")
@click.option("--seed", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Seed of the default site.")
@click.option("--token", default="token", show_default=True, help="API token of the default site.")
@click.option("--public-url", envvar="SANDLOT_PUBLIC_URL", help="Base URL that clients reach the Atlassian port by.")
@click.option("--host-suffix", envvar="SANDLOT_HOST_SUFFIX", help="Serve {site}.SUFFIX by host name.")
@click.option("--tls", is_flag=True, help="Serve the Atlassian port by HTTPS; its authority is in DATA/tls/ca.pem.")
@click.option("--strict-bearer", is_flag=True, help="Take API tokens as bearer tokens at the gateway alone.")
@click.option("--ready-file", type=click.Path(path_type=Path), help="Written as JSON (URLs, control token) when ready.")
@click.option("--quiet", is_flag=True, help="No log line a request.")
def serve(
    port: int,
    control_port: int,
    host: str,
    data: Path,
    seed: Path | None,
    token: str,
    public_url: str | None,
    host_suffix: str | None,
    tls: bool,
    strict_bearer: bool,
    ready_file: Path | None,
    quiet: bool,
) -> None:
    """Serve the Atlassian API and the control API until interrupted."""
    content = seed.read_bytes() if seed else None
    listeners = [_listen(host, port, "--port"), _listen(host, control_port, "--control-port")]
    try:
        app = create_app(Config(data, content, token, public_url, host_suffix, quiet, strict_bearer))
        certificate = _certificate(data, host, host_suffix) if tls else None
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(_serve(app, listeners, certificate, ready_file))
    except SeedError as error:
        raise click.ClickException(f"{seed}: {error}") from error
    except (ContractError, TraceError, OSError) as error:
        raise click.ClickException(str(error)) from error
    except KeyboardInterrupt:
        pass
    finally:
        for listener in listeners:
            listener.close()


def _listen(host: str, port: int, option: str) -> socket.socket:
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise click.ClickException(f"{host}:{port}: {error.strerror}; choose another with {option}") from error
    listener.listen(1024)
    return listener


def _certificate(data: Path, host: str, host_suffix: str | None) -> Certificate:
    names = ["localhost", "127.0.0.1", "::1", *([] if host in ("0.0.0.0", "::") else [host])]
    return make_certificate(data / "tls", [*names, *([f"*.{host_suffix}"] if host_suffix else [])])


async def _serve(
    app: App, listeners: list[socket.socket], certificate: Certificate | None, ready_file: Path | None
) -> None:
    """Both listeners on one event loop; the control application's lifespan starts and stops the trace writer."""
    atlassian, control = listeners
    server = _Server(_settings(app.atlassian, "off", certificate))
    controller = _Server(_settings(app.control, "on"))
    control_task = asyncio.create_task(controller.serve(sockets=[control]))
    while not controller.started:
        if control_task.done():
            control_task.result()
            raise click.ClickException("the control API did not start; the reason stands above")
        await asyncio.sleep(0.01)
    host, app.plane.atlassian_port = atlassian.getsockname()[:2]
    app.plane.scheme = "https" if certificate else "http"
    urls = {
        "url": f"{app.plane.scheme}://{host}:{app.plane.atlassian_port}",
        "control_url": f"http://{host}:{control.getsockname()[1]}",
    }
    _announce(app, urls, ready_file)
    await server.serve(sockets=[atlassian])
    controller.should_exit = True
    await control_task


def _settings(
    application: Any, lifespan: Literal["on", "off"], certificate: Certificate | None = None
) -> uvicorn.Config:
    """Idle connections are kept for longer than clients keep them (httpx for 5 s, as uvicorn does unless told): else a
    connection may be closed just as a request goes out on it."""
    return uvicorn.Config(
        application,
        lifespan=lifespan,
        log_level="warning",
        access_log=False,
        timeout_keep_alive=75,
        ssl_certfile=certificate.chain if certificate else None,
    )


class _Server(uvicorn.Server):
    """uvicorn, without re-raising the signal that ended it: the trace is to be closed first."""

    def handle_exit(self, sig: int, frame: object) -> None:
        self.should_exit = True


def _announce(app: App, urls: dict[str, str], ready_file: Path | None) -> None:
    default = app.plane.site("default")
    click.echo(f"Atlassian API  {urls['url']}   e-mail {default.seed.email}   API token {default.record.token}")
    click.echo(
        f"Control API    {urls['control_url']}/docs   (its token is in the data folder, or SANDLOT_CONTROL_TOKEN)"
    )
    if ready_file is not None:
        partial = ready_file.with_name(ready_file.name + ".partial")
        partial.write_text(json.dumps({**urls, "control_token": app.plane.token}), encoding="utf-8")
        os.replace(partial, ready_file)


if __name__ == "__main__":
    main()
