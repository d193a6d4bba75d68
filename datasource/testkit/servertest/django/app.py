"""A Django REST application with the endpoints of ticktop's built-in dashboard.

It is a real one: settings, URLs, serializers, pages and token authentication
are Django's and REST framework's own. Around it stands Misbehave, a WSGI layer
that a test steers through /__control/ and that counts what was asked.

    python3 app.py DIRECTORY PORT      prints "ready PORT" when it listens
"""
import datetime
import decimal
import gzip
import json
import sys
import threading
import time
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from django.conf import settings

DIRECTORY, PORT = sys.argv[1], int(sys.argv[2])
TOKEN = "0123456789abcdef0123456789abcdef01234567"

settings.configure(
    DEBUG=False,
    SECRET_KEY="for tests only",
    ROOT_URLCONF=__name__,
    ALLOWED_HOSTS=["127.0.0.1", "localhost"],
    USE_TZ=True,
    TIME_ZONE="Europe/Berlin",
    INSTALLED_APPS=[
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "rest_framework",
        "rest_framework.authtoken",
    ],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": DIRECTORY + "/db.sqlite3"}},
    DEFAULT_AUTO_FIELD="django.db.models.AutoField",
    MIDDLEWARE=[
        "django.middleware.gzip.GZipMiddleware",
        "django.middleware.http.ConditionalGetMiddleware",
        "django.middleware.common.CommonMiddleware",
    ],
    REST_FRAMEWORK={
        "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.TokenAuthentication"],
        "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
        "DEFAULT_PAGINATION_CLASS": "rest_framework.pagination.PageNumberPagination",
        "PAGE_SIZE": 2,
        "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    },
)

import django

django.setup()

from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from django.http import Http404
from django.urls import path
from rest_framework import serializers
from rest_framework.pagination import PageNumberPagination
from rest_framework.response import Response
from rest_framework.views import APIView

UTC = datetime.timezone.utc
START = datetime.datetime(2026, 11, 23, 9, 0, 0, 123456, tzinfo=UTC)


