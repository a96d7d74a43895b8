"""What every value of the shop is made of: texts in two languages, money, moments.

Money is a whole number of fen (1/100 yuan), never a float. Moments are aware and in UTC; a ``date``
is a day in the shop's own time zone. A text that a shopper may read is a dict with the keys ``zh``
(Simplified) and ``en``.
"""

Text = dict[str, str]
