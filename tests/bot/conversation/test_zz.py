import asyncio, json, time, base64, hashlib, hmac, os, subprocess, contextlib, socket
import pytest, jwt
from bot.conversation import Owner, now
from bot.conversation.messages import BOT, SHOPPER
from bot.conversation.language import detect
from bot.conversation.identity import Tokens, Shopper
from bot.conversation.limits import Limit
from bot.conversation.wording import Wording
from bot.storage import keys
from bot.desk.desk import Desk
from bot.desk.agents import Agent, AgentBook
from bot.desk.tickets import TicketStore, TicketState, new_ticket
from bot.channels.base import Door
from bot.errors import *
from bot.settings import Settings, load_settings
from bot.supervisor.ports import check_free, free_ports
from bot.supervisor.redis_server import command
from bot.supervisor.child import Child, ChildSpec, ChildFailed


@pytest.fixture
def answered(conversations, until):
    async def wait(shopper, message_id, seconds=3):
        async def done():
            found = await conversations.mailbox.find(shopper.conversation_id, message_id)
            return found and found.done
        return await until(done, f"{message_id} to be done", seconds)
    return wait

@pytest.mark.parametrize("body", ['[]', 'null', '{"replies": null}', '{"replies": ["hi"]}', '{"replies": [{"text": "hi", "custom": []}]}','{"replies": [{"text": "hi", "custom": [1]}]}', '{"replies": [{"text": "hi", "buttons": [{"payload": "/x"}]}]}', '{"replies": [{"text": 7}]}'])
async def test_b1(make_worker, assistant, escalated, shopper, write, answered, body, short_lease):
    make_worker(turn_timeout=0.5)
    assistant.talks_nonsense(body, "application/json")
    await write("m1")
    await answered(shopper, "m1")
    assert len(escalated) == 1

async def test_b1_empty(make_worker, assistant, escalated, shopper, write, answered, texts):
    make_worker(turn_timeout=0.5)
    assistant.answers({"text": None})
    await write("m1")
    await answered(shopper, "m1")
    assert (BOT, "") not in await texts(shopper.conversation_id)

@pytest.mark.parametrize(("text","previous","expected"), [("寄到台北要多久","zh-Hant","zh-Hant"),("我住台中","zh-Hant","zh-Hant"),("寄台灣",None,"zh-Hant"),("好吃","zh-Hant","zh-Hant"),("床幾時到","zh-Hant","zh-Hant"),("Dyson Supersonic Hair Dryer 有货吗","zh-Hans","zh-Hans")])
def test_b2(text, previous, expected):
    assert detect(text, previous) == expected

async def test_b3(make_worker, assistant, conversations, redis, shopper, write, answered, until, short_lease):
    await write("m0")
    first = make_worker()
    await answered(shopper, "m0")
    long_ago = int((time.time() - 3600) * 1000)
    await redis.hset(keys.conversation(shopper.conversation_id), "last_at", long_ago)
    assistant.hold()
    await write("m1", "退货")
    await until(lambda: assistant.asked[-1] == "m1", "asked")
    for task in [*first._loops, *first._turns]:  # dies
        task.cancel()
    make_worker()
    await until(lambda: assistant.asked.count("m1") == 2, "asked again")
    assistant.release()
    await answered(shopper, "m1")
    assert len({t["dialogue_id"] for t in assistant.turns if t["message_id"] == "m1"}) == 1

@pytest.fixture
def desk(redis, conversations):
    return Desk(TicketStore(redis), conversations, None)
mei, jun = Agent("mei", []), Agent("jun", [])

async def test_b4(desk):
    first = await desk.open("c_1", reason="asked")
    await desk.take(first.ticket, mei)
    await desk.give_back(first.ticket, mei)
    second = await desk.open("c_1", reason="asked")
    with pytest.raises(Conflict):
        await desk.take(first.ticket, jun)
    assert (await desk.tickets.get(first.ticket)).state is TicketState.RETURNED

