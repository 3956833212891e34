"""The experiments of a notebook: each is described at the cell that asserts its sentence, in the cell's metadata.

    "experiment": {
      "question": "Does a network that is asked once, at the end, work at other lengths?",
      "rival": "It has not learned the task: no, at the delay of its training it is above 0.9.",
      "seeds": "3 seeds",
      "answer": "No: trained at delay 20, it is below 0.7 at delays 10 and 30."
    }

The stored tables of results that it draws on are read from the code.
"""

from typing import NamedTuple

from stored_tables import tables_of_cells

KEY = "experiment"
FIELDS = ("question", "rival", "seeds", "answer")


class Experiment(NamedTuple):
    """A row of the table."""

    cell: int  # its place in the notebook, from 0
    anchor: str
    question: str
    rival: str
    seeds: str
    answer: str
    tables: tuple  # names of the stored tables that it draws on


def read_experiments(notebook):
    """Return what a notebook says of its experiments, in the order of its cells.

    Parameters
    ----------
    notebook : nbformat.NotebookNode

    Returns
    -------
    list of Experiment
    """
    tables = tables_of_cells([cell.source if cell.cell_type == "code" else "" for cell in notebook.cells])
    return [
        Experiment(place, f"experiment-{cell.id}", *(cell.metadata[KEY][field] for field in FIELDS), tables[place])
        for place, cell in enumerate(notebook.cells)
        if KEY in cell.metadata
    ]
