"""One REDIS_URL, two spellings: redis-py says ``unix:///path?db=2``, kombu ``redis+socket:///path?virtual_host=2``."""

from urllib.parse import parse_qsl, urlencode, urlsplit


def celery_broker(redis_url: str) -> str:
    """The address of the same server in the spelling that Celery's broker library reads."""
    parts = urlsplit(redis_url)
    if parts.scheme != "unix":
        return redis_url
    query = [("virtual_host" if name == "db" else name, value) for name, value in parse_qsl(parts.query)]
    return f"redis+socket://{parts.path}" + (f"?{urlencode(query)}" if query else "")
