"""While a page is drawn, no front end hears of widgets: a page would keep their state, and load scripts for them."""

import contextlib

import comm
import ipywidgets


class _SilentComm(comm.base_comm.BaseComm):
    def publish_msg(self, *args, **kwargs):
        pass


@contextlib.contextmanager
def no_front_end():
    """Let no front end hear of the widgets that are made in the meantime."""
    create_comm = comm.create_comm
    comm.create_comm = _SilentComm
    try:
        yield
    finally:
        comm.create_comm = create_comm


def close_widget(widget):
    """Close a widget with all that stands in it and dresses it: nobody will move it."""
    for part in (*getattr(widget, "children", ()), getattr(widget, "layout", None), getattr(widget, "style", None)):
        if isinstance(part, ipywidgets.Widget):
            close_widget(part)
    widget.close()
