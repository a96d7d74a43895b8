"""Tax numbers: the check digit of the unified social credit code, GB 32100-2015."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum.cn import uscc

from shop.rights.tax_number import is_tax_number, normalise_tax_number

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


@pytest.mark.parametrize(
    "text",
    [
        "91330106MA2CFXAE1E",
        "91310115MA1K3DEM0D",
        "９１３３０１０６ＭＡ２ＣＦＸＡＥ１Ｅ",
        " 9133 0106 ma2c fxae 1e ",
        "91330106-MA2CFXAE1E",
        "330106123456789",
        "33010612345678X",
    ],
)
def test_a_right_number_is_taken_however_it_is_written(text):
    assert is_tax_number(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "税号",
        "91330106MA2CFXAE1A",  # wrong check digit
        "91330106MA2CFXEA1E",  # two characters swapped
        "91330106MA2CFXAE1",  # one too short
        "91330106MA2CFXAE1EE",  # one too long
        "9133O106MA2CFXAE1E",  # a letter O for a zero
        "33010612345678",
        "ABCDEF123456789",
        "三三零一零六一二三四五六七八九",
    ],
)
def test_a_wrong_number_is_found(text):
    assert not is_tax_number(text)


@settings(database=None, deadline=None)
@given(
    st.text(ALPHABET, min_size=2, max_size=2),
    st.text("0123456789", min_size=6, max_size=6),
    st.text(ALPHABET, min_size=9, max_size=9),
    st.integers(0, 17),
    st.sampled_from(ALPHABET),
)
def test_one_wrong_character_is_always_found(kind, region, body, place, character):
    code = kind + region + body
    number = code + uscc.calc_check_digit(code)
    assert is_tax_number(number)
    changed = number[:place] + character + number[place + 1 :]
    assert is_tax_number(changed) == (changed == number)


def test_a_number_is_kept_in_one_form():
    assert normalise_tax_number(" ９１ab－0 ") == "91AB0"