@pytest.mark.parametrize(("end","owner"), [("give_back", Owner.BOT), ("close", Owner.CLOSED)])
async def test_b5(desk, conversations, end, owner):
    t = await desk.open("c_1", reason="asked")
    await desk.take(t.ticket, mei)
    await conversations.ownership.transfer("c_1", owner)  # first attempt died after the transfer
    with contextlib.suppress(Conflict):
        await getattr(desk, end)(t.ticket, mei)
    assert await desk.tickets.all_open() == []

async def test_b5b(desk, conversations):
    t = await desk.open("c_1", reason="asked")
    await desk.take(t.ticket, mei)
    await conversations.ownership.transfer("c_1", Owner.BOT)
    again = await desk.open("c_1", reason="asked")
    await desk.take(again.ticket, mei)
    assert (await conversations.ownership.state("c_1")).owner is Owner.HUMAN

async def test_b6(redis):
    store = TicketStore(redis)
    def t(n): return new_ticket(n, conversation_id="c_1", reason="r", skill="", priority="normal", summary="", language="en", opened_at=1.0)
    await redis.set(keys.open_ticket("c_1"), "T-1", nx=True)   # first step of open(T-1)
    await store.open(t("T-2"))
    await store.save(t("T-1"))                                  # its second step
    assert len(await store.all_open()) == 1

async def test_b6b(desk, redis_url):
    for n in range(30):
        await asyncio.gather(*(desk.open(f"c_{n}", reason="asked") for _ in range(6)))
    assert len(await desk.tickets.all_open()) == 30

def test_b7(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path/".env").write_text("PORT=9001\n")
    assert Settings().port == 9001

def test_b8(tmp_path, monkeypatch):
    monkeypatch.setenv("DATA_DIR", str(tmp_path)); monkeypatch.chdir(tmp_path)
    (tmp_path/"secrets.json").write_text("")
    assert load_settings().service_token

def test_b9():
    with socket.socket(socket.AF_INET6) as s:
        s.bind(("::1",0)); port=s.getsockname()[1]
    check_free("::1", port)
def test_b9b():
    with pytest.raises(Exception) as e:
        check_free("127.0.0.1", 99999)
    assert not isinstance(e.value, OverflowError)

T = Tokens(shop_secret="s"*40, shop_public_key="", visitor_secret="v"*40)
def test_b10():
    tok = jwt.encode({"sub":"C1","aud":"assistant","exp":str(int(time.time())+60)}, "s"*40, algorithm="HS256")
    with contextlib.suppress(Unauthorized):
        T.verify(tok)
def b64(x): return base64.urlsafe_b64encode(x).rstrip(b"=").decode()
def test_b10b():
    tok = b64(b'{"alg":"HS256"}')+"."+b64(b"["*20000)+"."+b64(b"x")
    with pytest.raises(Unauthorized):
        T.verify(tok)
def test_b10c():
    tok = b64(b"["*20000)+"."+b64(b"{}")+"."+b64(b"x")
    with pytest.raises(Unauthorized):
        T.verify(tok)
def test_b10d():
    tok = jwt.encode({"sub":"","aud":"assistant","exp":int(time.time())+60}, "s"*40, algorithm="HS256")
    with pytest.raises(Unauthorized):
        T.verify(tok)

@pytest.mark.parametrize("name,pw", [("\ud800","x"),("x","\ud800")])
async def test_b11(redis, name, pw):
    assert await AgentBook(redis).sign_in(name, pw) is None

async def test_b12(conversations, shopper, redis, make_entry):
    await conversations.hub.start()
    door = Door(conversations, Limit(redis,"message",burst=20,per_second=1), most_text=2000)
    send = lambda m,t: door.receive(shopper, m, text=t, payload=None, now=now(), wait=0)
    await send("m1","一"); await send("m2","二")
    for t in ("re 一","re 二"):
        c = await conversations.mailbox.claim(shopper.conversation_id)
        await conversations.mailbox.complete(c, owner_version=0, language="zh-Hans", replies=[make_entry(t)])
    r = await send("m2","二")
    await conversations.hub.stop()
    assert [x.entry.text for x in r.replies] == ["re 二"]

