from shop.http.circuit import CircuitBreaker


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


def tripped(clock):
    breaker = CircuitBreaker(clock)
    for _ in range(5):
        assert breaker.admits()
        breaker.failed()
    return breaker


def test_after_five_failures_in_a_row_nobody_is_let_through():
    assert not tripped(Clock()).admits()


def test_an_answer_in_between_begins_the_count_anew():
    breaker = CircuitBreaker(Clock())
    for _ in range(20):
        for _ in range(4):
            breaker.failed()
        breaker.answered()
    assert breaker.admits()


def test_after_a_rest_one_alone_tries():
    clock = Clock()
    breaker = tripped(clock)
    clock.now = 4.9
    assert not breaker.admits()
    clock.now = 5.0
    assert breaker.admits()
    assert not breaker.admits()


def test_when_the_trial_is_answered_everybody_goes_through():
    clock = Clock()
    breaker = tripped(clock)
    clock.now = 5.0
    assert breaker.admits()
    breaker.answered()
    assert breaker.admits()
    assert breaker.admits()


def test_when_the_trial_fails_the_rest_begins_again():
    clock = Clock()
    breaker = tripped(clock)
    clock.now = 5.0
    assert breaker.admits()
    breaker.failed()
    clock.now = 9.9
    assert not breaker.admits()
    clock.now = 10.0
    assert breaker.admits()


def test_a_trial_that_nobody_ever_reports_on_does_not_shut_the_shop_for_good():
    clock = Clock()
    breaker = tripped(clock)
    clock.now = 5.0
    assert breaker.admits()
    clock.now = 10.0
    assert breaker.admits()
