"""Make all spoiled calls of the functions whose name has a word in it: ``python -m tests.extreme_input softmax``."""

import sys

from tests.extreme_input import judging
from tests.extreme_input.all_calls import CALLS


def main(word=""):
    """Print a line for each finding, and their number."""
    made = found = 0
    for call in CALLS:
        for case in judging.cases(call) if word in call.name else ():
            made += 1
            wrong = judging.judge(call, case)
            if wrong:
                found += 1
                print(f"{call.name}({case.where} = {case.spoiling.what}): {wrong}", flush=True)
    print(f"{found} findings in {made} calls")


if __name__ == "__main__":
    main(*sys.argv[1:])
