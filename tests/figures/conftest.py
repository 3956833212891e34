import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

from helpers.sliders import svg
from helpers.sliders.theme import WIDTH


@pytest.fixture
def check_layout():
    """Give what every drawing must pass: check_layout(figure, names="xy"), names being the axes that need a name."""
    return _check_layout


def _check_layout(figure, names="xy"):
    """The figure has the book's width, its axes say what they show, nothing is cut, and no letter is too small."""
    svg.lay_out(figure)
    assert figure.get_figwidth() == WIDTH
    renderer, page = FigureCanvasAgg(figure).get_renderer(), figure.bbox
    boxes = [axes.get_tightbbox(renderer) for axes in figure.axes]
    if figure.get_suptitle():
        boxes.append(figure._suptitle.get_window_extent(renderer))
    for box in boxes:
        assert page.x0 - 1 <= box.x0 < box.x1 <= page.x1 + 1
        assert page.y0 - 1 <= box.y0 < box.y1 <= page.y1 + 1
    for axes in figure.axes:
        shared = axes.get_shared_x_axes().joined(axes, figure.axes[-1])  # then the lowest names it for all
        assert "x" not in names or (figure.axes[-1] if shared else axes).get_xlabel()
        assert "y" not in names or axes.get_ylabel()
        texts = [axes.title, axes.xaxis.label, axes.yaxis.label, *axes.texts]
        texts += [*axes.get_xticklabels(), *axes.get_yticklabels()]
        assert min(text.get_fontsize() for text in texts if text.get_text()) >= 9
