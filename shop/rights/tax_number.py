"""Tax numbers of Chinese companies: the unified social credit code, and the older 15 digits.

Step 6 of a message's way (act). Source: GB 32100-2015; the code has been the tax number since 2015.
"""

import re
import unicodedata

from stdnum.cn import uscc

# Without I, O, S, V and Z. Two characters of whoever registered it may be letters, as those of
# villages' collectives are (N2).
_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CODE = re.compile(rf"[{_ALPHABET}]{{2}}[0-9]{{6}}[{_ALPHABET}]{{10}}")
# Six digits of the region, nine of the organisation. It has no check digit of its own.
_OLD_NUMBER = re.compile(r"[0-9]{6}[0-9A-Z]{9}")


def normalise_tax_number(text: str) -> str:
    """Take out spaces and hyphens, make full-width characters plain and letters big."""
    plain = unicodedata.normalize("NFKC", text).upper()
    return re.sub(r"[\s\-]", "", plain)


def is_tax_number(text: str) -> bool:
    """Tell whether a text can be a company's tax number, by its check digit where it has one."""
    number = normalise_tax_number(text)
    if len(number) == 15:
        return bool(_OLD_NUMBER.fullmatch(number))
    return bool(_CODE.fullmatch(number)) and number[-1] == uscc.calc_check_digit(number)
