"""Who is asking: only what the right key signed, for us, for a day."""

import base64
import hashlib
import hmac
import json
import time

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from bot.conversation.identity import DAY, VISITOR_ISSUER, Tokens
from bot.errors import Unauthorized

SHOP_SECRET = "shop-secret-" + "s" * 40
VISITOR_SECRET = "visitor-secret-" + "v" * 40


@pytest.fixture
def tokens():
    return Tokens(shop_secret=SHOP_SECRET, shop_public_key="", visitor_secret=VISITOR_SECRET)


def pems(private):
    secret = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    public = private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return secret.decode(), public.decode()


@pytest.fixture(scope="module")
def rsa_keys():
    return pems(rsa.generate_private_key(public_exponent=65537, key_size=2048))


@pytest.fixture(scope="module")
def ec_keys():
    return pems(ec.generate_private_key(ec.SECP256R1()))


def with_public_key(public):
    return Tokens(shop_secret="", shop_public_key=public, visitor_secret=VISITOR_SECRET)


def claims(**changed):
    made = {"sub": "C1001", "aud": "assistant", "exp": int(time.time()) + 600, **changed}
    return {name: value for name, value in made.items() if value is not None}


def signed(key=SHOP_SECRET, algorithm="HS256", **changed):
    return jwt.encode(claims(**changed), key, algorithm=algorithm)


def part(content):
    return base64.urlsafe_b64encode(json.dumps(content).encode()).rstrip(b"=").decode()


def forged(key, **changed):
    """HS256 by hand: libraries refuse to sign with a public key."""
    content = f"{part({'alg': 'HS256', 'typ': 'JWT'})}.{part(claims(**changed))}"
    signature = hmac.new(key.encode(), content.encode(), hashlib.sha256).digest()
    return f"{content}.{base64.urlsafe_b64encode(signature).rstrip(b'=').decode()}"


def refusal(tokens, token):
    with pytest.raises(Unauthorized) as refused:
        tokens.verify(token)
    assert refused.value.status == 401
    return refused.value.code


def test_a_customer_is_who_the_shop_says(tokens):
    shopper = tokens.verify(signed())
    assert (shopper.customer_id, shopper.visitor_id) == ("C1001", None)
    assert shopper == tokens.verify(tokens.customer("C1001", seconds=60))


def test_a_visitor_is_who_they_were(tokens):
    token, made = tokens.visitor()
    assert tokens.verify(token) == made
    assert made.customer_id is None and made.visitor_id


def test_every_visitor_is_somebody_else(tokens):
    visitors = {tokens.visitor()[1].conversation_id for _ in range(20)}
    assert len(visitors) == 20


def test_a_subject_has_one_conversation_on_every_device_and_after_every_login(tokens):
    again = Tokens(shop_secret=SHOP_SECRET, shop_public_key="", visitor_secret=VISITOR_SECRET)
    first = tokens.verify(signed(exp=int(time.time()) + 60)).conversation_id
    assert again.verify(signed(exp=int(time.time()) + 900)).conversation_id == first
    assert tokens.verify(signed(sub="C1002")).conversation_id != first


def test_a_conversation_id_tells_nothing_about_the_customer(tokens, rsa_keys):
    conversation_id = tokens.verify(signed()).conversation_id
    assert "C1001" not in conversation_id
    elsewhere = Tokens(shop_secret=SHOP_SECRET, shop_public_key="", visitor_secret="x" * 40)
    assert elsewhere.verify(signed()).conversation_id != conversation_id


def test_a_visitor_and_a_customer_of_the_same_name_have_two_conversations(tokens):
    visitor = tokens.verify(signed(VISITOR_SECRET, iss=VISITOR_ISSUER, sub="C1001"))
    assert (visitor.customer_id, visitor.visitor_id) == (None, "C1001")
    assert visitor.conversation_id != tokens.verify(signed()).conversation_id


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"exp": int(time.time()) - 60}, "token_expired"),
        ({"exp": 0}, "token_expired"),
        ({"exp": None}, "token_invalid"),
        ({"exp": "tomorrow"}, "token_invalid"),
        ({"exp": int(time.time()) + DAY + 600}, "token_too_long"),
        ({"exp": int(time.time()) + 10 * 365 * DAY}, "token_too_long"),
        ({"aud": "shop"}, "token_invalid"),
        ({"aud": ["shop", "billing"]}, "token_invalid"),
        ({"aud": None}, "token_invalid"),
        ({"sub": None}, "token_invalid"),
        ({"nbf": int(time.time()) + 600}, "token_invalid"),
        ({"iss": VISITOR_ISSUER}, "token_invalid"),
    ],
)
def test_a_customers_token_must_be_for_us_and_for_now(tokens, changed, code):
    assert refusal(tokens, signed(**changed)) == code


def test_a_number_is_no_subject(tokens):
    content = f"{part({'alg': 'HS256', 'typ': 'JWT'})}.{part(claims(sub=1001))}"
    signature = hmac.new(SHOP_SECRET.encode(), content.encode(), hashlib.sha256).digest()
    token = f"{content}.{base64.urlsafe_b64encode(signature).rstrip(b'=').decode()}"
    assert refusal(tokens, token) == "token_invalid"


