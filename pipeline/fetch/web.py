"""The one way out: requests that are polite, one at a time, and go nowhere they should not.

``robots.txt`` is obeyed, requests to a host keep their distance, a server that asks to wait is waited for, and each
redirect is looked at before it is followed: https only, and within the same site.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urljoin, urlsplit
from urllib.robotparser import RobotFileParser

import httpx

from models.errors import PescoError
from pipeline.fetch.sources_file import unsafe

AGENT = "pesco-pipeline"
MAX_REDIRECTS = 5
MAX_WAIT_SECONDS = 300.0
_MAX_ROBOTS_BYTES = 500_000
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_TIMEOUT = httpx.Timeout(60.0, connect=20.0)


class FetchError(PescoError):
    """A document could not be fetched; ``is_passing`` tells that trying again may help, ``wait`` how long to wait."""

    def __init__(self, text: str, *, is_passing: bool = False, wait: float | None = None) -> None:
        super().__init__(text)
        self.is_passing = is_passing
        self.wait = wait


class Web:
    """Requests with ``delay`` seconds between two of them to one host; use it as a context manager."""

    def __init__(self, delay: float, sleep: Callable[[float], None] = time.sleep) -> None:
        self._delay = delay
        self._sleep = sleep
        self._last: dict[str, float] = {}
        self._robots: dict[str, RobotFileParser] = {}
        headers = {"User-Agent": AGENT, "Accept-Encoding": "identity"}
        self._client = httpx.Client(headers=headers, timeout=_TIMEOUT, follow_redirects=False)

    def __enter__(self) -> "Web":
        """Return the web."""
        return self

    def __exit__(self, *_error: object) -> None:
        """Close all connections."""
        self._client.close()

    def wait(self, seconds: float) -> None:
        """Wait, as a server asked for or before trying again."""
        self._sleep(seconds)

    @contextmanager
    def get(self, url: str, headers: Mapping[str, str]) -> Iterator[httpx.Response]:
        """Give the answer to a request after all redirects, its body still to be read; raises ``FetchError``."""
        start = url
        for _ in range(MAX_REDIRECTS + 1):
            self._ask_leave(url)
            with self._request(url, headers) as answer:
                if answer.status_code not in _REDIRECTS:
                    yield answer
                    return
                url = _follow(url, answer.headers.get("location", ""))
        raise FetchError(f"more than {MAX_REDIRECTS} redirects from {start}")

    @contextmanager
    def _request(self, url: str, headers: Mapping[str, str]) -> Iterator[httpx.Response]:
        host = urlsplit(url).netloc
        left = self._last.get(host, -1e9) + self._delay - time.monotonic()
        if left > 0:
            self._sleep(left)
        try:
            with self._client.stream("GET", url, headers=dict(headers)) as answer:
                yield answer
        except httpx.HTTPError as error:
            raise FetchError(f"{type(error).__name__}: {error}", is_passing=True) from error
        except httpx.InvalidURL as error:
            raise FetchError(f"{error}") from error
        finally:
            self._last[host] = time.monotonic()

    def _ask_leave(self, url: str) -> None:
        """Raise ``FetchError`` when the host's ``robots.txt`` forbids the address."""
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}"
        if origin not in self._robots:
            self._robots[origin] = self._read_robots(origin)
        if not self._robots[origin].can_fetch(AGENT, url):
            raise FetchError(f"{origin}/robots.txt forbids programs to fetch it; fetch it by hand")

    def _read_robots(self, origin: str) -> RobotFileParser:
        """Return the rules of a host; one without any, or that answers otherwise than with them, allows all."""
        robots = RobotFileParser()
        with self._request(f"{origin}/robots.txt", {}) as answer:
            if answer.status_code >= 500:
                raise FetchError(f"{origin}/robots.txt answers with {answer.status_code}", is_passing=True)
            data = b""
            if answer.status_code == 200:
                for chunk in answer.iter_raw():
                    data += chunk
                    if len(data) > _MAX_ROBOTS_BYTES:
                        break
            robots.parse(data.decode("utf-8", "replace").splitlines())
        if (delay := robots.crawl_delay(AGENT)) is not None:
            self._delay = max(self._delay, min(float(delay), MAX_WAIT_SECONDS))
        return robots


def read_retry_after(value: str | None, now: datetime | None = None) -> float | None:
    """Return the seconds that a ``Retry-After`` header asks for, ``None`` when it says nothing.

    >>> read_retry_after("120")
    120.0
    >>> read_retry_after("Wed, 21 Oct 2015 07:28:10 GMT", datetime(2015, 10, 21, 7, 28, tzinfo=UTC))
    10.0
    >>> read_retry_after("soon")
    """
    if value is None:
        return None
    if value.strip().isdecimal():
        return float(value)
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - (now or datetime.now(UTC))).total_seconds())


def _follow(url: str, location: str) -> str:
    """Return where a redirect leads; raises ``FetchError`` when it leaves https or the site."""
    target = urljoin(url, location)
    if not location or (problem := unsafe(target)) is not None:
        raise FetchError(f"it leads to {location or 'nowhere'}" + (f": {problem}" if location else ""))
    if _site(target) != _site(url):
        raise FetchError(f"it leads to another site, {urlsplit(target).netloc}; list that address if it is meant")
    return target


def _site(url: str) -> str:
    """Return what the hosts of one site share: the last two labels of a name, a whole number address."""
    host = urlsplit(url).hostname or ""
    if host.replace(".", "").isdecimal() or ":" in host:
        return host
    return ".".join(host.split(".")[-2:])