async def test_b13(conversations, shopper, write, redis):
    await write("m1")
    await redis.delete(keys.message(shopper.conversation_id,"m1"))  # a day has passed
    c = await conversations.mailbox.claim(shopper.conversation_id)
    await conversations.mailbox.complete(c, owner_version=0, language="en", replies=[])
    assert await redis.ttl(keys.message(shopper.conversation_id,"m1")) != -1

async def test_b14(desk, conversations, write, texts):
    n = await desk.tickets.number(time.time())
    nxt = n[:-1] + str(int(n[-1])+1)
    await write(f"queued:{nxt}", "hi", by=Shopper("c_1", visitor_id="v"))
    t = await desk.open("c_1", reason="asked")
    assert t.ticket == nxt
    assert len(await texts("c_1")) == 2

def test_b15():
    assert "李云" in Wording.from_domain().say("utter_handoff_taken", "zh-Hant", agent="李云")

@pytest.mark.parametrize("n,v", [("PORT","99999"),("PORT","-1"),("WORKERS","0"),("TURN_TIMEOUT","-1"),("MESSAGES_PER_SECOND","0"),("MOST_WAITING","0")])
def test_b37(tmp_path, monkeypatch, n, v):
    monkeypatch.setenv("DATA_DIR", str(tmp_path)); monkeypatch.chdir(tmp_path); monkeypatch.setenv(n, v)
    with pytest.raises(ValueError):
        load_settings()

async def test_b37b(redis):
    l = Limit(redis,"m",burst=1,per_second=0)
    await l.take("x")
    with pytest.raises(TooManyRequests):
        await l.take("x")

@pytest.mark.parametrize("folder,password", [("my shop","x"),("小店","x"),("a","pass word"),("a",'pa"ss'),("a","pa#ss"), ("a", "pa'ss")])
def test_b40(tmp_path, folder, password, wait_for):
    (port,) = free_ports(1)
    p = subprocess.Popen(command(tmp_path/folder, port=port, password=password), stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    import redis as r
    c = r.Redis(port=port, password=password)
    def ok():
        with contextlib.suppress(r.RedisError): return c.ping()
    try:
        wait_for(ok, 3, "redis")
        assert "redis" in folder or c.config_get("dir")["dir"] == str(tmp_path/folder)
    finally:
        p.kill(); print(p.communicate()[0].decode()[-400:])

async def test_b17(tmp_path):
    async def never(): return False
    c = Child(ChildSpec("x", ["/no/such/program"], {}, tmp_path/"log", never))
    c.start()
    with pytest.raises(ChildFailed):
        await c.wait_ready()

async def test_b17b(tmp_path):
    import sys
    async def broken(): raise ValueError
    c = Child(ChildSpec("x", [sys.executable,"-c","import time;time.sleep(30)"], {}, tmp_path/"log", broken))
    c.start()
    try:
        with pytest.raises((ChildFailed, ValueError)):
            await asyncio.wait_for(c.wait_ready(), 3)
    finally:
        await c.stop()

async def test_b20(conversations, shopper, redis):
    from bot.conversation.metrics import MESSAGES
    await conversations.hub.start()
    door = Door(conversations, Limit(redis,"message",burst=20,per_second=1), most_text=2000)
    refused = lambda: MESSAGES.labels(outcome="refused")._value.get()
    before = refused()
    for i in range(6):
        with contextlib.suppress(Unavailable):
            await door.receive(shopper, f"m{i}", text="x", payload=None, now=now(), wait=0)
    await conversations.hub.stop()
    assert refused() == before + 1
