"""Every refusal has one shape and its own status."""

import pytest

from bot import errors

STATUSES = {
    errors.GatewayError: 500,
    errors.Malformed: 400,
    errors.Unauthorized: 401,
    errors.Forbidden: 403,
    errors.NotFound: 404,
    errors.TooSlow: 408,
    errors.Conflict: 409,
    errors.TooLarge: 413,
    errors.Unprocessable: 422,
    errors.TooManyRequests: 429,
    errors.Unavailable: 503,
}


def test_the_table_names_every_refusal():
    defined = {e for e in vars(errors).values() if isinstance(e, type)}
    assert {e for e in defined if issubclass(e, errors.GatewayError)} == set(STATUSES)


@pytest.mark.parametrize(("refusal", "status"), STATUSES.items())
def test_a_refusal_has_a_status_and_the_one_shape(refusal, status):
    error = refusal("queue_full", "Too many messages are waiting.")
    assert error.status == status
    assert isinstance(error, errors.GatewayError)
    assert str(error) == "Too many messages are waiting."
    assert error.body() == {
        "error": {
            "code": "queue_full",
            "message": "Too many messages are waiting.",
            "detail": {},
        }
    }


def test_a_refusal_may_say_more_and_when_to_come_back():
    error = errors.TooManyRequests("slow", "Please wait.", detail={"most": 3}, retry_after=7)
    assert error.body()["error"]["detail"] == {"most": 3}
    assert error.retry_after == 7
    assert errors.Conflict("taken", "Taken.").retry_after is None


def test_the_docstring_draws_every_refusal():
    for refusal, status in STATUSES.items():
        if refusal is not errors.GatewayError:
            assert f"{refusal.__name__} ({status})" in errors.__doc__