def quoted_at():
    """A time of the last half minute: older quotes would be stale, and one that changed with each answer would never be 304."""
    now = datetime.datetime.now(tz=UTC)
    return now.replace(second=now.second // 30 * 30, microsecond=0)



def money(digits):
    return serializers.DecimalField(max_digits=20, decimal_places=digits)


class Account(serializers.Serializer):
    id = serializers.CharField()
    equity = money(2)
    balance = money(2)
    margin = money(2)
    free_margin = money(2)
    pnl = money(2)
    daily_pnl = money(2)
    open_orders = serializers.IntegerField()
    leverage = serializers.FloatField()
    updated_at = serializers.DateTimeField()


class Quote(serializers.Serializer):
    symbol = serializers.CharField()
    bid = money(5)
    ask = money(5)
    ts = serializers.DateTimeField()


class Position(serializers.Serializer):
    id = serializers.IntegerField()
    symbol = serializers.CharField()
    side = serializers.CharField()
    qty = money(2)
    entry = money(5)
    mark = money(5)
    pnl = money(2)


class Point(serializers.Serializer):
    ts = serializers.DateTimeField()
    equity = money(2)


D = decimal.Decimal


def account(id):
    if not id.startswith("ACC-"):
        raise Http404
    return dict(id=id, equity=D("48911.20"), balance=D("50000.00"), margin=D("1200.50"), free_margin=D("47710.70"),
                pnl=D("-1088.80"), daily_pnl=D("-88.10"), open_orders=3, leverage=0.1 + 0.2, updated_at=START)


QUOTES = {
    "EURUSD": ("1.08340", "1.08350"), "GBPUSD": ("1.26710", "1.26730"), "XAUUSD": ("2411.10000", "2411.40000"),
    "USDJPY": ("149.50100", "149.51000"), "BTCUSD": ("64000.10000", "64010.00000"),
}


def quote(symbol):
    if symbol not in QUOTES:
        raise Http404
    bid, ask = QUOTES[symbol]
    return dict(symbol=symbol, bid=D(bid), ask=D(ask), ts=quoted_at())


POSITIONS = [
    dict(id=i + 1, symbol=s, side="BUY" if i % 2 == 0 else "SELL", qty=D("0.10") * (i + 1), entry=D(QUOTES[s][0]),
         mark=D(QUOTES[s][1]), pnl=D("12.50") - i * 10)
    for i, s in enumerate(QUOTES)
]
FLAGS = {"trading_enabled": True, "maintenance": False}
COUNTERS = {"orders_today": 42, "rejects": 0}
OVERRIDE = {}  # path -> body put there by a test; None means 404


def view(f):
    """Makes an authenticated GET view of a function; a test's own body comes first."""

    class View(APIView):
        def get(self, request, **kw):
            if request.path in OVERRIDE:
                if OVERRIDE[request.path] is None:
                    raise Http404
                return Response(OVERRIDE[request.path])
            return f(request, **kw)

    return View.as_view()


def paged(request, rows):
    pages = PageNumberPagination()
    return pages.get_paginated_response(pages.paginate_queryset(rows, request))


def positions(request):
    wanted = request.GET.get("account", "")
    return paged(request, Position(POSITIONS if wanted.startswith("ACC-") else [], many=True).data)


def orders(request):
    rows = [dict(id="O-%d" % i, symbol=s, qty="0.10", status="open") for i, s in enumerate(QUOTES)]
    return paged(request, rows)


def equity(request, id):
    account(id)
    rows = [dict(ts=START + datetime.timedelta(minutes=i), equity=D("48000.00") + i) for i in range(240)]
    return Response({"account": id, "points": Point(rows, many=True).data})


def named(table, key):
    def one(request, name):
        if name not in table:
            raise Http404
        return Response({"name": name, key: table[name]})

    return one


def boom(request):
    raise RuntimeError("boom")


def put_there(request, rest):
    return Response(OVERRIDE[request.path])


def anything(request, rest):
    """Paths that only a test knows; for all others Django's own HTML page."""
    if request.path in OVERRIDE:
        return view(put_there)(request, rest=rest)
    raise Http404


urlpatterns = [
    path("api/accounts/<id>/", view(lambda r, id: Response(Account(account(id)).data))),
    path("api/accounts/<id>/equity/", view(equity)),
    path("api/accounts/<id>/orders/", view(lambda r, id: Response({"open": 3, "filled_today": 11, "rejected": 0}))),
    path("api/quotes/<symbol>/", view(lambda r, symbol: Response(Quote(quote(symbol)).data))),
    path("api/positions/", view(positions)),
    path("api/orders/", view(orders)),
    path("api/flags/", view(lambda r: Response([{"name": k, "enabled": v} for k, v in FLAGS.items()]))),
    path("api/flags/<name>/", view(named(FLAGS, "enabled"))),
    path("api/counters/<name>/", view(named(COUNTERS, "value"))),
    path("api/symbols/", view(lambda r: Response(sorted(QUOTES)))),
    path("api/limits/", view(lambda r: Response({"max_daily_loss": "500.00", "max_lots": 5}))),
    path("api/big/", view(lambda r: Response({"text": "a" * 100000}))),
    path("api/nan/", view(lambda r: Response({"x": float("nan")}))),
    path("api/boom/", view(boom)),
    path("<path:rest>/", anything),
]


class Misbehave:
    """The fault layer: what a test asks for, and the count of what was asked."""

    def __init__(self, app):
        self.app, self.lock = app, threading.Lock()
        self.fault, self.counts, self.active, self.peak, self.headers = {}, {}, 0, 0, {}

    def __call__(self, env, start):
        where = env["PATH_INFO"]
        if where == "/__control/":
            yield from self.control(env, start)
            return
        full = where + ("?" + env["QUERY_STRING"] if env["QUERY_STRING"] else "")
        with self.lock:
            self.counts[full] = self.counts.get(full, 0) + 1
            self.active += 1
            self.peak = max(self.peak, self.active)
            self.headers = {k: v for k, v in env.items() if k.startswith("HTTP_")}
            fault = dict(self.fault)
        active = True
        try:
            applies = fault and where.startswith(fault.get("path") or "/")
            body = self.faulty(fault, env, start) if applies else None
            if body is None:
                # Made, but not sent: whoever asked cannot know it yet, so it is
                # never counted together with what is asked next in its place.
                body = list(self.app(env, start))
                active = self.leave()
            yield from body
        finally:
            if active:
                self.leave()

    def leave(self):
        with self.lock:
            self.active -= 1
        return False

    def control(self, env, start):
        ask = json.loads(env["wsgi.input"].read(int(env.get("CONTENT_LENGTH") or 0)) or b"{}")
        with self.lock:
            if "fault" in ask:
                self.fault = ask["fault"] or {}
            if "put" in ask:
                OVERRIDE.update(ask["put"])
            if "restore" in ask:
                OVERRIDE.clear()
            if "token" in ask:
                set_token(ask["token"])
            answer = {"requests": dict(self.counts), "peak": self.peak, "headers": self.headers}
            if ask.get("reset"):
                self.counts, self.peak = {}, self.active
        yield from send(start, "200 OK", json.dumps(answer).encode())

    def faulty(self, fault, env, start):
        """Returns the body of a fault's answer, None to go on as usual."""
        kind = fault["kind"]
        extra = [("Retry-After", fault["retry_after"])] if fault.get("retry_after") else []
        if kind.isdigit():
            return send(start, kind + " Fault", b'{"detail":"fault"}' if kind != "204" else b"", extra)
        if kind == "delay":
            time.sleep(fault.get("seconds", 1))
            return None
        if kind == "html":
            return send(start, "200 OK", b"<html><body>Please sign in</body></html>", kind="text/html; charset=utf-8")
        if kind == "redirect":
            return send(start, "302 Found", b"", [("Location", fault["target"])])
        if kind == "loop":
            return send(start, "302 Found", b"", [("Location", env["PATH_INFO"])])
        if kind == "body":
            return send(start, "200 OK", fault["body"].encode("latin-1"))
        if kind == "truncate":
            return send(start, "200 OK", b'{"equity": "489', [], size=1000)
        if kind == "drip":
            return drip(start, fault.get("seconds", 0.2))
        if kind == "bomb":
            return bomb(start)
        if kind == "huge":
            return huge(start)
        if kind == "large":
            return send(start, "200 OK", LARGE)
        raise ValueError("no such fault: " + kind)


def send(start, status, body, extra=(), kind="application/json", size=None):
    start(status, [("Content-Type", kind), ("Content-Length", str(len(body) if size is None else size)), *extra])
    yield body


def drip(start, seconds):
    start("200 OK", [("Content-Type", "application/json"), ("Content-Length", "1000")])
    for _ in range(1000):
        yield b" "
        time.sleep(seconds)


def bomb(start):
    """200 MB of spaces in 200 kB of gzip: one member, many times, is as good and packed at once."""
    body = gzip.compress(b" " * (1 << 20), 9) * 200
    start("200 OK", [("Content-Type", "application/json"), ("Content-Encoding", "gzip"), ("Content-Length", str(len(body)))])
    yield body


# As much as may be: 2 MB in 33,000 values of 3,300 rows.
LARGE = json.dumps({"results": [
    {"symbol": "S%04d" % i, "side": "BUY", "qty": "0.%04d" % i, "entry": "149.501", "a": "x" * 256, "b": [i, i], "c": "y" * 256}
    for i in range(3300)
]}).encode()


def huge(start):
    """1 GB of spaces."""
    start("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(1 << 30))])
    for _ in range(1024):
        yield b" " * (1 << 20)


class Handler(WSGIRequestHandler):
    def log_message(self, *args):
        pass


class Threading(ThreadingMixIn, WSGIServer):
    daemon_threads = True
    request_queue_size = 256

    def handle_error(self, request, address):
        pass  # clients of this server hang up in the middle, on purpose


def set_token(key):
    from rest_framework.authtoken.models import Token
    from django.contrib.auth.models import User

    user, _ = User.objects.get_or_create(username="ticktop")
    Token.objects.filter(user=user).delete()
    Token.objects.create(user=user, key=key)


if __name__ == "__main__":
    call_command("migrate", verbosity=0)
    set_token(TOKEN)
    server = make_server("127.0.0.1", PORT, Misbehave(get_wsgi_application()), Threading, Handler)
    print("ready", PORT, flush=True)
    server.serve_forever()