@pytest.mark.parametrize(
    "changed",
    [
        {"exp": int(time.time()) + DAY},
        {"aud": ["assistant", "shop"]},
        {"iss": "https://shop.example"},
        {"name": "林晓雯"},
    ],
)
def test_what_a_shop_may_add_or_choose_does_no_harm(tokens, changed):
    assert tokens.verify(signed(**changed)).customer_id == "C1001"


def test_clocks_may_differ_by_seconds(tokens):
    assert tokens.verify(signed(exp=int(time.time()) - 10)).customer_id == "C1001"


@pytest.mark.parametrize(
    "token", ["", "x", "a.b.c", "....", "Bearer x", "令牌", "e30.e30.e30", "\x00", "." * 5000]
)
def test_what_is_no_token_is_refused(tokens, token):
    assert refusal(tokens, token) == "token_invalid"


def test_a_token_of_another_key_is_refused(tokens):
    assert refusal(tokens, signed("another-secret-" + "x" * 40)) == "token_invalid"


def test_a_token_with_another_name_in_it_is_refused(tokens):
    head, _, signature = signed().split(".")
    assert refusal(tokens, f"{head}.{part(claims(sub='C1002'))}.{signature}") == "token_invalid"


def test_an_unsigned_token_is_refused(tokens, rsa_keys):
    nobody = f"{part({'alg': 'none', 'typ': 'JWT'})}.{part(claims())}."
    assert refusal(tokens, nobody) == "token_invalid"
    assert refusal(with_public_key(rsa_keys[1]), nobody) == "token_invalid"


def test_a_visitors_token_cannot_pose_as_a_customer(tokens):
    # Signed with the visitors' secret, but without the issuer that says so.
    assert refusal(tokens, signed(VISITOR_SECRET)) == "token_invalid"
    assert refusal(tokens, signed(VISITOR_SECRET, iss="shop")) == "token_invalid"
    token, made = tokens.visitor()
    assert tokens.verify(token).customer_id is None
    assert refusal(tokens, signed(VISITOR_SECRET, sub=made.visitor_id)) == "token_invalid"


def test_a_shops_key_cannot_make_a_visitor(tokens):
    assert refusal(tokens, signed(iss=VISITOR_ISSUER, sub="v-1")) == "token_invalid"


def test_visitors_expire_too(tokens):
    old = signed(VISITOR_SECRET, iss=VISITOR_ISSUER, exp=int(time.time()) - 60)
    assert refusal(tokens, old) == "token_expired"


@pytest.mark.parametrize(("algorithm", "fixture"), [("RS256", "rsa_keys"), ("ES256", "ec_keys")])
def test_a_shop_may_sign_with_a_key_that_we_do_not_have(request, algorithm, fixture):
    private, public = request.getfixturevalue(fixture)
    shopper = with_public_key(public).verify(signed(private, algorithm))
    assert shopper.customer_id == "C1001"


@pytest.mark.parametrize("fixture", ["rsa_keys", "ec_keys"])
def test_a_public_key_is_no_secret_to_sign_with(request, fixture):
    _, public = request.getfixturevalue(fixture)
    for key in (public, public.strip(), public + "\n"):
        assert refusal(with_public_key(public), forged(key)) == "token_invalid"


def test_the_forger_signs_as_libraries_do(tokens):
    """Else the test above would refuse for another reason."""
    assert tokens.verify(forged(SHOP_SECRET)).customer_id == "C1001"


def test_another_private_key_is_refused(rsa_keys):
    stranger, _ = pems(rsa.generate_private_key(public_exponent=65537, key_size=2048))
    assert refusal(with_public_key(rsa_keys[1]), signed(stranger, "RS256")) == "token_invalid"


def test_with_a_public_key_the_shops_secret_counts_no_more(rsa_keys):
    tokens = Tokens(
        shop_secret=SHOP_SECRET, shop_public_key=rsa_keys[1], visitor_secret=VISITOR_SECRET
    )
    assert refusal(tokens, signed()) == "token_invalid"


def test_visitors_need_no_shop_key(rsa_keys):
    tokens = with_public_key(rsa_keys[1])
    token, made = tokens.visitor()
    assert tokens.verify(token) == made


def test_we_cannot_sign_for_a_shop_whose_key_we_do_not_have(rsa_keys):
    with pytest.raises(ValueError, match="private key"):
        with_public_key(rsa_keys[1]).customer("C1001", seconds=60)


def test_no_refusal_repeats_the_token(tokens):
    token = signed("another-secret-" + "x" * 40)
    with pytest.raises(Unauthorized) as refused:
        tokens.verify(token)
    assert token not in json.dumps(refused.value.body())


def test_a_shopper_of_a_known_id_is_the_one_of_their_token(tokens):
    customer = tokens.verify(tokens.customer("C1001", seconds=60))
    assert tokens.shopper(customer_id="C1001") == customer
    token, visitor = tokens.visitor()
    assert tokens.shopper(visitor_id=visitor.visitor_id) == visitor == tokens.verify(token)
    assert tokens.shopper(visitor_id="C1001").conversation_id != customer.conversation_id
