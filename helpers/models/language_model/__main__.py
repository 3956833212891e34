"""The program: ``python -m helpers.models.language_model text.txt``; ``-h`` says what it can do."""

import sys

from helpers.models.language_model.generation_program import run_generation_program

if __name__ == "__main__":
    sys.exit(run_generation_program())
