import numpy as np
import pytest
from matplotlib.text import Text

from helpers.figures.machine import ROLES
from helpers.figures.rnn_machine import count_moments, draw_rnn_reading, tell_rnn_reading
from helpers.models.agreement_reader import read_sentence, train_agreement_readers

LOSS, END = 11, 17


@pytest.fixture(scope="module")
def reading():
    networks = train_agreement_readers(np.random.default_rng(38), [50])
    return read_sentence(networks[50], "the dogs near the cat sleep")


def texts(figure):
    return [text.get_text() for text in figure.findobj(Text) if text.get_text()]


def artists(figure, label):
    return [artist for artist in figure.findobj() if str(artist.get_label()) == label]


def colour(figure, label):
    (artist,) = artists(figure, label)
    return artist.get_edgecolor()


def rgb(role):
    return tuple(int(ROLES[role][k : k + 2], 16) / 255 for k in (1, 3, 5))


@pytest.mark.parametrize("moment", range(END + 1))
def test_no_text_and_no_arrow_meets_another(reading, moment, check_machine):
    assert count_moments(reading) == END + 1
    figure = draw_rnn_reading(reading, moment)
    check_machine(figure)
    assert figure.get_figheight() == draw_rnn_reading(reading, 0).get_figheight(), "nothing moves between moments"


def test_every_number_comes_when_it_is_computed(reading):
    def shown(moment):
        return texts(draw_rnn_reading(reading, moment))

    third, p = {f"{value:.2f}".replace("-", "−") for value in reading.h[2]}, f"{reading.p[1].max():.2f}"
    assert not third <= {*shown(4)}
    assert third <= {*shown(5)}
    assert p not in shown(3)
    assert p in shown(4)
    assert shown(10).count("?") == 1
    assert "?" not in shown(LOSS)
    assert f"loss = −ln p(sleep) = {reading.loss:.2f}" in shown(LOSS)
    lengths = [f"{length:.2f}" for length in np.linalg.norm(reading.dh, axis=1)]
    assert lengths[-1] not in shown(LOSS)
    assert [length in shown(13) for length in lengths[-2:]] == [True, True]
    assert all(length in shown(END) for length in lengths)


def test_each_row_of_numbers_has_a_name(reading):
    for moment in range(END + 1):
        shown = texts(draw_rnn_reading(reading, moment))
        assert {"state:\nfour\nnumbers", "vector"} <= {*shown}
        assert ("gradient" in shown) == (moment > LOSS)


def test_the_gradient_goes_back_one_state_at_a_time_in_its_own_colour(reading):
    before, after = draw_rnn_reading(reading, 13), draw_rnn_reading(reading, 14)
    assert colour(before, "part h3")[:3] == pytest.approx(rgb("back"))
    assert colour(before, "part h2")[:3] == pytest.approx(rgb("state"))
    assert colour(after, "part h2")[:3] == pytest.approx(rgb("back"))
    assert colour(before, "arrow h2 h3")[:3] != pytest.approx(rgb("back"))
    assert colour(after, "arrow h2 h3")[:3] == pytest.approx(rgb("back"))


def test_an_arrow_is_as_wide_as_what_flows_is_long(reading):
    figure = draw_rnn_reading(reading, END)
    widths = [artists(figure, f"arrow h{t - 1} h{t}")[0].get_linewidth() for t in range(1, 5)]
    lengths = np.linalg.norm(reading.dh[:-1], axis=1)
    np.testing.assert_allclose(np.diff(widths) / np.diff(lengths), 4.0, rtol=1e-6)  # points for a length of 1
    to_verbs = {f"arrow h4 p{v}" for v in range(8) if abs(reading.dlogits[v]) > 0.03}
    assert to_verbs == {str(a.get_label()) for a in figure.findobj() if str(a.get_label()).startswith("arrow h4 p")}


def test_a_click_on_a_word_goes_to_the_moment_when_it_is_read(reading):
    figure = draw_rnn_reading(reading, END, "moment")
    assert {a.get_gid() for a in figure.findobj() if a.get_gid()} == {f"moment={2 * t + 1}" for t in range(5)}
    assert not [a for a in draw_rnn_reading(reading, END).findobj() if a.get_gid()]


def test_the_sentences_say_what_the_numbers_are(reading):
    told = [tell_rnn_reading(reading, moment) for moment in range(END + 1)]
    assert len(set(told)) == END + 1
    assert "“dogs”" in told[3]
    assert f"“near” {reading.p[1, 5]:.2f}" in told[4]
    assert f"−ln {np.exp(-reading.loss):.2f} = {reading.loss:.2f}" in told[LOSS]
    length = f"{np.linalg.norm(reading.dh[4]):.2f}"
    assert length in told[12]
    assert length in told[END]
    assert f"to {reading.p_after:.2f}" in told[END]
    assert max(map(len, told)) < 170


@pytest.mark.parametrize("moment", [-1, END + 1])
def test_there_is_no_such_moment(reading, moment):
    for look in (draw_rnn_reading, tell_rnn_reading):
        with pytest.raises(ValueError, match=f"moment is {moment}, expected 0 to 17"):
            look(reading, moment)
