"""An aggregator on loopback that speaks as Kuaidi100 and as 17TRACK, and a parcel to ask about."""

import hashlib
import json
import socket
import struct
import threading
from datetime import date, datetime, timedelta, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

import pytest

from shop.models import Shipment, ShipmentStatus, TrackingEvent

KEY, CUSTOMER = "shop-key", "SHOP-CODE"
CARRIERS = {
    "sf": {"zh": "顺丰速运", "en": "SF Express"},
    "yto": {"zh": "圆通速递", "en": "YTO Express"},
    "jd": {"zh": "京东物流", "en": "JD Logistics"},
    "ours": {"zh": "自家配送", "en": "Our own van"},
}
COLLECTED = TrackingEvent(
    at=datetime(2026, 11, 18, 2, 15, tzinfo=timezone.utc),
    place={"zh": "杭州", "en": "Hangzhou"},
    text={"zh": "快递员已揽收", "en": "Picked up by the carrier"},
)


class Clock:
    def __init__(self):
        self.moment = datetime(2026, 11, 20, 2, 0, tzinfo=timezone.utc)

    def __call__(self):
        return self.moment

    def forward(self, **span):
        self.moment += timedelta(**span)


class AggregatorServer(ThreadingHTTPServer):
    """`parcels`: number -> what is said of it; `behaviour`: how the next requests are treated."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server_port}"
        self.parcels = {}
        self.registered = {}
        self.behaviour = "fine"
        self.drops = 0
        self.asked = []
        self.go_on = threading.Event()

    def handle_error(self, request, client_address):
        """A client that went away is part of the tests."""

    def kuaidi100(self, form):
        param = json.loads(form["param"])
        self.asked.append(param)
        text = form["param"] + KEY + CUSTOMER
        if form["sign"] != hashlib.new("md5", text.encode()).hexdigest().upper():
            return {"result": False, "returnCode": "503", "message": "验证签名失败"}
        said = self.parcels.get(param["num"])
        if said is None:
            return {"result": False, "returnCode": "500", "message": "查询无结果，请隔段时间再查"}
        whole = {"message": "ok", "nu": param["num"], "ischeck": "0", "com": param["com"]}
        return {**whole, "status": "200", "state": "0", "data": [], **said}

    def gettrackinfo(self, parcel):
        number = parcel["number"]
        if number not in self.registered:
            return "rejected", {"error": {"code": -18019902, "message": "please register first"}}
        said = self.parcels.get(number)
        if said is None:
            return "rejected", {"error": {"code": -18019909, "message": "no tracking information"}}
        return "accepted", {"track_info": said}

    def register(self, parcel):
        number = parcel["number"]
        if "none" in number:
            return "rejected", {"error": {"code": -18019903, "message": "carrier not detected"}}
        if number in self.registered:
            return "rejected", {"error": {"code": -18019901, "message": "has been registered"}}
        self.registered[number] = parcel
        return "accepted", {"origin": 1}

    def seventeentrack(self, token, path, parcels):
        call = path.rpartition("/")[2]
        self.asked.append((call, parcels[0]))
        if token != KEY:
            return {"code": 0, "data": {"errors": [{"code": -18010002, "message": "invalid"}]}}
        data = {"accepted": [], "rejected": []}
        for parcel in parcels:
            where, said = getattr(self, call)(parcel)
            data[where].append({"number": parcel["number"], **said})
        return {"code": 0, "data": data}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, format, *args):
        pass

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        if self.server.drops:
            self.server.drops -= 1
            # Closed with a reset, as a server does that has died.
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.connection.close()
            self.close_connection = True
            return
        if self.path == "/poll/query.do":
            answer = self.server.kuaidi100({k: v[0] for k, v in parse_qs(body).items()})
        else:
            token = self.headers.get("17token")
            answer = self.server.seventeentrack(token, self.path, json.loads(body))
        getattr(self, self.server.behaviour)(json.dumps(answer).encode())

    def answer(self, content, status=200, length=None):
        self.send_response(status)
        if status == 302:
            self.send_header("Location", self.server.url + "/elsewhere")
        self.send_header("Content-Length", str(length or len(content)))
        self.end_headers()
        self.wfile.write(content)

    fine = answer

    def slow(self, content):
        self.server.go_on.wait(30)
        self.answer(content)

    def one_byte_at_a_time(self, content):
        self.answer(content[:1], length=100_000)
        while not self.server.go_on.wait(0.05):
            self.wfile.write(b" ")
            self.wfile.flush()

    def cut_off(self, content):
        self.answer(content[: len(content) // 2])

    def broken(self, content):
        self.answer(b"<html>Internal Server Error</html>", 500)

    def overloaded(self, content):
        self.answer(b"", 429, length=0)

    def redirecting(self, content):
        self.answer(b"", 302)

    def forbidden(self, content):
        self.answer(b"", 403)

    def maintained(self, content):
        self.answer("<html>系统维护中</html>".encode())

    def nested(self, content):
        self.answer(b"[" * 100_000)

    def huge(self, content):
        self.answer(b'"' + b" " * 3_000_000 + b'"')

    def a_list(self, content):
        self.answer(b"[]")

    def null(self, content):
        self.answer(b"null")


@pytest.fixture
def aggregator():
    server = AggregatorServer()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.go_on.set()
    server.shutdown()
    thread.join(10)
    server.server_close()


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def make_parcel():
    def make(carrier="yto", number="YT100200300", status=ShipmentStatus.IN_TRANSIT, events=None):
        return Shipment(
            tracking_number=number,
            carrier=CARRIERS[carrier],
            status=status,
            promised_on=date(2026, 11, 22),
            events=(COLLECTED,) if events is None else events,
        )

    return make


@pytest.fixture
def parcel(make_parcel):
    return make_parcel()


@pytest.fixture
def credentials():
    return {"key": KEY, "customer": CUSTOMER}
