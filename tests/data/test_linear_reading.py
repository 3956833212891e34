"""Reading a text takes time in proportion to its length: 10^5 and more of anything that the patterns look for.

A text that took time with the square of its length would take minutes to hours here, so the limit tells the two apart
however busy the machine is. It is a guard against hanging: no time is compared with another.
"""

import subprocess
import sys

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

LIMIT = 120  # seconds for some texts together
# Read it by every step and refuse nothing but what is refused with a reason.
PROGRAM = """
import sys
from helpers.data.letter_shapes import split_characters
from helpers.data.markup import clean_prose
from helpers.data.prose import split_sentences
from helpers.data.vocab import tokenise

for line in sys.stdin.read().splitlines():
    before, unit, after, size = eval(line)
    text = before + unit * (size // len(unit)) + after
    for step in (clean_prose, lambda t: tokenise(t, True, split_characters), lambda t: split_sentences(t, True, list)):
        try:
            step(text)
        except ValueError as error:
            assert "no token" in str(error), error
"""
SIGNS = (
    *("_", "-", "*", "'", ".", ":", "`", "[", "]", "(", ")", "<", ">", "#", "+", "|", "~", "/", "!", "?", '"', "\\"),
    *(
        " ",
        "\n",
        "\t",
        "\r",
        "\v",
        "\u2028",
        "\u00a0",
        "\u3000",
        "\u200b",
        "1",
        "a",
        "A",
        "é",
        "Σ",
        "İ",
        "我",
        "。",
        "…",
        "”",
    ),
    *("\u0301", "\u0316\u0301", "\u0308", "\u200d", "\u0e33", "\u034f", "ﾞ", "字"),
    *("<!--", "-->", "<a", "[](", "[x](y", "://", "a://", ":a", ":a:`", "`<", "`a <", "``", "`_", "]_", "[a]_", "()"),
    *(
        "```\n",
        "~~~\n",
        " \n",
        "- ",
        "1.",
        "::",
        "\n\n",
        ". ",
        ".)",
        ". »",
        "a'",
        "a-",
        "1,",
        "。我",
        "a ",
        "<a>\n",
        "* \n",
    ),
)


def read_within_the_limit(texts):
    lines = "\n".join(ascii(text) for text in texts)
    subprocess.run([sys.executable, "-c", PROGRAM], input=lines, text=True, check=True, timeout=LIMIT)


@pytest.mark.parametrize("first", range(0, len(SIGNS), 12))
def test_half_a_million_characters_of_one_sign(first):
    read_within_the_limit([("Fill in: ", sign, " please", 500_000) for sign in SIGNS[first : first + 12]])


@settings(deadline=None, max_examples=5, suppress_health_check=list(HealthCheck))
@given(
    st.lists(
        st.tuples(*[st.lists(st.sampled_from(SIGNS), min_size=1, max_size=3).map("".join)] * 3),
        min_size=10,
        max_size=10,
    )
)
def test_any_signs_in_turn(texts):
    read_within_the_limit([(*text, 100_000) for text in texts])
